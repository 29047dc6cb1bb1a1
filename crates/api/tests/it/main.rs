//! The server from outside.

mod kuna_core;
