//! What holds between the dialects: one record behind four contracts, and walls between merchants.

mod callers;
mod forgetting;
mod isolation;
mod round_trip;
mod routes;
mod uniqueness;
