//! What can go wrong in a command, worded for the person at the terminal.

use std::io;
use std::process::ExitStatus;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Something only a person can mend; the text says how.
    #[error("{0}")]
    Explained(String),
    /// The operating system refused what `action` names.
    #[error("cannot {action}: {source}")]
    Io { action: String, source: io::Error },
    /// A program we called reported failure; it has said why itself.
    #[error("`{command}` ended with {status}")]
    Command { command: String, status: ExitStatus },
    /// Ctrl-C, SIGTERM or a closed terminal.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    pub(crate) fn explained(text: impl Into<String>) -> Self {
        Self::Explained(text.into())
    }

    /// For `map_err`: `action` completes the sentence "cannot …".
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action: action.into(), source }
    }

    /// What the shell gets to see: a called program's own code is passed on.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Command { status, .. } => status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .filter(|code| *code != 0)
                .unwrap_or(1),
            Self::Interrupted => 130,
            Self::Explained(_) | Self::Io { .. } => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn ended(raw: i32) -> Failure {
        Failure::Command { command: "x".into(), status: ExitStatus::from_raw(raw) }
    }

    #[test]
    fn the_code_of_a_called_program_is_passed_on() {
        assert_eq!(ended(100 << 8).exit_code(), 100);
    }

    #[test]
    fn a_program_killed_by_a_signal_never_looks_like_success() {
        assert_eq!(ended(9).exit_code(), 1);
    }
}
