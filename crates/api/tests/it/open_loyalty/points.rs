//! The points ledger (contract 4.5, 4.9 and 5.6).

use domain::event::EventKind;
use domain::merchant::{PointExpiry, PointSettings, Settings, TierBasis, TierSettings};
use domain::seller::Seller;
use serde_json::{Value, json};
use time::Duration;

use super::answer::Answer;
use super::world::{World, unknown_level};

async fn ada(world: &World) -> String {
    let form = json!({
        "email": "ada@shop.example", "phone": "+48221112233", "loyaltyCardNumber": "700001"
    });
    world.customer(form).await
}

async fn book(world: &World, token: &str, path: &str, transfer: Value) -> Answer {
    let body = json!({"transfer": transfer});
    world.post(path).token(token).json(&body).send().await
}

async fn add(world: &World, token: &str, customer: &str, points: f64) -> String {
    let transfer = json!({"customer": customer, "points": points});
    let answer = book(world, token, "/api/points/transfer/add", transfer).await.ok();
    answer["pointsTransferId"].as_str().unwrap().to_owned()
}

async fn spend(world: &World, token: &str, customer: &str, points: f64) -> Answer {
    let transfer = json!({"customer": customer, "points": points});
    book(world, token, "/api/points/transfer/spend", transfer).await
}

async fn status(world: &World, customer: &str) -> Value {
    let token = world.admin().await;
    world.get(&format!("/api/admin/customer/{customer}/status")).token(&token).send().await.ok()
}

async fn list(world: &World, token: &str, path: &str) -> Value {
    world.get(path).token(token).send().await.ok()
}

