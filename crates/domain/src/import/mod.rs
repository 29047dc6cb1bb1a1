//! Adding many customers from a file (OL §6): batches that are kept whole or not at all, and how far a file has come.

mod model;
mod port;
mod service;
#[cfg(test)]
mod tests;

pub use model::{Import, ImportRow};
pub use port::ImportRepository;
pub use service::{ImportError, Imports};
