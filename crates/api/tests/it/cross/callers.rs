//! The four vendors' clients of one merchant.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA512, digest};
use domain::demo;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::Server;

/// A merchant's credentials in every dialect.
pub(super) struct Callers<'a> {
    pub(super) server: &'a Server,
    pub(super) store: &'static str,
    admin: String,
    api_key: &'static str,
    shared_key: (&'static str, &'static str),
    client: (&'static str, &'static str),
}

/// The company of the second demonstration merchant.
pub(super) const SECOND_COMPANY: i64 = 5679;

impl<'a> Callers<'a> {
    /// Those of the first demonstration merchant.
    pub(super) async fn first(server: &'a Server) -> Self {
        Self {
            server,
            store: demo::STORE,
            admin: log_in(server, "admin").await,
            api_key: demo::API_KEY,
            shared_key: demo::AUTHENTICITY_TOKEN,
            client: demo::CLIENT,
        }
    }

    /// Those of the second one.
    pub(super) async fn second(server: &'a Server) -> Self {
        Self {
            server,
            store: demo::SECOND_STORE,
            admin: log_in(server, "admin2").await,
            api_key: demo::SECOND_API_KEY,
            shared_key: demo::SECOND_AUTHENTICITY_TOKEN,
            client: demo::SECOND_CLIENT,
        }
    }

    /// Open Loyalty, as the administrator; the path is whole.
    pub(super) async fn open_loyalty(&self, method: &str, path: &str, body: &Value) -> Answer {
        send(self.request(method, path).bearer_auth(&self.admin), body).await
    }

    /// KunaCore, with the API key.
    pub(super) async fn kuna_core(&self, path: &str, body: &Value) -> Answer {
        send(self.request("POST", path).header("api-key", self.api_key), body).await
    }

    /// Monri, signed.
    pub(super) async fn monri(&self, method: &str, target: &str, body: &Value) -> Answer {
        let (token, key) = self.shared_key;
        let time = self.server.services.ports.clock.now().unix_timestamp().to_string();
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let hash = digest(&SHA512, [key, &time, token, target, &text].concat().as_bytes());
        let mut header = format!("WP3-v2.1 {token} {time} ");
        for byte in hash.as_ref() {
            write!(header, "{byte:02x}").unwrap();
        }
        send(self.request(method, target).header("authorization", header), body).await
    }

    /// Kounta, as the merchant's first program; the path is whole.
    pub(super) async fn kounta(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.kounta_as(self.client, method, path, body).await
    }

    /// Kounta, as a program of one's choice.
    pub(super) async fn kounta_as(
        &self,
        (id, secret): (&str, &str),
        method: &str,
        path: &str,
        body: &Value,
    ) -> Answer {
        send(self.request(method, path).basic_auth(id, Some(secret)), body).await
    }

    /// Where Kounta sends a search of the merchant's first program.
    pub(super) async fn redirection(&self, path: &str) -> String {
        let (id, secret) = self.client;
        let request = self.request("GET", path).basic_auth(id, Some(secret));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 302);
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.to_uppercase().parse().unwrap();
        self.server.client.request(method, self.server.url(path))
    }
}

/// A request without credentials.
pub(super) async fn anonymous(server: &Server, method: &str, path: &str, body: &Value) -> Answer {
    let method: Method = method.to_uppercase().parse().unwrap();
    send(server.client.request(method, server.url(path)), body).await
}

/// What the server said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        assert!(self.succeeded(), "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The same with the occurrences of a text blotted out.
    pub(super) fn masked(self, text: &str) -> Self {
        Self { text: self.text.replace(text, "*"), ..self }
    }
}

async fn send(request: RequestBuilder, body: &Value) -> Answer {
    let request = if body.is_null() {
        request
    } else {
        request.header("content-type", "application/json").body(body.to_string())
    };
    let response = request.send().await.unwrap();
    Answer { status: response.status().as_u16(), text: response.text().await.unwrap() }
}

async fn log_in(server: &Server, name: &str) -> String {
    let body = json!({"_username": name, "_password": demo::PASSWORD});
    let answer = anonymous(server, "POST", "/api/admin/login_check", &body).await.json();
    answer["token"].as_str().unwrap().to_owned()
}
