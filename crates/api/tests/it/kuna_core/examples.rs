//! The examples of the contract (contract 6), text for text but for ids, times and tokens.

use serde_json::{Value, json};

use super::world::{Answer, Institution, JSON, World, pair};

const CREATION: &str = r#"{"email":"alex@example.com","phoneNumber":"+380991234567","firstName":"Alex","lastName":"Smith","comment":"met at the fair","externalId":"crm-77","country":"UA","verificationDocumentId":"AA123456","residenceAddress":"Kyiv, Street 1","itn":"1234567890"}"#;

/// The customer of the examples, with the id and the wallet that it got.
struct Alex {
    id: String,
    wallet: String,
}

impl Alex {
    async fn born(institution: &Institution<'_>) -> Self {
        let customer = institution.post_text("/v2/customer/create", CREATION).await.data();
        let text = |name: &str| customer[name].as_str().unwrap().to_owned();
        Self { id: text("id"), wallet: text("walletId") }
    }

    /// The customer as an answer shows it.
    fn shown(&self, first_name: &str, comment: &Value) -> String {
        let Self { id, wallet } = self;
        format!(
            r#"{{"id":"{id}","comment":{comment},"createdAt":"2026-03-02T08:15:00.000Z","email":"alex@example.com","firstName":"{first_name}","lastName":"Smith","phoneNumber":"+380991234567","externalId":"crm-77","walletId":"{wallet}","referralId":null}}"#
        )
    }
}

