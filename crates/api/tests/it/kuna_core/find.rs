//! Searching customers (contract 2.5).

use serde_json::{Value, json};
use time::Duration;

use super::world::{Institution, JSON, World};

const FIND: &str = "/v2/customer/find";

/// Customers a second apart, oldest first: their ids.
async fn customers(institution: &Institution<'_>, members: &[Value]) -> Vec<String> {
    let mut ids = Vec::new();
    for members in members {
        ids.push(institution.customer(members).await["id"].as_str().unwrap().to_owned());
        institution.world.clock.advance(Duration::SECOND);
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_an_array_of_whole_customers() {
    let world = World::start().await;
    let institution = world.institution().await;
    let nobody = institution.post(FIND, &json!({})).await;
    assert_eq!((nobody.status, nobody.text.as_str()), (201, r#"{"data":[]}"#));
    let customer = institution.customer(&json!({"comment": "c"})).await;
    assert_eq!(institution.post(FIND, &json!({})).await.data(), json!([customer]));
    let text = institution.post(FIND, &json!({})).await.text;
    assert_eq!(text, format!(r#"{{"data":[{customer}]}}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_body_counts_as_no_filter() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    assert_eq!(institution.post_text(FIND, "").await.data(), json!([customer]));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_finds_whom_it_means() {
    let world = World::start().await;
    let institution = world.institution().await;
    let ids = customers(
        &institution,
        &[
            json!({"email": "Alex@Example.com", "phoneNumber": "+380991", "comment": "Won 50% off_season"}),
            json!({"firstName": "Ana Maria", "lastName": "Smith", "externalId": "crm-77"}),
            json!({"firstName": "ŁUCJA", "lastName": "Żak", "referralId": "friend", "comment": "wins 500 off-season"}),
        ],
    )
    .await;
    let id = json!({"id": ids[1]});
    let wallet = institution.post("/v2/customer/details", &id).await.data()["walletId"].clone();
    let upper = wallet.as_str().unwrap().to_uppercase();
    let everybody = [2, 1, 0].as_slice();
    for (filters, expected) in [
        (json!({}), everybody),
        (json!({"email": "aLEX@example.COM"}), &[0]),
        (json!({"email": "alex@example"}), &[]),
        (json!({"walletId": wallet}), &[1]),
        (json!({"walletId": upper}), &[1]),
        (json!({"walletId": "6d962783-f0cf-420d-a511-3a48c71c5595"}), &[]),
        (json!({"walletId": "no uuid"}), &[]),
        (json!({"walletId": ids[1]}), &[]),
        (json!({"phoneNumber": "+380991"}), &[0]),
        (json!({"phoneNumber": "380991"}), &[]),
        (json!({"fullName": "alex smith"}), &[0]),
        (json!({"fullName": "ana \u{a0}\t maria  smith"}), &[1]),
        (json!({"fullName": "łucja żak"}), &[2]),
        (json!({"fullName": "Alexander Smith"}), &[]),
        (json!({"fullName": "Alex"}), &[]),
        (json!({"fullName": "%"}), &[]),
        (json!({"fullName": "🙂‏\\'"}), &[]),
        (json!({"comment": "won 50% OFF"}), &[0]),
        (json!({"comment": "50%"}), &[0]),
        (json!({"comment": "off_season"}), &[0]),
        (json!({"comment": "OFF"}), &[2, 0]),
        (json!({"comment": "\\"}), &[]),
        (json!({"externalId": "crm-77"}), &[1]),
        (json!({"externalId": "CRM-77"}), &[]),
        (json!({"referralId": "friend"}), &[2]),
        (json!({"referralId": "frien"}), &[]),
        (json!({"fullName": "alex smith", "email": "alex@example.com", "comment": "won"}), &[0]),
        (json!({"fullName": "alex smith", "externalId": "crm-77"}), &[]),
        (
            json!({"email": "", "walletId": null, "fullName": "", "comment": null, "createdTo": ""}),
            everybody,
        ),
        (json!({"colour": "red", "token": "x"}), everybody),
    ] {
        let expected: Vec<_> = expected.iter().map(|&at: &usize| ids[at].clone()).collect();
        assert_eq!(institution.found(&filters).await, expected, "{filters}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_of_the_creation_time_are_inclusive() {
    let world = World::start().await;
    let institution = world.institution().await;
    world.clock.advance(Duration::microseconds(123_456));
    // 08:15:00.123456, 08:15:01.123456 and 08:15:02.123456, shown as …123Z
    let ids = customers(&institution, &[json!({}), json!({}), json!({})]).await;
    for (filters, expected) in [
        (json!({"createdFrom": "2026-03-02T08:15:01.123Z"}), &[2, 1][..]),
        (json!({"createdFrom": "2026-03-02T08:15:01.124Z"}), &[2]),
        (json!({"createdTo": "2026-03-02T08:15:01.123Z"}), &[1, 0]),
        (json!({"createdTo": "2026-03-02T08:15:01.122Z"}), &[0]),
        (json!({"createdTo": "2026-03-02T10:15:01.500+02:00"}), &[1, 0]),
        (json!({"createdFrom": "2026-03-02"}), &[2, 1, 0]),
        (json!({"createdTo": "2026-03-02"}), &[]),
        (json!({"createdTo": "2026-03-03"}), &[2, 1, 0]),
        (json!({"createdFrom": "2026-03-02T08:15:01", "createdTo": "2026-03-02T08:15:02"}), &[1]),
        (json!({"createdFrom": "2026-03-03", "createdTo": "2026-03-01"}), &[]),
        (json!({"createdFrom": "0000-01-01", "createdTo": "9999-12-31T23:59:59.999Z"}), &[2, 1, 0]),
    ] {
        let expected: Vec<_> = expected.iter().map(|&at: &usize| ids[at].clone()).collect();
        assert_eq!(institution.found(&filters).await, expected, "{filters}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_of_one_moment_are_ordered_by_id_and_pages_neither_repeat_nor_skip() {
    let world = World::start().await;
    let institution = world.institution().await;
    let mut ids = Vec::new();
    for _ in 0..25 {
        ids.push(institution.customer(&json!({})).await["id"].as_str().unwrap().to_owned());
    }
    ids.sort_unstable();
    ids.reverse();
    assert_eq!(institution.found(&json!({})).await, ids[..20]);
    assert_eq!(institution.found(&json!({"take": 100})).await, ids);
    assert_eq!(institution.found(&json!({"skip": 20})).await, ids[20..]);
    assert_eq!(institution.found(&json!({"skip": 25})).await, [""; 0]);
    assert_eq!(institution.found(&json!({"skip": 1_000_000_000})).await, [""; 0]);
    assert_eq!(institution.found(&json!({"skip": i64::MAX})).await, [""; 0]);
    let mut pages = Vec::new();
    for skip in (0..25).step_by(7) {
        pages.extend(institution.found(&json!({"take": 7, "skip": skip})).await);
    }
    assert_eq!(pages, ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_query_string_pages_where_the_body_does_not() {
    let world = World::start().await;
    let institution = world.institution().await;
    let ids = customers(&institution, &[json!({}), json!({}), json!({})]).await;
    let found = async |query: &str, body: Value| {
        let found = institution.post(&format!("{FIND}?{query}"), &body).await.data();
        found.as_array().unwrap().iter().map(|customer| customer["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("take=1&skip=1", json!({})).await, [&*ids[1]]);
    assert_eq!(found("take=3&take=1&other=%ff", json!({})).await, [&*ids[2]]);
    assert_eq!(found("take=1", json!({"take": 2})).await, [&*ids[2], &*ids[1]]);
    for (query, field, message) in [
        ("take=0", "take", "must be an integer between 1 and 100"),
        ("take=ten", "take", "must be an integer between 1 and 100"),
        ("take=", "take", "must be an integer between 1 and 100"),
        ("skip=-1", "skip", "must be an integer not below 0"),
        ("skip=1.0", "skip", "must be an integer not below 0"),
    ] {
        let answer = institution.post(&format!("{FIND}?{query}"), &json!({})).await;
        answer.refuses(&[(field, message)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_whole_numbers_within_their_range() {
    let world = World::start().await;
    let institution = world.institution().await;
    for take in ["-1", "0", "101", "1.5", "1.0", "1e1", "\"10\"", "18446744073709551616", "[]"] {
        let answer = institution.post_text(FIND, &format!("{{\"take\":{take}}}")).await;
        answer.refuses(&[("take", "must be an integer between 1 and 100")]);
    }
    for skip in ["-1", "0.5", "\"1\"", "18446744073709551616", "{}", "true"] {
        let answer = institution.post_text(FIND, &format!("{{\"skip\":{skip}}}")).await;
        answer.refuses(&[("skip", "must be an integer not below 0")]);
    }
    for take in ["1", "100", "null"] {
        institution.post_text(FIND, &format!("{{\"take\":{take}}}")).await.data();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_filter_is_named_in_the_order_of_the_table() {
    let world = World::start().await;
    let institution = world.institution().await;
    let answer = institution
        .post(
            FIND,
            &json!({
                "take": 0, "skip": -1, "createdTo": 1_708_965_374, "createdFrom": "yesterday", "referralId": "a\0",
                "externalId": false, "comment": "c".repeat(1001), "fullName": "n".repeat(512), "phoneNumber": 380,
                "walletId": {}, "email": ["a"],
            }),
        )
        .await;
    answer.refuses(&[
        ("email", "must be a string"),
        ("walletId", "must be a string"),
        ("phoneNumber", "must be a string"),
        ("fullName", "must be at most 511 characters long"),
        ("comment", "must be at most 1000 characters long"),
        ("externalId", "must be a string"),
        ("referralId", "must not contain the null character"),
        ("createdFrom", "must be an ISO 8601 date"),
        ("createdTo", "must be a string"),
        ("take", "must be an integer between 1 and 100"),
        ("skip", "must be an integer not below 0"),
    ]);
    for date in ["2024-02-30", "300000-01-01", "2024-02-26T25:00:00Z", "-0001-01-01"] {
        let answer = institution.post(FIND, &json!({"createdFrom": date})).await;
        answer.refuses(&[("createdFrom", "must be an ISO 8601 date")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_of_any_wallet_status_are_found() {
    let world = World::start().await;
    let institution = world.institution().await;
    let ids = customers(&institution, &[json!({}), json!({})]).await;
    for (id, status) in [(&ids[0], "Blocked"), (&ids[1], "Suspicious")] {
        let body = json!({"id": id, "status": status});
        institution.post("/v2/customer/update", &body).await.data();
    }
    assert_eq!(institution.found(&json!({})).await, [&*ids[1], &*ids[0]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_member_that_repeats_the_last_counts() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({"email": "alex@example.com"})).await;
    let repeated = r#"{"email":"nobody@example.com","email":"alex@example.com"}"#;
    let lines = [JSON, ("api-key", institution.key.as_str())];
    assert_eq!(world.post(FIND, &lines, repeated).await.data(), json!([customer]));
}
