//! The points ledger: what customers earned and spent, and the rules of it (OL 4.5 and 5.6).
//!
//! The ledger is the truth. What is asked for all the time stands on the customer's record as running totals, which change
//! with the ledger or not at all.

mod booking;
mod daily;
mod error;
mod expiring;
mod model;
mod port;
mod query;
mod schedule;
mod service;
#[cfg(test)]
mod tests;
mod totals;

pub use booking::{Booking, NotCancelable, NotEnough};
pub(crate) use daily::PointsDay;
pub use error::PointsError;
pub use model::{Credit, CreditState, Movement, Transfer};
pub use port::{Due, Imbalance, PointsRepository};
pub use query::{
    ListedTransfer, SpentPoints, TransferCriterion, TransferKind, TransferOwner, TransferQuery,
};
pub use service::{NewPoints, Points, PointsProgramme};
pub use totals::PointTotals;
