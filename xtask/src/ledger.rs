//! `cargo xtask check-ledger`: proves that what stands on customers' records is what the ledgers say.

use clap::Args;
use domain::merchant::Merchant;
use domain::money::Amount;
use domain::points::{Imbalance, PointTotals};
use domain::{Storage, StorageError};
use postgres::PurchaseDiscrepancy;

use crate::backend;
use crate::cluster::Profile;
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;

/// Compare the running totals of all customers with the ledger, in the database in `DATABASE_URL` or the private one of
/// `dev`. Nothing is changed
#[derive(Debug, Args)]
pub(crate) struct CheckLedger {}

pub(crate) async fn run(_: &CheckLedger) -> Result<(), Failure> {
    let server = Server::open(Profile::Development, &Interrupt::listen()?)?;
    let database = backend::connect(&server.application_url()?)?;
    let storage = Storage::new(database.clone());
    let mut wrong = differences(&storage).await.map_err(backend::explained)?;
    let purchases = database.check_purchases().await.map_err(backend::explained)?;
    wrong.extend(purchases.iter().map(told_of_purchases));
    for line in &wrong {
        println!("{line}");
    }
    match wrong.len() {
        0 => {
            println!("every total is what its ledger says");
            Ok(())
        }
        count => Err(Failure::explained(format!("{count} totals are not what their ledgers say"))),
    }
}

/// A line for every total of points that is wrong.
async fn differences(storage: &Storage) -> Result<Vec<String>, StorageError> {
    let merchants = storage.session().await?.merchants().list().await?;
    let mut wrong = Vec::new();
    for merchant in &merchants {
        wrong.extend(points(storage, merchant).await?);
    }
    Ok(wrong)
}

async fn points(storage: &Storage, merchant: &Merchant) -> Result<Vec<String>, StorageError> {
    let found = storage.session().await?.points().imbalances(merchant.id).await?;
    Ok(found.iter().flat_map(|imbalance| told(merchant, imbalance)).collect())
}

fn told(merchant: &Merchant, imbalance: &Imbalance) -> Vec<String> {
    let (store, customer) = (&merchant.store_code, imbalance.customer);
    let totals = named(imbalance.record).into_iter().zip(named(imbalance.ledger));
    let wrong = totals.filter(|((_, record), (_, ledger))| record != ledger);
    let told = wrong.map(|((name, record), (_, ledger))| {
        let (record, ledger) = (record.as_f64(), ledger.as_f64());
        format!("{store} {customer}: points {name}: {record} on the record, {ledger} in the ledger")
    });
    told.collect()
}

fn told_of_purchases(wrong: &PurchaseDiscrepancy) -> String {
    match wrong {
        PurchaseDiscrepancy::Customer { merchant, customer, stored, counted } => {
            format!(
                "{merchant} {customer}: purchases: {stored:?} on the record, {counted:?} in the ledger"
            )
        }
        PurchaseDiscrepancy::PointOfSale { merchant, pos: Some(pos) } => {
            format!("{merchant}: the sums of the point of sale {pos} are not those of the ledger")
        }
        PurchaseDiscrepancy::PointOfSale { merchant, pos: None } => {
            format!("{merchant}: the sums without a point of sale are not those of the ledger")
        }
    }
}

/// The totals by what people call them.
fn named(totals: PointTotals) -> [(&'static str, Amount); 7] {
    [
        ("available", totals.available),
        ("from customers", totals.from_customers),
        ("earned", totals.earned),
        ("used", totals.used),
        ("expired", totals.expired),
        ("locked", totals.locked),
        ("earned since recalculation", totals.earned_since_recalculation),
    ]
}

#[cfg(test)]
mod tests {
    use domain::customer::{Customer, Demands};
    use domain::testing::{MemoryBackend, a_birth, a_change, a_customer, a_merchant};

    use super::*;

    #[tokio::test]
    async fn every_wrong_total_is_named_with_its_customer_and_nothing_else_is() {
        let storage = Storage::new(MemoryBackend::default());
        let merchant = a_merchant();
        let mut session = storage.session().await.unwrap();
        session.merchants().insert(&merchant).await.unwrap();
        let [right, wrong] = [a_customer(merchant.id), a_customer(merchant.id)];
        for customer in [&right, &wrong] {
            let birth = a_birth(customer.clone(), Demands::default());
            session.customers().create(&birth).await.unwrap();
        }
        assert_eq!(differences(&storage).await, Ok(Vec::new()));
        let five = Amount::whole(5);
        let points = PointTotals { available: five, used: five, ..PointTotals::default() };
        let change = a_change(&wrong, Customer { points, ..wrong.clone() }, Demands::default());
        session.customers().update(&change).await.unwrap();
        let told = |name: &str| {
            let (store, id) = (&merchant.store_code, wrong.id);
            format!("{store} {id}: points {name}: 5 on the record, 0 in the ledger")
        };
        assert_eq!(differences(&storage).await, Ok(vec![told("available"), told("used")]));
    }
}
