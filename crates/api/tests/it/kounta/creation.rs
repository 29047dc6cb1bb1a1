//! New customers (contract 2.4, 2.6).

use domain::customer::Lookup;
use domain::event::EventKind;
use serde_json::{Value, json};

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_contracts_example_is_answered_byte_for_byte() {
    let world = World::start().await;
    let program = world.company().await;
    let body = r#"{"first_name":"Ayla","last_name":"Nguyen","email":"ayla@example.test","mobile":"0491 570 156",
 "primary_address":{"address":"Unit 4, 18 Harbour Road","city":"Geelong","state":"VIC","postal_code":"3220","country":"AU"},
 "tags":["Gold Member"],"reference_id":"crm-00042","accepts_marketing":true}"#;
    let answer = program.send("POST", "/customers.json", &[], body).await;
    let id = answer.json_of(201)["id"].as_i64().unwrap();
    let company = program.merchant.company_id;
    let expected = format!(
        "{{\"id\":{id},\"company_id\":{company},{}",
        concat!(
            r#""first_name":"Ayla","last_name":"Nguyen","email":"ayla@example.test","#,
            r#""primary_email_address":"ayla@example.test","phone":null,"#,
            r#""mobile":"0491 570 156","reference_id":"crm-00042","tags":["Gold Member"],"#,
            r#""image":null,"primary_address":{"address":"Unit 4, 18 Harbour Road","#,
            r#""city":"Geelong","state":"VIC","postal_code":"3220","country":"AU"},"#,
            r#""shipping_address":null,"accepts_marketing":true,"#,
            r#""created_at":"2026-03-02T09:15:00+11:00","#,
            r#""updated_at":"2026-03-02T09:15:00+11:00"}"#
        )
    );
    assert_eq!(answer.body, expected);
    let location = program.link(&format!("/customers/{id}.json"));
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(program.get(&format!("/customers/{id}.json")).await.body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_timestamps_are_the_moment_of_the_answer() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    world.clock.advance(time::Duration::days(120));
    let shown = program.get(&format!("/customers/{id}.json")).await.json_of(200);
    for key in ["created_at", "updated_at"] {
        assert_eq!(shown[key], "2026-06-30T08:15:00+10:00");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_name_and_one_contact_are_required() {
    let world = World::start().await;
    let program = world.company().await;
    let missing = "One of email, phone or mobile is required";
    for (body, sentence) in [
        (json!({}), "first_name is required"),
        (json!({"email": "a@x"}), "first_name is required"),
        (json!({"first_name": " ", "email": "a@x"}), "first_name is required"),
        (json!({"first_name": "A"}), missing),
        (json!({"first_name": "A", "email": "", "phone": "", "mobile": ""}), missing),
        (json!({"first_name": "A", "email": null, "phone": null, "mobile": null}), missing),
    ] {
        program.post(&body).await.bad_request(sentence);
    }
    assert!(program.get("/customers.json").await.ids().is_empty());
    for contact in [json!({"email": "a@x"}), json!({"phone": "1"}), json!({"mobile": "1"})] {
        let mut body = contact;
        body["first_name"] = json!("A");
        assert_eq!(program.post(&body).await.status, 201, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mobile_number_is_unique_within_the_company_by_its_digits() {
    let world = World::start().await;
    let (program, other) = (world.company().await, world.company().await);
    let body = |mobile: &str| json!({"first_name": "A", "mobile": mobile});
    program.customer(&body("0491 570 156")).await;
    for mobile in ["0491 570 156", "0491570156", "(0491) 570-156", "+0491570156"] {
        let answer = program.post(&body(mobile)).await;
        answer.bad_request("mobile must be unique within the company");
    }
    assert_eq!(program.get("/customers.json").await.ids().len(), 1);
    assert_eq!(program.post(&body("+61 491 570 156")).await.status, 201);
    assert_eq!(other.post(&body("0491 570 156")).await.status, 201);
    for _ in 0..2 {
        let empty = json!({"first_name": "A", "mobile": "", "phone": "1"});
        assert_eq!(program.post(&empty).await.status, 201);
        assert_eq!(program.post(&body("ask at the till")).await.status, 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_mobile_number_is_told_before_what_comes_later_in_the_contract() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "mobile": "1"})).await;
    let body = json!({"first_name": "B", "mobile": "1", "email": "x", "tags": 5});
    program.post(&body).await.bad_request("mobile must be unique within the company");
    let free = json!({"first_name": "B", "mobile": "2", "email": "x", "tags": 5});
    program.post(&free).await.bad_request("email must be a well-formed email address");
    let own = json!({"mobile": "1", "tags": 5});
    program.put(id, &own).await.bad_request("tags must be an array of strings");
    let earlier = json!({"mobile": "1"});
    program.post(&earlier).await.bad_request("first_name is required");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_with_one_mobile_number_one_is_added() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({"first_name": "A", "mobile": "0491 570 156"});
    let posts = (0..24).map(|_| program.post(&body));
    let answers = futures_util::future::join_all(posts).await;
    let added = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(added, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.bad_request("mobile must be unique within the company");
    }
    assert_eq!(program.get("/customers.json").await.ids().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn email_and_phone_may_repeat() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({"first_name": "A", "email": "a@x", "phone": "1"});
    let (first, second) = (program.customer(&body).await, program.customer(&body).await);
    for id in [first, second] {
        let shown = program.shown(id).await;
        assert_eq!((&shown["email"], &shown["phone"]), (&json!("a@x"), &json!("1")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_read_only_keys_are_ignored() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program
        .customer(&json!({
            "first_name": "A", "phone": "1", "id": 5, "company_id": 6, "created_at": "x",
            "primary_email_address": "old@x", "balance": 7, "points": 8, "__proto__": {}
        }))
        .await;
    let shown = program.shown(id).await;
    assert_ne!(id, 5);
    assert_eq!(shown["company_id"], i64::from(program.merchant.company_id));
    assert_eq!(shown["primary_email_address"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_spellings_of_an_address_are_read() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program
        .customer(&json!({
            "first_name": "A", "phone": "1",
            "primary_address": {"lines": ["Unit 4", "18 Harbour Road"], "zone": "VIC", "country": "au"},
            "shipping_address": {"address": "", "city": "", "state": null, "country": ""}
        }))
        .await;
    let expected = json!({
        "address": "Unit 4\n18 Harbour Road", "city": "", "state": "VIC", "postal_code": "", "country": "AU"
    });
    let shown = program.shown(id).await;
    assert_eq!(shown["primary_address"], expected);
    assert_eq!(shown["shipping_address"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_goes_with_one_creation() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    program
        .post(&json!({"first_name": "A"}))
        .await
        .bad_request("One of email, phone or mobile is required");
    let merchant = program.merchant.id;
    let number = Lookup::Number(id.try_into().unwrap());
    let customer = world.customers.look_up(merchant, &number).await.unwrap();
    let events = world.customers.events(merchant, customer.id).await.unwrap();
    let kinds: Vec<EventKind> = events.into_iter().map(|recorded| recorded.event.kind).collect();
    assert_eq!(kinds, [EventKind::CustomerCreated]);
}
