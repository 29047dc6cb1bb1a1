//! Profiles that customers may not change themselves (contract E12).

use domain::merchant::Settings;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

async fn closed() -> World {
    World::programme(Settings { customers_edit_profiles: false, ..Settings::default() }).await
}

async fn put(world: &World, token: &str, id: &str, fields: Value) -> Answer {
    let body = json!({"customer": fields});
    world.put(&format!("/api/customer/{id}")).token(token).json(&body).send().await
}

const ALL: [&str; 10] = [
    "firstName",
    "lastName",
    "gender",
    "email",
    "phone",
    "birthDate",
    "address",
    "company",
    "loyaltyCardNumber",
    "labels",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_closed_field_that_a_customer_sends_is_told() {
    let world = closed().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let before = world.details(&id).await;
    let token = world.participant(&id).await;
    let fields = json!({
        "firstName": "", "lastName": "King", "gender": "nonsense", "email": "ada@shop.example", "phone": null,
        "birthDate": "1990-12-10", "address": {"street": "x"}, "company": {"name": "half"},
        "loyaltyCardNumber": "C-1", "labels": "a:b", "agreement2": true,
    });
    let told = ALL.map(|field| format!("{field}: You don't have permission to edit this data."));
    assert_eq!(put(&world, &token, &id, fields).await.form_errors(), told);
    assert_eq!(world.details(&id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_a_closed_field_is_shown_byte_for_byte() {
    let world = closed().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.participant(&id).await;
    let answer = put(&world, &token, &id, json!({"address": {"city": "Gdynia"}})).await;
    let expected = concat!(
        r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"phone":{},"birthDate":{},"#,
        r#""createdAt":{},"address":{"errors":["You don't have permission to edit this data."],"#,
        r#""children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"province":{},"country":{}}},"#,
        r#""company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"labels":{},"#,
        r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
    );
    assert_eq!((answer.status, answer.text.as_str()), (400, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn agreements_stay_open_and_what_clients_echo_is_no_error() {
    let world = closed().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.participant(&id).await;
    let fields = json!({
        "agreement1": true, "agreement2": true, "agreement3": true, "createdAt": "2019-01-01",
        "referral_customer_email": "x@y.zz", "levelId": world.shop.gold.id.to_string(), "posId": "x",
        "sellerId": "x",
    });
    put(&world, &token, &id, fields).await.ok();
    let details = world.details(&id).await;
    assert_eq!((&details["agreement2"], &details["agreement3"]), (&json!(true), &json!(true)));
    assert_eq!(details["levelId"], world.shop.start.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_and_sellers_change_closed_profiles_and_customers_open_ones() {
    let world = closed().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    for (token, name) in [(world.admin().await, "King"), (world.seller().await, "Byron")] {
        put(&world, &token, &id, json!({"lastName": name})).await.ok();
        assert_eq!(world.details(&id).await["lastName"], name);
    }
    let open = World::start().await;
    let id = open.customer(json!({"email": "ada@shop.example"})).await;
    let token = open.participant(&id).await;
    put(&open, &token, &id, json!({"lastName": "King"})).await.ok();
    assert_eq!(open.details(&id).await["lastName"], "King");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_address_of_mail_is_erased_in_every_programme() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.admin().await;
    put(&world, &token, &id, json!({"email": ""})).await.ok();
    assert_eq!(world.details(&id).await.get("email"), None);
    world.customer(json!({"email": "ada@shop.example"})).await;
}
