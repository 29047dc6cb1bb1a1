use std::sync::Arc;

use time::macros::datetime;

use super::*;
use crate::customer::{
    Activation, CreateCustomer, Deletion, Demands, Email, LoyaltyCard, Origin, PhoneNumber, Status,
};
use crate::event::{EventKind, LevelCause, LevelDirection};
use crate::id::{CustomerId, TransactionId};
use crate::level::Level;
use crate::merchant::{IdentificationField, Settings, TierBasis, TierSettings};
use crate::money::Amount;
use crate::testing::{
    FixedClock, MemoryBackend, SequentialEntropy, a_buyer, a_document, a_level, a_merchant,
    a_point_of_sale, a_return, a_sale, create_customer,
};
use crate::transaction::{Buyer, RegisterTransaction, TransactionCriterion, TransactionSortKey};
use crate::{Order, PageRequest};

struct Shop {
    storage: Storage,
    merchant: Merchant,
    ladder: Ladder,
    customers: Customers,
    transactions: Transactions,
}

impl Shop {
    async fn open(settings: Settings) -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(datetime!(2026-03-02 08:15 UTC)));
        let entropy: Arc<dyn Entropy> = Arc::new(SequentialEntropy::default());
        let merchant = Merchant { settings, ..a_merchant() };
        let level =
            |condition, percent| Level { merchant: merchant.id, ..a_level(condition, percent) };
        let levels = vec![level(0, 10), level(20, 20), level(30, 30)];
        let mut session = storage.session().await.unwrap();
        session.merchants().insert(&merchant).await.unwrap();
        for level in &levels {
            session.levels().insert(level).await.unwrap();
        }
        drop(session);
        Self {
            customers: Customers::new(storage.clone(), Arc::clone(&clock), Arc::clone(&entropy)),
            transactions: Transactions::new(storage.clone(), clock, entropy),
            ladder: Ladder::new(levels),
            storage,
            merchant,
        }
    }

    fn origin(&self) -> Origin {
        let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
        Origin { merchant: self.merchant.id, actor: Actor::System, demands }
    }

    async fn born(&self, command: CreateCustomer) -> CustomerId {
        self.customers.create(&self.origin(), &self.ladder, command).await.unwrap().id
    }

    async fn ada(&self) -> CustomerId {
        self.born(create_customer("ada@example.test")).await
    }

    async fn register(
        &self,
        command: RegisterTransaction,
    ) -> Result<TransactionId, TransactionError> {
        self.transactions.register(&self.merchant, &self.ladder, Actor::System, command).await
    }

    async fn assign(
        &self,
        document: &str,
        customer: CustomerId,
    ) -> Result<TransactionId, TransactionError> {
        let (document, actor) = (a_document(document), Actor::System);
        self.transactions.assign(&self.merchant, &self.ladder, actor, &document, customer).await
    }

    async fn record(&self, id: CustomerId) -> Customer {
        self.customers.find(self.merchant.id, id).await.unwrap()
    }

    async fn owner(&self, document: &str) -> Option<CustomerId> {
        let mut session = self.storage.session().await.unwrap();
        let document = a_document(document);
        let found = session.transactions().find_by_document(self.merchant.id, &document).await;
        found.unwrap().unwrap().customer()
    }

    async fn kinds(&self, id: CustomerId) -> Vec<EventKind> {
        let events = self.customers.events(self.merchant.id, id).await.unwrap();
        events.into_iter().map(|recorded| recorded.event.kind).collect()
    }

    async fn stored(&self) -> u64 {
        let order = Order { key: TransactionSortKey::Id, descending: false };
        let page = PageRequest::first(1);
        let query = TransactionQuery { criteria: Vec::new(), order, page };
        self.transactions.page(self.merchant.id, &query).await.unwrap().total.value()
    }
}

fn buyer(email: Option<&str>, phone: Option<&str>, card: Option<&str>) -> Buyer {
    Buyer {
        email: email.and_then(|text| Email::try_from(text).ok()),
        phone: phone.and_then(|text| PhoneNumber::try_from(text).ok()),
        loyalty_card: card.and_then(|text| LoyaltyCard::try_from(text).ok()),
        ..a_buyer()
    }
}

#[tokio::test]
async fn a_sale_to_a_known_customer_counts_at_once_and_tells_of_it() {
    let shop = Shop::open(Settings::default()).await;
    let ada = shop.ada().await;
    let before = shop.record(ada).await;
    let id = shop.register(a_sale("1", "25.5", "ADA@example.test")).await.unwrap();
    let after = shop.record(ada).await;
    assert_eq!((after.version, after.updated_at), (before.version + 1, before.updated_at));
    assert_eq!((after.purchases.count, after.purchases.amount), (1, "25.5".parse().unwrap()));
    let levels: Vec<_> = shop.ladder.iter().map(|level| level.id).collect();
    assert_eq!(after.level.map(|assigned| assigned.level), Some(levels[1]));
    let changed = EventKind::LevelChanged {
        from: Some(levels[0]),
        to: Some(levels[1]),
        cause: LevelCause::Automatic,
        direction: Some(LevelDirection::Up),
    };
    let moved = EventKind::LevelMoved { to: Some(levels[1]), direction: LevelDirection::Up };
    let told = shop.kinds(ada).await;
    let assigned = EventKind::TransactionAssigned { transaction: id };
    assert_eq!(told[told.len() - 3..], [assigned, changed, moved]);
    let mut session = shop.storage.session().await.unwrap();
    let events = session.transactions().events(shop.merchant.id, id).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].event.kind, EventKind::TransactionRegistered);
    assert_eq!(events[0].record.id, id);
}