#[track_caller]
fn is(answer: &Answer, status: u16, text: &str) {
    assert_eq!((answer.status, answer.text.as_str()), (status, text));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_answered_with_two_tokens() {
    let world = World::start().await;
    let institution = world.institution().await;
    let body = r#"{"email":"operator@inst.example","password":"correct horse"}"#;
    let lines = [JSON, ("merchant_id", institution.name.as_str())];
    let answer = world.post("/v2/auth/login", &lines, body).await;
    let (access, refresh) = pair(&answer.data());
    is(
        &answer,
        201,
        &format!(r#"{{"data":{{"accessToken":"{access}","refreshToken":"{refresh}"}}}}"#),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_an_update_and_a_search_show_the_customer() {
    let world = World::start().await;
    let institution = world.institution().await;
    let created = institution.post_text("/v2/customer/create", CREATION).await;
    let customer = created.data();
    let text = |name: &str| customer[name].as_str().unwrap().to_owned();
    let alex = Alex { id: text("id"), wallet: text("walletId") };
    let shown = alex.shown("Alex", &json!("met at the fair"));
    is(&created, 201, &format!(r#"{{"data":{shown}}}"#));

    let update = format!(r#"{{"id":"{}","firstName":"Alexander","comment":null}}"#, alex.id);
    let updated = institution.post_text("/v2/customer/update", &update).await;
    let shown = alex.shown("Alexander", &Value::Null);
    is(&updated, 201, &format!(r#"{{"data":{shown}}}"#));

    let search = r#"{"fullName":"alexander  smith","createdFrom":"2024-02-01","take":10}"#;
    let found = institution.post_text("/v2/customer/find", search).await;
    is(&found, 201, &format!(r#"{{"data":[{shown}]}}"#));
    let search = r#"{"fullName":"alex smith"}"#;
    let found = institution.post_text("/v2/customer/find", search).await;
    is(&found, 201, r#"{"data":[]}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_members_have_an_entry_each() {
    let world = World::start().await;
    let institution = world.institution().await;
    let body = CREATION.replace("alex@example.com", "alex").replace(r#""country":"UA","#, "");
    is(
        &institution.post_text("/v2/customer/create", &body).await,
        400,
        r#"{"errors":[{"code":"ARGUMENT_VALIDATION_ERROR","message":"email must be a valid email","field":"email","extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}},{"code":"ARGUMENT_VALIDATION_ERROR","message":"country is required","field":"country","extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}}]}"#,
    );
    is(
        &institution.post_text("/v2/customer/find", r#"{"take":101}"#).await,
        400,
        r#"{"errors":[{"code":"ARGUMENT_VALIDATION_ERROR","message":"take must be an integer between 1 and 100","field":"take","extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}}]}"#,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_has_an_entry_without_a_field() {
    let world = World::start().await;
    let institution = world.institution().await;
    is(
        &institution.post_text("/v2/customer/find", "no JSON").await,
        400,
        r#"{"errors":[{"code":"ARGUMENT_VALIDATION_ERROR","message":"request body must be a JSON object","extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}}]}"#,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_without_credentials_is_unauthorized() {
    let world = World::start().await;
    is(
        &world.post("/v2/customer/find", &[JSON], "{}").await,
        401,
        r#"{"errors":[{"code":"UNAUTHORIZED","message":"Unauthorized","extensions":{"code":"UNAUTHORIZED"}}]}"#,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_kuna_blocked_is_forbidden_ground() {
    let world = World::start().await;
    let institution = world.institution().await;
    let alex = Alex::born(&institution).await;
    let block = "UPDATE customers SET wallet_status = 'blocked', wallet_set_by = 'operator'";
    world.database.execute(block).await;
    let body = json!({"id": alex.id, "status": "Active"});
    is(
        &institution.post("/v2/customer/update", &body).await,
        403,
        r#"{"errors":[{"code":"FORBIDDEN","message":"wallet status was set by Kuna and cannot be changed","extensions":{"code":"FORBIDDEN"}}]}"#,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_customer_is_not_found() {
    let world = World::start().await;
    let institution = world.institution().await;
    let body = r#"{"id":"6d962783-f0cf-420d-a511-3a48c71c5595"}"#;
    for path in ["/v2/customer/details", "/v2/customer/update"] {
        is(
            &institution.post_text(path, body).await,
            404,
            r#"{"errors":[{"code":"NOT_FOUND","message":"Customer not found","extensions":{"code":"NOT_FOUND"}}]}"#,
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_is_a_conflict() {
    let world = World::start().await;
    let institution = world.institution().await;
    Alex::born(&institution).await;
    is(
        &institution.post_text("/v2/customer/create", CREATION).await,
        409,
        r#"{"errors":[{"code":"CUSTOMER_ALREADY_EXISTS","message":"email is already used by another customer","field":"email","extensions":{"code":"CUSTOMER_ALREADY_EXISTS"}}]}"#,
    );
}

/// What is wrong is told in this order: route, credentials, body, members, existence, uniqueness (contract 1.4).
#[tokio::test(flavor = "multi_thread")]
async fn of_several_faults_the_first_in_the_contracts_order_is_told() {
    let world = World::start().await;
    let institution = world.institution().await;
    let alex = Alex::born(&institution).await;
    let other = institution.customer(&json!({})).await;
    let key = ("api-key", institution.key.as_str());
    let wrong = ("api-key", "unknown");
    let nobody = "6d962783-f0cf-420d-a511-3a48c71c5595";
    let taken =
        |id: &str, more: &str| format!(r#"{{"id":"{id}","email":"alex@example.com"{more}}}"#);
    let own = other["id"].as_str().unwrap();
    let update = "/v2/customer/update";
    for (path, credentials, body, status) in [
        ("/v2/customer/delete", wrong, "no JSON".to_owned(), 404),
        (update, wrong, "no JSON".to_owned(), 401),
        (update, key, "no JSON".to_owned(), 400),
        (update, key, taken(nobody, r#","firstName":7"#), 400),
        (update, key, taken(nobody, ""), 404),
        (update, key, taken(own, r#","firstName":"""#), 400),
        (update, key, taken(own, ""), 409),
        (update, key, taken(&alex.id, ""), 201),
    ] {
        let answer = world.post(path, &[JSON, credentials], &body).await;
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text);
    }
}
