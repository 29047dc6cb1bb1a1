//! Where we are: the checkout, the cargo that called us, and the variables of the caller.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One variable of the caller's environment; empty counts as absent.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this tool that reads the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The root of the checkout this tool was started for.
///
/// Asked at run time first, so that a binary shared by several work trees serves the one that called it.
pub(crate) fn root() -> PathBuf {
    let package =
        variable("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let package = Path::new(&package);
    package.parent().unwrap_or(package).to_path_buf()
}

/// `cargo` in the root of the checkout, without what the calling cargo told us about our own package.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// Finds a program on the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }

    #[test]
    fn a_program_that_does_not_exist_is_not_found() {
        assert!(on_path("sh").is_some());
        assert!(on_path("a-program-nobody-has").is_none());
    }
}
