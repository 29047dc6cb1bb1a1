//! Transactions are stored whole, once for each document, given away once, and counted.

use super::owned;
use crate::money::Amount;
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_buyer, a_document, a_registration, an_id};
use crate::transaction::{
    Assignment, RecordedTransaction, SalesSummary, Transaction, TransactionKind, Turnover,
};

pub(super) async fn promises(storage: &Storage) {
    transactions_survive_storage(storage).await;
    a_document_is_stored_once_per_merchant(storage).await;
    a_transaction_is_told_with_what_was_registered(storage).await;
    a_transaction_is_given_away_once(storage).await;
    postings_come_in_the_order_in_which_they_count(storage).await;
    tills_and_merchants_have_their_sums(storage).await;
}

fn a_return(sale: &Transaction, document: &str, of: Option<&str>) -> Transaction {
    let kind = TransactionKind::Return { of: of.map(a_document) };
    Transaction { id: an_id(), document: a_document(document), kind, ..sale.clone() }
}

async fn transactions_survive_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let full = tenant.sale("Full/1 ä");
    let bare = Transaction {
        items: Vec::new(),
        place: None,
        buyer: Some(a_buyer()),
        pos: None,
        labels: Vec::new(),
        ..tenant.sale("bare")
    };
    let nobodys = Transaction { buyer: None, ..tenant.sale("nobody's") };
    for transaction in [
        owned(&tenant.sale("owned"), an_id(), 7),
        a_return(&full, "return", Some("Full/1 ä")),
        a_return(&bare, "stray", None),
        full,
        bare,
        nobodys,
    ] {
        tenant.sold(&transaction).await;
        let document = transaction.document.as_str().to_owned();
        assert_eq!(tenant.sale_by(&document).await, Some(transaction));
    }
    assert_eq!(tenant.sale_by("full/1 ä").await, None);
}

async fn a_document_is_stored_once_per_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let first = here.sale("1");
    here.sold(&first).await;
    let late = here.sale("1");
    let mut session = here.session().await;
    let again = session.transactions().insert(&late, &a_registration()).await;
    assert_eq!(again, Ok(false));
    let told = session.transactions().events(here.merchant, late.id).await;
    assert_eq!(told, Ok(vec![]));
    assert_eq!(session.transactions().summary(here.merchant).await.expect("an answer").count, 1);
    drop(session);
    assert_eq!(here.sale_by("1").await, Some(first));
    there.sold(&there.sale("1")).await;
}

async fn a_transaction_is_told_with_what_was_registered(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let owned = owned(&here.sale("1"), an_id(), 2);
    let event = here.sold(&owned).await;
    let record = Transaction { assignment: None, ..owned.clone() };
    let mut session = here.session().await;
    let told = session.transactions().events(here.merchant, owned.id).await;
    assert_eq!(told, Ok(vec![RecordedTransaction { event, record }]));
    assert_eq!(session.transactions().events(there.merchant, owned.id).await, Ok(vec![]));
    // The feed of a customer has nothing to do with it.
    let customer = crate::id::CustomerId::from(uuid::Uuid::from(owned.id));
    assert_eq!(session.customers().events(here.merchant, customer).await, Ok(vec![]));
}

async fn a_transaction_is_given_away_once(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let sale = here.sale("1");
    here.sold(&sale).await;
    let assignment = |version| Assignment { customer: an_id(), version, at: sale.registered_at };
    let (one, other) = (assignment(3), assignment(4));
    let mut session = here.session().await;
    let repository = session.transactions();
    assert_eq!(repository.assign(there.merchant, sale.id, one).await, Ok(false));
    assert_eq!(repository.assign(here.merchant, an_id(), one).await, Ok(false));
    assert_eq!(repository.assign(here.merchant, sale.id, one).await, Ok(true));
    assert_eq!(repository.assign(here.merchant, sale.id, other).await, Ok(false));
    drop(session);
    let stored = here.sale_by("1").await.expect("the sale");
    assert_eq!(stored, Transaction { assignment: Some(one), ..sale });
    assert_eq!(there.sale_by("1").await, None);
}

async fn postings_come_in_the_order_in_which_they_count(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let (ada, eve) = (an_id(), an_id());
    let sale = owned(&here.sale("1"), ada, 9);
    let back = owned(&a_return(&sale, "2", Some("1")), ada, 11);
    let other = owned(&here.sale("3"), ada, 4);
    let stranger = owned(&a_return(&sale, "4", Some("1")), eve, 2);
    for transaction in [&back, &sale, &stranger, &other, &here.sale("5")] {
        here.sold(transaction).await;
    }
    there.sold(&owned(&there.sale("1"), ada, 5)).await;
    let mut session = here.session().await;
    let repository = session.transactions();
    let [sale, back, other] = [sale, back, other].map(|transaction| transaction.posting());
    let all = repository.postings(here.merchant, ada).await;
    assert_eq!(all, Ok(vec![other.clone(), sale.clone(), back.clone()]));
    for (document, expected) in
        [("1", vec![sale, back]), ("2", vec![]), ("3", vec![other]), ("4", vec![])]
    {
        let about = repository.postings_about(here.merchant, ada, &a_document(document)).await;
        assert_eq!(about, Ok(expected), "{document}");
    }
}

async fn tills_and_merchants_have_their_sums(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let [till, other, unused] = [an_id(), an_id(), an_id()];
    let sale = Transaction { pos: Some(till), ..here.sale("1") };
    let gross = sale.totals.gross;
    here.sold(&sale).await;
    here.sold(&Transaction { pos: Some(till), ..here.sale("2") }).await;
    here.sold(&a_return(&sale, "3", Some("1"))).await;
    here.sold(&Transaction { pos: Some(other), ..a_return(&sale, "4", None) }).await;
    here.sold(&Transaction { pos: None, ..here.sale("5") }).await;
    there.sold(&Transaction { pos: Some(till), ..there.sale("1") }).await;
    let mut session = here.session().await;
    let repository = session.transactions();
    let sums = repository.turnover(here.merchant, &[till, other, unused]).await.expect("an answer");
    let of = |count, amount| Turnover { count, amount };
    assert_eq!(sums.into_iter().collect::<Vec<_>>(), [(till, of(3, gross)), (other, of(1, gross))]);
    let sum = gross.plus(gross).plus(gross);
    let summary = SalesSummary { count: 5, amount: sum, amount_without_delivery: sum };
    assert_eq!(repository.summary(here.merchant).await, Ok(summary));
    let nothing = repository.summary(an_id()).await.expect("an answer");
    assert_eq!((nothing.count, nothing.amount), (0, Amount::ZERO));
}
