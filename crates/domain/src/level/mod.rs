//! Loyalty levels and the rules that choose among them.

mod ladder;
mod model;
mod port;
mod service;

pub use ladder::Ladder;
pub use model::{Level, LevelText, Reward};
pub use port::LevelRepository;
pub use service::Levels;
