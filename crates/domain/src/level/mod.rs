//! Loyalty levels and the rules that choose among them.

mod figures;
mod ladder;
mod model;
mod port;
mod rules;
mod service;
mod status;

pub use figures::{Figures, PointFigures};
pub use ladder::Ladder;
pub use model::{Level, LevelText, Reward};
pub use port::LevelRepository;
pub use rules::{Promotion, Standing, Trigger};
pub use service::Levels;
pub use status::{ProgrammeStatus, Retention, SpendingToNext, period_began};
