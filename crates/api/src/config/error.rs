//! Why the configuration cannot be used.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;

use figment::error::Kind;

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file cannot be read.
    #[error("cannot read the configuration file {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Settings are missing, unknown or out of range.
    #[error("invalid configuration: {}", list(.0))]
    Invalid(Vec<Problem>),
}

/// What is wrong with one setting. It never shows the value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, with dots between its parts; empty if the file as a whole is no TOML.
    pub key: String,
    /// What is wrong, as the rest of a sentence that begins with the key.
    pub message: Cow<'static, str>,
}

impl Problem {
    pub(super) fn new(key: impl Into<String>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => f.write_str(&self.message),
            key => write!(f, "`{key}` {}", self.message),
        }
    }
}

impl From<figment::Error> for ConfigError {
    fn from(error: figment::Error) -> Self {
        Self::Invalid(error.into_iter().map(problem).collect())
    }
}

fn problem(error: figment::Error) -> Problem {
    let mut key = error.path;
    let message: Cow<'static, str> = match error.kind {
        Kind::UnknownField(name, _) => {
            if key.last() != Some(&name) {
                key.push(name);
            }
            "is not a setting".into()
        }
        Kind::MissingField(name) => {
            key.push(name.into_owned());
            "must be set".into()
        }
        Kind::UnknownVariant(_, allowed) => format!("must be one of {}", allowed.join(", ")).into(),
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            format!("must be {expected}").into()
        }
        Kind::Message(message) => message.into(),
        Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_) => "is out of range".into(),
        Kind::InvalidLength(..)
        | Kind::DuplicateField(_)
        | Kind::Unsupported(_)
        | Kind::UnsupportedKey(..) => "is not of the right shape".into(),
    };
    Problem::new(key.join("."), message)
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
