//! Starts: several at once, and of some dialects only.

use domain::demo;
use postgres::testing::TestDatabase;
use serde_json::{Value, json};

use super::instance::{Instance, client, planted};

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_start_on_an_empty_database_both_become_ready() {
    let neighbour = TestDatabase::new().await;
    let (server, name) = neighbour.url().rsplit_once('/').unwrap();
    let (name, parameters) = name.split_once('?').unwrap_or((name, ""));
    neighbour.execute(&format!("CREATE DATABASE {name}_empty TEMPLATE template0")).await;
    let url = format!("{server}/{name}_empty?{parameters}");
    let url = url.trim_end_matches('?');
    let mut instances = [Instance::spawn(url, &[]), Instance::spawn(url, &[])];
    for instance in &mut instances {
        instance.become_ready().await;
    }
    for instance in &instances {
        assert_eq!(instance.get("/readyz").await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_serves_the_dialects_that_were_chosen_and_no_other() {
    let database = planted().await;
    let instance = Instance::start(database.url(), &[("CLIENTELE_DIALECTS", "monri")]).await;
    let (client_id, client_secret) = demo::AUTHENTICITY_TOKEN;
    let grant = json!({
        "client_id": client_id, "client_secret": client_secret, "grant_type": "client_credentials",
        "scopes": ["customers"],
    });
    let answer = client().post(instance.url("/v2/oauth")).json(&grant).send().await.unwrap();
    let token = answer.json::<Value>().await.unwrap()["access_token"].clone();
    let request = client().get(instance.url("/v2/customers")).bearer_auth(token.as_str().unwrap());
    assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
    let (id, secret) = demo::CLIENT;
    for path in
        ["/api/customer", "/api/DEFAULT/customer/check", "/v1/companies/me.json", "/authorize"]
    {
        let request = client().get(instance.url(path)).basic_auth(id, Some(secret));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 404, "{path}");
    }
    for path in ["/v2/customer/find", "/v2/auth/login", "/api/admin/login_check", "/v1/token"] {
        let request = client().post(instance.url(path)).header("api-key", demo::API_KEY);
        let answer = request.json(&json!({})).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_can_be_read_on_a_listener_of_their_own_and_nowhere_else() {
    let database = planted().await;
    let figures = free_address();
    let instance =
        Instance::start(database.url(), &[("CLIENTELE_METRICS__LISTEN", figures.as_str())]).await;
    assert_eq!(instance.get("/metrics").await, 404);
    let get = async |path: &str| client().get(format!("http://{figures}{path}")).send().await;
    assert_eq!(get("/readyz").await.unwrap().status().as_u16(), 404);
    let answer = get("/metrics").await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.unwrap();
    let count =
        r#"clientele_request_duration_seconds_count{dialect="none",route="/readyz",status="2xx"} "#;
    assert!(text.contains(count), "{text}");
    assert!(text.contains(r#"clientele_database_connections{state="open"} "#), "{text}");
    assert!(text.contains("\nclientele_deliveries_pending 0\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_is_served_on_a_listener_of_its_own_and_nowhere_else() {
    let database = planted().await;
    let (ops, key) = (free_address(), "an_operators_key_of_at_least_32_characters");
    let settings = [("CLIENTELE_OPS__LISTEN", ops.as_str()), ("CLIENTELE_OPS__KEY", key)];
    let instance = Instance::start(database.url(), &settings).await;
    let get = async |url: String| {
        let answer = client().get(url).bearer_auth(key).send().await.unwrap();
        answer.status().as_u16()
    };
    let at_ops = |path: &str| format!("http://{ops}{path}");
    assert_eq!(get(at_ops("/ops/v1/service")).await, 200);
    assert_eq!(get(at_ops("/readyz")).await, 200);
    assert_eq!(get(at_ops("/v1/companies/me.json")).await, 404);
    assert_eq!(get(instance.url("/ops/v1/service")).await, 404);
}

fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
