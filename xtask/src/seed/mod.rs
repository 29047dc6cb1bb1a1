//! Demonstration data, made through the domain's own services so that they obey its rules.

mod cards;
pub(crate) mod dice;
mod people;

use clap::Args;
use domain::access::Actor;
use domain::customer::{CreateCustomer, Customer, CustomerError, Demands, Origin};
use domain::merchant::{Merchant, MerchantName};
use domain::{StorageError, demo};
use std::sync::Arc;
use tokio::task::JoinSet;

use crate::backend::{Domain, explained};
use crate::cluster::{self, Profile};
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;

/// How many demonstration customers there are unless told otherwise.
pub(crate) const DEMO_CUSTOMERS: u32 = 200;

/// Customers that are stored together.
const BATCH: u32 = 500;
/// Batches that are under way at the same time.
const BATCHES_AT_ONCE: usize = 4;

/// Fill a database with the demonstration merchants and invented customers.
///
/// The same number of customers and the same seed give the same people; those who exist already are left alone.
#[derive(Clone, Debug, Args)]
pub(crate) struct Seed {
    /// How many customers to add
    #[arg(long, value_name = "N", default_value_t = DEMO_CUSTOMERS)]
    customers: u32,
    /// The store code of the merchant they belong to
    #[arg(long, value_name = "CODE", default_value = demo::STORE)]
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

/// Makes the demonstration merchants and the first one's customers, unless they exist.
pub(crate) async fn demo(url: &str, key: &MasterKey, customers: u32) -> Result<(), Failure> {
    fill(url, key, &Seed { customers, merchant: demo::STORE.to_owned(), start: 1 }).await
}

/// Adds the customers that `options` asks for.
async fn fill(url: &str, key: &MasterKey, options: &Seed) -> Result<(), Failure> {
    let domain = Domain::open(url, key)?;
    let ports =
        (Arc::clone(&domain.clock), Arc::clone(&domain.entropy), Arc::clone(&domain.keeper));
    demo::plant(&domain.storage, ports.0, ports.1, ports.2).await.map_err(explained)?;
    let name = MerchantName::StoreCode(options.merchant.clone());
    let merchant = domain.merchants().find_by_name(&name).await.map_err(explained)?;
    let merchant =
        merchant.ok_or_else(|| explained(format!("no merchant `{}`", options.merchant)))?;
    let added = populate(&domain, &merchant, options).await?;
    println!("seed: {added} customers added to {}", merchant.store_code);
    Ok(())
}

async fn populate(domain: &Domain, merchant: &Merchant, options: &Seed) -> Result<usize, Failure> {
    let ladder = Arc::new(domain.levels().ladder(merchant.id).await.map_err(explained)?);
    let demands = Demands { email: true, ..Demands::default() };
    let origin = Origin { merchant: merchant.id, actor: Actor::System, demands };
    let start = options.start;
    let mut batches = (0..options.customers).step_by(BATCH as usize).map(|first| {
        let people = first..options.customers.min(first + BATCH);
        let batch = people.map(|index| people::person(start, index)).collect::<Result<Vec<_>, _>>();
        batch.map(|batch| (first, batch))
    });
    let (mut running, mut added, mut done) = (JoinSet::new(), 0, 0);
    loop {
        while running.len() < BATCHES_AT_ONCE
            && let Some(batch) = batches.next()
        {
            let (customers, ladder) = (domain.customers(), Arc::clone(&ladder));
            let (first, batch): (u32, Vec<CreateCustomer>) = batch.map_err(explained)?;
            running.spawn(async move {
                Ok::<_, StorageError>((
                    first,
                    customers.create_many(&origin, &ladder, batch).await?,
                ))
            });
        }
        let Some(finished) = running.join_next().await else { return Ok(added) };
        let (first, results) = finished.map_err(explained)?.map_err(explained)?;
        done += results.len();
        // It is large, and whoever waits for all of this would carry it.
        Box::pin(attach_cards(domain, start, (first..).zip(&results))).await?;
        added += count_added(results)?;
        if done % 10_000 < BATCH as usize && options.customers > BATCH {
            println!("seed: {done} of {}", options.customers);
        }
    }
}

/// Gives some of those who are new a card.
async fn attach_cards(
    domain: &Domain,
    start: u64,
    results: impl Iterator<Item = (u32, &Result<Customer, CustomerError>)>,
) -> Result<(), Failure> {
    let methods = domain.payment_methods();
    for (index, result) in results {
        let Ok(customer) = result else { continue };
        if let Some(card) = cards::card(start, index).map_err(explained)? {
            methods.attach(customer.merchant, customer.id, card).await.map_err(explained)?;
        }
    }
    Ok(())
}

/// How many of a batch are new. Whoever exists already is no error; anything else is.
fn count_added(results: Vec<Result<Customer, CustomerError>>) -> Result<usize, Failure> {
    let mut added = 0;
    for result in results {
        match result {
            Ok(_) => added += 1,
            Err(CustomerError::Taken(_)) => {}
            Err(error) => return Err(explained(error)),
        }
    }
    Ok(added)
}
