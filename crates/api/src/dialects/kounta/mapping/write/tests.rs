use domain::testing::{a_customer, a_merchant_id};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

/// A body that keeps every rule, with some keys set.
fn with(keys: &Value) -> Value {
    let mut body = json!({"first_name": "Ayla", "phone": "1"});
    for (key, value) in keys.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

fn create(body: Value) -> Result<Draft, Refusal> {
    draft(serde_json::from_value(body).unwrap(), None)
}

fn update(body: Value, before: &Customer) -> Result<Draft, Refusal> {
    draft(serde_json::from_value(body).unwrap(), Some(before))
}

fn told(outcome: Result<Draft, Refusal>) -> String {
    outcome.map_or_else(|refusal| refusal.violation.to_string(), |_| "nothing".to_owned())
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

fn application() -> ApplicationId {
    ApplicationId::from(Uuid::from_u128(1))
}

fn reachable_customer() -> Customer {
    Customer { phone: PhoneNumber::try_from("1").ok(), ..a_customer(a_merchant_id()) }
}

#[test]
fn a_new_customer_needs_a_first_name_and_one_contact() {
    for (body, expected) in [
        (json!({}), "first_name is required"),
        (json!({"first_name": null, "email": "a@b"}), "first_name is required"),
        (json!({"first_name": " ", "email": "a@b"}), "first_name is required"),
        (json!({"first_name": "A"}), "One of email, phone or mobile is required"),
        (
            json!({"first_name": "A", "email": "", "phone": null, "mobile": " "}),
            "One of email, phone or mobile is required",
        ),
        (json!({"first_name": "A", "email": "a@b"}), "nothing"),
        (json!({"first_name": "A", "phone": "x"}), "nothing"),
        (json!({"first_name": "A", "mobile": "1"}), "nothing"),
    ] {
        assert_eq!(told(create(body.clone())), expected, "{body}");
    }
}

#[test]
fn every_broken_value_has_its_sentence() {
    let long = |length: usize| "x".repeat(length);
    for (keys, expected) in [
        (json!({"first_name": 5}), "first_name must be a string"),
        (json!({"first_name": long(256)}), "first_name must be at most 255 characters"),
        (json!({"last_name": ["a"]}), "last_name must be a string"),
        (json!({"last_name": long(256)}), "last_name must be at most 255 characters"),
        (json!({"last_name": "a\0"}), "last_name must not contain the null character"),
        (json!({"email": "ayla"}), "email must be a well-formed email address"),
        (json!({"email": "@b"}), "email must be a well-formed email address"),
        (json!({"email": "a@"}), "email must be a well-formed email address"),
        (json!({"email": "a@b@c"}), "email must be a well-formed email address"),
        (json!({"email": " @ "}), "email must be a well-formed email address"),
        (json!({"email": "a\0@b"}), "email must be a well-formed email address"),
        (json!({"email": true}), "email must be a string"),
        (json!({"email": format!("{}@b", long(254))}), "email must be at most 255 characters"),
        (json!({"phone": 5}), "phone must be a string"),
        (json!({"phone": long(51)}), "phone must be at most 50 characters"),
        (json!({"mobile": {}}), "mobile must be a string"),
        (json!({"mobile": long(51)}), "mobile must be at most 50 characters"),
        (json!({"reference_id": true}), "reference_id must be a string"),
        (json!({"reference_id": long(256)}), "reference_id must be at most 255 characters"),
        (json!({"tags": "a"}), "tags must be an array of strings"),
        (json!({"tags": ["a", 1]}), "tags must be an array of strings"),
        (json!({"tags": [["a"]]}), "tags must be an array of strings"),
        (json!({"tags": [long(101)]}), "tags must be at most 100 characters"),
        (json!({"tags": ["a", " "]}), "tags must have at least 1 character each"),
        (
            json!({"tags": (0..101).map(|n| n.to_string()).collect::<Vec<_>>()}),
            "tags must be at most 100 entries",
        ),
        (json!({"image": 5}), "image must be a string"),
        (json!({"image": ""}), "image must be a public URL or null"),
        (json!({"image": "/a.jpg"}), "image must be a public URL or null"),
        (json!({"image": "ftp://a.test/a.jpg"}), "image must be a public URL or null"),
        (json!({"image": "javascript:alert(1)"}), "image must be a public URL or null"),
        (json!({"image": "file:///etc/passwd"}), "image must be a public URL or null"),
        (json!({"image": "data:image/png;base64,AA=="}), "image must be a public URL or null"),
        (json!({"image": "http://a b"}), "image must be a public URL or null"),
        (
            json!({"image": format!("http://a.test/{}", long(2048))}),
            "image must be at most 2048 characters",
        ),
        (json!({"accepts_marketing": "yes"}), "accepts_marketing must be a boolean"),
        (json!({"accepts_marketing": 1}), "accepts_marketing must be a boolean"),
        (json!({"primary_address": ["a"]}), "primary_address must be an object"),
        (json!({"shipping_address": "a"}), "shipping_address must be an object"),
        (json!({"primary_address": {"city": 5}}), "primary_address.city must be a string"),
        (
            json!({"shipping_address": {"lines": "a"}}),
            "shipping_address.lines must be an array of strings",
        ),
        (
            json!({"primary_address": {"state": long(256)}}),
            "primary_address.state must be at most 255 characters",
        ),
        (
            json!({"primary_address": {"country": "Australia"}}),
            "country must be a two-character ISO 3166-1 country code",
        ),
        (
            json!({"shipping_address": {"country": "XX"}}),
            "country must be a two-character ISO 3166-1 country code",
        ),
    ] {
        assert_eq!(told(create(with(&keys))), expected, "{keys}");
    }
}

#[test]
fn of_several_broken_rules_the_contracts_first_is_told() {
    let body = json!({"tags": 5, "image": "x", "email": "x", "primary_address": {"country": "x"}});
    assert_eq!(told(create(body.clone())), "first_name is required");
    assert_eq!(told(create(with(&body))), "email must be a well-formed email address");
    let body = json!({"first_name": "A", "tags": 5});
    assert_eq!(told(create(body)), "One of email, phone or mobile is required");
    let body = json!({"last_name": "x".repeat(256), "accepts_marketing": 1, "image": "x"});
    assert_eq!(told(create(with(&body))), "accepts_marketing must be a boolean");
}

#[test]
fn a_refusal_tells_which_mobile_number_was_wanted() {
    let refusal = create(with(&json!({"email": "x", "mobile": "0491 570 156"}))).unwrap_err();
    assert_eq!(refusal.mobile.as_deref(), Some("0491570156"));
    let refusal = create(with(&json!({"email": "x", "mobile": "none"}))).unwrap_err();
    assert_eq!(refusal.mobile, None);
}

#[test]
fn values_are_stored_as_the_contract_says() {
    let body = json!({
        "first_name": " Ayla ", "last_name": "Nguyen", "email": " Ayla@X.test ",
        "phone": "03 5550 1234", "mobile": "0491 570 156", "reference_id": 42,
        "tags": [" VIP ", "a", "VIP"], "image": "https://a.test/a.jpg", "accepts_marketing": true,
        "primary_address": {"address": "1 Low St", "city": "Ballarat", "country": "au"},
        "shipping_address": {"lines": ["Unit 4", "18 Harbour Road"], "zone": "VIC"},
        "company_id": 1, "id": 2, "points": 3
    });
    let command = create(body).unwrap().into_create(application());
    let expected = CreateCustomer {
        name: Name::Divided { first: line("Ayla"), last: line("Nguyen") },
        email: Email::try_from("Ayla@X.test").ok(),
        phone: PhoneNumber::try_from("03 5550 1234").ok(),
        mobile: PhoneNumber::try_from("0491 570 156").ok(),
        references: References {
            per_application: BTreeMap::from([(application(), line("42"))]),
            ..References::default()
        },
        tags: ["VIP", "a"].map(|tag| tag.try_into().unwrap()).to_vec(),
        image_url: Text::try_from("https://a.test/a.jpg").ok(),
        primary_address: Some(Address {
            street: line("1 Low St"),
            city: line("Ballarat"),
            country: line("AU"),
            ..Address::default()
        }),
        shipping_address: Some(Address {
            street: line("Unit 4\n18 Harbour Road"),
            province: line("VIC"),
            ..Address::default()
        }),
        agreements: Agreements { marketing: true, ..Agreements::default() },
        ..CreateCustomer::default()
    };
    assert_eq!(command, expected);
}

#[test]
fn an_update_changes_the_keys_that_are_there_and_null_clears() {
    let before = reachable_customer();
    let body = json!({
        "last_name": null, "email": null, "mobile": "", "tags": null, "image": null,
        "reference_id": "", "primary_address": null, "accepts_marketing": null,
        "shipping_address": {"address": "", "city": null}
    });
    let patch = update(body, &before).unwrap().into_update(application());
    let expected = UpdateCustomer {
        last_name: Some(Line::default()),
        email: Change::Clear,
        mobile: Change::Clear,
        tags: Change::Set(Vec::new()),
        image_url: Change::Clear,
        application_reference: Some((application(), Change::Clear)),
        primary_address: AddressChange::Clear,
        shipping_address: AddressChange::Clear,
        accepts_marketing: Some(false),
        requirement: Requirement::FirstNameAndContact,
        ..UpdateCustomer::default()
    };
    assert_eq!(patch, expected);
}

#[test]
fn the_rule_of_creation_holds_after_an_update() {
    let before = reachable_customer();
    assert_eq!(told(update(json!({"last_name": "x"}), &before)), "nothing");
    for name in [json!(null), json!(""), json!(" ")] {
        assert_eq!(told(update(json!({"first_name": name}), &before)), "first_name is required");
    }
    let missing = "One of email, phone or mobile is required";
    assert_eq!(told(update(json!({"phone": ""}), &before)), missing);
    assert_eq!(told(update(json!({"phone": null, "email": "a@b"}), &before)), "nothing");
}

#[test]
fn a_call_that_says_nothing_is_no_change_even_of_a_nameless_customer() {
    let nameless = Customer { name: Name::default(), ..a_customer(a_merchant_id()) };
    for body in [json!({}), json!({"primary_email_address": "x", "id": 5})] {
        let patch = update(body, &nameless).unwrap().into_update(application());
        assert_eq!(patch, UpdateCustomer::default());
    }
    assert_eq!(told(update(json!({"tags": []}), &nameless)), "first_name is required");
}

#[test]
fn a_stored_country_may_be_written_back_whatever_it_is() {
    let poland = Address { country: line("Poland"), ..Address::default() };
    let before = Customer { primary_address: Some(poland), ..reachable_customer() };
    let echo = json!({"primary_address": {"address": "x", "country": "Poland"}});
    assert_eq!(told(update(echo, &before)), "nothing");
    let elsewhere = json!({"shipping_address": {"address": "x", "country": "Poland"}});
    assert_eq!(
        told(update(elsewhere, &before)),
        "country must be a two-character ISO 3166-1 country code"
    );
}
