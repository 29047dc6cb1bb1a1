//! What a search answers: an array, its order and its pages (contract 2.5). Whom it finds is in `filters.rs`.

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
async fn the_newest_come_first_and_no_total_is_told() {
    let world = World::start().await;
    let institution = world.institution().await;
    let ids = customers(&institution, &[json!({}), json!({}), json!({})]).await;
    assert_eq!(institution.found(&json!({})).await, [&*ids[2], &*ids[1], &*ids[0]]);
    let answer = institution.post(FIND, &json!({"take": 1})).await;
    let body: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["data"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_are_answered_unless_take_says_otherwise_and_skip_leaves_out_the_first() {
    let world = World::start().await;
    let institution = world.institution().await;
    let mut ids = customers(&institution, &vec![json!({}); 22]).await;
    ids.reverse();
    for (body, expected) in [
        (json!({}), &ids[..20]),
        (json!({"take": null, "skip": null}), &ids[..20]),
        (json!({"take": 1}), &ids[..1]),
        (json!({"take": 100}), &ids[..]),
        (json!({"skip": 0}), &ids[..20]),
        (json!({"skip": 21}), &ids[21..]),
        (json!({"take": 2, "skip": 3}), &ids[3..5]),
    ] {
        assert_eq!(institution.found(&body).await, expected, "{body}");
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
