//! What happens by itself once a day.

mod port;
mod service;
#[cfg(test)]
mod tests;

pub use port::{Calendar, Job, JobRepository};
pub use service::DailyJobs;
