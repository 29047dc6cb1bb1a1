use domain::access::Actor;
use domain::customer::{Address, Agreements, Changes, Company, Label, LevelAssignment};
use domain::event::{Event, LevelCause, LevelDirection, PointsCause};
use domain::id::CustomerId;
use domain::testing::{a_customer, a_merchant, a_registration, a_transaction, an_event, an_id};
use domain::text::Line;
use domain::transaction::RecordedTransaction;
use serde_json::{Value, json};
use time::macros::datetime;
use uuid::Uuid;

use super::*;

const ADA: &str = "00000000-0000-0000-0000-00000000000a";
const GOLD: &str = "00000000-0000-0000-0000-000000000001";
const BASE: &str = "00000000-0000-0000-0000-000000000002";

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

fn level(id: &str) -> LevelId {
    id.parse().unwrap()
}

fn ada() -> Customer {
    let mut ada = a_customer(a_merchant().id);
    ada.id = CustomerId::from(Uuid::from_u128(10));
    ada.email = Email::try_from("Ada@example.test").ok();
    ada.mobile = PhoneNumber::try_from("+48600500400").ok();
    ada.loyalty_card = LoyaltyCard::try_from("CARD-7").ok();
    ada
}

fn programme(header: Option<(&str, &str)>) -> Target {
    let names = [(GOLD, "Gold"), (BASE, "Base")];
    Target::Settings {
        address: "https://hooks.example.test/ol".to_owned().try_into().unwrap(),
        header: header.map(|(name, value)| (name.to_owned(), value.to_owned())),
        levels: names.map(|(id, name)| (level(id), name.to_owned())).into(),
    }
}

fn body(fact: &Fact) -> Result<String, RenderError> {
    let (merchant, target) = (a_merchant(), programme(None));
    let order = Order { merchant: &merchant, target: &target, fact };
    Deliveries.body(order).map(|body| String::from_utf8(body).unwrap())
}

fn about(record: Customer, kind: EventKind) -> Result<String, RenderError> {
    let event = Event {
        id: an_id(),
        kind,
        actor: Actor::System,
        at: an_event(EventKind::CustomerCreated).at,
    };
    body(&Fact::Customer(Box::new(RecordedEvent { event, record })))
}

