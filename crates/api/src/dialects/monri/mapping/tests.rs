//! What is taken from the wire, and what is shown on it.

use domain::testing::{a_customer, a_merchant_id};
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;

fn request(text: &str) -> CustomerRequest {
    serde_json::from_str(text).unwrap()
}

fn created(text: &str) -> CreateCustomer {
    create(request(text)).unwrap()
}

/// The sentences of a refusal.
fn refused(text: &str) -> Vec<String> {
    match create(request(text)) {
        Err(Error::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
        Ok(_) => Vec::new(),
    }
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

#[test]
fn every_member_finds_its_place() {
    let command = created(
        r#"{"merchant_customer_id":"mc-1","description":"d","email":" a@b ","name":"Ana Anić","phone":"+387 61",
            "metadata":{"a":"x","b":1.50,"c":true,"d":null},"zip_code":"71000","city":"Sarajevo",
            "address":"Titova 1","country":"BA","unknown":[1]}"#,
    );
    let metadata = Metadata::from_entries([
        (Text::try_from("a").unwrap(), MetadataValue::Text(Text::try_from("x").unwrap())),
        (Text::try_from("b").unwrap(), MetadataValue::Number(Text::try_from("1.50").unwrap())),
        (Text::try_from("c").unwrap(), MetadataValue::Bool(true)),
    ]);
    let expected = CreateCustomer {
        name: Name::Undivided(line("Ana Anić")),
        email: Some(Email::from(line(" a@b "))),
        phone: PhoneNumber::try_from("+387 61").ok(),
        references: References {
            merchant_customer_id: Text::try_from("mc-1").ok(),
            ..References::default()
        },
        primary_address: Some(Address {
            street: line("Titova 1"),
            city: line("Sarajevo"),
            postal_code: line("71000"),
            country: line("BA"),
            ..Address::default()
        }),
        metadata: metadata.unwrap(),
        description: Note::try_from("d").ok(),
        ..CreateCustomer::default()
    };
    assert_eq!(command, expected);
}

#[test]
fn no_members_and_nulls_make_an_empty_customer() {
    assert_eq!(created("{}"), CreateCustomer::default());
    let nulls = r#"{"merchant_customer_id":null,"description":null,"email":null,"name":null,"phone":null,
        "metadata":null,"zip_code":null,"city":null,"address":null,"country":null}"#;
    assert_eq!(created(nulls), CreateCustomer::default());
}

