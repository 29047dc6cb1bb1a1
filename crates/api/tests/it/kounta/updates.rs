//! Changes of customers (contract 2.5).

use domain::access::Actor;
use domain::customer::{
    Address, CreateCustomer, Customer, Demands, Lookup, Name, Origin, PhoneNumber,
};
use domain::level::Ladder;
use domain::text::Line;
use serde_json::{Value, json};

use super::world::{Program, World};

/// A customer with every value.
fn ayla() -> Value {
    json!({
        "first_name": "Ayla", "last_name": "Nguyen", "email": "ayla@example.test",
        "phone": "03 5550 1234", "mobile": "0491 570 156", "reference_id": "crm-00042",
        "tags": ["Gold Member", "Newsletter"], "image": "https://img.example.test/ayla.jpg",
        "primary_address": {"address": "18 Harbour Road", "city": "Geelong", "state": "VIC", "postal_code": "3220", "country": "AU"},
        "shipping_address": {"address": "2 Dock St", "city": "Geelong", "state": "VIC", "postal_code": "3220", "country": "AU"},
        "accepts_marketing": true
    })
}

async fn record(program: &Program<'_>, id: i64) -> Customer {
    let lookup = Lookup::Number(id.try_into().unwrap());
    program.world.customers.look_up(program.merchant.id, &lookup).await.unwrap()
}