fn ids(list: &Value) -> Vec<&str> {
    let all = list["transfers"].as_array().unwrap().iter();
    all.map(|transfer| transfer["pointsTransferId"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn points_that_are_added_and_spent_are_answered_with_the_transfers_id() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let transfer = json!({"customer": id, "points": 12.5, "comment": "for the long wait"});
    let answer = book(&world, &token, "/api/SHOP/points/transfer/add", transfer).await;
    let added = answer.ok();
    let keys: Vec<_> = added.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["pointsTransferId"]);
    let form = format!("transfer[customer]={id}&transfer[points]=2.5&transfer[comment]=");
    let answer = world.post("/api/points/transfer/spend").token(&token).form(&form).send().await;
    assert_ne!(answer.ok()["pointsTransferId"], added["pointsTransferId"]);
    let status = status(&world, &id).await;
    assert_eq!((&status["points"], &status["usedPoints"]), (&json!(10), &json!(2.5)));
    assert_eq!(status["totalEarnedPoints"], 12.5);
    let told: Vec<_> = world.events(&id).await.iter().map(|told| told.event.kind.name()).collect();
    assert_eq!(told, ["customer_created", "level_changed", "points_changed", "points_changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_form_tells_every_error_at_its_field() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let gone = world.customer(json!({"email": "gone@shop.example"})).await;
    let path = format!("/api/customer/{gone}");
    assert_eq!(world.delete(&path).token(&token).send().await.status, 204);
    let unknown = unknown_level().to_string();
    for path in ["points/transfer/add", "points/transfer/spend", "pos/points/transfer/spend"] {
        let path = format!("/api/{path}");
        let answer = world.post(&path).token(&token).json(&json!({})).send().await;
        let tree = concat!(
            r#"{"form":{"children":{"customer":{},"points":{},"validityDuration":{},"comment":{}}},"#,
            r#""errors":[]}"#
        );
        assert_eq!((answer.status, answer.text.as_str()), (400, tree));
        for (transfer, expected) in [
            (
                json!({}),
                vec![
                    "customer: This value should not be blank.",
                    "points: This value should not be blank.",
                ],
            ),
            (
                json!({"customer": "x", "points": "x"}),
                vec!["customer: This value is not valid.", "points: This value is not valid."],
            ),
            (json!({"customer": unknown, "points": 1}), vec!["customer: This value is not valid."]),
            (json!({"customer": gone, "points": 1}), vec!["customer: This value is not valid."]),
            (
                json!({"customer": "700001", "points": 1}),
                vec!["customer: This value is not valid."],
            ),
            (
                json!({"customer": id, "points": 0.5}),
                vec!["points: This value should be 1 or more."],
            ),
            (
                json!({"customer": id, "points": -1}),
                vec!["points: This value should be 1 or more."],
            ),
            (
                json!({"customer": id, "points": 1, "validityDuration": "soon"}),
                vec!["validityDuration: This value is not valid."],
            ),
            (
                json!({"customer": id, "points": 1, "comment": "a\u{0}b"}),
                vec!["comment: This value is not valid."],
            ),
            (
                json!({"customer": id, "points": 1, "state": "active"}),
                vec!["This form should not contain extra fields."],
            ),
        ] {
            let answer = book(&world, &token, &path, transfer.clone()).await;
            assert_eq!(answer.form_errors(), expected, "{path} {transfer}");
        }
    }
    assert_eq!(status(&world, &id).await["totalEarnedPoints"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_there_is_cannot_be_spent() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    add(&world, &token, &id, 5.0).await;
    let refused = spend(&world, &token, &id, 5.01).await;
    assert_eq!(refused.form_errors(), ["points: not enough points"]);
    assert_eq!(spend(&world, &token, &id, 5.0).await.status, 200);
    let refused = spend(&world, &token, &id, 1.0).await;
    assert_eq!(refused.form_errors(), ["points: not enough points"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_earn_or_spend_is_no_valid_customer() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    add(&world, &token, &id, 5.0).await;
    let path = format!("/api/admin/customer/{id}/deactivate");
    assert_eq!(world.post(&path).token(&token).send().await.status, 200);
    for verb in ["add", "spend"] {
        let transfer = json!({"customer": id, "points": 1});
        let answer = book(&world, &token, &format!("/api/points/transfer/{verb}"), transfer).await;
        assert_eq!(answer.form_errors(), ["customer: This value is not valid."], "{verb}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_sellers_who_are_trusted_with_points_move_them() {
    let world = World::start().await;
    let id = ada(&world).await;
    let token = world.seller().await;
    let transfer = json!({"customer": id, "points": 3});
    for path in ["points/transfer/add", "pos/points/transfer/add", "pos/points/transfer/spend"] {
        let path = format!("/api/{path}");
        let answer = book(&world, &token, &path, transfer.clone()).await;
        answer.http_error(403, "Forbidden");
    }
    let seller = Seller { allow_point_transfer: true, ..world.shop.seller.clone() };
    let mut session = world.services().storage.session().await.unwrap();
    session.sellers().update(&seller).await.unwrap();
    drop(session);
    for verb in ["add", "spend"] {
        let path = format!("/api/pos/points/transfer/{verb}");
        book(&world, &token, &path, transfer.clone()).await.ok();
    }
    let listed = list(&world, &token, "/api/seller/points/transfer").await;
    assert_eq!(listed["total"], 2);
    assert_eq!(listed["transfers"][0]["issuer"], "seller");
    assert_eq!(listed["transfers"][0]["type"], "spending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_transfers_with_their_customers_newest_first() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let first = add(&world, &token, &id, 100.0).await;
    world.advance(Duration::MINUTE);
    let transfer = json!({"customer": id, "points": 4, "comment": "a cup"});
    let spent = book(&world, &token, "/api/points/transfer/spend", transfer).await.ok();
    let answer = world.get("/api/points/transfer").token(&token).send().await;
    answer.ok();
    let wallet = world.record(&id).await.wallet_id;
    let person = format!(
        concat!(
            r#""accountId":"{}","customerId":"{}","customerFirstName":"Ada","customerLastName":"Byron","#,
            r#""customerLoyaltyCardNumber":"700001","customerEmail":"ada@shop.example","#,
            r#""customerPhone":"+48221112233","#
        ),
        wallet, id
    );
    let newest = format!(
        concat!(
            r#"{{"pointsTransferId":{},{}"createdAt":"2026-03-02T09:16:00+0100","#,
            r#""expiresAt":"2026-03-02T09:16:00+0100","value":4,"state":"active","type":"spending","#,
            r#""comment":"a cup","issuer":"admin"}}"#
        ),
        spent["pointsTransferId"], person
    );
    let oldest = format!(
        concat!(
            r#"{{"pointsTransferId":"{}",{}"createdAt":"2026-03-02T09:15:00+0100","#,
            r#""expiresAt":"2026-04-01T23:59:59+0200","value":100,"state":"active","type":"adding","#,
            r#""issuer":"admin"}}"#
        ),
        first, person
    );
    assert_eq!(answer.text, format!(r#"{{"transfers":[{newest},{oldest}],"total":2}}"#));
    let part = list(&world, &token, "/api/points/transfer?page=2&perPage=1").await;
    assert_eq!((ids(&part), &part["total"]), (vec![first.as_str()], &json!(2)));
    let turned =
        list(&world, &token, "/api/points/transfer?sort=createdAt&direction=asc&perPage=1").await;
    assert_eq!(ids(&turned), [first]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_narrowed_by_customer_type_state_and_expiry() {
    let points = PointSettings { locked_days: None, ..PointSettings::default() };
    let world = World::programme(Settings { points, ..Settings::default() }).await;
    let (one, token) = (ada(&world).await, world.admin().await);
    let two = world.customer(json!({"email": "two@shop.example"})).await;
    let plain = add(&world, &token, &one, 10.0).await;
    let canceled = add(&world, &token, &one, 10.0).await;
    let path = format!("/api/points/transfer/{canceled}/cancel");
    assert_eq!(world.post(&path).token(&token).send().await.text, "[]");
    let transfer = json!({"customer": two, "points": 7, "validityDuration": 3});
    let short = book(&world, &token, "/api/points/transfer/add", transfer).await.ok();
    let short = short["pointsTransferId"].as_str().unwrap();
    let spent = spend(&world, &token, &one, 1.0).await.ok();
    let spent = spent["pointsTransferId"].as_str().unwrap();
    let (plain, canceled) = (plain.as_str(), canceled.as_str());
    for (query, expected) in [
        (String::new(), vec![plain, canceled, short, spent]),
        (format!("customerId={two}"), vec![short]),
        (format!("customerId={}", unknown_level()), vec![]),
        ("type=spending".to_owned(), vec![spent]),
        ("type=adding".to_owned(), vec![plain, canceled, short]),
        ("type=p2p_adding".to_owned(), vec![]),
        ("state=canceled".to_owned(), vec![canceled]),
        ("state[]=canceled&state[]=pending".to_owned(), vec![canceled]),
        ("state[]=active&type=adding".to_owned(), vec![plain, short]),
        ("willExpireTill=2026-03-06".to_owned(), vec![short]),
        ("willExpireTill=2026-03-05".to_owned(), vec![]),
        ("willExpireTill=2026-03-06&state=canceled".to_owned(), vec![short]),
        ("secret=1&state=".to_owned(), vec![plain, canceled, short, spent]),
    ] {
        let found = list(&world, &token, &format!("/api/points/transfer?{query}")).await;
        let mut found_ids = ids(&found);
        let mut expected = expected;
        found_ids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found_ids, expected, "{query}");
        assert_eq!(found["total"], expected.len(), "{query}");
    }
    for query in ["customerId=x", "type=gift", "state=lost", "state[]=lost", "willExpireTill=soon"]
    {
        let answer = world.get(&format!("/api/points/transfer?{query}")).token(&token).send().await;
        answer.http_error(400, "Bad Request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_see_their_own_transfers_whatever_they_ask_for() {
    let world = World::start().await;
    let (one, token) = (ada(&world).await, world.admin().await);
    let two = world.customer(json!({"email": "two@shop.example"})).await;
    let own = add(&world, &token, &one, 10.0).await;
    add(&world, &token, &two, 20.0).await;
    let token = world.participant(&one).await;
    for query in
        [String::new(), format!("?customerId={two}"), "?type=adding&state=active".to_owned()]
    {
        let path = format!("/api/customer/points/transfer{query}");
        let found = list(&world, &token, &path).await;
        assert_eq!((ids(&found), &found["total"]), (vec![own.as_str()], &json!(1)), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unused_points_are_taken_back_once_and_nothing_else_is() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let cancel = async |transfer: &str| {
        world.post(&format!("/api/points/transfer/{transfer}/cancel")).token(&token).send().await
    };
    let unused = add(&world, &token, &id, 5.0).await;
    let answer = cancel(&unused).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "[]"));
    let figures = status(&world, &id).await;
    assert_eq!((&figures["points"], &figures["totalEarnedPoints"]), (&json!(0), &json!(0)));
    let touched = add(&world, &token, &id, 5.0).await;
    let spent = spend(&world, &token, &id, 1.0).await.ok();
    let refusal = r#"{"error":"this transfer cannot be canceled"}"#;
    for transfer in [&unused, &touched, spent["pointsTransferId"].as_str().unwrap()] {
        let answer = cancel(transfer).await;
        assert_eq!((answer.status, answer.text.as_str()), (400, refusal), "{transfer}");
    }
    cancel("x").await.http_error(404, "Not Found");
    cancel(&unknown_level().to_string()).await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stores_customers_and_transfers_are_nobodys() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let transfer = add(&world, &token, &id, 5.0).await;
    let foreign = world.other.admin.username.as_str();
    let foreign = world.log_in("/api/admin/login_check", foreign).await;
    for verb in ["add", "spend"] {
        let order = json!({"customer": id, "points": 1});
        let path = format!("/api/OTHER/points/transfer/{verb}");
        let answer = book(&world, &foreign, &path, order).await;
        assert_eq!(answer.form_errors(), ["customer: This value is not valid."]);
    }
    let path = format!("/api/OTHER/points/transfer/{transfer}/cancel");
    world.post(&path).token(&foreign).send().await.http_error(404, "Not Found");
    let empty = r#"{"transfers":[],"total":0}"#;
    let answer = world.get("/api/OTHER/points/transfer").token(&foreign).send().await;
    assert_eq!(answer.text, empty);
    let path = format!("/api/OTHER/points/transfer?customerId={id}");
    assert_eq!(world.get(&path).token(&foreign).send().await.text, empty);
    let path = "/api/OTHER/admin/analytics/points";
    let answer = world.get(path).token(&foreign).send().await;
    assert_eq!(answer.text, r#"{"totalSpendingTransfers":0,"totalPointsSpent":0}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn analytics_count_what_was_spent() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    add(&world, &token, &id, 10.0).await;
    for points in [1.0, 2.5] {
        spend(&world, &token, &id, points).await.ok();
    }
    let answer = world.get("/api/SHOP/admin/analytics/points").token(&token).send().await;
    assert_eq!(answer.text, r#"{"totalSpendingTransfers":2,"totalPointsSpent":3.5}"#);
}

/// The seed's customer (E24), as far as points go: 88 expired, 25 spent, 161.9 left to expire in two parts, both next month.
#[tokio::test(flavor = "multi_thread")]
async fn the_status_of_the_vendors_example_comes_out_of_the_ledger() {
    let world = World::start().await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let order = |points: f64, days: u32| json!({"customer": id, "points": points, "validityDuration": days});
    let path = "/api/points/transfer/add";
    book(&world, &token, path, order(88.0, 0)).await.ok();
    world.services().jobs.run_due().await.unwrap();
    world.advance(Duration::days(13));
    world.services().jobs.run_due().await.unwrap();
    let token = world.admin().await;
    book(&world, &token, path, order(125.0, 30)).await.ok();
    book(&world, &token, path, order(61.9, 33)).await.ok();
    spend(&world, &token, &id, 25.0).await.ok();
    let status = status(&world, &id).await;
    for (field, expected) in [
        ("points", json!(161.9)),
        ("p2pPoints", json!(0)),
        ("totalEarnedPoints", json!(274.9)),
        ("usedPoints", json!(25)),
        ("expiredPoints", json!(88)),
        ("lockedPoints", json!(0)),
        ("pointsExpiringNextMonth", json!(161.9)),
        ("pointsExpiringBreakdown", json!({"2026-04-14": 100, "2026-04-17": 61.9})),
    ] {
        assert_eq!(status[field], expected, "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn points_move_customers_up_where_levels_follow_from_them() {
    let tiers = TierSettings { basis: TierBasis::Points, ..TierSettings::default() };
    let world = World::programme(Settings { tiers, ..Settings::default() }).await;
    let (id, token) = (ada(&world).await, world.admin().await);
    add(&world, &token, &id, 15.5).await;
    let figures = status(&world, &id).await;
    assert_eq!((&figures["pointsToNextLevel"], &figures["level"]), (&json!(5), &json!("5.00%")));
    add(&world, &token, &id, 5.0).await;
    let figures = status(&world, &id).await;
    assert_eq!((&figures["level"], &figures["points"]), (&json!("1,234.00%"), &json!(20.5)));
    assert_eq!(figures.get("pointsToNextLevel"), None);
    let last = world.events(&id).await.pop().unwrap().event.kind;
    assert!(matches!(last, EventKind::LevelMoved { .. }), "{last:?}");
    let expected = world.shop.gold.id.to_string();
    assert_eq!(world.details(&id).await["levelId"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_points_are_shown_as_such_until_they_can_be_spent() {
    let points = PointSettings {
        locked_days: Some(2),
        expiry: PointExpiry::Never,
        ..PointSettings::default()
    };
    let world = World::programme(Settings { points, ..Settings::default() }).await;
    let (id, token) = (ada(&world).await, world.admin().await);
    let transfer = add(&world, &token, &id, 5.0).await;
    let figures = status(&world, &id).await;
    assert_eq!((&figures["points"], &figures["lockedPoints"]), (&json!(0), &json!(5)));
    let listed = list(&world, &token, "/api/points/transfer?state=pending").await;
    assert_eq!(ids(&listed), [transfer]);
    let shown = &listed["transfers"][0];
    assert_eq!(shown["lockedUntil"], "2026-03-04T09:15:00+0100");
    assert_eq!(shown.get("expiresAt"), None);
    world.advance(Duration::days(3));
    world.services().jobs.run_due().await.unwrap();
    let figures = status(&world, &id).await;
    assert_eq!((&figures["points"], &figures["lockedPoints"]), (&json!(5), &json!(0)));
}
