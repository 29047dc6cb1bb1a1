//! `cargo xtask chaos`: what must hold whatever dies.

mod herd;
mod load;
pub(crate) mod rotation;
mod sink;
mod verdict;
pub(crate) mod webhooks;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Kill processes in the middle of their work, and see that nothing is lost.
#[derive(Debug, Args)]
pub(crate) struct Chaos {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Webhooks(webhooks::Webhooks),
    Rotation(rotation::Rotation),
}

pub(crate) async fn run(options: &Chaos) -> Result<(), Failure> {
    match &options.what {
        What::Webhooks(options) => webhooks::run(options).await,
        What::Rotation(options) => rotation::run(options).await,
    }
}
