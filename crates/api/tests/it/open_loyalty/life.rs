//! Letting in, shutting out, forgetting (contract E01, E02, E08, E30, E31 and 5.5).

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::{World, unknown_level};

async fn step(world: &World, token: &str, id: &str, verb: &str) -> Answer {
    world.post(&format!("/api/admin/customer/{id}/{verb}")).token(token).send().await
}

async fn somebody(world: &World) -> String {
    world.customer(json!({"email": "ada@shop.example", "phone": "48221112233"})).await
}

async fn kinds(world: &World, id: &str) -> Vec<&'static str> {
    world.events(id).await.iter().map(|told| told.event.kind.name()).collect()
}

fn status(kind: &str, state: Option<&str>) -> Value {
    let mut status = json!({
        "availableTypes": ["new", "active", "blocked", "deleted"],
        "availableStates": ["no-card", "card-sent", "with-card"], "type": kind,
    });
    if let Some(state) = state {
        status["state"] = json!(state);
    }
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_shut_out_and_let_in_again_with_empty_answers() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let before = world.details(&id).await;
    world.advance(time::Duration::HOUR);
    let answer = step(&world, &token, &id, "deactivate").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    let mut expected = before;
    expected["active"] = json!(false);
    expected["status"] = status("blocked", None);
    expected["version"] = json!(2);
    assert_eq!(world.details(&id).await, expected, "also `updatedAt` is as it was");
    let answer = step(&world, &token, &id, "activate").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    expected["active"] = json!(true);
    expected["status"] = status("active", Some("no-card"));
    expected["version"] = json!(3);
    assert_eq!(world.details(&id).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_step_answers_alike_and_is_told_once() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    for verb in ["activate", "deactivate", "deactivate", "activate", "activate"] {
        assert_eq!(step(&world, &token, &id, verb).await.status, 200, "{verb}");
    }
    assert_eq!(
        kinds(&world, &id).await,
        ["customer_created", "level_changed", "customer_deactivated", "customer_activated"]
    );
    let last = world.events(&id).await.pop().unwrap().event;
    assert_eq!(last.actor, domain::access::Actor::Admin(world.shop.admin.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_customer_is_activated_or_blocked() {
    let world = World::start().await;
    let token = world.admin().await;
    for (verb, expected) in
        [("activate", status("active", Some("no-card"))), ("deactivate", status("blocked", None))]
    {
        let id = world.customer(json!({"email": format!("{verb}@shop.example")})).await;
        let record = world.record(&id).await;
        let new = domain::customer::Status::New;
        world.store(domain::customer::Customer { status: new, ..record }).await;
        assert_eq!(world.details(&id).await["status"], status("new", None));
        assert_eq!(step(&world, &token, &id, verb).await.status, 200);
        assert_eq!(world.details(&id).await["status"], expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sessions_of_a_deactivated_customer_end_at_once_and_for_good() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let (admin, own) = (world.admin().await, world.participant(&id).await);
    let login = json!({"_username": id, "_password": super::world::PASSWORD});
    let pair = world.post("/api/customer/login_check").json(&login).send().await.ok();
    let own_page = format!("/api/customer/{id}");
    world.get(&own_page).token(&own).send().await.ok();
    assert_eq!(step(&world, &admin, &id, "deactivate").await.status, 200);
    let refused = world.get(&own_page).token(&own).send().await;
    refused.refused(401, r#"{"code":401,"message":""}"#);
    let refused = world.post("/api/customer/login_check").json(&login).send().await;
    refused.refused(401, r#"{"message":"Bad credentials"}"#);
    let refresh = json!({"refresh_token": pair["refresh_token"]});
    let refused = world.post("/api/token/refresh").json(&refresh).send().await;
    assert_eq!(refused.status, 401);
    // Who is let in again logs in again: the old refresh token is gone.
    assert_eq!(step(&world, &admin, &id, "activate").await.status, 200);
    let refused = world.post("/api/token/refresh").json(&refresh).send().await;
    assert_eq!(refused.status, 401);
    world.post("/api/customer/login_check").json(&login).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn sellers_have_paths_of_their_own_and_may_use_the_admins() {
    let world = World::start().await;
    let id = somebody(&world).await;
    for token in [world.seller().await, world.admin().await] {
        for (who, verb, kind) in [
            ("seller", "deactivate", "blocked"),
            ("seller", "activate", "active"),
            ("admin", "deactivate", "blocked"),
            ("admin", "activate", "active"),
        ] {
            let path = format!("/api/SHOP/{who}/customer/{id}/{verb}");
            let answer = world.post(&path).token(&token).send().await;
            assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{path}");
            assert_eq!(world.details(&id).await["status"]["type"], kind, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_missing_is_told_before_what_is_forbidden() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let missing = unknown_level().to_string();
    let (participant, reporter) = (world.participant(&id).await, world.reporter().await);
    for verb in ["activate", "deactivate", "anonymize"] {
        for token in [&participant, &reporter] {
            step(&world, token, &missing, verb).await.http_error(404, "Not Found");
            step(&world, token, &id, verb).await.http_error(403, "Forbidden");
        }
    }
    let seller = world.seller().await;
    step(&world, &seller, &id, "anonymize").await.http_error(403, "Forbidden");
    let path = format!("/api/seller/customer/{id}/anonymize");
    world.post(&path).token(&seller).send().await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_an_anonymized_customer_is_shown_byte_for_byte() {
    let world = World::start().await;
    let id = world
        .customer(json!({
            "gender": "female", "email": "ada@shop.example", "phone": "+48221112233", "birthDate": "1990-12-10",
            "createdAt": "2019-07-01T10:20:30+0200", "loyaltyCardNumber": "700001", "labels": "src:import",
            "address": {"street": "Long"}, "company": {"name": "Engine Ltd", "nip": "111-222"},
            "agreement2": true, "agreement3": true, "posId": world.shop.pos.id.to_string(),
            "sellerId": world.shop.seller.id.to_string(),
        }))
        .await;
    let token = world.admin().await;
    let answer = step(&world, &token, &id, "anonymize").await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let answer = world.get(&format!("/api/customer/{id}")).token(&token).send().await;
    answer.ok();
    let (level, pos) = (world.shop.start.id, world.shop.pos.id);
    let expected = [
        &format!(
            r#"{{"customerId":"{id}","active":false,"posId":"{pos}","firstName":"","lastName":"","#
        ),
        r#""address":{},"createdAt":"2019-07-01T10:20:30+0200","#,
        &format!(
            r#""id":"{level}","levelId":"{level}","agreement1":false,"agreement2":false,"agreement3":false,"#
        ),
        r#""status":{"availableTypes":["new","active","blocked","deleted"],"#,
        r#""availableStates":["no-card","card-sent","with-card"],"type":"deleted"},"#,
        r#""updatedAt":"2026-03-02T09:15:00+0100","campaignPurchases":[],"transactionsCount":0,"#,
        r#""transactionsAmount":0,"transactionsAmountWithoutDeliveryCosts":0,"amountExcludedForLevel":0,"#,
        r#""averageTransactionAmount":0,"labels":[],"#,
        &format!(r#""level":{{"levelId":{{"id":"{level}","levelId":"{level}"}},"name":"level","#),
        r#""translations":{"en":{"name":"level"},"pl":{"name":"poziom"}}},"#,
        r#""version":2,"currency":"eur","segments":[],"levelPercent":"5.00%","posIdentifier":"pos1"}"#,
    ];
    assert_eq!(answer.text, expected.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymized_customer_can_only_be_read_anonymized_and_deleted() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let (token, own) = (world.admin().await, world.participant(&id).await);
    for _ in 0..2 {
        let answer = step(&world, &token, &id, "anonymize").await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    let told = kinds(&world, &id).await;
    assert_eq!(told, ["customer_created", "level_changed", "customer_anonymized"]);
    let before = world.details(&id).await;
    let path = format!("/api/customer/{id}");
    for body in [json!({}), json!({"customer": {"firstName": "B"}}), json!({"customer": {"x": 1}})]
    {
        world.put(&path).token(&token).json(&body).send().await.http_error(404, "Not Found");
    }
    for verb in ["activate", "deactivate"] {
        step(&world, &token, &id, verb).await.http_error(404, "Not Found");
    }
    let level = json!({"levelId": world.shop.gold.id.to_string()});
    let answer = world.post(&format!("{path}/level")).token(&token).json(&level).send().await;
    answer.http_error(404, "Not Found");
    let answer = world.post(&format!("{path}/remove-manually-level")).token(&token).send().await;
    answer.http_error(404, "Not Found");
    assert_eq!(world.details(&id).await, before);
    let refused = world.get(&path).token(&own).send().await;
    refused.refused(401, r#"{"code":401,"message":""}"#);
    let login = json!({"_username": id, "_password": super::world::PASSWORD});
    let refused = world.post("/api/customer/login_check").json(&login).send().await;
    refused.refused(401, r#"{"message":"Bad credentials"}"#);
    assert_eq!(world.delete(&path).token(&token).send().await.status, 204);
    world.get(&path).token(&token).send().await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_show_an_anonymized_customer_and_text_filters_do_not_find_it() {
    let world = World::start().await;
    let fields = json!({
        "email": "ada@shop.example", "phone": "48221112233", "loyaltyCardNumber": "C-1", "labels": "a:b",
    });
    let id = world.customer(fields.clone()).await;
    let token = world.admin().await;
    step(&world, &token, &id, "anonymize").await;
    let list = world.get("/api/customer").token(&token).send().await.ok();
    assert_eq!((&list["total"], &list["customers"][0]["customerId"]), (&json!(1), &json!(id)));
    let shown = &list["customers"][0];
    assert_eq!((&shown["firstName"], &shown["lastName"]), (&json!(""), &json!("")));
    for query in [
        "firstName=Ada",
        "lastName=Byron",
        "email=ada@shop.example",
        "email=shop",
        "phone=48221112233",
        "loyaltyCardNumber=C-1",
        "emailOrPhone=ada",
        "firstName=Ada&strict=1",
        "labels[0][key]=a",
    ] {
        let list = world.get(&format!("/api/customer?{query}")).token(&token).send().await.ok();
        assert_eq!(list, json!({"customers": [], "total": 0}), "{query}");
    }
    let check = world.get("/api/customer/check?emailOrPhone=ada@shop.example").send().await;
    assert_eq!(check.ok(), json!({"total": 0}));
    world.get("/api/customer/C-1").token(&token).send().await.http_error(404, "Not Found");
    assert_ne!(world.customer(fields).await, id, "the identifiers are free");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymization_wins_over_changes_at_the_same_time() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let path = format!("/api/customer/{id}");
    let change = async |n: u8| {
        let body = json!({"customer": {"firstName": format!("Name{n}")}});
        world.put(&path).token(&token).json(&body).send().await.status
    };
    let (one, two, gone, three) =
        tokio::join!(change(1), change(2), step(&world, &token, &id, "anonymize"), change(3));
    assert_eq!(gone.status, 204);
    assert!([one, two, three].iter().all(|status| [200, 404].contains(status)));
    let left = world.details(&id).await;
    assert_eq!((&left["firstName"], &left["status"]["type"]), (&json!(""), &json!("deleted")));
    assert!(world.events(&id).await.iter().all(|told| told.record == told.record.stripped()
        || told.event.kind.name() == "customer_anonymized"));
}
