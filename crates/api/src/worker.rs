//! What the process does besides answering requests.

use std::time::Duration;

use domain::job::DailyJobs;
use domain::token::Tokens;
use tokio::time::{MissedTickBehavior, interval};

/// How often expired tokens are forgotten.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// How often it is looked whether a day began: also how late a job begins at most.
const JOBS_EVERY: Duration = Duration::from_mins(1);

/// Runs daily jobs when they are due, until the process ends; at once for days that were missed.
pub async fn run_daily_jobs(jobs: DailyJobs) {
    let mut ticks = interval(JOBS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match jobs.run_due().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "levels looked at again"),
            Err(error) => tracing::warn!(%error, "daily jobs wait for the next try"),
        }
    }
}

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
