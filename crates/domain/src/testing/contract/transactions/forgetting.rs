//! Who is forgotten leaves no trace in transactions, and everybody else stays.

use super::owned;
use crate::customer::{Customer, Email, LoyaltyCard, PhoneNumber};
use crate::id::MerchantId;
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_buyer, an_id};
use crate::transaction::{Buyer, Forgetting, Transaction};

pub(super) async fn promises(storage: &Storage) {
    a_persons_purchases_stay_without_the_person(storage).await;
    an_erased_customer_has_no_purchases(storage).await;
}

/// What each transaction is: the customer's, nobody's and named after it, or another's.
struct Till<'a> {
    tenant: Tenant<'a>,
    customer: Customer,
    own: Vec<Transaction>,
    named: Vec<Transaction>,
    others: Vec<Transaction>,
}

impl<'a> Till<'a> {
    async fn new(storage: &'a Storage) -> Self {
        let tenant = Tenant::new(storage).await;
        let customer = Customer {
            email: Email::try_from("Ada@example.test").ok(),
            phone: PhoneNumber::try_from("+48 100").ok(),
            mobile: PhoneNumber::try_from("48 200").ok(),
            loyalty_card: LoyaltyCard::try_from("Card").ok(),
            ..tenant.customer()
        };
        let email = Buyer { email: Email::try_from("ADA@example.test").ok(), ..a_buyer() };
        let phone = |number| Buyer { phone: PhoneNumber::try_from(number).ok(), ..a_buyer() };
        let card = Buyer { loyalty_card: LoyaltyCard::try_from("CARD").ok(), ..a_buyer() };
        let sale = |document, buyer| Transaction { buyer: Some(buyer), ..tenant.sale(document) };
        let named = vec![
            sale("email", email.clone()),
            sale("phone", phone("48-100")),
            sale("mobile", phone("+48200")),
            sale("card", card),
        ];
        let others = vec![
            owned(&sale("owned by another", email), an_id(), 2),
            sale("stranger", phone("48100x1")),
            sale("nameless", a_buyer()),
        ];
        let own = vec![owned(&tenant.sale("own"), customer.id, 2)];
        for transaction in own.iter().chain(&named).chain(&others) {
            tenant.sold(transaction).await;
        }
        Self { tenant, customer, own, named, others }
    }

    async fn forget(&self, merchant: MerchantId, forgetting: Forgetting) {
        let customer = Customer { merchant, ..self.customer.clone() };
        let mut session = self.tenant.session().await;
        session.transactions().forget(&customer, forgetting).await.expect("an answer");
    }

    /// Asserts what is stored, and that events tell no more.
    async fn expect(&self, expected: impl Iterator<Item = Transaction>) {
        for transaction in expected {
            let stored = self.tenant.sale_by(transaction.document.as_str()).await;
            assert_eq!(stored.as_ref(), Some(&transaction));
            let mut session = self.tenant.session().await;
            let events = session.transactions().events(self.tenant.merchant, transaction.id);
            let records: Vec<_> =
                events.await.expect("an answer").into_iter().map(|told| told.record).collect();
            assert_eq!(records, [Transaction { assignment: None, ..transaction }]);
        }
    }
}

fn without_buyer(transactions: &[Transaction]) -> impl Iterator<Item = Transaction> {
    transactions.iter().map(|it| Transaction { buyer: None, ..it.clone() })
}

async fn a_persons_purchases_stay_without_the_person(storage: &Storage) {
    let till = Till::new(storage).await;
    till.forget(an_id(), Forgetting::Customer).await;
    till.expect(till.own.iter().chain(&till.named).chain(&till.others).cloned()).await;
    till.forget(till.tenant.merchant, Forgetting::Person).await;
    till.expect(without_buyer(&till.own).chain(without_buyer(&till.named))).await;
    till.expect(till.others.iter().cloned()).await;
}

async fn an_erased_customer_has_no_purchases(storage: &Storage) {
    let till = Till::new(storage).await;
    till.forget(till.tenant.merchant, Forgetting::Customer).await;
    let own = without_buyer(&till.own).map(|it| Transaction { assignment: None, ..it });
    till.expect(own.chain(without_buyer(&till.named))).await;
    till.expect(till.others.iter().cloned()).await;
    let mut session = till.tenant.session().await;
    let postings = session.transactions().postings(till.tenant.merchant, till.customer.id).await;
    assert_eq!(postings, Ok(vec![]));
}
