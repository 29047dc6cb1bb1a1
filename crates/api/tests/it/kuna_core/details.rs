//! Reading one customer (contract 2.3).

use serde_json::json;

use super::world::World;

const DETAILS: &str = "/v2/customer/details";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_reads_as_it_was_created() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer =
        institution.customer(&json!({"comment": "c", "externalId": "e", "referralId": "r"})).await;
    let id = customer["id"].as_str().unwrap();
    for id in [id.to_owned(), id.to_uppercase()] {
        assert_eq!(institution.post(DETAILS, &json!({"id": id})).await.data(), customer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_required_and_a_string() {
    let world = World::start().await;
    let institution = world.institution().await;
    for body in [json!({}), json!({"id": null}), json!({"id": ""})] {
        institution.post(DETAILS, &body).await.refuses(&[("id", "is required")]);
    }
    for id in [json!(5), json!(["a"]), json!({}), json!(true)] {
        let answer = institution.post(DETAILS, &json!({"id": id})).await;
        answer.refuses(&[("id", "must be a string")]);
    }
    let answer = institution.post(DETAILS, &json!({"id": "\0"})).await;
    answer.refuses(&[("id", "must not contain the null character")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_means_nobody_is_not_found() {
    let world = World::start().await;
    let institution = world.institution().await;
    for id in ["6d962783-f0cf-420d-a511-3a48c71c5595", "nobody", "6d962783f0cf420da5113a48c71c5595"]
    {
        institution.post(DETAILS, &json!({"id": id})).await.is_not_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_a_blocked_wallet_is_read_like_any_other() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    let blocked = json!({"id": customer["id"], "status": "Blocked"});
    institution.post("/v2/customer/update", &blocked).await.data();
    assert_eq!(institution.post(DETAILS, &json!({"id": customer["id"]})).await.data(), customer);
}
