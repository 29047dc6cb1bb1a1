//! The server from outside: real HTTP, a real database for every test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod cross;
mod docs;
mod health;
mod kounta;
mod kuna_core;
mod monri;
mod open_loyalty;
mod ops;
mod process;
mod support;
