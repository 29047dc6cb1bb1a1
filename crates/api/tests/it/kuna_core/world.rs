//! A server, and the institutions that call it.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Secret;
use domain::id::{ApplicationId, MerchantId, OperatorId};
use domain::merchant::{Application, Credentials};
use domain::testing::{a_merchant, an_application, an_operator};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::support::{Server, ServerOptions};

const PASSWORD: &str = "correct horse";

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// A running server, asked in the vendor's way.
pub(super) struct World(Server);

impl Deref for World {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

impl World {
    /// A server with the default settings, at 2026-03-02 08:15:00.
    pub(super) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server with other settings.
    pub(super) async fn with(variables: &[(&'static str, &'static str)]) -> Self {
        let options = ServerOptions { variables: variables.to_vec(), ..ServerOptions::default() };
        Self(Server::with(options).await)
    }

    /// A new institution with an API key and an operator.
    pub(super) async fn institution(&self) -> Institution<'_> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (merchant, key) = (a_merchant(), format!("kc_key_{number:056x}"));
        self.services.merchants.add(&merchant).await.unwrap();
        let fingerprint = self.services.ports.keeper.fingerprint(&key);
        let credentials = Credentials::ApiKey { key: fingerprint, addresses: None };
        let application = Application { credentials, ..an_application(merchant.id) };
        self.services.merchants.add_application(&application).await.unwrap();
        let operator = an_operator(merchant.id, "operator@inst.example");
        self.services
            .accounts
            .add_operator(&operator, Secret::new(PASSWORD.to_owned()))
            .await
            .unwrap();
        Institution {
            world: self,
            merchant: merchant.id,
            name: merchant.institution.as_str().to_owned(),
            operator: operator.id,
            application: application.id,
            key,
        }
    }

    /// Posts a text with headers.
    pub(super) async fn post(&self, target: &str, lines: &[(&str, &str)], body: &str) -> Answer {
        self.send("POST", target, lines, body).await
    }

    /// Sends a text with headers.
    pub(super) async fn send(
        &self,
        method: &str,
        target: &str,
        lines: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let request = self
            .client
            .request(method.parse().unwrap(), self.url(target))
            .headers(headers)
            .body(body.to_owned());
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    /// Posts JSON without credentials.
    pub(super) async fn post_json(&self, target: &str, body: &Value) -> Answer {
        self.post(target, &[JSON], &body.to_string()).await
    }
}

/// The header of a JSON body.
pub(super) const JSON: (&str, &str) = ("content-type", "application/json");

/// An institution and its credentials.
pub(super) struct Institution<'a> {
    pub(super) world: &'a World,
    pub(super) merchant: MerchantId,
    pub(super) name: String,
    pub(super) operator: OperatorId,
    pub(super) application: ApplicationId,
    pub(super) key: String,
}

impl Institution<'_> {
    /// Posts JSON with the API key.
    pub(super) async fn post(&self, target: &str, body: &Value) -> Answer {
        self.post_text(target, &body.to_string()).await
    }

    /// Posts a text as JSON with the API key.
    pub(super) async fn post_text(&self, target: &str, body: &str) -> Answer {
        self.world.post(target, &[JSON, ("api-key", &self.key)], body).await
    }

    /// Posts JSON with an access token.
    pub(super) async fn post_with(&self, token: &str, target: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        self.world.post(target, &[JSON, ("authorization", &bearer)], &body.to_string()).await
    }

    /// Logs the operator in.
    pub(super) async fn log_in(&self) -> Answer {
        self.log_in_as("operator@inst.example", PASSWORD).await
    }

    /// Logs somebody in.
    pub(super) async fn log_in_as(&self, email: &str, password: &str) -> Answer {
        let body = json!({"email": email, "password": password}).to_string();
        self.world.post("/v2/auth/login", &[JSON, ("merchant_id", &self.name)], &body).await
    }

    /// The tokens of a login: access and refresh.
    pub(super) async fn tokens(&self) -> (String, String) {
        pair(&self.log_in().await.data())
    }

    /// Creates a customer with more or other members than are required, and returns it.
    pub(super) async fn customer(&self, members: &Value) -> Value {
        self.post("/v2/customer/create", &a_creation(members)).await.data()
    }

    /// The ids that a search finds, in its order.
    pub(super) async fn found(&self, filters: &Value) -> Vec<String> {
        let found = self.post("/v2/customer/find", filters).await.data();
        let id = |customer: &Value| customer["id"].as_str().unwrap().to_owned();
        found.as_array().unwrap().iter().map(id).collect()
    }
}

/// Access and refresh token of an answer.
pub(super) fn pair(data: &Value) -> (String, String) {
    let text = |name: &str| data[name].as_str().unwrap().to_owned();
    (text("accessToken"), text("refreshToken"))
}

/// The body of a creation: what is required, and more or other members.
pub(super) fn a_creation(members: &Value) -> Value {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut body = json!({
        "email": format!("alex{number}@example.com"), "firstName": "Alex", "lastName": "Smith", "country": "UA",
        "verificationDocumentId": "AA123456", "residenceAddress": "Kyiv, Street 1",
    });
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What the server said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    /// The result of a success.
    #[track_caller]
    pub(super) fn data(&self) -> Value {
        assert_eq!(self.status, 201, "{}", self.text);
        let body: Value = serde_json::from_str(&self.text).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        assert_eq!(self.headers["content-type"], "application/json");
        body["data"].clone()
    }

    /// Checks a failure of one sentence, byte for byte.
    #[track_caller]
    pub(super) fn fails(&self, status: u16, code: &str, message: &str) {
        let expected = format!(
            r#"{{"errors":[{{"code":"{code}","message":"{message}","extensions":{{"code":"{code}"}}}}]}}"#
        );
        assert_eq!((self.status, self.text.as_str()), (status, expected.as_str()));
        assert_eq!(self.headers["content-type"], "application/json");
    }

    /// Checks that the caller was not let in.
    #[track_caller]
    pub(super) fn is_unauthorized(&self) {
        self.fails(401, "UNAUTHORIZED", "Unauthorized");
    }

    /// Checks that there is no such customer.
    #[track_caller]
    pub(super) fn is_not_found(&self) {
        self.fails(404, "NOT_FOUND", "Customer not found");
    }

    /// Checks which members were wrong and how, in order.
    #[track_caller]
    pub(super) fn refuses(&self, problems: &[(&str, &str)]) {
        let entry = |(field, message): &(&str, &str)| {
            json!({
                "code": "ARGUMENT_VALIDATION_ERROR", "message": format!("{field} {message}"), "field": field,
                "extensions": {"code": "ARGUMENT_VALIDATION_ERROR"},
            })
        };
        let expected = json!({"errors": problems.iter().map(entry).collect::<Vec<_>>()});
        let body: Value = serde_json::from_str(&self.text).unwrap();
        assert_eq!((self.status, body), (400, expected));
    }
}
