//! Loyalty levels and the rules that choose among them.

mod error;
mod figures;
mod ladder;
mod model;
mod port;
mod query;
mod rules;
mod service;
mod status;
mod terms;
#[cfg(test)]
mod tests;

pub use error::LevelError;
pub use figures::{Figures, PointFigures};
pub use ladder::Ladder;
pub use model::{Level, LevelText, Reward, SpecialReward};
pub use port::LevelRepository;
pub use query::{LevelQuery, LevelSortKey};
pub use rules::{Promotion, Standing, Trigger};
pub use service::Levels;
pub use status::{ProgrammeStatus, Retention, SpendingToNext, period_began};
pub use terms::{LevelTerms, SpecialRewardTerms};
