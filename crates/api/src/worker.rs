//! What the process does besides answering requests.

use std::time::Duration;

use domain::code::Codes;
use domain::token::Tokens;
use tokio::time::{MissedTickBehavior, interval};

/// How often expired tokens are forgotten.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// Forgets expired tokens until the process ends.
pub async fn purge_tokens(tokens: Tokens) {
    let mut ticks = interval(PURGE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match tokens.purge().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "expired tokens forgotten"),
            Err(error) => tracing::warn!(%error, "expired tokens stay for now"),
        }
    }
}

/// Forgets codes and budgets that are long over until the process ends.
pub async fn purge_codes(codes: Codes) {
    let mut ticks = interval(PURGE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match codes.purge().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old codes and budgets forgotten"),
            Err(error) => tracing::warn!(%error, "old codes and budgets stay for now"),
        }
    }
}
