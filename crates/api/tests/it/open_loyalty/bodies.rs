//! What may be in a body, and how much (contract 1.2).

use domain::merchant::CommunicationMethod;
use serde_json::json;

use super::world::{World, a_form};

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_body_is_a_bad_request() {
    let world = World::start().await;
    let token = world.admin().await;
    let deep = format!(r#"{{"customer":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    for body in ["{", "[1,", "\"x\"", "7", "null", "{\"a\":\"\\ud800\"}", deep.as_str()] {
        let call = world.post("/api/customer/register").token(&token);
        let answer = call.header("content-type", "application/json").body(body).send().await;
        answer.http_error(400, "Bad Request");
    }
    let many = "a=1&".repeat(1_001);
    for body in [
        "customer[a]=%zz",
        "customer[a]=%",
        "customer[a]=%ff%fe",
        "a[b][c][d][e][f][g]=1",
        many.as_str(),
    ] {
        let answer = world.post("/api/customer/register").token(&token).form(body).send().await;
        answer.http_error(400, "Bad Request");
    }
    world
        .get("/api/customer?firstName=%zz")
        .token(&token)
        .send()
        .await
        .http_error(400, "Bad Request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_in_another_form_is_unsupported() {
    let world = World::start().await;
    let token = world.admin().await;
    for kind in ["text/plain", "application/xml", "multipart/form-data"] {
        let call = world.post("/api/customer/register").token(&token);
        let answer = call.header("content-type", kind).body("x").send().await;
        answer.http_error(415, "Unsupported Media Type");
    }
    let call = world.post("/api/customer/register").token(&token).form("customer[a]=b");
    let answer = call.header("content-encoding", "gzip").send().await;
    answer.http_error(415, "Unsupported Media Type");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_a_type_has_no_fields() {
    let world = World::start().await;
    let token = world.admin().await;
    let call = world.post("/api/customer/register").token(&token);
    let answer = call.body("customer[firstName]=Ada").send().await;
    assert_eq!(answer.form_errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_too_large() {
    let world = World::with(&[("LIMITS__BODY_BYTES", "200")], CommunicationMethod::Email).await;
    let token = world.admin().await;
    for (size, status) in [(200, 400), (201, 413)] {
        let body = format!("a={}", "x".repeat(size - 2));
        let answer = world.post("/api/customer/register").token(&token).form(&body).send().await;
        assert_eq!(answer.status, status, "{size}");
    }
    let call = world.post("/api/customer/register").token(&token).form(&"x".repeat(201));
    call.send().await.http_error(413, "Payload Too Large");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_is_looked_at_before_the_body() {
    let world = World::start().await;
    let call = world.post("/api/customer/register").header("content-type", "application/json");
    call.body("{").send().await.refused(401, r#"{"message":"Authentication Required"}"#);
    let token = world.reporter().await;
    let call = world.post("/api/customer/register").token(&token);
    call.header("content-type", "text/plain").body("x").send().await.http_error(403, "Forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn storage_out_of_reach_is_unavailable() {
    let world = World::start().await;
    let token = world.admin().await;
    let database = &world.server.database;
    world.get("/api/customer").token(&token).send().await.ok();
    let shut = "DO $$ BEGIN UPDATE pg_database SET datallowconn = false WHERE datname = current_database(); \
                PERFORM pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid(); END $$";
    database.execute(shut).await;
    let form = a_form(&json!({"email": "ada@shop.example"}));
    for call in [
        world.get("/api/customer").token(&token),
        world.get("/api/customer/5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10").token(&token),
        world.post("/api/customer/register").token(&token).json(&form),
        world.get("/api/customer/check?emailOrPhone=a@b.cd"),
        world.post("/api/admin/login_check").form("_username=a&_password=b"),
        world.post("/api/token/refresh").form("refresh_token=a"),
    ] {
        call.send().await.http_error(503, "Service Unavailable");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_storage_is_an_error_without_details() {
    let world = World::start().await;
    let token = world.admin().await;
    for table in ["customers", "customer_counts"] {
        world.server.database.execute(&format!("ALTER TABLE {table} RENAME TO lost_{table}")).await;
    }
    for call in [
        world.get("/api/customer").token(&token),
        world.get("/api/customer/5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10").token(&token),
        world.get("/api/customer/check?emailOrPhone=a@b.cd"),
        world.post("/api/customer/login_check").form("_username=a&_password=b"),
    ] {
        call.send().await.http_error(500, "Internal Server Error");
    }
}
