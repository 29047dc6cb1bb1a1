//! The newsletter is announced once per customer (contract 5.9), and agreements are told apart (E12).

use domain::customer::Attribute;
use serde_json::{Value, json};

use super::world::{World, a_form};

async fn announced(world: &World, id: &str) -> usize {
    let events = world.events(id).await;
    events.iter().filter(|told| told.event.kind.name() == "newsletter_announced").count()
}

async fn put(world: &World, token: &str, id: &str, fields: Value) {
    let body = json!({"customer": fields});
    world.put(&format!("/api/customer/{id}")).token(token).json(&body).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_with_the_agreement_announces_it() {
    let world = World::start().await;
    for (token, email) in
        [(world.admin().await, "a@shop.example"), (world.seller().await, "b@shop.example")]
    {
        for (agreement, expected) in [(true, 1), (false, 0)] {
            let form =
                a_form(&json!({"email": format!("{agreement}{email}"), "agreement2": agreement}));
            let answer =
                world.post("/api/customer/register").token(&token).json(&form).send().await;
            let id = answer.ok()["customerId"].as_str().unwrap().to_owned();
            assert_eq!(announced(&world, &id).await, expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_leaves_the_agreement_announces_it_once_for_ever() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.participant(&id).await;
    put(&world, &token, &id, json!({"lastName": "King"})).await;
    assert_eq!(announced(&world, &id).await, 0);
    for agreement in [true, true, false, true] {
        put(&world, &token, &id, json!({"agreement2": agreement})).await;
        assert_eq!(announced(&world, &id).await, 1);
    }
    let admin = world.admin().await;
    for verb in ["deactivate", "activate"] {
        let path = format!("/api/admin/customer/{id}/{verb}");
        assert_eq!(world.post(&path).token(&admin).send().await.status, 200);
    }
    assert_eq!(announced(&world, &id).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_announces_the_agreement_of_whoever_waited() {
    let communication = domain::merchant::CommunicationMethod::Sms;
    let world = World::with(&[], communication).await;
    // As a till of another vendor or an import leaves it: new, agreed, and nobody was told.
    let id = world.customer(json!({"phone": "48221112233"})).await;
    let mut record = world.record(&id).await;
    record.status = domain::customer::Status::New;
    record.agreements.marketing = true;
    world.store(record).await;
    let token = world.seller().await;
    let path = format!("/api/seller/customer/{id}/activate");
    for _ in 0..2 {
        assert_eq!(world.post(&path).token(&token).send().await.status, 200);
        assert_eq!(announced(&world, &id).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_any_agreement_is_told_as_one_of_agreements() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.admin().await;
    for (fields, expected, attribute) in [
        (json!({"agreement1": false}), true, Attribute::Agreements),
        (json!({"agreement2": true}), true, Attribute::AcceptsMarketing),
        (json!({"agreement3": true}), true, Attribute::Agreements),
        (json!({"lastName": "King"}), false, Attribute::Name),
    ] {
        put(&world, &token, &id, fields.clone()).await;
        let events = world.events(&id).await;
        let mut updates = events.iter().rev().map(|told| told.event.kind.changes());
        let last = updates.find(|changes| !changes.is_empty()).unwrap();
        assert_eq!(last.touch_agreements(), expected, "{fields}");
        assert_eq!(last.iter().collect::<Vec<_>>(), [attribute], "{fields}");
    }
}
