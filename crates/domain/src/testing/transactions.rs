//! Transactions: what tills sell and take back.

use time::macros::datetime;

use super::builders::{an_id, line};
use super::customers::an_event;
use crate::customer::{Address, Email, Label, LoyaltyCard, PhoneNumber};
use crate::event::{Event, EventKind};
use crate::id::MerchantId;
use crate::merchant::TierSettings;
use crate::transaction::{
    Buyer, DocumentNumber, Item, RegisterTransaction, Totals, Transaction, TransactionKind,
};

/// One piece of an article, for a sum of money.
///
/// # Panics
/// If the sum is none.
pub fn an_item(sku: &str, gross: &str) -> Item {
    Item {
        sku: line(sku),
        name: line("Beans"),
        quantity: 1,
        gross: gross.parse().expect("a sum"),
        category: line("coffee"),
        maker: None,
        labels: Vec::new(),
    }
}

/// A document number.
///
/// # Panics
/// If there is nothing in it.
pub fn a_document(number: &str) -> DocumentNumber {
    DocumentNumber::try_from(number).expect("a document number")
}

/// Somebody of whom the till knows the name only.
pub fn a_buyer() -> Buyer {
    Buyer {
        name: line("Ada Byron"),
        email: None,
        phone: None,
        loyalty_card: None,
        tax_id: None,
        address: None,
    }
}

/// The command that registers a sale of one article, to somebody with an e-mail address.
pub fn a_sale(document: &str, gross: &str, email: &str) -> RegisterTransaction {
    RegisterTransaction {
        kind: TransactionKind::Sale,
        document: a_document(document),
        purchased_at: datetime!(2026-03-01 12:00 UTC),
        place: None,
        items: vec![an_item("A-1", gross)],
        buyer: Buyer { email: Email::try_from(email).ok(), ..a_buyer() },
        pos: None,
        labels: Vec::new(),
    }
}

/// The same for a return; of a sale, if one is named.
pub fn a_return(document: &str, of: Option<&str>, gross: &str, email: &str) -> RegisterTransaction {
    let kind = TransactionKind::Return { of: of.map(a_document) };
    RegisterTransaction { kind, ..a_sale(document, gross, email) }
}

/// A sale with a value in every field, nobody's.
///
/// # Panics
/// Never: its parts are legal by construction.
pub fn a_transaction(merchant: MerchantId, document: &str) -> Transaction {
    let label = |key: &str, value: &str| Label { key: line(key), value: line(value) };
    let items = vec![
        Item {
            maker: Some(line("Rööst")),
            labels: vec![label("size", "L"), label("size", "")],
            quantity: 3,
            ..an_item("A-1", "12.5")
        },
        an_item("B-2", "-0.0001"),
    ];
    Transaction {
        merchant,
        id: an_id(),
        kind: TransactionKind::Sale,
        document: a_document(document),
        purchased_at: datetime!(2026-03-01 12:00:00.000_001 UTC),
        place: Some(line("Gdynia")),
        totals: Totals::of(&items, &TierSettings::default()),
        items,
        buyer: Some(Buyer {
            email: Email::try_from("Ada@Example.test").ok(),
            phone: PhoneNumber::try_from("+48 22 555-01-02").ok(),
            loyalty_card: LoyaltyCard::try_from("CARD-7").ok(),
            tax_id: Some(line("PL 123")),
            address: Some(Address { city: line("Łódź"), ..Address::default() }),
            ..a_buyer()
        }),
        pos: Some(an_id()),
        labels: vec![label("Scan", "1"), label("scan", "2")],
        assignment: None,
        registered_at: datetime!(2026-03-01 12:00:05 UTC),
    }
}

/// The event of a transaction that the service itself registered.
pub fn a_registration() -> Event {
    an_event(EventKind::TransactionRegistered)
}
