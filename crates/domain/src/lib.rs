#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod access;
pub mod account;
pub mod audit;
pub mod budget;
pub mod change;
pub mod clock;
pub mod code;
pub mod customer;
pub mod delivery;
#[cfg(feature = "demo")]
pub mod demo;
pub mod event;
pub mod id;
pub mod import;
pub mod invitation;
pub mod job;
pub mod level;
pub mod merchant;
pub mod message;
pub mod money;
pub mod network;
pub mod page;
pub mod payment_method;
pub mod picture;
pub mod points;
pub mod pos;
pub mod secret;
pub mod seller;
pub mod storage;
pub mod subscription;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
pub mod token;
pub mod transaction;

pub use change::Change;
pub use clock::{Clock, Entropy};
pub use page::{Order, Page, PageRequest, Total};
pub use secret::{Fingerprint, Secret, SecretKeeper};
pub use storage::{Storage, StorageError, UnitOfWork};