/// Sends a change and checks that it did just what is expected, in the answer and afterwards.
async fn changes(program: &Program<'_>, id: i64, body: &Value, expected: &Value) {
    let mut whole = program.shown(id).await;
    for (key, value) in expected.as_object().unwrap() {
        whole[key] = value.clone();
    }
    let answer = program.put(id, body).await;
    assert_eq!(answer.status, 200, "{body}: {}", answer.body);
    assert_eq!(program.shown(id).await, whole, "{body}");
    let read = program.get(&format!("/customers/{id}.json")).await;
    assert_eq!(answer.body, read.body, "the answer is the whole customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_keys_of_the_body_change() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&ayla()).await;
    let low_st = json!({"address": "1 Low St", "city": "Ballarat", "state": "VIC", "postal_code": "3350", "country": "AU"});
    for (body, expected) in [
        (
            json!({"first_name": "Ayla", "phone": "03 5550 9999", "accepts_marketing": false}),
            json!({"phone": "03 5550 9999", "accepts_marketing": false}),
        ),
        (
            json!({"primary_address": low_st, "shipping_address": null}),
            json!({"primary_address": low_st, "shipping_address": null}),
        ),
        (
            json!({"tags": ["Gold Member", "VIP", " VIP "], "image": null}),
            json!({"tags": ["Gold Member", "VIP"], "image": null}),
        ),
        (
            json!({"email": "new@example.test"}),
            json!({"email": "new@example.test", "primary_email_address": "new@example.test"}),
        ),
        (json!({"reference_id": 42}), json!({"reference_id": "42"})),
        (json!({"reference_id": null}), json!({"reference_id": ""})),
        (json!({"last_name": ""}), json!({"last_name": null})),
        (json!({"tags": null}), json!({"tags": []})),
        (json!({"email": null}), json!({"email": null, "primary_email_address": null})),
        (json!({"mobile": ""}), json!({"mobile": null})),
        (json!({"accepts_marketing": true}), json!({"accepts_marketing": true})),
        (json!({"accepts_marketing": null}), json!({"accepts_marketing": false})),
        (
            json!({"primary_address": {"city": "Ballarat"}}),
            json!({"primary_address":
            {"address": "", "city": "Ballarat", "state": "", "postal_code": "", "country": ""}}),
        ),
    ] {
        changes(&program, id, &body, &expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_echo_is_accepted_and_read_only_keys_are_ignored() {
    let world = World::start().await;
    let program = world.company().await;
    let other = json!({"first_name": "B", "mobile": "", "phone": "2"});
    program.customer(&other).await;
    let id = program.customer(&json!({"first_name": "Z", "phone": "1"})).await;
    let echo = json!({
        "first_name": "Zoë", "last_name": "L", "email": "new@example.test",
        "primary_email_address": "old@example.test", "phone": "", "mobile": "", "tags": ["a", "b"]
    });
    let expected = json!({
        "first_name": "Zoë", "last_name": "L", "email": "new@example.test",
        "primary_email_address": "new@example.test", "phone": null, "tags": ["a", "b"]
    });
    changes(&program, id, &echo, &expected).await;
    let before = record(&program, id).await;
    changes(&program, id, &json!({"id": 1, "company_id": 2, "points": 3}), &json!({})).await;
    assert_eq!(record(&program, id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_leaves_no_event() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&ayla()).await;
    let before = record(&program, id).await;
    world.clock.advance(time::Duration::HOUR);
    for body in [json!({}), json!({"unknown": 1}), ayla()] {
        assert_eq!(program.put(id, &body).await.status, 200);
    }
    assert_eq!(record(&program, id).await, before);
    let count =
        async || world.customers.events(program.merchant.id, before.id).await.unwrap().len();
    assert_eq!(count().await, 1);
    assert_eq!(program.put(id, &json!({"phone": "1"})).await.status, 200);
    assert_eq!(count().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_of_creation_holds_after_the_change() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1", "email": "a@x"})).await;
    let missing = "One of email, phone or mobile is required";
    for (body, sentence) in [
        (json!({"first_name": null}), "first_name is required"),
        (json!({"first_name": ""}), "first_name is required"),
        (json!({"first_name": "  "}), "first_name is required"),
        (json!({"phone": null, "email": ""}), missing),
    ] {
        program.put(id, &body).await.bad_request(sentence);
    }
    changes(&program, id, &json!({"phone": ""}), &json!({"phone": null})).await;
    program.put(id, &json!({"email": null})).await.bad_request(missing);
    let moved = json!({"email": null, "mobile": "1"});
    let expected = json!({"email": null, "primary_email_address": null, "mobile": "1"});
    changes(&program, id, &moved, &expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_mobile_number_is_refused_and_ones_own_in_other_spelling_is_not() {
    let world = World::start().await;
    let program = world.company().await;
    let first = program.customer(&json!({"first_name": "A", "mobile": "0491 570 156"})).await;
    let second = program.customer(&json!({"first_name": "B", "mobile": "2"})).await;
    let answer = program.put(second, &json!({"mobile": "0491-570-156", "phone": "9"})).await;
    answer.bad_request("mobile must be unique within the company");
    assert_eq!(program.shown(second).await["phone"], Value::Null, "nothing was stored");
    let respelt = json!({"mobile": "0491-570-156"});
    changes(&program, first, &respelt, &respelt).await;
    assert_eq!(program.put(first, &json!({"mobile": "3"})).await.status, 200);
    assert_eq!(program.put(second, &json!({"mobile": "0491 570 156"})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_dialect_wrote_survives_an_echo() {
    let world = World::start().await;
    let program = world.company().await;
    let line = |raw: &str| Line::try_from(raw).unwrap();
    let address = Address {
        street: line("Bagno"),
        house: line("1"),
        unit: line("12"),
        city: line("Warszawa"),
        country: line("Poland"),
        ..Address::default()
    };
    let command = CreateCustomer {
        name: Name::Undivided(line("Ana Marija Anić")),
        phone: PhoneNumber::try_from("1").ok(),
        primary_address: Some(address.clone()),
        ..CreateCustomer::default()
    };
    let demands = Demands::default();
    let origin = Origin { merchant: program.merchant.id, actor: Actor::System, demands };
    let made = world.customers.create(&origin, &Ladder::default(), command).await.unwrap();
    let id = i64::from(made.number);
    let mut shown = program.shown(id).await;
    assert_eq!((&shown["first_name"], &shown["last_name"]), (&json!("Ana Marija"), &json!("Anić")));
    assert_eq!(shown["primary_address"]["address"], "Bagno 1 12");
    let echo = shown.clone();
    assert_eq!(program.put(id, &echo).await.status, 200);
    assert_eq!(record(&program, id).await, made);
    shown["primary_address"]["city"] = json!("Gdynia");
    shown["last_name"] = json!("Horvat");
    assert_eq!(program.put(id, &shown).await.status, 200);
    let after = record(&program, id).await;
    let moved = Address { city: line("Gdynia"), ..address };
    assert_eq!(after.primary_address, Some(moved));
    assert_eq!(after.name, Name::Divided { first: line("Ana Marija"), last: line("Horvat") });
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_different_keys_at_once_are_all_kept() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let bodies = [
        json!({"last_name": "Nguyen"}),
        json!({"tags": ["a"]}),
        json!({"email": "a@x"}),
        json!({"mobile": "7"}),
        json!({"accepts_marketing": true}),
        json!({"reference_id": "r"}),
    ];
    let puts = bodies.iter().map(|body| program.put(id, body));
    for answer in futures_util::future::join_all(puts).await {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let shown = program.shown(id).await;
    for body in bodies {
        for (key, value) in body.as_object().unwrap() {
            assert_eq!(shown[key], *value);
        }
    }
    assert_eq!(record(&program, id).await.version, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_is_not_there_cannot_be_changed() {
    let world = World::start().await;
    let program = world.company().await;
    for id in [
        "999999",
        "0",
        "-1",
        "007",
        "1.5",
        "1e3",
        "0x5F12",
        "389427abc",
        "9223372036854775808",
        "%00",
        "a%2Fb",
    ] {
        let path = format!("/customers/{id}.json");
        let body = json!({"first_name": "A"}).to_string();
        program.send("PUT", &path, &[], &body).await.customer_not_found();
        program.get(&path).await.customer_not_found();
        program.send("DELETE", &path, &[], "").await.customer_not_found();
    }
}
