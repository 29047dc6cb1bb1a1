//! Lists of transactions.

use time::Duration;

use super::owned;
use crate::customer::{Email, Label, LoyaltyCard, PhoneNumber};
use crate::money::Amount;
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_buyer, a_document, an_id};
use crate::text::Line;
use crate::transaction::{
    Buyer, Totals, Transaction, TransactionCriterion, TransactionKind, TransactionQuery,
    TransactionSortKey,
};
use crate::{Order, PageRequest};

pub(super) async fn promises(storage: &Storage) {
    every_criterion_narrows_a_list(storage).await;
    lists_come_in_parts_and_in_order(storage).await;
    another_merchants_transactions_are_invisible(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

async fn every_criterion_narrows_a_list(storage: &Storage) {
    use TransactionCriterion as C;
    let tenant = Tenant::new(storage).await;
    let (customer, till) = (an_id(), an_id());
    let buyer = Buyer {
        name: line("Łucja Ż"),
        email: Email::try_from("Lu@Firma.test").ok(),
        phone: PhoneNumber::try_from("+48 600").ok(),
        loyalty_card: LoyaltyCard::try_from("XK-9").ok(),
        ..a_buyer()
    };
    let label = |key: &str, value: &str| Label { key: line(key), value: line(value) };
    let known = owned(&Transaction { buyer: Some(buyer), ..tenant.sale("FV/1") }, customer, 2);
    let labelled = Transaction {
        labels: vec![label("Scan", "7"), label("Shift", "")],
        pos: Some(till),
        ..tenant.sale("FV/2")
    };
    let back = Transaction {
        kind: TransactionKind::Return { of: Some(a_document("FV/2")) },
        labels: Vec::new(),
        buyer: None,
        ..tenant.sale("kor/3")
    };
    for transaction in [&known, &labelled, &back] {
        tenant.sold(transaction).await;
    }
    let text = str::to_owned;
    let label = |key: &str, value: Option<&str>| C::Label {
        key: key.to_owned(),
        value: value.map(ToOwned::to_owned),
    };
    for (criteria, expected) in [
        (vec![], vec!["FV/1", "FV/2", "kor/3"]),
        (vec![C::Customer(customer)], vec!["FV/1"]),
        (vec![C::Customer(an_id())], vec![]),
        (vec![C::PointOfSale(till)], vec!["FV/2"]),
        (vec![C::IsReturn(true)], vec!["kor/3"]),
        (vec![C::IsReturn(false)], vec!["FV/1", "FV/2"]),
        (vec![C::Document(text("fv/"))], vec!["FV/1", "FV/2"]),
        (vec![C::Document(text("KOR"))], vec!["kor/3"]),
        (vec![C::BuyerName(text("łucja"))], vec!["FV/1"]),
        (vec![C::BuyerEmail(text("FIRMA"))], vec!["FV/1"]),
        (vec![C::BuyerPhone(text("+48 6"))], vec!["FV/1"]),
        (vec![C::BuyerCard(text("xk"))], vec!["FV/1"]),
        (vec![C::BuyerCard(text("%"))], vec![]),
        (vec![label("scan", None)], vec!["FV/1", "FV/2"]),
        (vec![label("scan", Some("7"))], vec!["FV/2"]),
        (vec![label("SHIFT", Some(""))], vec!["FV/2"]),
        (vec![label("scan", Some("7")), label("shift", None)], vec!["FV/2"]),
        (vec![label("scan", Some("7")), C::Customer(customer)], vec![]),
        (vec![C::Nothing], vec![]),
    ] {
        assert_eq!(tenant.documents(criteria.clone()).await, expected, "{criteria:?}");
    }
}

async fn lists_come_in_parts_and_in_order(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let sale = |document: &str, gross, hours, place: Option<&str>| {
        let sale = tenant.sale(document);
        Transaction {
            totals: Totals { gross: Amount::whole(gross), ..sale.totals },
            purchased_at: sale.purchased_at + Duration::hours(hours),
            place: place.map(line),
            ..sale
        }
    };
    let sales = [
        sale("b", 10, 3, Some("cork")),
        Transaction {
            kind: TransactionKind::Return { of: None },
            ..sale("A", -5, 2, Some("Bath"))
        },
        sale("c", 10, 1, None),
    ];
    for transaction in &sales {
        tenant.sold(transaction).await;
    }
    let page = |key, descending, offset, limit| TransactionQuery {
        criteria: Vec::new(),
        order: Order { key, descending },
        page: PageRequest { offset, limit },
    };
    for (key, descending, expected) in [
        (TransactionSortKey::Id, false, [0, 1, 2]),
        (TransactionSortKey::Document, false, [1, 0, 2]),
        (TransactionSortKey::Document, true, [2, 0, 1]),
        (TransactionSortKey::Kind, false, [1, 0, 2]),
        (TransactionSortKey::Kind, true, [2, 0, 1]),
        (TransactionSortKey::PurchasedAt, false, [2, 1, 0]),
        (TransactionSortKey::PurchasedAt, true, [0, 1, 2]),
        (TransactionSortKey::Place, false, [1, 0, 2]),
        (TransactionSortKey::Place, true, [0, 1, 2]),
        (TransactionSortKey::Gross, false, [1, 0, 2]),
        (TransactionSortKey::Gross, true, [2, 0, 1]),
    ] {
        let listed = tenant.sales(&page(key, descending, 0, None)).await;
        assert_eq!(listed.items, expected.map(|at| sales[at].clone()), "{key:?} {descending}");
    }
    for (offset, limit, expected) in [(1, 1, 1..2), (2, 5, 2..3), (9, 5, 3..3)] {
        let listed = tenant.sales(&page(TransactionSortKey::Id, false, offset, Some(limit))).await;
        assert_eq!((&listed.items[..], listed.total.value()), (&sales[expected], 3));
    }
}

async fn another_merchants_transactions_are_invisible(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    here.sold(&here.sale("1")).await;
    assert_eq!(there.documents(Vec::new()).await, [""; 0]);
    assert_eq!(there.documents(vec![TransactionCriterion::IsReturn(false)]).await, [""; 0]);
}
