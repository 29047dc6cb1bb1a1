#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod bounded;
mod convert;
mod document;
mod fields;
mod refusal;
mod run;
mod survey;

pub use convert::Programme;
pub use refusal::{ReadError, Refusal};
pub use run::{ImportFailure, Outcome, Target, run};
pub use survey::{Survey, survey};
