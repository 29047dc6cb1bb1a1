//! What is ours to answer for (contract 1.4).

use serde_json::json;

use super::world::{Institution, JSON, World, a_creation};

/// Asks for everything that needs storage, and expects the same failure everywhere.
async fn fails_everywhere(world: &World, status: u16, code: &str, message: &str, breakage: &str) {
    let institution = world.institution().await;
    let id = institution.customer(&json!({})).await["id"].clone();
    let (_, refresh) = institution.tokens().await;
    world.database.execute(breakage).await;
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
    logs_nobody_in(&institution, status, code, message).await;
}

async fn logs_nobody_in(institution: &Institution<'_>, status: u16, code: &str, message: &str) {
    institution.log_in().await.fails(status, code, message);
    let unknown = [JSON, ("api-key", "never seen")];
    let answer = institution.world.post("/v2/customer/find", &unknown, "{}").await;
    answer.fails(status, code, message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_makes_the_service_unavailable() {
    let away = "WITH shut AS (UPDATE pg_database SET datallowconn = false WHERE datname = current_database()) \
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let world = World::start().await;
    let message = "Service unavailable";
    fails_everywhere(&world, 503, "SERVICE_UNAVAILABLE", message, away).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_defect_is_told_without_its_cause() {
    let defect = "DO $$ BEGIN \
                  ALTER TABLE customers RENAME TO gone; ALTER TABLE operators RENAME TO operators_gone; \
                  ALTER TABLE directory RENAME TO directory_gone; END $$";
    let world = World::start().await;
    let message = "Internal server error";
    fails_everywhere(&world, 500, "INTERNAL_ERROR", message, defect).await;
}
