//! One function for each route: decode, call one service, encode.

pub(super) mod customers;
pub(super) mod oauth;
pub(super) mod payment_methods;
