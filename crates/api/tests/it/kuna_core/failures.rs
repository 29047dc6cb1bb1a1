//! What is ours to answer for (contract 1.4).

use domain::StorageError;
use serde_json::json;

use super::world::{JSON, World, a_creation};

#[tokio::test(flavor = "multi_thread")]
async fn failures_of_storage_are_told_without_their_cause() {
    for (error, status, code, message) in [
        (
            StorageError::Unavailable("host db-7".to_owned()),
            503,
            "SERVICE_UNAVAILABLE",
            "Service unavailable",
        ),
        (
            StorageError::Failed("column secret".to_owned()),
            500,
            "INTERNAL_ERROR",
            "Internal server error",
        ),
    ] {
        let world = World::start().await;
        let institution = world.institution().await;
        let id = institution.customer(&json!({})).await["id"].clone();
        let (_, refresh) = institution.tokens().await;
        world.storage.break_with(error);
        for (path, body) in [
            ("/v2/customer/create", a_creation(&json!({}))),
            ("/v2/customer/details", json!({"id": id})),
            ("/v2/customer/find", json!({})),
            ("/v2/customer/update", json!({"id": id, "firstName": "A"})),
            ("/v2/auth/refresh", json!({"refreshToken": refresh})),
        ] {
            let answer = institution.post(path, &body).await;
            answer.fails(status, code, message);
            let again = answer.headers.get("retry-after").map(|value| value.to_str().unwrap());
            assert_eq!(again, (status == 503).then_some("1"));
        }
        institution.log_in().await.fails(status, code, message);
        let unknown = [JSON, ("api-key", "never seen")];
        world.post("/v2/customer/find", &unknown, "{}").await.fails(status, code, message);
    }
}
