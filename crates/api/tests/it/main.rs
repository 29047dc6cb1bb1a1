//! The server from outside.

#[cfg(test)]
mod open_loyalty;
