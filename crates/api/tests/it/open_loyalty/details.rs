//! One customer (contract E11 and 9.2).

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_shown_in_the_vendors_order_byte_for_byte() {
    let world = World::start().await;
    let id = world
        .customer(json!({
            "gender": "female", "email": "ada@shop.example", "phone": "+48221112233", "birthDate": "1990-12-10",
            "createdAt": "2019-07-01T10:20:30+0200", "loyaltyCardNumber": "700001", "labels": "src:import",
            "address": {"street": "Long", "address1": "7", "postal": "00-001", "city": "Warszawa", "country": "PL"},
            "company": {"name": "Engine Ltd", "nip": "111-222"}, "agreement2": true,
            "levelId": world.shop.start.id.to_string(), "posId": world.shop.pos.id.to_string(),
            "sellerId": world.shop.seller.id.to_string(),
        }))
        .await;
    let token = world.admin().await;
    let answer = world.get(&format!("/api/customer/{id}")).token(&token).send().await;
    answer.ok();
    let (level, pos, seller) = (world.shop.start.id, world.shop.pos.id, world.shop.seller.id);
    let expected = [
        &format!(r#"{{"customerId":"{id}","active":true,"posId":"{pos}","sellerId":"{seller}","#),
        r#""firstName":"Ada","lastName":"Byron","gender":"female","email":"ada@shop.example","phone":"+48221112233","#,
        r#""birthDate":"1990-12-10T00:00:00+0100","#,
        r#""address":{"street":"Long","address1":"7","city":"Warszawa","postal":"00-001","country":"PL"},"#,
        r#""loyaltyCardNumber":"700001","createdAt":"2019-07-01T10:20:30+0200","#,
        &format!(
            r#""id":"{level}","levelId":"{level}","manuallyAssignedLevelId":{{"levelId":"{level}"}},"#
        ),
        r#""agreement1":true,"agreement2":true,"agreement3":false,"#,
        r#""company":{"name":"Engine Ltd","nip":"111-222"},"#,
        r#""status":{"availableTypes":["new","active","blocked","deleted"],"#,
        r#""availableStates":["no-card","card-sent","with-card"],"type":"active","state":"no-card"},"#,
        r#""updatedAt":"2026-03-02T09:15:00+0100","campaignPurchases":[],"transactionsCount":0,"#,
        r#""transactionsAmount":0,"transactionsAmountWithoutDeliveryCosts":0,"amountExcludedForLevel":0,"#,
        r#""averageTransactionAmount":0,"labels":[{"key":"src","value":"import"}],"#,
        &format!(r#""level":{{"levelId":{{"id":"{level}","levelId":"{level}"}},"name":"level","#),
        r#""translations":{"en":{"name":"level"},"pl":{"name":"poziom"}}},"#,
        r#""version":1,"currency":"eur","segments":[],"levelPercent":"5.00%","posIdentifier":"pos1"}"#,
    ];
    assert_eq!(answer.text, expected.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_locale_chooses_the_levels_name() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.admin().await;
    for (query, name) in [
        ("", "level"),
        ("?_locale=pl", "poziom"),
        ("?_locale=en", "level"),
        ("?_locale=xx_YY", "level"),
        ("?_locale=..%2F..%2Fetc", "level"),
        ("?_locale[]=pl", "level"),
    ] {
        let path = format!("/api/customer/{id}{query}");
        let customer = world.get(&path).token(&token).send().await.ok();
        assert_eq!(customer["level"]["name"], name, "{query}");
        let list = world.get(&format!("/api/customer{query}")).token(&token).send().await.ok();
        assert_eq!(list["customers"][0]["level"]["name"], name, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_in_capitals_and_a_card_number_mean_the_same_customer() {
    let world = World::start().await;
    let id =
        world.customer(json!({"email": "ada@shop.example", "loyaltyCardNumber": "Card+1%"})).await;
    let token = world.admin().await;
    for target in [id.to_uppercase().as_str(), "cARD%2B1%25"] {
        let path = format!("/api/customer/{target}");
        assert_eq!(world.get(&path).token(&token).send().await.ok()["customerId"], id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_exist_is_not_found() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let long = "x".repeat(300);
    for token in [world.admin().await, world.seller().await, world.participant(&id).await] {
        for target in [
            "00000000-0000-0000-0000-000000000000",
            "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10",
            "5d1f0c1e7a524b0f8a356a1d7d3f9b10",
            "%7B5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10%7D",
            "a%00b",
            "%ff",
            "%25",
            long.as_str(),
        ] {
            let path = format!("/api/customer/{target}");
            world.get(&path).token(&token).send().await.http_error(404, "Not Found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_and_sellers_see_everybody_and_customers_themselves() {
    let world = World::start().await;
    let one = world.customer(json!({"email": "one@shop.example"})).await;
    let two = world.customer(json!({"email": "two@shop.example"})).await;
    let own = format!("/api/customer/{one}");
    for token in [
        world.admin().await,
        world.reporter().await,
        world.seller().await,
        world.participant(&one).await,
    ] {
        assert_eq!(world.get(&own).token(&token).send().await.ok()["customerId"], one);
    }
    let token = world.participant(&two).await;
    world.get(&own).token(&token).send().await.http_error(403, "Forbidden");
}