#[test]
fn nulls_leave_an_update_without_effect_but_the_touch() {
    let command = update(request(r#"{"name":null,"metadata":null,"city":null}"#)).unwrap();
    let expected = UpdateCustomer {
        primary_address: AddressChange::SetParts(AddressParts::default()),
        touch: true,
        ..UpdateCustomer::default()
    };
    assert_eq!(command, expected);
}

#[test]
fn lengths_are_counted_in_characters_at_both_ends() {
    for (member, shortest, longest) in [
        ("merchant_customer_id", 1, 100),
        ("description", 1, 200),
        ("email", 1, 200),
        ("name", 1, 50),
        ("phone", 1, 30),
        ("zip_code", 1, 9),
        ("city", 3, 30),
        ("address", 3, 100),
        ("country", 1, 30),
    ] {
        let sent = |length| json!({member: "😀".repeat(length)}).to_string();
        let name = Problem { member, fault: Fault::Invalid }.to_string();
        let name = name.trim_end_matches(" is invalid");
        assert_eq!(refused(&sent(shortest)), [""; 0], "{member}");
        assert_eq!(refused(&sent(longest)), [""; 0], "{member}");
        assert_eq!(
            refused(&sent(longest + 1)),
            [format!("{name} is too long (maximum is {longest} characters)")]
        );
        let unit = if shortest == 1 { "character" } else { "characters" };
        for length in [0, shortest - 1] {
            assert_eq!(
                refused(&sent(length)),
                [format!("{name} is too short (minimum is {shortest} {unit})")]
            );
        }
    }
}

#[test]
fn integers_are_texts_and_nothing_else_is() {
    let long = "123456789012345678901234567890";
    let command = created(&format!(r#"{{"merchant_customer_id":{long},"phone":-7}}"#));
    assert_eq!(command.references.merchant_customer_id.unwrap().as_str(), long);
    assert_eq!(command.phone.unwrap().as_str(), "-7");
    for value in ["true", "1.5", "1e3", "[]", "{}", r#""\u0000""#] {
        assert_eq!(refused(&format!(r#"{{"name":{value}}}"#)), ["Name is invalid"], "{value}");
    }
}

#[test]
fn all_problems_are_told_in_the_order_of_the_contract() {
    let text = r#"{"country":false,"city":"ab","metadata":[],"name":"","description":{},"merchant_customer_id":""}"#;
    assert_eq!(
        refused(text),
        [
            "Merchant customer is too short (minimum is 1 character)",
            "Description is invalid",
            "Name is too short (minimum is 1 character)",
            "Metadata is invalid",
            "City is too short (minimum is 3 characters)",
            "Country is invalid",
        ]
    );
}

#[test]
fn metadata_is_flat_and_bounded() {
    let key = "k".repeat(40);
    let value = "ż".repeat(500);
    let number = format!("0.{}", "1".repeat(498));
    let taken = format!(r#"{{"metadata":{{"{key}":"{value}","n":{number},"Updated at":""}}}}"#);
    assert_eq!(refused(&taken), [""; 0]);
    for bad in [
        "3",
        r#""x""#,
        "[]",
        r#"{"":1}"#,
        &format!(r#"{{"{key}k":1}}"#),
        &format!(r#"{{"a":"{value}ż"}}"#),
        &format!(r#"{{"a":{number}1}}"#),
        r#"{"a":[]}"#,
        r#"{"a":{}}"#,
        r#"{"a":1e400}"#,
        r#"{"a":"\u0000"}"#,
        r#"{"\u0000":1}"#,
    ] {
        assert_eq!(refused(&format!(r#"{{"metadata":{bad}}}"#)), ["Metadata is invalid"], "{bad}");
    }
}

#[test]
fn a_new_customer_has_at_most_fifty_metadata_keys() {
    let many = |count: usize| -> String {
        let keys: Value = (0..count).map(|n| (format!("k{n}"), json!(n))).collect();
        json!({"metadata": keys}).to_string()
    };
    assert_eq!(refused(&many(50)), [""; 0]);
    assert_eq!(refused(&many(51)), ["Metadata has too many keys (maximum is 50)"]);
}

#[test]
fn pages_are_fifty_entries_unless_said_otherwise() {
    let most = i64::MAX.unsigned_abs();
    for (query, limit, offset) in [
        ("", 50, 0),
        ("limit=0", 0, 0),
        ("limit=1000&offset=7", 1000, 7),
        ("limit=007&x=%", 7, 0),
        ("limit=1&limit=x", 1, 0),
        ("%6cimit=2", 2, 0),
        ("offset=99999999999999999999999", 50, most),
        ("offset=9223372036854775808", 50, most),
    ] {
        assert_eq!(page(query).unwrap(), PageRequest { offset, limit: Some(limit) }, "{query}");
    }
}

#[test]
fn a_page_that_is_no_number_is_refused() {
    for (query, sentences) in [
        ("limit=1001", &["Limit must be less than or equal to 1000"][..]),
        ("limit=99999999999999999999", &["Limit must be less than or equal to 1000"]),
        ("limit=", &["Limit is not a number"]),
        ("limit", &["Limit is not a number"]),
        ("limit=-1", &["Limit is not a number"]),
        ("limit=1e3", &["Limit is not a number"]),
        ("limit=50+", &["Limit is not a number"]),
        ("limit=%2B5", &["Limit is not a number"]),
        ("limit=%D9%A1", &["Limit is not a number"]),
        ("offset=x", &["Offset is not a number"]),
        ("offset=-0&limit=x", &["Limit is not a number", "Offset is not a number"]),
    ] {
        let Err(Error::Invalid(problems)) = page(query) else { panic!("{query}") };
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, sentences, "{query}");
    }
}

#[test]
fn a_grant_needs_all_three_members() {
    let parse = |text: &str| grant(serde_json::from_str(text).unwrap());
    let good = parse(
        r#"{"client_id":"t","client_secret":"k","grant_type":"client_credentials","scopes":["payments","customers"]}"#,
    )
    .unwrap();
    assert_eq!((good.client_id.as_str(), good.client_secret.expose().as_str()), ("t", "k"));
    assert_eq!(good.scopes, Scopes { customers: true, payment_methods: false });
    for (text, sentences) in [
        (
            "{}",
            &["Client can't be blank", "Client secret can't be blank", "Grant type can't be blank"]
                [..],
        ),
        (
            r#"{"client_id":"t","client_secret":"k","grant_type":"password"}"#,
            &["Grant type is invalid"],
        ),
        (
            r#"{"client_id":[],"client_secret":null,"grant_type":"client_credentials","scopes":"customers"}"#,
            &["Client is invalid", "Client secret can't be blank", "Scopes is invalid"],
        ),
    ] {
        let Err(Error::Invalid(problems)) = parse(text) else { panic!("{text}") };
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, sentences, "{text}");
    }
}

#[test]
fn an_empty_customer_shows_all_sixteen_members() {
    let record = Customer { name: Name::default(), ..a_customer(a_merchant_id()) };
    let shown = serde_json::to_string(&customer(&record)).unwrap();
    let uuid = record.id;
    assert_eq!(
        shown,
        format!(
            r#"{{"status":"approved","uuid":"{uuid}","merchant_customer_id":null,"description":null,"email":null,"name":null,"phone":null,"metadata":{{}},"zip_code":null,"city":null,"address":null,"country":null,"deleted":false,"created_at":"2026-03-02T08:15:00.000Z","updated_at":"2026-03-02T08:15:00.000Z","deleted_at":null}}"#
        )
    );
}

#[test]
fn what_other_dialects_wrote_is_shown_in_this_ones_words() {
    let record = Customer {
        email: Some(Email::from(Line::default())),
        phone: PhoneNumber::try_from("").ok(),
        mobile: PhoneNumber::try_from("0412").ok(),
        primary_address: Some(Address {
            street: line("Bagno"),
            house: line("1"),
            unit: line("2"),
            ..Address::default()
        }),
        metadata: Metadata::from_entries([
            (Text::try_from("n").unwrap(), MetadataValue::Number(Text::try_from("1.50").unwrap())),
            (Text::try_from("b").unwrap(), MetadataValue::Bool(false)),
        ])
        .unwrap(),
        deleted_at: Some(datetime!(2026-03-03 00:00:00.0129 UTC)),
        ..a_customer(a_merchant_id())
    };
    let text = serde_json::to_string(&customer(&record)).unwrap();
    assert!(text.contains(r#""metadata":{"b":false,"n":1.50}"#), "{text}");
    let shown: Value = serde_json::from_str(&text).unwrap();
    for (member, expected) in [
        ("name", json!("Ada Byron")),
        ("email", Value::Null),
        ("phone", Value::Null),
        ("address", json!("Bagno 1 2")),
        ("city", Value::Null),
        ("deleted", json!(true)),
        ("deleted_at", json!("2026-03-03T00:00:00.012Z")),
    ] {
        assert_eq!(shown[member], expected, "{member}");
    }
}
