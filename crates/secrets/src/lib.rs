#![doc = include_str!("../README.md")]

mod argon;
mod bcrypt;
mod chance;
mod content;
mod keeper;
mod seal;

pub use chance::{SystemClock, SystemEntropy};
pub use content::fingerprint_of;
pub use keeper::Keeper;
pub use seal::{InvalidMasterKey, MasterKey};
