//! No line of the log holds what a client told about a person or about itself.

use std::time::Duration;

use domain::demo;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::instance::{Instance, a_customer, client, planted};

const EMAIL: &str = "planted.person@example.com";
const PHONE: &str = "48700600500";
const CARD: &str = "PLANTEDCARD77";
const NAME: &str = "Plantedname";
const PASSWORD: &str = "planted-password-1";
const TOKEN: &str = "planted.token.value";

#[tokio::test(flavor = "multi_thread")]
async fn a_log_holds_no_personal_data_and_no_secret() {
    let database = planted().await;
    let mut instance = Instance::start(database.url(), &[]).await;
    let admin = log_in(&instance).await;
    let requests = [open_loyalty(&instance, &admin), kuna_core(&instance), others(&instance)];
    let mut answered = Vec::new();
    for request in requests.into_iter().flatten() {
        answered.push(request.send().await.unwrap().status().as_u16());
    }
    assert!(answered.iter().all(|status| *status < 500), "{answered:?}");
    for class in [2, 4] {
        assert!(answered.iter().any(|status| status / 100 == class), "{class}xx: {answered:?}");
    }
    instance.terminate();
    assert!(instance.ended(Duration::from_secs(10)).await.success());
    let log = instance.output();
    let lines = log.lines().filter(|line| line.contains("request answered")).count();
    assert!(lines > answered.len(), "{lines} lines for {} answers", answered.len());
    let (_, monri_key) = demo::AUTHENTICITY_TOKEN;
    let (_, kounta_secret) = demo::CLIENT;
    let secrets = [demo::PASSWORD, demo::API_KEY, monri_key, kounta_secret, admin.as_str()];
    let log = log.to_lowercase();
    for planted in
        [EMAIL, "planted.person", PHONE, CARD, NAME, PASSWORD, TOKEN].into_iter().chain(secrets)
    {
        let planted = planted.to_lowercase();
        let line = log.lines().find(|line| line.contains(&planted));
        assert_eq!(line, None, "{planted}");
    }
}

async fn log_in(instance: &Instance) -> String {
    let body = json!({"_username": "admin", "_password": demo::PASSWORD});
    let request = client().post(instance.url("/api/admin/login_check")).json(&body);
    let answer = request.send().await.unwrap().json::<Value>().await.unwrap();
    answer["token"].as_str().unwrap().to_owned()
}

fn ask(instance: &Instance, method: Method, path: &str) -> RequestBuilder {
    client().request(method, instance.url(path))
}

fn open_loyalty(instance: &Instance, admin: &str) -> Vec<RequestBuilder> {
    let form = json!({"customer": {
        "firstName": NAME, "lastName": NAME, "email": EMAIL, "phone": PHONE, "loyaltyCardNumber": CARD,
        "agreement1": true,
    }});
    let get = |path: String| ask(instance, Method::GET, &path).bearer_auth(admin);
    let post = |path: &str| ask(instance, Method::POST, path);
    vec![
        post("/api/customer/register").bearer_auth(admin).json(&form),
        post("/api/customer/register").bearer_auth(admin).json(&form),
        post("/api/customer/register").bearer_auth(admin).body(format!("{{\"{EMAIL}")),
        post("/api/customer/login_check").json(&json!({"_username": EMAIL, "_password": PASSWORD})),
        post("/api/token/refresh").json(&json!({"refresh_token": TOKEN})),
        get(format!("/api/customer/{CARD}")),
        get(format!("/api/customer/{EMAIL}")),
        get(format!("/api/customer?email={EMAIL}&phone={PHONE}")),
        get(format!("/api/customer/check?emailOrPhone={EMAIL}")),
        get(format!("/api/{EMAIL}/{PHONE}/{CARD}")),
        ask(instance, Method::GET, "/api/customer").bearer_auth(TOKEN),
        ask(instance, Method::GET, "/api/customer")
            .header("referer", EMAIL)
            .header("user-agent", TOKEN),
    ]
}

fn kuna_core(instance: &Instance) -> Vec<RequestBuilder> {
    let post = |path: &str| ask(instance, Method::POST, path);
    let known = |path: &str| post(path).header("api-key", demo::API_KEY);
    let mut body = a_customer(&format!("2{EMAIL}"));
    body["phoneNumber"] = json!(PHONE);
    vec![
        known("/v2/customer/create").json(&body),
        known("/v2/customer/create").json(&body),
        known("/v2/customer/create").json(&json!({"email": [EMAIL], "firstName": NAME})),
        known("/v2/customer/find").json(&json!({"email": EMAIL, "phoneNumber": PHONE})),
        post("/v2/customer/find").header("api-key", TOKEN).json(&json!({})),
        post("/v2/auth/login")
            .header("merchant_id", demo::INSTITUTION)
            .json(&json!({"email": EMAIL, "password": PASSWORD})),
    ]
}

fn others(instance: &Instance) -> Vec<RequestBuilder> {
    let (token, key) = demo::AUTHENTICITY_TOKEN;
    let grant = |secret: &str| {
        json!({
            "client_id": token, "client_secret": secret, "grant_type": "client_credentials",
            "scopes": ["customers"],
        })
    };
    let (id, secret) = demo::CLIENT;
    let own = |method, rest: &str| {
        let path = format!("/v1/companies/me/{rest}");
        ask(instance, method, &path).basic_auth(id, Some(secret))
    };
    let company = |method, rest: &str| own(method, &format!("customers.json{rest}"));
    let webhook = |address: &str| {
        let headers = json!({"Authorization": TOKEN});
        let body = json!({"topic": "customers/created", "address": address, "headers": headers});
        own(Method::POST, "webhooks.json").json(&body)
    };
    let person = json!({"first_name": NAME, "email": EMAIL, "mobile": PHONE});
    vec![
        ask(instance, Method::POST, "/v2/oauth").json(&grant(key)),
        ask(instance, Method::POST, "/v2/oauth").json(&grant(TOKEN)),
        ask(instance, Method::GET, &format!("/v2/merchants/customers/{CARD}")).bearer_auth(TOKEN),
        ask(instance, Method::GET, &format!("/v2/customers/{EMAIL}"))
            .header("authorization", format!("WP3-v2.1 {token} 1 {TOKEN}")),
        company(Method::POST, "").json(&person),
        company(Method::POST, "").json(&person),
        company(Method::GET, &format!("?email={EMAIL}")),
        company(Method::GET, &format!("?mobile={PHONE}")),
        webhook(&format!("https://hooks.example.test/{TOKEN}")),
        webhook(&format!("http://127.0.0.1/{TOKEN}")),
        own(Method::GET, "webhooks.json"),
        ask(instance, Method::GET, "/v1/companies/me.json").basic_auth(EMAIL, Some(PASSWORD)),
        ask(instance, Method::GET, &format!("/v1/{EMAIL}/{TOKEN}")),
    ]
}
