//! Files of customers, read and stored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bombs;
mod bytes;
mod examples;
mod messages;
mod resume;
mod shop;
