//! Where things lie: the root, migrations, decisions and the folders of the dialects.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, Finding};

const ROOT: [&str; 7] =
    ["Cargo.toml", "README.md", "crates", "deny.toml", "docs", "migrations", "xtask"];
/// What may lie beside them, like everything whose name starts with a dot.
const ROOT_OPTIONAL: [&str; 3] = ["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT"];

const DIALECTS: &str = "crates/api/src/dialects";
/// The parts of a dialect. Each but the first is a file or a folder of that name.
const PARTS: [&str; 8] =
    ["mod", "auth", "errors", "handlers", "mapping", "openapi", "routes", "wire"];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    [root(&paths), migrations(&paths), decisions(&paths), dialects(&paths)].concat()
}

/// The root shows the seven entries that a reader looks for, and nothing else.
fn root(paths: &[&str]) -> Vec<Finding> {
    let found: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').next()).collect();
    let missing = ROOT.iter().filter(|name| !found.contains(*name));
    let surplus = found.iter().filter(|name| {
        !name.starts_with('.') && !ROOT.contains(name) && !ROOT_OPTIONAL.contains(name)
    });
    missing
        .map(|name| Finding::new(*name, "is missing from the root"))
        .chain(surplus.map(|name| Finding::new(*name, "does not belong into the root")))
        .collect()
}

/// Every migration can be taken back.
fn migrations(paths: &[&str]) -> Vec<Finding> {
    folders(paths, "migrations")
        .into_iter()
        .flat_map(|(folder, names)| {
            ["up.sql", "down.sql"].into_iter().filter(move |name| !names.contains(name)).map(
                move |name| Finding::new(format!("migrations/{folder}"), format!("has no {name}")),
            )
        })
        .collect()
}

/// Decisions are numbered from 1 without gaps, so that a number names one of them for ever.
fn decisions(paths: &[&str]) -> Vec<Finding> {
    let names: BTreeSet<&str> = paths
        .iter()
        .filter_map(|path| path.strip_prefix("docs/decisions/"))
        .filter(|name| {
            std::path::Path::new(name).extension().is_some_and(|extension| extension == "md")
        })
        .collect();
    let mut expected = 0;
    let mut findings = Vec::new();
    for name in names {
        let number = name
            .split_once('-')
            .filter(|(digits, _)| digits.len() == 4)
            .and_then(|(digits, _)| digits.parse().ok());
        let Some(number) = number else {
            findings
                .push(Finding::new(format!("docs/decisions/{name}"), "is not named NNNN-title.md"));
            continue;
        };
        expected += 1;
        if number != expected {
            findings.push(Finding::new(
                format!("docs/decisions/{name}"),
                format!("should have the number {expected:04}"),
            ));
            expected = number;
        }
    }
    findings
}

/// Who knows one dialect's folder knows them all.
fn dialects(paths: &[&str]) -> Vec<Finding> {
    folders(paths, DIALECTS)
        .into_iter()
        .flat_map(|(dialect, names)| {
            let parts: BTreeSet<&str> =
                names.iter().map(|name| name.trim_end_matches(".rs")).collect();
            let missing = PARTS
                .iter()
                .filter(|part| !parts.contains(*part))
                .map(|part| format!("has no part `{part}`"));
            let surplus = parts
                .iter()
                .filter(|part| !PARTS.contains(part))
                .map(|part| format!("has a part `{part}` that the other dialects do not have"));
            missing
                .chain(surplus)
                .map(|text| Finding::new(format!("{DIALECTS}/{dialect}"), text))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The folders right below `parent`, each with the names of its entries.
fn folders<'a>(paths: &[&'a str], parent: &str) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in paths {
        let inside = path.strip_prefix(parent).and_then(|rest| rest.strip_prefix('/'));
        if let Some((folder, rest)) = inside.and_then(|inside| inside.split_once('/')) {
            folders.entry(folder).or_default().insert(rest.split('/').next().unwrap_or(rest));
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD_ROOT: [&str; 8] = [
        "Cargo.toml",
        "README.md",
        "crates/a.rs",
        "deny.toml",
        "docs/a.md",
        "migrations/1/up.sql",
        "xtask/a.rs",
        ".x",
    ];

    #[test]
    fn the_root_may_have_licences_and_dotted_names() {
        assert_eq!(root(&[&GOOD_ROOT[..], &["LICENSE-MIT", "Cargo.lock", ".ci/run"]].concat()), []);
    }

    #[test]
    fn another_entry_in_the_root_is_found() {
        assert_eq!(root(&[&GOOD_ROOT[..], &["notes.txt"]].concat()).len(), 1);
    }

    #[test]
    fn a_missing_entry_in_the_root_is_found() {
        assert_eq!(root(&GOOD_ROOT[1..]).len(), 1);
    }

    #[test]
    fn a_migration_that_cannot_be_taken_back_is_found() {
        assert_eq!(migrations(&["migrations/1_a/up.sql", "migrations/1_a/down.sql"]), []);
        let found = migrations(&[
            "migrations/1_a/up.sql",
            "migrations/1_a/down.sql",
            "migrations/2_b/up.sql",
        ]);
        assert_eq!(found, [Finding::new("migrations/2_b", "has no down.sql")]);
    }

    #[test]
    fn decisions_count_from_one() {
        assert_eq!(decisions(&["docs/decisions/0001-a.md", "docs/decisions/0002-b.md"]), []);
    }

    #[test]
    fn a_gap_a_double_and_a_bad_name_among_decisions_are_found() {
        for names in [
            ["docs/decisions/0001-a.md", "docs/decisions/0003-b.md"],
            ["docs/decisions/0001-a.md", "docs/decisions/0001-b.md"],
            ["docs/decisions/0001-a.md", "docs/decisions/second.md"],
        ] {
            assert_eq!(decisions(&names).len(), 1, "{names:?}");
        }
    }

    fn dialect(names: &[&str]) -> Vec<Finding> {
        let paths: Vec<String> =
            names.iter().map(|name| format!("{DIALECTS}/monri/{name}")).collect();
        dialects(&paths.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn a_part_of_a_dialect_is_a_file_or_a_folder() {
        let names = [
            "mod.rs",
            "auth.rs",
            "errors.rs",
            "handlers/a.rs",
            "mapping/a.rs",
            "openapi.rs",
            "routes.rs",
            "wire.rs",
        ];
        assert_eq!(dialect(&names), []);
    }

    #[test]
    fn a_missing_and_a_surplus_part_of_a_dialect_are_found() {
        let names = [
            "mod.rs",
            "auth.rs",
            "errors.rs",
            "handlers/a.rs",
            "mapping/a.rs",
            "openapi.rs",
            "routes.rs",
            "helpers.rs",
        ];
        assert_eq!(dialect(&names).len(), 2);
    }

    #[test]
    fn files_beside_the_dialects_are_no_dialects() {
        assert_eq!(dialects(&[&format!("{DIALECTS}/mod.rs")]), []);
    }
}
