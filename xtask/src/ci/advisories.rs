//! Known weaknesses of the crates we use.
//!
//! With a network `cargo deny check advisories` fetches the current data. Without one it can use a copy of the data
//! that lies beside the checkout, made into the kind of git repository that cargo-deny would have fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::require_cargo_deny;
use crate::checkout;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::process::{self, run_interruptibly};

/// Where a copy of the data may lie, seen from the folder that holds the checkout.
const COPIES: &str = "shared/advisories";
/// The name under which cargo-deny looks for the public database.
const DATABASE: &str = "advisory-db-3157b0e258782691";

pub(super) async fn check(interrupt: &mut Interrupt) -> Result<(), Failure> {
    let Some(copy) = checkout::root().parent().and_then(|beside| newest_copy(&beside.join(COPIES)))
    else {
        println!("SKIPPED: there is no copy of the advisory data in ../{COPIES}.");
        println!("On a machine with a network, run `cargo deny check advisories`.");
        return Ok(());
    };
    require_cargo_deny()?;
    println!("using {}", copy.file_name().unwrap_or_default().to_string_lossy());
    let folder = target_folder()?.join("advisories");
    unpack(&copy, &folder.join(DATABASE))?;
    let settings = folder.join("deny.toml");
    let rules = fs::read_to_string(checkout::root().join("deny.toml"))
        .map_err(Failure::io("read deny.toml"))?;
    fs::write(&settings, with_database(&rules, &folder)?)
        .map_err(Failure::io("write the settings"))?;

    let mut command = checkout::cargo();
    command.args(["deny", "--offline", "--config"]).arg(&settings).args(["check", "advisories"]);
    run_interruptibly(command, interrupt).await
}

/// The copy with the latest date in its name.
fn newest_copy(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("advisory-db-") && name.ends_with(".tar.xz")
        })
        .max()
}

fn target_folder() -> Result<PathBuf, Failure> {
    let mut cargo = checkout::cargo();
    let metadata =
        process::read(cargo.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str::<serde_json::Value>(&metadata)
        .ok()
        .and_then(|metadata| metadata["target_directory"].as_str().map(PathBuf::from))
        .ok_or_else(|| Failure::explained("cargo metadata does not name the target folder"))
}

/// Makes `database` a repository with one commit and the `FETCH_HEAD` that cargo-deny asks for.
fn unpack(copy: &Path, database: &Path) -> Result<(), Failure> {
    let _ = fs::remove_dir_all(database);
    fs::create_dir_all(database).map_err(Failure::io(format!("make {}", database.display())))?;
    process::read(Command::new("tar").arg("-xJf").arg(copy).arg("-C").arg(database))?;
    for arguments in [
        &["init", "--quiet", "-b", "main"][..],
        &["add", "-A"],
        &[
            "-c",
            "user.name=ci",
            "-c",
            "user.email=ci@example.test",
            "commit",
            "--quiet",
            "-m",
            "copy",
        ],
        &["fetch", "--quiet", ".", "main"],
    ] {
        process::read(Command::new("git").current_dir(database).args(arguments))?;
    }
    Ok(())
}

/// The repository's rules, with the place of the data added.
fn with_database(rules: &str, folder: &Path) -> Result<String, Failure> {
    const SECTION: &str = "[advisories]\n";
    if !rules.contains(SECTION) {
        return Err(Failure::explained("deny.toml has no section [advisories]"));
    }
    Ok(rules.replacen(
        SECTION,
        &format!("{SECTION}db-path = {:?}\n", folder.display().to_string()),
        1,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_data_goes_into_its_section() {
        let rules =
            with_database("[graph]\n[advisories]\nignore = []\n", Path::new("/t/a")).unwrap();
        assert_eq!(rules, "[graph]\n[advisories]\ndb-path = \"/t/a\"\nignore = []\n");
    }

    #[test]
    fn rules_without_the_section_are_refused() {
        assert!(with_database("[graph]\n", Path::new("/t/a")).is_err());
    }

    #[test]
    fn a_folder_without_copies_has_none() {
        assert_eq!(newest_copy(Path::new("/nonexistent")), None);
    }
}
