//! A server and companies whose programs call it.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Secret;
use domain::account::Admin;
use domain::id::ApplicationId;
use domain::merchant::{Application, Credentials, Merchant};
use domain::testing::{a_merchant, an_admin, an_application};
use domain::text::Line;
use serde_json::Value;
use time::macros::datetime;

use super::answer::{Answer, exchange};
use crate::support::{Server, ServerOptions};

/// What absolute links begin with; not where the server listens, so that no test mistakes one for the other.
pub(super) const BASE: &str = "https://api.example.test/pos";
/// The one address that applications registered.
pub(super) const REDIRECT_URI: &str = "https://app.example.test/callback?tenant=7";
/// An administrator's password.
pub(super) const PASSWORD: &str = "harbour-road-7";

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// A running server.
pub(super) struct World {
    pub(super) server: Server,
}

impl World {
    /// A server without limits of requests.
    pub(super) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server with other settings.
    pub(super) async fn with(settings: &[(&'static str, &'static str)]) -> Self {
        // What the server remembers must not depend on how fast a test runs.
        let fixed = [
            ("PUBLIC_URL", BASE),
            ("LIMITS__BODY_BYTES", "65536"),
            ("PRINCIPAL_CACHE_SECONDS", "3600"),
        ];
        let variables = fixed.iter().chain(settings).copied().collect();
        let now = Some(datetime!(2026-03-01 22:15:00 UTC));
        Self {
            server: Server::with(ServerOptions { variables, now, ..ServerOptions::default() })
                .await,
        }
    }

    /// The first program of a new company.
    pub(super) async fn company(&self) -> Program<'_> {
        let time_zone = Line::try_from("Australia/Melbourne").unwrap();
        self.company_like(Merchant { time_zone, ..a_merchant() }).await
    }

    /// The first program of a company of one's own making.
    pub(super) async fn company_like(&self, merchant: Merchant) -> Program<'_> {
        self.server.services.merchants.add(&merchant).await.unwrap();
        self.program(&merchant).await
    }

    /// One more program of a company.
    pub(super) async fn program(&self, merchant: &Merchant) -> Program<'_> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (client_id, secret) = (format!("client-{number}"), format!("secret:{number}"));
        let credentials = Credentials::OAuthClient {
            client_id: Line::try_from(client_id.as_str()).unwrap(),
            secret: self.server.services.ports.keeper.fingerprint(&secret),
            signature_token: None,
            redirect_uris: vec![REDIRECT_URI.to_owned()],
        };
        let name = Line::try_from("Tables & <Co>").unwrap();
        let application = Application { credentials, name, ..an_application(merchant.id) };
        self.server.services.merchants.add_application(&application).await.unwrap();
        let pair = STANDARD.encode(format!("{client_id}:{secret}"));
        Program {
            world: self,
            merchant: merchant.clone(),
            application: application.id,
            basic: format!("Authorization: Basic {pair}"),
            client_id,
            secret,
        }
    }

    /// An administrator of a company, with [`PASSWORD`].
    pub(super) async fn admin(&self, admin: Admin) -> String {
        let password = Secret::new(PASSWORD.to_owned());
        self.server.services.accounts.add_admin(&admin, password).await.unwrap();
        admin.username.into_string()
    }

    /// A full administrator of a company, with [`PASSWORD`].
    pub(super) async fn full_admin(&self, merchant: &Merchant) -> String {
        self.admin(an_admin(merchant.id)).await
    }

    /// Sends a request with exactly these header lines.
    pub(super) async fn ask(
        &self,
        method: &str,
        target: &str,
        lines: &[&str],
        body: &[u8],
    ) -> Answer {
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nHost: elsewhere.test\r\nConnection: close\r\n");
        for line in lines {
            head.push_str(line);
            head.push_str("\r\n");
        }
        if !body.is_empty() {
            write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
        }
        head.push_str("\r\n");
        exchange(self.server.address, &[head.as_bytes(), body].concat()).await
    }

    /// Asks for a token with a form.
    pub(super) async fn token(&self, lines: &[&str], form: &str) -> Answer {
        let mut all = vec!["Content-Type: application/x-www-form-urlencoded"];
        all.extend(lines);
        self.ask("POST", "/v1/token.json", &all, form.as_bytes()).await
    }
}

