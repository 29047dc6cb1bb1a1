//! How a customer stands, and moves by hand (contract E03, E18, E23 to E25, 5.6 and 9.3).

use domain::customer::{Customer, PurchaseFigures};
use domain::event::EventKind;
use domain::merchant::{DowngradeDays, DowngradeMode, Settings, TierBasis, TierSettings};
use serde_json::json;

use super::answer::Answer;
use super::world::{World, unknown_level};

async fn ada(world: &World) -> String {
    world.customer(json!({"email": "ada@shop.example"})).await
}

/// A customer who bought twice, for 3 together.
async fn a_buyer(world: &World) -> String {
    let id = ada(world).await;
    let amount = "3".parse().unwrap();
    let purchases = PurchaseFigures {
        count: 2,
        amount,
        amount_without_delivery: amount,
        ..PurchaseFigures::default()
    };
    let record = world.record(&id).await;
    world.store(Customer { purchases, ..record }).await;
    id
}

async fn assign(world: &World, token: &str, id: &str, level: &str) -> Answer {
    let path = format!("/api/customer/{id}/level");
    world.post(&path).token(token).json(&json!({"levelId": level})).send().await
}

async fn take_back(world: &World, token: &str, id: &str) -> Answer {
    world.post(&format!("/api/customer/{id}/remove-manually-level")).token(token).send().await
}

