//! Many sales at once: none is lost and none counts twice.

use std::sync::Arc;

use time::macros::datetime;

use crate::access::Actor;
use crate::customer::{Customer, PurchaseFigures};
use crate::id::CustomerId;
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::money::Amount;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::{DEMANDING, Tenant};
use crate::testing::{
    FixedClock, SequentialEntropy, a_document, a_point_of_sale, a_return, a_sale,
};
use crate::transaction::{
    RegisterTransaction, TransactionError, Transactions, Turnover, figures_of,
};

const CROWD: usize = 16;
const EMAIL: &str = "ada@example.test";

pub(super) async fn promises(storage: &Storage) {
    many_sales_to_one_customer_are_all_counted(storage).await;
    of_many_registrations_of_one_document_one_is_stored(storage).await;
    of_many_who_want_one_transaction_one_gets_it(storage).await;
    returns_and_sales_at_once_come_to_what_is_stored(storage).await;
}

struct Shop<'a> {
    tenant: Tenant<'a>,
    merchant: Merchant,
    transactions: Transactions,
}

impl<'a> Shop<'a> {
    async fn new(storage: &'a Storage) -> Self {
        let tenant = Tenant::new(storage).await;
        let merchant = tenant.session().await.merchants().find(tenant.merchant).await;
        let clock = Arc::new(FixedClock::at(datetime!(2026-03-02 08:15 UTC)));
        let entropy = Arc::new(SequentialEntropy::default());
        Self {
            tenant,
            merchant: merchant.expect("an answer").expect("the merchant"),
            transactions: Transactions::new(storage.clone(), clock, entropy),
        }
    }

    async fn ada(&self) -> Customer {
        self.tenant.created(self.tenant.mailed(EMAIL), DEMANDING).await
    }

    async fn register(&self, command: RegisterTransaction) -> Result<(), TransactionError> {
        let ladder = Ladder::default();
        let registered =
            self.transactions.register(&self.merchant, &ladder, Actor::System, command).await;
        registered.map(drop)
    }

    async fn assign(&self, document: &str, to: CustomerId) -> Result<(), TransactionError> {
        let (document, ladder) = (a_document(document), Ladder::default());
        let assigned =
            self.transactions.assign(&self.merchant, &ladder, Actor::System, &document, to).await;
        assigned.map(drop)
    }

    async fn figures(&self, customer: CustomerId) -> PurchaseFigures {
        self.tenant.find(customer).await.expect("the customer").purchases
    }

    /// What the customer's transactions come to, counted anew.
    async fn counted(&self, customer: CustomerId) -> PurchaseFigures {
        let mut session = self.tenant.session().await;
        let postings = session.transactions().postings(self.tenant.merchant, customer).await;
        figures_of(&postings.expect("an answer"))
    }
}

async fn many_sales_to_one_customer_are_all_counted(storage: &Storage) {
    let shop = Shop::new(storage).await;
    let ada = shop.ada().await;
    let pos = a_point_of_sale(shop.tenant.merchant);
    shop.tenant.session().await.points_of_sale().insert(&pos).await.expect("a new till");
    let sales = (0..CROWD).map(|number| {
        let pos = Some(pos.id);
        shop.register(RegisterTransaction { pos, ..a_sale(&number.to_string(), "2.5", EMAIL) })
    });
    let results = all_at_once(sales).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let figures = shop.figures(ada.id).await;
    assert_eq!((figures.count, figures.amount), (CROWD as u64, Amount::whole(40)));
    assert_eq!(figures, shop.counted(ada.id).await);
    assert_eq!(shop.tenant.events(ada.id).await.len(), 1 + CROWD);
    let turnover = shop.transactions.turnover(shop.merchant.id, &[pos.id]).await;
    let expected = Turnover { count: CROWD as u64, amount: Amount::whole(40) };
    assert_eq!(turnover.expect("an answer")[&pos.id], expected);
}

async fn of_many_registrations_of_one_document_one_is_stored(storage: &Storage) {
    let shop = Shop::new(storage).await;
    let ada = shop.ada().await;
    let results = all_at_once((0..CROWD).map(|_| shop.register(a_sale("1", "3", EMAIL)))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    let taken = Err(TransactionError::DocumentTaken);
    assert_eq!(results.iter().filter(|result| **result == taken).count(), CROWD - 1);
    let figures = shop.figures(ada.id).await;
    assert_eq!((figures.count, figures.amount), (1, Amount::whole(3)));
    let summary = shop.transactions.summary(shop.merchant.id).await.expect("an answer");
    assert_eq!((summary.count, summary.amount), (1, Amount::whole(3)));
}

async fn of_many_who_want_one_transaction_one_gets_it(storage: &Storage) {
    let shop = Shop::new(storage).await;
    shop.register(a_sale("1", "3", "nobody@example.test")).await.expect("a new document");
    let mut customers = Vec::new();
    for _ in 0..CROWD {
        customers.push(shop.tenant.given(shop.tenant.customer()).await.id);
    }
    let results = all_at_once(customers.iter().map(|customer| shop.assign("1", *customer))).await;
    let assigned = Err(TransactionError::Assigned);
    assert_eq!(results.iter().filter(|result| **result == assigned).count(), CROWD - 1);
    let owner = shop.tenant.sale_by("1").await.expect("the sale").customer();
    for (customer, result) in customers.iter().zip(results) {
        assert_eq!(result.is_ok(), owner == Some(*customer));
        assert_eq!(shop.figures(*customer).await.count, u64::from(result.is_ok()));
    }
}

async fn returns_and_sales_at_once_come_to_what_is_stored(storage: &Storage) {
    let shop = Shop::new(storage).await;
    let ada = shop.ada().await;
    for number in 0..4 {
        let sale = a_sale(&number.to_string(), "10", "nobody@example.test");
        shop.register(sale).await.expect("a new document");
    }
    let all = (0..CROWD).map(|number| {
        let shop = &shop;
        async move {
            let of = (number % 4).to_string();
            match number {
                0..4 => shop.assign(&of, ada.id).await,
                4..12 => {
                    let document = format!("r{number}");
                    shop.register(a_return(&document, Some(&of), "4", EMAIL)).await
                }
                _ => shop.register(a_sale(&format!("s{number}"), "1", EMAIL)).await,
            }
        }
    });
    let results = all_at_once(all).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let figures = shop.figures(ada.id).await;
    assert_eq!(figures, shop.counted(ada.id).await);
    assert_eq!(figures.count, 8);
}