#[tokio::test]
async fn a_full_return_takes_the_level_back_whatever_the_downgrade_mode() {
    let shop = Shop::open(Settings::default()).await;
    let ada = shop.ada().await;
    let start = shop.record(ada).await.level;
    shop.register(a_sale("1", "40", "ada@example.test")).await.unwrap();
    assert_ne!(shop.record(ada).await.level, start);
    shop.register(a_return("2", Some("1"), "40", "ada@example.test")).await.unwrap();
    let after = shop.record(ada).await;
    assert_eq!((after.purchases.count, after.purchases.amount), (0, Amount::ZERO));
    assert_eq!(after.level, start);
}

#[tokio::test]
async fn where_levels_follow_from_points_a_sale_moves_nobody() {
    let tiers = TierSettings { basis: TierBasis::Points, ..TierSettings::default() };
    let shop = Shop::open(Settings { tiers, ..Settings::default() }).await;
    let ada = shop.ada().await;
    let start = shop.record(ada).await.level;
    shop.register(a_sale("1", "40", "ada@example.test")).await.unwrap();
    let after = shop.record(ada).await;
    assert_eq!((after.level, after.purchases.count), (start, 1));
}

#[tokio::test]
async fn a_sale_to_nobody_is_stored_without_a_customer() {
    let shop = Shop::open(Settings::default()).await;
    shop.register(a_sale("1", "5", "nobody@example.test")).await.unwrap();
    assert_eq!(shop.owner("1").await, None);
}

#[tokio::test]
async fn the_first_identifier_that_means_an_active_customer_decides_in_the_merchants_order() {
    let identification = vec![IdentificationField::LoyaltyCard, IdentificationField::Phone];
    let shop = Shop::open(Settings { identification, ..Settings::default() }).await;
    let ada = shop.ada().await;
    let card = CreateCustomer {
        loyalty_card: LoyaltyCard::try_from("Card-1").ok(),
        ..CreateCustomer::default()
    };
    let carded = shop.born(card).await;
    let phone = |activation, phone| CreateCustomer {
        phone: PhoneNumber::try_from(phone).ok(),
        activation,
        ..CreateCustomer::default()
    };
    let phoned = shop.born(phone(Activation::Immediate, "+48 100")).await;
    let pending = shop.born(phone(Activation::Pending, "+48 200")).await;
    assert_eq!(shop.record(pending).await.status, Status::New);
    let email = Some("ada@example.test");
    for (number, buyer, expected) in [
        ("1", buyer(email, Some("48100"), Some("CARD-1")), Some(carded)),
        ("2", buyer(email, Some("+48 100"), Some("card-2")), Some(phoned)),
        ("3", buyer(None, Some("+48200"), None), None),
        ("4", buyer(None, Some("+48200"), Some("card-1")), Some(carded)),
        // The merchant asks for no e-mail address.
        ("5", buyer(email, None, None), None),
        ("6", buyer(None, Some("no digits"), Some("")), None),
    ] {
        let sale = RegisterTransaction { buyer, ..a_sale(number, "1", "") };
        shop.register(sale).await.unwrap();
        assert_eq!(shop.owner(number).await, expected, "{number}");
    }
    assert_eq!(shop.record(ada).await.purchases.count, 0);
}

#[tokio::test]
async fn a_document_number_is_taken_once() {
    let shop = Shop::open(Settings::default()).await;
    let ada = shop.ada().await;
    shop.register(a_sale("1", "5", "ada@example.test")).await.unwrap();
    let again = shop.register(a_sale("1", "7", "ada@example.test")).await;
    assert_eq!(again, Err(TransactionError::DocumentTaken));
    assert_eq!(shop.record(ada).await.purchases.count, 1);
    assert_eq!(shop.kinds(ada).await.iter().filter(|kind| is_assigned(kind)).count(), 1);
}

fn is_assigned(kind: &EventKind) -> bool {
    matches!(kind, EventKind::TransactionAssigned { .. })
}

#[tokio::test]
async fn a_return_revises_a_sale_of_the_same_customer() {
    let shop = Shop::open(Settings::default()).await;
    shop.ada().await;
    shop.born(create_customer("eve@example.test")).await;
    shop.register(a_sale("1", "5", "ada@example.test")).await.unwrap();
    shop.register(a_return("2", Some("1"), "1", "ada@example.test")).await.unwrap();
    for (of, email, expected) in [
        ("0", "ada@example.test", TransactionError::NotFound),
        ("2", "ada@example.test", TransactionError::WrongType),
        ("1", "eve@example.test", TransactionError::WrongOwner),
    ] {
        let refused = shop.register(a_return("3", Some(of), "1", email)).await;
        assert_eq!(refused, Err(expected));
    }
    shop.register(a_return("3", Some("1"), "1", "nobody@example.test")).await.unwrap();
    assert_eq!(shop.owner("3").await, None);
}

