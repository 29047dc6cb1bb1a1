//! The addresses of customers' devices (contract E20 to E22).

use std::fmt::Write as _;

use domain::customer::Attribute;
use domain::event::EventKind;
use serde_json::json;

use super::answer::Answer;
use super::world::World;

/// A customer and an admin's token.
async fn customer(world: &World) -> (String, String) {
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    (format!("/api/SHOP/customer/{id}/pushy-token"), id)
}

async fn add(world: &World, path: &str, token: &str) -> Answer {
    let admin = world.admin().await;
    let body = json!({"customer": {"pushyToken": token}});
    world.post(path).token(&admin).json(&body).send().await
}

async fn listed(world: &World, path: &str) -> String {
    let admin = world.admin().await;
    let answer = world.get(path).token(&admin).send().await;
    answer.ok();
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_listed_in_the_order_in_which_they_came() {
    let world = World::start().await;
    let (path, id) = customer(&world).await;
    assert_eq!(listed(&world, &path).await, r#"{"tokens":[]}"#);
    for token in ["t2", "t1", "t2", " t3 "] {
        let answer = add(&world, &path, token).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    assert_eq!(listed(&world, &path).await, r#"{"tokens":["t2","t1","t3"]}"#);
    let admin = world.admin().await;
    for token in ["t1", "t1", "unknown"] {
        let answer = world.delete(&format!("{path}/{token}")).token(&admin).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    assert_eq!(listed(&world, &path).await, r#"{"tokens":["t2","t3"]}"#);
    let last = world.events(&id).await.pop().unwrap();
    let changes = [Attribute::PushTokens].into_iter().collect();
    assert_eq!(last.event.kind, EventKind::CustomerUpdated(changes));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_the_last_change_stays_when_a_device_is_added() {
    let world = World::start().await;
    let (path, id) = customer(&world).await;
    let before = world.details(&id).await;
    world.advance(time::Duration::HOUR);
    assert_eq!(add(&world, &path, "t1").await.status, 204);
    let after = world.details(&id).await;
    assert_eq!(after["updatedAt"], before["updatedAt"]);
    assert_eq!(after["version"], before["version"].as_u64().unwrap() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_one_is_an_error_of_its_field() {
    let world = World::start().await;
    let (path, _) = customer(&world).await;
    let admin = world.admin().await;
    let blank = "pushyToken: This value should not be blank.";
    let wrong = "pushyToken: This value is not valid.";
    for (body, expected) in [
        (json!({"customer": {}}), blank),
        (json!({"customer": {"pushyToken": "  "}}), blank),
        (json!({"customer": {"pushyToken": null}}), blank),
        (json!({"customer": {"pushyToken": "x".repeat(256)}}), wrong),
        (json!({"customer": {"pushyToken": "x".repeat(10_240)}}), wrong),
        (json!({"customer": {"pushyToken": "a\u{0}b"}}), wrong),
        (json!({"customer": {"pushyToken": ["a"]}}), wrong),
        (
            json!({"customer": {"pushyToken": "a", "active": 1}}),
            "This form should not contain extra fields.",
        ),
        (json!({"customer": "a"}), "This value is not valid."),
    ] {
        let answer = world.post(&path).token(&admin).json(&body).send().await;
        assert_eq!(answer.form_errors()[0], expected, "{body}");
    }
    assert_eq!(listed(&world, &path).await, r#"{"tokens":[]}"#);
    assert_eq!(add(&world, &path, &"ż".repeat(255)).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_not_sent_is_answered_with_its_only_child() {
    let world = World::start().await;
    let (path, _) = customer(&world).await;
    let admin = world.admin().await;
    let answer = world.post(&path).token(&admin).send().await;
    let expected = r#"{"form":{"children":{"pushyToken":{}}},"errors":[]}"#;
    assert_eq!((answer.status, answer.text.as_str()), (400, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hundred_and_first_token_is_refused() {
    let world = World::start().await;
    let (path, id) = customer(&world).await;
    let mut tokens = String::from("UPDATE customers SET push_tokens = ARRAY['t0'");
    (1..100).for_each(|number| write!(tokens, ", 't{number}'").unwrap());
    world.server.database.execute(&format!("{tokens}] WHERE id = '{id}'")).await;
    let answer = add(&world, &path, "late").await;
    let expected = "pushyToken: This collection should contain 100 elements or less.";
    assert_eq!(answer.form_errors(), [expected]);
    assert_eq!(add(&world, &path, "t99").await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_whatever_its_path_says_decoded() {
    let world = World::start().await;
    let (path, _) = customer(&world).await;
    for token in ["a/b", "..", "a%2Fb", "ż ?"] {
        assert_eq!(add(&world, &path, token).await.status, 204);
    }
    let admin = world.admin().await;
    for part in ["a%2Fb", "a%252Fb", "%C5%BC%20%3F"] {
        let answer = world.delete(&format!("{path}/{part}")).token(&admin).send().await;
        assert_eq!(answer.status, 204, "{part}");
    }
    assert_eq!(listed(&world, &path).await, r#"{"tokens":[".."]}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_customers_token_stays() {
    let world = World::start().await;
    let (path, id) = customer(&world).await;
    let bob = world.customer(json!({"email": "bob@shop.example"})).await;
    let bobs = format!("/api/customer/{bob}/pushy-token");
    add(&world, &bobs, "shared").await;
    let ada = world.participant(&id).await;
    assert_eq!(world.delete(&format!("{path}/shared")).token(&ada).send().await.status, 204);
    let answer = world.delete(&format!("{bobs}/shared")).token(&ada).send().await;
    answer.http_error(403, "Forbidden");
    assert_eq!(listed(&world, &bobs).await, r#"{"tokens":["shared"]}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_person_any_more_has_no_devices() {
    let world = World::start().await;
    let (path, id) = customer(&world).await;
    let strip = format!("UPDATE customers SET status = 'anonymized' WHERE id = '{id}'");
    world.server.database.execute(&strip).await;
    let admin = world.admin().await;
    world.get(&path).token(&admin).send().await.http_error(404, "Not Found");
    add(&world, &path, "t1").await.http_error(404, "Not Found");
    let answer = world.delete(&format!("{path}/t1")).token(&admin).send().await;
    answer.http_error(404, "Not Found");
}