fn head(id: &str) -> String {
    let names = format!(r#"{{"firstName":"Ada","lastName":"Byron","customerId":"{id}","#);
    let points = concat!(
        r#""points":0,"p2pPoints":0,"totalEarnedPoints":0,"usedPoints":0,"expiredPoints":0,"lockedPoints":0,"#,
        r#""level":"5.00%","levelName":"level","levelConditionValue":0,"#,
        r#""nextLevel":"1,234.00%","nextLevelName":"level","nextLevelConditionValue":20,"#,
    );
    names + points
}

const TAIL: &str = r#""pointsExpiringNextMonth":0,"pointsExpiringBreakdown":{}}"#;

/// The vendor's own check: 3 spent, the next level from 20, two documents.
#[tokio::test(flavor = "multi_thread")]
async fn all_four_paths_show_the_same_status_byte_for_byte() {
    let world = World::start().await;
    let id = a_buyer(&world).await;
    let middle = concat!(
        r#""transactionsAmountWithoutDeliveryCosts":3,"transactionsAmountToNextLevel":17,"#,
        r#""averageTransactionsAmount":"1.50","transactionsCount":2,"transactionsAmount":3,"currency":"eur","#,
    );
    let expected = [&head(&id), middle, TAIL].concat();
    let tokens = [
        world.admin().await,
        world.reporter().await,
        world.seller().await,
        world.participant(&id).await,
    ];
    for token in &tokens {
        for path in ["admin/customer", "customer/customer", "customer", "seller/customer"] {
            for prefix in ["/api", "/api/SHOP"] {
                let path = format!("{prefix}/{path}/{id}/status");
                let answer = world.get(&path).token(token).send().await;
                answer.ok();
                assert_eq!(answer.text, expected, "{path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_delivery_is_left_out_the_status_says_so() {
    let tiers = TierSettings { exclude_delivery: true, ..TierSettings::default() };
    let world = World::programme(Settings { tiers, ..Settings::default() }).await;
    let id = a_buyer(&world).await;
    let token = world.admin().await;
    let path = format!("/api/admin/customer/{id}/status");
    let answer = world.get(&path).token(&token).send().await;
    let middle = concat!(
        r#""transactionsAmountToNextLevelWithoutDeliveryCosts":17,"transactionsAmountWithoutDeliveryCosts":3,"#,
        r#""averageTransactionsAmount":"1.50","transactionsCount":2,"transactionsAmount":3,"currency":"eur","#,
    );
    assert_eq!(answer.text, [&head(&id), middle, TAIL].concat());
}

fn looked_at_again() -> Settings {
    let tiers = TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        downgrade_days: DowngradeDays(30),
        ..TierSettings::default()
    };
    Settings { tiers, ..Settings::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_levels_follow_from_points_the_status_tells_points_and_days() {
    let world = World::programme(looked_at_again()).await;
    let id = a_buyer(&world).await;
    let token = world.admin().await;
    let path = format!("/api/seller/customer/{id}/status");
    let middle = concat!(
        r#""transactionsAmountWithoutDeliveryCosts":3,"#,
        r#""averageTransactionsAmount":"1.50","transactionsCount":2,"transactionsAmount":3,"#,
        r#""pointsToNextLevel":20,"currency":"eur","levelWillExpireInDays":30,"#,
        r#""pointsSinceLastLevelRecalculation":0,"pointsRequiredToRetainLevel":0,"#,
    );
    let expected = [&head(&id), middle, TAIL].concat();
    assert_eq!(world.get(&path).token(&token).send().await.text, expected);
    world.advance(time::Duration::hours(36));
    // The access token is a day old by now.
    let token = world.admin().await;
    let answer = world.get(&path).token(&token).send().await.ok();
    assert_eq!(answer["levelWillExpireInDays"], 29);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_is_the_customers_own_or_none_of_its_business() {
    let world = World::start().await;
    let (one, two) =
        (ada(&world).await, world.customer(json!({"email": "two@shop.example"})).await);
    let token = world.participant(&two).await;
    for path in ["admin/customer", "customer/customer", "customer", "seller/customer"] {
        let status = |id: &str| format!("/api/{path}/{id}/status");
        world.get(&status(&one)).token(&token).send().await.http_error(403, "Forbidden");
        let unknown = unknown_level().to_string();
        world.get(&status(&unknown)).token(&token).send().await.http_error(404, "Not Found");
        let anonymous = world.get(&status(&one)).send().await;
        assert_eq!(anonymous.status, 401);
        let wrong = world.post(&status(&one)).token(&token).send().await;
        wrong.http_error(405, "Method Not Allowed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_assigned_by_hand_is_answered_with_an_empty_list() {
    let world = World::start().await;
    let id = ada(&world).await;
    let before = world.details(&id).await;
    world.advance(time::Duration::HOUR);
    let gold = world.shop.gold.id.to_string();
    for token in [world.admin().await, world.seller().await] {
        let answer = assign(&world, &token, &id, &gold).await;
        answer.ok();
        assert_eq!(answer.text, "[]");
    }
    let after = world.details(&id).await;
    assert_eq!((&after["levelId"], &after["levelPercent"]), (&json!(gold), &json!("1,234.00%")));
    assert_eq!(after["manuallyAssignedLevelId"], json!({"levelId": gold}));
    assert_eq!(after["updatedAt"], before["updatedAt"]);
    let events = world.events(&id).await;
    let kinds: Vec<_> = events.iter().map(|told| told.event.kind.name()).collect();
    assert_eq!(kinds, ["customer_created", "level_changed", "customer_updated", "level_changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_names_the_level_as_json_does() {
    let world = World::start().await;
    let id = ada(&world).await;
    let token = world.admin().await;
    let path = format!("/api/SHOP/customer/{id}/level");
    let form = format!("levelId={}", world.shop.gold.id);
    assert_eq!(world.post(&path).token(&token).form(&form).send().await.text, "[]");
    assert_eq!(world.details(&id).await["levelId"], world.shop.gold.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_level_can_be_assigned_by_hand() {
    let world = World::start().await;
    let id = ada(&world).await;
    let token = world.admin().await;
    let retired = world.shop.retired.id.to_string();
    assign(&world, &token, &id, &retired).await.ok();
    assert_eq!(world.details(&id).await["levelId"], retired);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_level_assigned_again_becomes_manual() {
    let world = World::start().await;
    let id = ada(&world).await;
    let token = world.admin().await;
    let start = world.shop.start.id.to_string();
    assert_eq!(world.details(&id).await.get("manuallyAssignedLevelId"), None);
    for _ in 0..2 {
        assign(&world, &token, &id, &start).await.ok();
    }
    let details = world.details(&id).await;
    assert_eq!(details["manuallyAssignedLevelId"], json!({"levelId": start}));
    assert_eq!(details["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_unknown_level_is_told_in_a_small_object() {
    let world = World::start().await;
    let id = ada(&world).await;
    let token = world.admin().await;
    let path = format!("/api/customer/{id}/level");
    for body in
        [json!({}), json!({"levelId": ""}), json!({"levelId": " "}), json!({"levelId": null})]
    {
        let answer = world.post(&path).token(&token).json(&body).send().await;
        let expected = (400, r#"{"levelId":"field is required"}"#);
        assert_eq!((answer.status, answer.text.as_str()), expected, "{body}");
    }
    let foreign = world.other.gold.id.to_string();
    for level in
        [json!(unknown_level().to_string()), json!("x"), json!(5), json!(["x"]), json!(foreign)]
    {
        let body = json!({"levelId": level});
        let answer = world.post(&path).token(&token).json(&body).send().await;
        let expected = (400, r#"{"levelId":"This value is not valid."}"#);
        assert_eq!((answer.status, answer.text.as_str()), expected, "{body}");
    }
    assert_eq!(world.details(&id).await["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_taken_back_leaves_what_the_points_are_good_for_and_is_taken_back_once() {
    let world = World::start().await;
    let id = ada(&world).await;
    let token = world.seller().await;
    assign(&world, &token, &id, &world.shop.gold.id.to_string()).await.ok();
    let answer = take_back(&world, &token, &id).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let details = world.details(&id).await;
    assert_eq!(details["levelId"], world.shop.start.id.to_string());
    assert_eq!(details.get("manuallyAssignedLevelId"), None);
    let answer = take_back(&world, &token, &id).await;
    let expected = (400, r#"{"error":"Customer is not assigned to level manually"}"#);
    assert_eq!((answer.status, answer.text.as_str()), expected);
    let kinds: Vec<_> = world.events(&id).await.iter().map(|told| told.event.kind.name()).collect();
    assert_eq!(kinds[kinds.len() - 2..], ["manual_level_removed", "level_changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_change_customers_moves_them() {
    let world = World::start().await;
    let id = ada(&world).await;
    let unknown = unknown_level().to_string();
    for token in [world.reporter().await, world.participant(&id).await] {
        assign(&world, &token, &id, "x").await.http_error(403, "Forbidden");
        take_back(&world, &token, &id).await.http_error(403, "Forbidden");
        assign(&world, &token, &unknown, "x").await.http_error(404, "Not Found");
        take_back(&world, &token, &unknown).await.http_error(404, "Not Found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_job_looks_at_levels_again_after_midnight_where_the_merchant_is() {
    let world = World::programme(looked_at_again()).await;
    let id = ada(&world).await;
    let record = world.record(&id).await;
    let level = domain::customer::LevelAssignment { level: world.shop.gold.id, manual: false };
    let created_at = world.now() - time::Duration::days(30) + time::Duration::HOUR;
    world.store(Customer { level: Some(level), created_at, ..record }).await;
    let jobs = &world.services().jobs;
    // Nobody is looked at yet; but who will fall is told so.
    assert_eq!(jobs.run_due().await, Ok(1));
    let told = world.events(&id).await.pop().unwrap().event.kind;
    assert!(matches!(told, EventKind::LevelExpiring { .. }), "{told:?}");
    // The time is over at 10:15 in Warsaw, but this day is done: the next one begins at midnight there.
    world.advance(time::Duration::hours(14));
    assert_eq!(jobs.run_due().await, Ok(0));
    world.advance(time::Duration::HOUR);
    assert_eq!(jobs.run_due().await, Ok(1));
    let details = world.details(&id).await;
    assert_eq!(details["levelId"], world.shop.start.id.to_string());
    assert_eq!(details["lastLevelRecalculation"], "2026-03-03T00:15:00+0100");
    let last = world.events(&id).await.pop().unwrap().event.kind;
    let down = domain::event::LevelDirection::Down;
    assert!(matches!(last, EventKind::LevelMoved { direction, .. } if direction == down));
}
