//! `cargo xtask migrate`: brings the database to the newest version, or back.

use clap::Args;

use crate::backend;
use crate::cluster::Profile;
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;

/// Migrate the database in `DATABASE_URL`, or the private one of `dev`.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Take this many migrations back instead
    #[arg(long, value_name = "N")]
    down: Option<usize>,
}

pub(crate) async fn run(options: &Migrate) -> Result<(), Failure> {
    let server = Server::open(Profile::Development, &Interrupt::listen()?)?;
    let url = server.application_url()?;
    match options.down {
        None => {
            backend::migrate(&url).await?;
            println!("migrated to the newest version");
        }
        Some(steps) => {
            backend::rollback(&url, steps).await?;
            println!("took {steps} migrations back");
        }
    }
    Ok(())
}
