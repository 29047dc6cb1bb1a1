#![doc = include_str!("../README.md")]

mod argon;
mod bcrypt;
mod chance;
mod keeper;
mod seal;

pub use chance::{SystemClock, SystemEntropy};
pub use keeper::Keeper;
pub use seal::{InvalidMasterKey, MasterKey};
