//! Another institution's customer is nobody's, by whatever route (contract 1.2).

use serde_json::{Value, json};

use super::world::{World, a_creation};

#[tokio::test(flavor = "multi_thread")]
async fn another_institutions_customer_is_not_found_by_any_route() {
    let world = World::start().await;
    let (institution, stranger) = (world.institution().await, world.institution().await);
    let members = json!({
        "email": "alex@example.com", "phoneNumber": "1", "externalId": "e", "referralId": "r", "comment": "c",
    });
    let customer = institution.customer(&members).await;
    let (token, _) = stranger.tokens().await;
    let id = &customer["id"];
    for (path, body) in [
        ("/v2/customer/details", json!({"id": id})),
        ("/v2/customer/update", json!({"id": id})),
        ("/v2/customer/update", json!({"id": id, "firstName": "Taken", "status": "Blocked"})),
    ] {
        stranger.post(path, &body).await.is_not_found();
        stranger.post_with(&token, path, &body).await.is_not_found();
    }
    for filters in [
        json!({}),
        json!({"email": "alex@example.com"}),
        json!({"walletId": customer["walletId"]}),
        json!({"phoneNumber": "1"}),
        json!({"fullName": "Alex Smith"}),
        json!({"comment": "c"}),
        json!({"externalId": "e"}),
        json!({"referralId": "r"}),
        json!({"createdFrom": "2000-01-01"}),
    ] {
        assert_eq!(stranger.found(&filters).await, [""; 0], "{filters}");
    }
    let details = institution.post("/v2/customer/details", &json!({"id": id})).await;
    assert_eq!(details.data(), customer);
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_customers_of_two_institutions_do_not_mix() {
    let world = World::start().await;
    let (one, other) = (world.institution().await, world.institution().await);
    let members = json!({"email": "alex@example.com", "phoneNumber": "1", "externalId": "e"});
    let mut ids = Vec::new();
    for institution in [&one, &other] {
        ids.push(institution.customer(&members).await["id"].as_str().unwrap().to_owned());
    }
    for (institution, id) in [(&one, &ids[0]), (&other, &ids[1])] {
        for name in ["email", "phoneNumber", "externalId"] {
            let filter: Value = json!({name: members[name]});
            assert_eq!(institution.found(&filter).await, [&**id], "{filter}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_its_own_institution_only_whatever_header_names_another() {
    let world = World::start().await;
    let (institution, stranger) = (world.institution().await, world.institution().await);
    let (token, _) = institution.tokens().await;
    let bearer = format!("Bearer {token}");
    let body = a_creation(&json!({"email": "mine@example.com"})).to_string();
    let lines = [
        super::world::JSON,
        ("authorization", bearer.as_str()),
        ("merchant_id", stranger.name.as_str()),
    ];
    world.post("/v2/customer/create", &lines, &body).await.data();
    let filter = json!({"email": "mine@example.com"});
    assert_eq!(stranger.found(&filter).await, [""; 0]);
    assert_eq!(institution.found(&filter).await.len(), 1);
}
