//! The examples of the contract that show one customer through its life (MO 5), byte for byte but for the UUID. Those of
//! creations, lists and payment methods are beside the other tests of these.

use serde_json::json;
use time::Duration;

use super::answer::Answer;
use super::world::World;

#[track_caller]
fn is(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (status, body));
    answer.json();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_and_a_deletion_are_answered_as_the_contract_prints_them() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = json!({
        "merchant_customer_id": "mc-001", "name": "Ana Anić", "email": "ana@example.com",
        "metadata": {"old": "1", "keep": "x"},
    });
    let path = shop.customer(&body).await;
    let uuid = path.trim_start_matches("/v2/customers/");
    world.clock.advance(Duration::milliseconds(100_007 - 120));
    let change = br#"{"city":"Sarajevo","metadata":{"tier":"gold","old":null}}"#;
    let updated = shop.send("POST", &path, change).await;
    let customer = |deleted: bool, updated_at: &str, deleted_at: &str| {
        format!(
            r#"{{"status":"approved","uuid":"{uuid}","merchant_customer_id":"mc-001","description":null,"email":"ana@example.com","name":"Ana Anić","phone":null,"metadata":{{"keep":"x","tier":"gold"}},"zip_code":null,"city":"Sarajevo","address":null,"country":null,"deleted":{deleted},"created_at":"2025-12-02T00:00:00.120Z","updated_at":"{updated_at}","deleted_at":{deleted_at}}}"#
        )
    };
    is(&updated, 200, &customer(false, "2025-12-02T00:01:40.007Z", "null"));

    world.clock.advance(Duration::milliseconds(199_993));
    let deleted = shop.delete(&path).await;
    let expected = r#"{"status":"approved","uuid":"…","id":"…","deleted":true}"#.replace('…', uuid);
    is(&deleted, 200, &expected);
    let (at, quoted) = ("2025-12-02T00:05:00.000Z", r#""2025-12-02T00:05:00.000Z""#);
    is(&shop.get(&path).await, 200, &customer(true, at, quoted));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_answered_as_the_contract_prints_them() {
    let world = World::start().await;
    let shop = world.shop().await;
    shop.customer(&json!({"merchant_customer_id": "mc-001"})).await;
    let refusal = |message: &str, errors: &[&str]| {
        let errors: Vec<_> = errors.iter().map(|error| format!(r#""{error}""#)).collect();
        let errors = errors.join(",");
        format!(r#"{{"status":"invalid-request","message":"{message}","errors":[{errors}]}}"#)
    };
    let one = |sentence: &str| refusal(sentence, &[sentence]);
    let unsigned = world.ask("GET", "/v2/customers", &[], b"").await;
    is(&unsigned, 401, &one("Unauthorized"));
    let again = shop.post("/v2/customers", &json!({"merchant_customer_id": "mc-001"})).await;
    is(&again, 400, &one("Merchant customer has already been taken"));
    let long = shop.post("/v2/customers", &json!({"name": "n".repeat(51), "city": "ab"})).await;
    let sentences = [
        "Name is too long (maximum is 50 characters)",
        "City is too short (minimum is 3 characters)",
    ];
    is(&long, 400, &refusal(&sentences.join(", "), &sentences));
    is(&shop.get("/v2/customers?limit=ten").await, 400, &one("Limit is not a number"));
    let nobody = "/v2/customers/0d4e9f0a-6c1b-4f1e-9a53-2b7f6c8d9e10";
    is(&shop.get(nobody).await, 404, &one("Customer not found"));
}
