//! One function per route.

pub(super) mod service;
pub(super) mod trials;
