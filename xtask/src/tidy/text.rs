//! What stands in the files: their length, and words that must not be there.

use super::{File, Finding};

const LONGEST: usize = 500;
/// Generated, and as long as the tables are many.
const UNMEASURED: &str = "crates/postgres/src/schema.rs";
/// Cargo's own, with the addresses it needs.
const LOCK_FILE: &str = "Cargo.lock";

/// Notes to oneself. Spelled in halves, so that this file passes its own rule.
const NOTES: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("db", "g!"),
    concat!("to", "do!"),
];

/// Folders of one machine.
const MACHINE_PATHS: [&str; 3] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Where packages come from is a matter of the machine's settings, not of the repository.
const REGISTRIES: [&str; 5] = [
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("files.python", "hosted.org"),
];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let judged = files.iter().filter(|file| file.path != LOCK_FILE);
    judged
        .flat_map(|file| {
            [length(file), notes(file), machine_paths(file), registries(file)].concat()
        })
        .collect()
}

/// A long file holds more than one subject.
fn length(file: &File) -> Vec<Finding> {
    let lines = file.text.lines().count();
    if !is(file, "rs") || file.path == UNMEASURED || lines <= LONGEST {
        return Vec::new();
    }
    vec![Finding::new(
        &file.path,
        format!("has {lines} lines, more than {LONGEST}: split it by subject"),
    )]
}

/// What is not done belongs into an issue.
fn notes(file: &File) -> Vec<Finding> {
    if !["rs", "toml", "md", "sql"].iter().any(|extension| is(file, extension)) {
        return Vec::new();
    }
    lines_with(file, &NOTES, |before, after| !is_word(before) && !is_word(after))
        .map(|(place, word)| Finding::new(place, format!("still says {word}")))
        .collect()
}

/// The repository must work wherever it lies. A path in a URL is another matter.
fn machine_paths(file: &File) -> Vec<Finding> {
    lines_with(file, &MACHINE_PATHS, |before, _| {
        !is_word(before) && !before.is_some_and(|c| ".-}>~$".contains(c))
    })
    .map(|(place, path)| Finding::new(place, format!("names a folder of one machine, {path}")))
    .collect()
}

fn registries(file: &File) -> Vec<Finding> {
    if !["rs", "toml", "md"].iter().any(|extension| is(file, extension)) {
        return Vec::new();
    }
    lines_with(file, &REGISTRIES, |before, after| !is_word(before) && !is_word(after))
        .map(|(place, host)| Finding::new(place, format!("names the registry {host}")))
        .collect()
}

/// Every line that holds one of `words` between neighbours that `counts` accepts.
fn lines_with<'a>(
    file: &'a File,
    words: &'a [&'static str],
    counts: impl Fn(Option<char>, Option<char>) -> bool + 'a,
) -> impl Iterator<Item = (String, &'static str)> + 'a {
    file.text.lines().enumerate().filter_map(move |(index, line)| {
        let word = words.iter().find(|word| {
            line.match_indices(**word).any(|(start, _)| {
                counts(line[..start].chars().next_back(), line[start + word.len()..].chars().next())
            })
        })?;
        Some((format!("{}:{}", file.path, index + 1), *word))
    })
}

fn is_word(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|character| character.is_alphanumeric() || character == '_')
}

fn is(file: &File, extension: &str) -> bool {
    std::path::Path::new(&file.path).extension().is_some_and(|found| found == extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: impl Into<String>) -> File {
        File { path: path.to_owned(), text: text.into() }
    }

    #[test]
    fn a_file_may_have_as_many_lines_as_allowed_and_not_one_more() {
        assert_eq!(check(&[file("a.rs", "x\n".repeat(LONGEST))]), []);
        assert_eq!(check(&[file("a.rs", "x\n".repeat(LONGEST + 1))]).len(), 1);
    }

    #[test]
    fn the_generated_tables_and_prose_may_be_longer() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(check(&[file(UNMEASURED, long.clone()), file("a.md", long)]), []);
    }

    #[test]
    fn every_kind_of_note_is_found_with_its_line() {
        for word in NOTES {
            let found = check(&[file("a.rs", format!("fine\n// {word} later\n"))]);
            assert_eq!(found.len(), 1, "{word}");
            assert_eq!(found[0].place, "a.rs:2");
        }
    }

    #[test]
    fn a_note_inside_another_word_is_none() {
        assert_eq!(check(&[file("a.rs", format!("// \\u{}X and A{}\n", NOTES[2], NOTES[0]))]), []);
    }

    #[test]
    fn every_machine_path_is_found() {
        for path in MACHINE_PATHS {
            assert_eq!(check(&[file(".ci/run", format!("cd {path}x"))]).len(), 1, "{path}");
        }
    }

    #[test]
    fn a_path_on_a_server_is_no_machine_path() {
        assert_eq!(
            check(&[file("a.md", format!("https://host.test{}page", MACHINE_PATHS[2]))]),
            []
        );
    }

    #[test]
    fn every_registry_is_found_but_in_the_lock_file() {
        for host in REGISTRIES {
            assert_eq!(
                check(&[file("a.toml", format!("url = \"https://{host}/x\""))]).len(),
                1,
                "{host}"
            );
            assert_eq!(
                check(&[file(LOCK_FILE, format!("source = \"https://{host}/x\""))]),
                [],
                "{host}"
            );
        }
    }
}
