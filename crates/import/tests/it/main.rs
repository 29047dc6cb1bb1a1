//! Files of customers, read and stored.

mod bombs;
mod bytes;
mod examples;
mod messages;
mod resume;
mod shop;