/// A program that a company gave credentials to.
pub(super) struct Program<'a> {
    pub(super) world: &'a World,
    pub(super) merchant: Merchant,
    pub(super) application: ApplicationId,
    pub(super) client_id: String,
    pub(super) secret: String,
    /// The header line of HTTP Basic.
    pub(super) basic: String,
}

impl Program<'_> {
    /// A path below the company.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/v1/companies/{}{rest}", self.merchant.company_id)
    }

    /// An absolute link below the company.
    pub(super) fn link(&self, rest: &str) -> String {
        format!("{BASE}{}", self.path(rest))
    }

    /// Sends a request with HTTP Basic and JSON.
    pub(super) async fn send(
        &self,
        method: &str,
        rest: &str,
        lines: &[&str],
        body: &str,
    ) -> Answer {
        let mut all = vec![self.basic.as_str()];
        if !body.is_empty() {
            all.push("Content-Type: application/json");
        }
        all.extend(lines);
        self.world.ask(method, &self.path(rest), &all, body.as_bytes()).await
    }

    /// Reads below the company.
    pub(super) async fn get(&self, rest: &str) -> Answer {
        self.send("GET", rest, &[], "").await
    }

    /// Adds a customer.
    pub(super) async fn post(&self, body: &Value) -> Answer {
        self.send("POST", "/customers.json", &[], &body.to_string()).await
    }

    /// Changes a customer.
    pub(super) async fn put(&self, id: i64, body: &Value) -> Answer {
        self.send("PUT", &format!("/customers/{id}.json"), &[], &body.to_string()).await
    }

    /// Adds a webhook.
    pub(super) async fn post_webhook(&self, body: &Value) -> Answer {
        self.send("POST", "/webhooks.json", &[], &body.to_string()).await
    }

    /// Changes a webhook.
    pub(super) async fn put_webhook(&self, id: i64, body: &Value) -> Answer {
        self.send("PUT", &format!("/webhooks/{id}.json"), &[], &body.to_string()).await
    }

    /// The id of a new webhook.
    pub(super) async fn webhook(&self, body: &Value) -> i64 {
        self.post_webhook(body).await.json_of(201)["id"].as_i64().unwrap()
    }

    /// The id of a new customer.
    pub(super) async fn customer(&self, body: &Value) -> i64 {
        self.post(body).await.json_of(201)["id"].as_i64().unwrap()
    }

    /// A customer as this program sees it, without its two timestamps.
    pub(super) async fn shown(&self, id: i64) -> Value {
        let mut shown = self.get(&format!("/customers/{id}.json")).await.json_of(200);
        let fields = shown.as_object_mut().unwrap();
        fields.shift_remove("created_at");
        fields.shift_remove("updated_at");
        shown
    }

    /// The client's credentials as form fields.
    pub(super) fn fields(&self) -> String {
        format!("client_id={}&client_secret={}", self.client_id, self.secret)
    }

    /// A new access token of the client's own.
    pub(super) async fn access_token(&self) -> String {
        let form = format!("grant_type=client_credentials&{}", self.fields());
        let answer = self.world.token(&[], &form).await.json_of(200);
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// A new authorization code, approved by the client itself.
    pub(super) async fn code(&self) -> String {
        let form = format!(
            "client_id={}&redirect_uri={}&response_type=code&state=s&decision=approve",
            self.client_id,
            escaped(REDIRECT_URI)
        );
        let lines = [self.basic.as_str(), "Content-Type: application/x-www-form-urlencoded"];
        let answer = self.world.ask("POST", "/authorize", &lines, form.as_bytes()).await;
        let link = answer.redirect();
        let code = link.split("code=").nth(1).expect("a code");
        code.split('&').next().unwrap().to_owned()
    }
}

/// A text as a form or query says it.
pub(super) fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() {
            escaped.push(byte.into());
        } else {
            write!(escaped, "%{byte:02X}").unwrap();
        }
        escaped
    })
}