fn value(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[test]
fn a_registration_is_told_in_the_words_of_the_form() {
    let mut full = ada();
    full.gender = Some(Gender::Female);
    full.birth_date = Some(datetime!(1990-09-10 22:00 UTC));
    full.primary_address =
        Some(Address { street: line("Bagno"), city: line("Łódź"), ..Address::default() });
    full.company = Some(Company { name: line("Byron"), tax_id: line("123") });
    full.labels = vec![Label { key: line("tier"), value: line("5") }];
    full.agreements = Agreements { terms: true, marketing: false, third: false };
    full.references.referral_email = Some(line("friend@example.test"));
    full.level = Some(LevelAssignment { level: level(GOLD), manual: true });
    full.pos = Some(Uuid::from_u128(3).into());
    full.seller = Some(Uuid::from_u128(4).into());
    let expected = concat!(
        r#"{"type":"customer.registered","data":{"customerId":"00000000-0000-0000-0000-00000000000a","#,
        r#""data":{"firstName":"Ada","lastName":"Byron","gender":"female","#,
        r#""email":"Ada@example.test","phone":"+48600500400","birthDate":653004000,"#,
        r#""createdAt":1772439300,"address":{"street":"Bagno","city":"Łódź"},"#,
        r#""company":{"name":"Byron","nip":"123"},"loyaltyCardNumber":"CARD-7","#,
        r#""labels":[{"key":"tier","value":"5"}],"#,
        r#""agreement1":true,"agreement2":false,"agreement3":false,"#,
        r#""referral_customer_email":"friend@example.test","#,
        r#""levelId":"00000000-0000-0000-0000-000000000001","#,
        r#""posId":"00000000-0000-0000-0000-000000000003","#,
        r#""sellerId":"00000000-0000-0000-0000-000000000004"}}}"#
    );
    assert_eq!(about(full, EventKind::CustomerCreated).as_deref(), Ok(expected));
}

#[test]
fn of_a_bare_registration_the_data_are_few_and_a_level_by_the_rules_is_none_of_them() {
    let mut bare = a_customer(a_merchant().id);
    bare.level = Some(LevelAssignment { level: level(BASE), manual: false });
    let told = value(&about(bare, EventKind::CustomerCreated).unwrap());
    let expected = json!({
        "firstName": "Ada", "lastName": "Byron", "gender": "not_disclosed", "email": null,
        "phone": null, "createdAt": 1_772_439_300, "loyaltyCardNumber": null, "labels": [],
        "agreement1": false, "agreement2": false, "agreement3": false,
        "referral_customer_email": null
    });
    assert_eq!(told["data"]["data"], expected);
}

#[test]
fn of_updates_and_deactivations_the_customers_id_is_told() {
    for (kind, name) in [
        (EventKind::CustomerUpdated(Changes::default()), "customer.updated"),
        (EventKind::CustomerAnonymized, "customer.updated"),
        (EventKind::CustomerDeactivated, "customer.deactivated"),
    ] {
        let expected = format!(r#"{{"type":"{name}","data":{{"customerId":"{ADA}"}}}}"#);
        assert_eq!(about(ada(), kind), Ok(expected));
    }
}

#[test]
fn moves_between_levels_tell_the_level_and_those_by_the_rules_which_way() {
    let moved = |to: Option<&str>, direction: Option<LevelDirection>| match direction {
        Some(direction) => EventKind::LevelMoved { to: to.map(level), direction },
        None => EventKind::LevelChanged {
            from: None,
            to: to.map(level),
            cause: LevelCause::Automatic,
            direction: Some(LevelDirection::Up),
        },
    };
    let unknown = "00000000-0000-0000-0000-0000000000ff";
    for (kind, name, rest) in [
        (moved(Some(GOLD), None), "level_changed", format!(r#""{GOLD}","levelName":"Gold""#)),
        (moved(Some(unknown), None), "level_changed", format!(r#""{unknown}","levelName":null"#)),
        (moved(None, None), "level_changed", r#""","levelName":null"#.to_owned()),
        (
            moved(Some(GOLD), Some(LevelDirection::Up)),
            "level_changed_automatically",
            format!(r#""{GOLD}","levelName":"Gold","levelMove":"up""#),
        ),
        (
            moved(Some(BASE), Some(LevelDirection::Down)),
            "level_changed_automatically",
            format!(r#""{BASE}","levelName":"Base","levelMove":"down""#),
        ),
    ] {
        let expected = format!(
            r#"{{"type":"customer.{name}","data":{{"customerId":"{ADA}","levelId":{rest}}}}}"#
        );
        assert_eq!(about(ada(), kind), Ok(expected));
    }
}

#[test]
fn points_are_told_with_how_many_more_or_fewer_they_are() {
    for (amount, change, rest) in [
        ("125", "25", r#""amount":125,"amount_change":25,"amount_change_type":"add""#),
        ("0", "-7.5", r#""amount":0,"amount_change":7.5,"amount_change_type":"subtract""#),
    ] {
        let (amount, change) = (amount.parse().unwrap(), change.parse().unwrap());
        let kind = EventKind::PointsChanged { amount, change, cause: PointsCause::Added };
        let expected = format!(
            r#"{{"type":"account.available_points_amount_changed","data":{{"customerId":"{ADA}",{rest}}}}}"#
        );
        assert_eq!(about(ada(), kind), Ok(expected));
    }
}

#[test]
fn reminders_are_lists_of_one() {
    let at = datetime!(2026-03-12 22:59:59 UTC);
    let person = format!(
        r#""customerId":"{ADA}","customerEmail":"Ada@example.test","customerPhone":"+48600500400","customerLoyaltyCardNumber":"CARD-7","customerFirstName":"Ada","customerLastName":"Byron""#
    );
    let kind = EventKind::PointsExpiring { amount: "12.5".parse().unwrap(), at };
    let expected = format!(
        r#"{{"type":"account.expiring_points_notification","data":[{{{person},"points":12.5,"pointsWillExpire":"2026-03-12T23:59:59+01:00"}}]}}"#
    );
    assert_eq!(about(ada(), kind), Ok(expected));
    let kind = EventKind::LevelExpiring { level: level(GOLD), future: level(BASE), at };
    let expected = format!(
        r#"{{"type":"account.expiring_level_notification","data":[{{{person},"levelId":"{GOLD}","levelName":"Gold","futureLevelId":"{BASE}","futureLevelName":"Base"}}]}}"#
    );
    assert_eq!(about(ada(), kind), Ok(expected));
}

#[test]
fn a_transaction_is_told_as_the_till_wrote_it_and_then_whose_it_is() {
    let mut record = a_transaction(a_merchant().id, "FV/7");
    record.id = Uuid::from_u128(5).into();
    record.pos = Some(Uuid::from_u128(3).into());
    let told = |record: &Transaction| {
        let recorded = RecordedTransaction { event: a_registration(), record: record.clone() };
        body(&Fact::Transaction(Box::new(recorded))).unwrap()
    };
    let expected = concat!(
        r#"{"type":"transaction.registered","data":{"transactionId":"00000000-0000-0000-0000-000000000005","#,
        r#""transactionData":{"documentType":"sell","documentNumber":"FV/7","#,
        r#""purchasePlace":"Gdynia","purchaseDate":"2026-03-01T13:00:00+01:00"},"#,
        r#""customerData":{"name":"Ada Byron","email":"Ada@Example.test","#,
        r#""phone":"+48 22 555-01-02","loyaltyCardNumber":"CARD-7","nip":"PL 123","#,
        r#""address":{"city":"Łódź"}},"#,
        r#""items":[{"sku":{"code":"A-1"},"name":"Beans","quantity":3,"grossValue":12.5,"#,
        r#""category":"coffee","maker":"Rööst","#,
        r#""labels":[{"key":"size","value":"L"},{"key":"size","value":""}]},"#,
        r#"{"sku":{"code":"B-2"},"name":"Beans","quantity":1,"grossValue":-0.0001,"#,
        r#""category":"coffee","labels":[]}],"#,
        r#""postId":"00000000-0000-0000-0000-000000000003"}}"#
    );
    assert_eq!(told(&record), expected);
    let forgotten = Transaction { buyer: None, pos: None, place: None, ..record };
    let shown = value(&told(&forgotten));
    assert_eq!(shown["data"]["postId"], Value::Null);
    assert_eq!(
        shown["data"]["customerData"],
        json!({
            "name": null, "email": null, "phone": null, "loyaltyCardNumber": null, "nip": null,
            "address": null
        })
    );
    let kind = EventKind::TransactionAssigned { transaction: forgotten.id };
    let expected = format!(
        r#"{{"type":"transaction.assigned_to_customer","data":{{"transactionId":"{}","customerId":"{ADA}"}}}}"#,
        forgotten.id
    );
    assert_eq!(about(ada(), kind), Ok(expected));
}

#[test]
fn what_the_vendor_does_not_tell_is_not_written() {
    for kind in [
        EventKind::CustomerActivated,
        EventKind::CustomerDeleted,
        EventKind::NewsletterAnnounced,
        EventKind::ManualLevelRemoved,
    ] {
        assert_eq!(about(ada(), kind), Err(RenderError));
    }
}

#[test]
fn the_head_has_the_vendors_agent_and_the_merchants_header() {
    let (merchant, fact) = (a_merchant(), a_registration());
    let record = a_transaction(merchant.id, "B-1");
    let fact = Fact::Transaction(Box::new(RecordedTransaction { event: fact, record }));
    let head = |header| {
        let target = programme(header);
        let order = Order { merchant: &merchant, target: &target, fact: &fact };
        let headers = Deliveries.headers(order, an_id(), b"{}").unwrap();
        let shown = |header: Rendered| format!("{}: {}", header.name, header.value.expose());
        headers.into_iter().map(shown).collect::<Vec<_>>()
    };
    let ours = ["Content-Type: application/json", "User-Agent: OpenLoyalty"];
    assert_eq!(head(None), ours);
    assert_eq!(head(Some(("X-Shop-Key", "s3cret"))), [&ours[..], &["X-Shop-Key: s3cret"]].concat());
}
