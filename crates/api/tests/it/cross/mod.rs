//! What holds between the dialects: one record behind four contracts, and walls between merchants.

mod callers;
mod documents;
mod forgetting;
mod isolation;
mod model;
mod round_trip;
mod routes;
mod uniqueness;
