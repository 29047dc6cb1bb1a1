//! Loyalty levels and the rules that choose among them.

mod error;
mod ladder;
mod model;
mod port;
mod query;
mod service;
mod terms;
#[cfg(test)]
mod tests;

pub use error::LevelError;
pub use ladder::Ladder;
pub use model::{Level, LevelText, Reward, SpecialReward};
pub use port::LevelRepository;
pub use query::{LevelQuery, LevelSortKey};
pub use service::Levels;
pub use terms::{LevelTerms, SpecialRewardTerms};