#[tokio::test]
async fn a_merchant_who_takes_no_returns_registers_none() {
    let shop = Shop::open(Settings { returns: false, ..Settings::default() }).await;
    let refused = shop.register(a_return("1", None, "1", "")).await;
    assert_eq!(refused, Err(TransactionError::ReturnsOff));
    assert_eq!(shop.stored().await, 0);
}

#[tokio::test]
async fn a_till_must_exist() {
    let shop = Shop::open(Settings::default()).await;
    let pos = a_point_of_sale(shop.merchant.id);
    let sale = RegisterTransaction { pos: Some(pos.id), ..a_sale("1", "1", "") };
    assert_eq!(shop.register(sale.clone()).await, Err(TransactionError::UnknownPointOfSale));
    let mut session = shop.storage.session().await.unwrap();
    session.points_of_sale().insert(&pos).await.unwrap();
    drop(session);
    shop.register(sale).await.unwrap();
    let turnover = shop.transactions.turnover(shop.merchant.id, &[pos.id]).await.unwrap();
    assert_eq!(turnover[&pos.id], Turnover { count: 1, amount: Amount::whole(1) });
}

#[tokio::test]
async fn a_transaction_is_assigned_once_to_somebody_who_is_there() {
    let shop = Shop::open(Settings::default()).await;
    let (ada, eve) = (shop.ada().await, shop.born(create_customer("eve@example.test")).await);
    let id = shop.register(a_sale("1", "25", "")).await.unwrap();
    assert_eq!(shop.assign("0", ada).await, Err(TransactionError::NotFound));
    let stranger = crate::testing::an_id();
    assert_eq!(shop.assign("1", stranger).await, Err(TransactionError::UnknownCustomer));
    assert_eq!(shop.assign("1", ada).await, Ok(id));
    assert_eq!(shop.assign("1", eve).await, Err(TransactionError::Assigned));
    let after = shop.record(ada).await;
    assert_eq!((after.purchases.count, after.purchases.amount), (1, Amount::whole(25)));
    assert!(shop.kinds(ada).await.contains(&EventKind::TransactionAssigned { transaction: id }));
}

#[tokio::test]
async fn a_return_is_assigned_to_nobody_but_the_owner_of_the_sale() {
    let shop = Shop::open(Settings::default()).await;
    let (ada, eve) = (shop.ada().await, shop.born(create_customer("eve@example.test")).await);
    shop.register(a_sale("1", "9", "ada@example.test")).await.unwrap();
    shop.register(a_return("2", Some("1"), "9", "")).await.unwrap();
    assert_eq!(shop.assign("2", eve).await, Err(TransactionError::WrongOwner));
    shop.assign("2", ada).await.unwrap();
    assert_eq!(shop.record(ada).await.purchases.count, 0);
}

#[tokio::test]
async fn a_sale_that_becomes_somebodys_after_its_return_counts_without_it() {
    let shop = Shop::open(Settings::default()).await;
    let ada = shop.ada().await;
    shop.register(a_sale("1", "9", "")).await.unwrap();
    shop.register(a_return("2", Some("1"), "4", "ada@example.test")).await.unwrap();
    shop.assign("1", ada).await.unwrap();
    let figures = shop.record(ada).await.purchases;
    assert_eq!((figures.count, figures.amount), (1, Amount::whole(5)));
}

#[tokio::test]
async fn whoever_is_forgotten_is_in_no_transaction_any_more() {
    for deletion in [None, Some(Deletion::Erasure)] {
        let shop = Shop::open(Settings::default()).await;
        let ada = shop.born(create_customer("Ada@example.test")).await;
        let id = shop.register(a_sale("1", "5", "ada@example.test")).await.unwrap();
        shop.register(a_sale("2", "5", "eve@example.test")).await.unwrap();
        match deletion {
            None => {
                let found = shop.record(ada).await;
                shop.customers.anonymize(&shop.origin(), found).await.unwrap();
            }
            Some(deletion) => {
                shop.customers.delete(&shop.origin(), ada, deletion).await.unwrap();
            }
        }
        let criteria = vec![TransactionCriterion::BuyerEmail("@".to_owned())];
        let order = Order { key: TransactionSortKey::Document, descending: false };
        let query = TransactionQuery { criteria, order, page: PageRequest::first(9) };
        let named = shop.transactions.page(shop.merchant.id, &query).await.unwrap().items;
        assert_eq!(named.iter().map(|it| it.document.as_str()).collect::<Vec<_>>(), ["2"]);
        assert_eq!(shop.owner("1").await, deletion.is_none().then_some(ada));
        let mut session = shop.storage.session().await.unwrap();
        let told = session.transactions().events(shop.merchant.id, id).await.unwrap();
        assert_eq!(told[0].record.buyer, None);
    }
}
