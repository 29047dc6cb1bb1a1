//! One function per route.

pub(super) mod deliveries;
pub(super) mod endpoints;
pub(super) mod events;
mod input;
pub(super) mod service;
pub(super) mod trials;
