//! How many customers came when (contract E14 and 4.9).

use domain::merchant::CommunicationMethod;
use serde_json::{Value, json};
use time::Duration;

use super::world::World;

async fn counts(world: &World, query: &str) -> Value {
    let token = world.admin().await;
    let path = format!("/api/SHOP/customer/registrations{query}");
    world.get(&path).token(&token).send().await.ok()
}

async fn born(world: &World, created_at: &str) -> String {
    let email = format!("{}@shop.example", created_at.replace([' ', ':', '+'], "-"));
    world.customer(json!({"email": email, "createdAt": created_at})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_days_that_end_today_are_counted_and_filled_with_zeros() {
    let world = World::start().await;
    born(&world, "2026-03-02 00:00:00").await;
    born(&world, "2026-03-01 23:59:59").await;
    born(&world, "2026-02-01 00:00:00").await;
    born(&world, "2026-01-31 23:59:59").await;
    let answer = counts(&world, "").await;
    let days = answer.as_object().unwrap();
    assert_eq!(days.len(), 30);
    assert_eq!((&days["2026-03-02"], &days["2026-03-01"]), (&json!(1), &json!(1)));
    assert_eq!((&days["2026-02-01"], &days["2026-02-02"]), (&json!(1), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_one_object_with_ascending_keys() {
    let world = World::start().await;
    let token = world.admin().await;
    let path = "/api/customer/registrations?lastDays=3";
    let answer = world.get(path).token(&token).send().await;
    answer.ok();
    assert_eq!(answer.text, r#"{"2026-02-28":0,"2026-03-01":0,"2026-03-02":0}"#);
    let path = "/api/customer/registrations?lastDays=3&interval=month";
    assert_eq!(world.get(path).token(&token).send().await.text, r#"{"2026-02":0,"2026-03":0}"#);
    let path = "/api/customer/registrations?lastDays=3660&interval=year";
    let years = world.get(path).token(&token).send().await.text;
    assert!(years.starts_with(r#"{"2016":0,"2017":0,"#) && years.ends_with(r#""2026":0}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parameters_may_come_as_a_form_in_the_body() {
    let world = World::start().await;
    let token = world.admin().await;
    let call = world.get("/api/customer/registrations").token(&token);
    let answer = call.form("interval=month&lastDays=2").send().await.ok();
    assert_eq!(answer, json!({"2026-03": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn months_and_years_count_only_the_days_asked_for() {
    let world = World::start().await;
    for day in ["2026-03-02", "2026-02-28", "2026-02-27", "2025-12-31"] {
        born(&world, &format!("{day} 12:00:00")).await;
    }
    let month = counts(&world, "?interval=month&lastDays=3").await;
    assert_eq!(month, json!({"2026-02": 1, "2026-03": 1}));
    let year = counts(&world, "?interval=year&lastDays=62").await;
    assert_eq!(year, json!({"2025": 1, "2026": 3}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_changing_clocks_ends_at_midnight_of_the_programmes_zone() {
    let world = World::start().await;
    world.advance(Duration::days(28));
    // In Warsaw, 29 March has 23 hours: from 23:00 to 22:00 in universal time.
    for moment in ["2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"] {
        born(&world, moment).await;
    }
    let days = counts(&world, "?lastDays=3").await;
    assert_eq!(days, json!({"2026-03-28": 0, "2026-03-29": 2, "2026-03-30": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_that_are_no_whole_hours_away_have_days_too() {
    let world = World::start().await;
    let zone = "UPDATE merchants SET time_zone = 'Asia/Kathmandu'";
    world.server.database.execute(zone).await;
    for moment in ["2026-03-01T18:14:59Z", "2026-03-01T18:15:00Z", "2026-03-01T18:59:00Z"] {
        born(&world, moment).await;
    }
    let days = counts(&world, "?lastDays=3").await;
    assert_eq!(days, json!({"2026-02-28": 0, "2026-03-01": 1, "2026-03-02": 2}));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_is_counted_no_more() {
    let world = World::start().await;
    let (gone, token) = (born(&world, "2026-03-02 01:00:00").await, world.admin().await);
    born(&world, "2026-03-02 02:00:00").await;
    assert_eq!(counts(&world, "?lastDays=1").await, json!({"2026-03-02": 2}));
    let path = format!("/api/customer/{gone}");
    assert_eq!(world.delete(&path).token(&token).send().await.status, 204);
    assert_eq!(counts(&world, "?lastDays=1").await, json!({"2026-03-02": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused_or_ignored_as_the_contract_says() {
    let world = World::start().await;
    let token = world.admin().await;
    for query in
        ["interval=week", "interval=day'--", "interval=Day", "lastDays=3661", "lastDays=1000000000"]
    {
        let path = format!("/api/customer/registrations?{query}");
        world.get(&path).token(&token).send().await.http_error(400, "Bad Request");
    }
    for query in ["?lastDays=-1", "?lastDays=0", "?lastDays=abc", "?interval=&lastDays="] {
        assert_eq!(counts(&world, query).await.as_object().unwrap().len(), 30, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_counts_end_yesterday_and_take_no_parameters() {
    let world = World::start().await;
    born(&world, "2026-03-02 01:00:00").await;
    born(&world, "2026-03-01 01:00:00").await;
    let token = world.admin().await;
    for path in [
        "/api/customer/registrations/daily",
        "/api/SHOP/customer/registrations/daily?interval=year&lastDays=2",
    ] {
        let answer = world.get(path).token(&token).send().await.ok();
        let days: Vec<(&String, &Value)> = answer.as_object().unwrap().iter().collect();
        assert_eq!(days.len(), 30);
        assert_eq!(days[0], (&"2026-01-31".to_owned(), &json!(0)));
        assert_eq!(days[29], (&"2026-03-01".to_owned(), &json!(1)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_are_no_customer() {
    let world = World::with(&[], CommunicationMethod::Email).await;
    world
        .get("/api/customer/registrations")
        .send()
        .await
        .refused(401, r#"{"message":"Authentication Required"}"#);
}
