//! One customer from the till to oblivion.

use domain::merchant::CommunicationMethod;
use serde_json::{Value, json};
use time::Duration;

use super::world::{World, a_form};

const NAME: &str = "Wanderley";
const OLD_PHONE: &str = "48601602603";
const NEW_PHONE: &str = "48604605606";

/// The code in the latest message to a number.
async fn code_to(world: &World, number: &str) -> String {
    let body = world.server.outbox().to(number).await.body;
    body.rsplit(": ").next().unwrap().trim().to_owned()
}

async fn post(world: &World, token: &str, path: &str, body: Value) -> u16 {
    world.post(path).token(token).json(&body).send().await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_goes_from_the_till_through_the_programme_and_is_forgotten() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (admin, seller) = (world.admin().await, world.seller().await);

    // Registered at a till, the customer is new until a code comes back.
    let form = a_form(&json!({"lastName": NAME, "phone": OLD_PHONE}));
    let call = world.post("/api/seller/customer/register").token(&seller).json(&form);
    let id = call.send().await.ok()["customerId"].as_str().unwrap().to_owned();
    assert_eq!(world.details(&id).await["status"]["type"], "new");
    world.advance(Duration::minutes(2));
    let again = format!("/api/seller/customer/{id}/send-sms-code");
    assert_eq!(post(&world, &seller, &again, json!({})).await, 200);
    let code = code_to(&world, OLD_PHONE).await;
    let activation = format!("/api/customer/activate-sms/{code}");
    assert_eq!(world.post(&activation).json(&json!({})).send().await.status, 204);
    assert_eq!(world.post(&activation).json(&json!({})).send().await.status, 404);
    assert_eq!(world.details(&id).await["status"]["state"], "no-card");

    // Moved by hand, and back by the rules.
    let level = json!({"levelId": world.shop.gold.id.to_string()});
    assert_eq!(post(&world, &admin, &format!("/api/customer/{id}/level"), level).await, 200);
    let gold = world.details(&id).await;
    assert_eq!(gold["manuallyAssignedLevelId"]["levelId"], world.shop.gold.id.to_string());
    let back = format!("/api/customer/{id}/remove-manually-level");
    assert_eq!(post(&world, &seller, &back, json!({})).await, 204);
    assert_eq!(post(&world, &seller, &back, json!({})).await, 400);
    assert_eq!(world.details(&id).await["levelId"], world.shop.start.id.to_string());

    // A new phone counts when its code came back.
    let own = world.participant(&id).await;
    let change = json!({"customer": {"phone": NEW_PHONE}});
    world.put(&format!("/api/customer/{id}")).token(&own).json(&change).send().await.ok();
    assert_eq!(world.details(&id).await["phone"], OLD_PHONE);
    let confirm = format!("/api/customer/confirm-change/{}", code_to(&world, NEW_PHONE).await);
    assert_eq!(post(&world, &own, &confirm, json!({})).await, 204);
    assert_eq!(world.details(&id).await["phone"], NEW_PHONE);

    // Bought something, and was given something.
    let sale = json!({"transaction": {
        "transactionData": {"documentNumber": "A/1", "purchaseDate": "2026-03-01 12:00"},
        "items": [{
            "sku": {"code": "beans"}, "name": "Beans", "quantity": 1, "grossValue": 9, "category": "coffee",
        }],
        "customerData": {"name": NAME, "phone": NEW_PHONE},
    }});
    assert_eq!(post(&world, &admin, "/api/transaction", sale).await, 200);
    let gift = json!({"transfer": {"customer": id, "points": 7, "comment": format!("For {NAME}")}});
    assert_eq!(post(&world, &admin, "/api/points/transfer/add", gift).await, 200);
    let status = format!("/api/seller/customer/{id}/status");
    let status = world.get(&status).token(&seller).send().await.ok();
    assert_eq!((&status["transactionsAmount"], &status["points"]), (&json!(9), &json!(7)));

    // Shut out and let in again.
    let deactivation = format!("/api/seller/customer/{id}/deactivate");
    assert_eq!(post(&world, &seller, &deactivation, json!({})).await, 200);
    let shut = world.get(&format!("/api/customer/{id}")).token(&own).send().await;
    shut.refused(401, r#"{"code":401,"message":""}"#);
    let activation = format!("/api/admin/customer/{id}/activate");
    assert_eq!(post(&world, &admin, &activation, json!({})).await, 200);
    assert_eq!(world.details(&id).await["active"], true);

    // Nobody, and then nothing.
    let traces = traces(&world).await;
    assert!(!traces.is_empty());
    let anonymization = format!("/api/admin/customer/{id}/anonymize");
    assert_eq!(post(&world, &admin, &anonymization, json!({})).await, 204);
    assert_eq!(world.details(&id).await["lastName"], "");
    assert_eq!(self::traces(&world).await, Vec::<String>::new());
    let path = format!("/api/customer/{id}");
    assert_eq!(world.delete(&path).token(&admin).send().await.status, 204);
    world.get(&path).token(&admin).send().await.http_error(404, "Not Found");
    assert_eq!(self::traces(&world).await, Vec::<String>::new());
}

/// Every stored row that tells of the person.
async fn traces(world: &World) -> Vec<String> {
    let rows = world.server.database.rows().await.into_iter();
    let personal = [NAME, OLD_PHONE, NEW_PHONE].map(str::to_lowercase);
    rows.filter(|row| personal.iter().any(|mark| row.to_lowercase().contains(mark))).collect()
}
