use domain::customer::Changes;
use domain::delivery::{Failure, Warning};
use domain::event::{LevelCause, PointsCause, RecordedEvent};
use domain::id::LevelId;
use domain::testing::{a_customer, a_merchant, a_registration, a_transaction, an_event, an_id};
use domain::transaction::RecordedTransaction;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;

const SHOP: &str = "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10";

#[test]
fn an_endpoint_is_named_by_its_merchant_and_by_a_number_or_settings() {
    let merchant = SHOP.parse().unwrap();
    let subscription = Source::Subscription(537.try_into().unwrap());
    for (name, source) in [("settings", Source::Settings), ("537", subscription)] {
        assert_eq!(endpoint(SHOP, name), Some(Endpoint { merchant, source }));
        assert_eq!(endpoint_name(source), name);
    }
    for name in ["", "0", "0537", "-1", "+1", "1.0", "Settings", "9223372036854775808", "١"] {
        assert_eq!(endpoint(SHOP, name), None, "{name}");
    }
    assert_eq!(endpoint("DEFAULT", "settings"), None);
}

#[test]
fn moments_are_rfc_3339_in_universal_time() {
    assert_eq!(moment(datetime!(2026-03-02 09:15:00.5 +1)), "2026-03-02T08:15:00.5Z");
    for (text, expected) in [
        ("2026-03-02T08:15:00Z", Some(datetime!(2026-03-02 08:15:00 UTC))),
        ("2026-03-02T09:15:00.25+01:00", Some(datetime!(2026-03-02 08:15:00.25 UTC))),
        ("9999-12-31T23:59:59-01:00", None),
        ("2026-03-02", None),
        ("1772439300", None),
        ("", None),
    ] {
        assert_eq!(read_moment(text), expected, "{text}");
    }
}

#[test]
fn a_secret_is_shown_as_libraries_take_it() {
    let bytes = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let shown = secret(&Secret::new(bytes), datetime!(2026-03-03 08:15:00 UTC));
    assert_eq!(shown.secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assert_eq!(shown.previous_until, "2026-03-03T08:15:00Z");
}

#[test]
fn a_trial_tells_whether_it_arrived() {
    let id = an_id();
    let sent = |outcome, took| trial(Trial { id, took, outcome });
    for (status, delivered) in [(199, false), (200, true), (299, true), (301, false), (410, false)]
    {
        let answered = Outcome::Answered { status, body: "x".to_owned() };
        let shown = sent(answered, Duration::microseconds(12_900));
        assert_eq!((shown.delivered, shown.took_ms), (delivered, 12), "{status}");
        let expected =
            OutcomeBody { status: Some(status), body: Some("x".to_owned()), failure: None };
        assert_eq!(shown.outcome, expected);
    }
    let failed = sent(Outcome::Failed(Failure::TimedOut), Duration::seconds(15));
    let shown = serde_json::to_value(failed).unwrap();
    let expected = json!({
        "id": id.to_string(), "delivered": false, "took_ms": 15_000, "status": null, "body": null,
        "failure": "timed_out"
    });
    assert_eq!(shown, expected);
}

#[test]
fn an_attempt_is_shown_with_what_came_of_it() {
    let tried = Attempt {
        number: 2,
        at: datetime!(2026-03-02 08:15:00 UTC),
        took: Duration::milliseconds(40),
        outcome: Outcome::Answered { status: 503, body: "busy".to_owned() },
    };
    let expected = json!({
        "number": 2, "at": "2026-03-02T08:15:00Z", "took_ms": 40, "status": 503, "body": "busy",
        "failure": null
    });
    assert_eq!(serde_json::to_value(attempt(tried)).unwrap(), expected);
}

#[test]
fn an_event_tells_what_happened_and_the_record_as_it_was() {
    let mut record = a_customer(a_merchant().id);
    record.email = domain::customer::Email::try_from("ada@example.test").ok();
    let told = |kind| {
        let recorded = RecordedEvent { event: an_event(kind), record: record.clone() };
        let fact = Fact::Customer(Box::new(recorded));
        serde_json::to_value(event(&fact, Place { version: 7, ordinal: 2 })).unwrap()
    };
    let level: LevelId = an_id();
    let at = datetime!(2026-03-12 22:59:59 UTC);
    let amounts = |raw: &str| raw.parse::<Amount>().unwrap();
    let changes = Changes::between(&record, &a_customer(record.merchant));
    for (kind, name, data) in [
        (EventKind::CustomerCreated, "customer_created", json!({})),
        (EventKind::CustomerUpdated(changes), "customer_updated", json!({"changes": ["email"]})),
        (
            EventKind::PointsChanged {
                amount: amounts("125"),
                change: amounts("-0.05"),
                cause: PointsCause::Spent,
            },
            "points_changed",
            json!({"amount": "125", "change": "-0.05", "cause": "spent"}),
        ),
        (
            EventKind::PointsExpiring { amount: amounts("12.5"), at },
            "points_expiring",
            json!({"amount": "12.5", "at": "2026-03-12T22:59:59Z"}),
        ),
        (
            EventKind::LevelExpiring { level, future: level, at },
            "level_expiring",
            json!({"level": level.to_string(), "future": level.to_string(), "at": "2026-03-12T22:59:59Z"}),
        ),
        (
            EventKind::LevelChanged {
                from: None,
                to: Some(level),
                cause: LevelCause::Automatic,
                direction: Some(LevelDirection::Up),
            },
            "level_changed",
            json!({"from": null, "to": level.to_string(), "cause": "automatic", "direction": "up"}),
        ),
    ] {
        let shown = told(kind);
        assert_eq!((&shown["type"], &shown["data"]), (&json!(name), &data));
        assert_eq!(shown["subject"], json!({"type": "customer", "id": record.id.to_string()}));
        assert_eq!((&shown["version"], &shown["ordinal"]), (&json!(7), &json!(2)));
        assert_eq!(shown["actor"], json!({"type": "system", "id": null}));
        assert_eq!(shown["record"]["email"], "ada@example.test");
    }
}

#[test]
fn an_event_of_a_transaction_names_it() {
    let record = a_transaction(a_merchant().id, "FV/7");
    let (id, merchant) = (record.id, record.merchant);
    let recorded = RecordedTransaction { event: a_registration(), record };
    let fact = Fact::Transaction(Box::new(recorded));
    let shown = event(&fact, Place { version: 1, ordinal: 1 });
    assert_eq!(shown.subject, SubjectBody { kind: "transaction", id: id.to_string() });
    assert_eq!(shown.kind, "transaction_registered");
    assert_eq!(shown.merchant, merchant.to_string());
    let shown = serde_json::to_value(shown).unwrap();
    assert_eq!((&shown["data"], &shown["record"]["document"]), (&json!({}), &json!("FV/7")));
}

#[test]
fn a_warning_names_its_endpoint() {
    let since = datetime!(2026-03-01 08:15:00 UTC);
    let source = Source::Subscription(537.try_into().unwrap());
    let endpoint = Endpoint { merchant: a_merchant().id, source };
    let warning = Warning { event: an_event(EventKind::EndpointFailing { since }), endpoint };
    let fact = Fact::Endpoint(Box::new(warning));
    let shown = serde_json::to_value(event(&fact, Place { version: 0, ordinal: 1 })).unwrap();
    assert_eq!(shown["type"], "endpoint_failing");
    assert_eq!(shown["subject"], json!({"type": "endpoint", "id": "537"}));
    assert_eq!(shown["data"], json!({"since": "2026-03-01T08:15:00Z"}));
    assert_eq!(shown["record"], Value::Null);
}
