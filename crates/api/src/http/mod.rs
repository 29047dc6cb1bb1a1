//! HTTP without a vendor: what every dialect needs and none of them owns.
//!
//! Nothing here knows a wire format, a business rule or the configuration file. Errors are typed and carry no sentence,
//! so that each dialect answers them in its own shape.

pub mod bearer;
pub mod client_address;
pub mod conditional;
pub mod connections;
pub mod cors;
pub mod form;
pub mod head_limit;
pub mod json;
pub mod multipart;
pub mod negotiation;
pub mod rate_limit;
pub mod raw_body;
pub mod request_id;
pub mod request_log;
pub mod spool;
pub mod zone;
