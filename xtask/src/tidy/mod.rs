//! `cargo xtask tidy`: the rules of this repository that no compiler checks.
//!
//! Each rule is a function from a list of files (or cargo's metadata) to findings, so that a test can prove it fails.

mod dependencies;
mod layout;
mod text;

use std::fmt;
use std::fs;
use std::path::Path;

use crate::checkout;
use crate::failure::Failure;
use crate::process;

/// What tools leave behind, and what is not ours to judge.
const SKIPPED: [&str; 3] = [".git", ".clientele", "target"];

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// A path relative to the root, with a line number where there is one, or a crate.
    place: String,
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// A file of the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    /// Relative to the root, with `/` between the parts.
    path: String,
    /// Empty when it is not text.
    text: String,
}

pub(crate) fn run() -> Result<(), Failure> {
    let findings = findings(&checkout::root())?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy");
            Ok(())
        }
        count => Err(Failure::explained(format!("{count} rules of the repository are broken"))),
    }
}

fn findings(root: &Path) -> Result<Vec<Finding>, Failure> {
    let mut files = Vec::new();
    collect(root, "", &mut files)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let mut cargo = checkout::cargo();
    cargo.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]);
    let mut findings = dependencies::check(&process::read(&mut cargo)?)?;
    findings.extend(layout::check(&files));
    findings.extend(text::check(&files));
    Ok(findings)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), Failure> {
    let entries =
        fs::read_dir(folder).map_err(Failure::io(format!("list {}", folder.display())))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), &path, files)?;
        } else {
            files.push(File { path, text: fs::read_to_string(entry.path()).unwrap_or_default() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let findings = findings(&checkout::root()).unwrap();
        let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "{}", list.join("\n"));
    }
}
