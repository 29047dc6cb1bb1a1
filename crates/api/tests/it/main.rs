//! The server from outside: real HTTP, a real database for every test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod health;
mod kounta;
mod support;
