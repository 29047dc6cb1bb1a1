#![doc = include_str!("../README.md")]

mod guard;
mod sign;

pub use guard::is_public;
pub use sign::signature;
