//! A server with nothing in it but companies whose programs call it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::Data;
use api::config::Config;
use api::directory::Memory;
use api::health::Readiness;
use api::keys::SigningKeys;
use api::services::{Ports, Services};
use api::{dialects, server};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::account::{Accounts, Admin};
use domain::customer::Customers;
use domain::id::ApplicationId;
use domain::merchant::{Application, Credentials, Merchant, Merchants};
use domain::storage::{Backend, Session, Transaction};
use domain::testing::{FixedClock, SequentialEntropy, a_merchant, an_admin, an_application};
use domain::text::Line;
use domain::token::Tokens;
use domain::{Secret, SecretKeeper as _, Storage, StorageError};
use postgres::PgBackend;
use postgres::testing::TestDatabase;
use secrets::Keeper;
use serde_json::Value;
use time::macros::datetime;
use tokio::sync::{OnceCell, oneshot};

use super::answer::{Answer, exchange};

/// What absolute links begin with; not where the server listens, so that no test mistakes one for the other.
pub(super) const BASE: &str = "https://api.example.test/pos";
/// The one address that applications registered.
pub(super) const REDIRECT_URI: &str = "https://app.example.test/callback?tenant=7";
/// An administrator's password.
pub(super) const PASSWORD: &str = "harbour-road-7";

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Storage that counts how often it is asked, and may fail.
#[derive(Clone)]
struct Counted {
    backend: PgBackend,
    asked: Arc<AtomicU64>,
    failure: Arc<std::sync::Mutex<Option<StorageError>>>,
}

#[async_trait]
impl Backend for Counted {
    async fn open(&self) -> Result<Box<dyn Session>, StorageError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let failure = self.failure.lock().unwrap().clone();
        failure.map_or(Ok(()), Err)?;
        self.backend.open().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.backend.begin().await
    }
}

/// A running server.
pub(super) struct World {
    pub(super) address: SocketAddr,
    /// The server's clock, which a test may move.
    pub(super) clock: Arc<FixedClock>,
    /// The same customers as the server's, past every dialect.
    pub(super) customers: Customers,
    /// The same tokens as the server's.
    pub(super) tokens: Tokens,
    merchants: Merchants,
    accounts: Accounts,
    keeper: Arc<Keeper>,
    asked: Arc<AtomicU64>,
    failure: Arc<std::sync::Mutex<Option<StorageError>>>,
    _stop: oneshot::Sender<()>,
}

impl World {
    /// A server without limits of requests.
    pub(super) async fn start() -> Self {
        Self::with("basic_requests_per_minute = 0\noauth_requests_per_minute = 0").await
    }

    /// A server with other settings of the dialect.
    pub(super) async fn with(settings: &str) -> Self {
        let config = Arc::new(configuration(settings));
        let database = Arc::new(TestDatabase::new().await);
        let clock = Arc::new(FixedClock::at(datetime!(2026-03-01 22:15:00 UTC)));
        let entropy = Arc::new(SequentialEntropy::default());
        let keeper = Arc::new(Keeper::cheap("5c".repeat(32).parse().unwrap()).unwrap());
        let ports = Ports {
            clock: Arc::clone(&clock) as _,
            entropy: Arc::clone(&entropy) as _,
            keeper: Arc::clone(&keeper) as _,
        };
        let (port_clock, port_entropy, port_keeper) = (
            || Arc::clone(&ports.clock),
            || Arc::clone(&ports.entropy),
            || Arc::clone(&ports.keeper),
        );
        let storage = Storage::new(database.backend());
        let tokens = Tokens::new(storage.clone(), port_clock(), port_entropy(), port_keeper());
        let customers = Customers::new(storage.clone(), port_clock(), port_entropy());
        let accounts = Accounts::new(storage.clone(), port_clock(), port_keeper());
        let keys = signing_keys(&tokens, &keeper, &entropy).await;
        let memory = Memory::new(config.principal_cache);
        let (asked, failure) = (Arc::default(), Arc::default());
        let state = {
            let (config, asked, failure) =
                (Arc::clone(&config), Arc::clone(&asked), Arc::clone(&failure));
            move || {
                let storage = Storage::new(Counted {
                    backend: database.backend(),
                    asked: Arc::clone(&asked),
                    failure: Arc::clone(&failure),
                });
                let (config, keys) = (Arc::clone(&config), Arc::clone(&keys));
                Data::new(Services::new(config, ports.clone(), keys, memory.clone(), storage))
            }
        };
        let listener = server::bind(config.listen).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let mounted = Arc::clone(&config);
        let readiness = Readiness::starting();
        let server = server::serve(&config, listener, readiness, stopped, state, move |app, _| {
            dialects::mount(&mounted, app);
        });
        tokio::spawn(server.unwrap());
        let merchants = Merchants::new(storage);
        Self {
            address,
            clock,
            customers,
            tokens,
            merchants,
            accounts,
            keeper,
            asked,
            failure,
            _stop: stop,
        }
    }

    /// The first program of a new company.
    pub(super) async fn company(&self) -> Program<'_> {
        let merchant =
            Merchant { time_zone: Line::try_from("Australia/Melbourne").unwrap(), ..a_merchant() };
        self.company_like(merchant).await
    }

    /// The first program of a company of one's own making.
    pub(super) async fn company_like(&self, merchant: Merchant) -> Program<'_> {
        self.merchants.add(&merchant).await.unwrap();
        self.program(&merchant).await
    }

    /// One more program of a company.
    pub(super) async fn program(&self, merchant: &Merchant) -> Program<'_> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (client_id, secret) = (format!("client-{number}"), format!("secret:{number}"));
        let credentials = Credentials::OAuthClient {
            client_id: Line::try_from(client_id.as_str()).unwrap(),
            secret: self.keeper.fingerprint(&secret),
            signature_token: None,
            redirect_uris: vec![REDIRECT_URI.to_owned()],
        };
        let application = Application {
            credentials,
            name: Line::try_from("Tables & <Co>").unwrap(),
            ..an_application(merchant.id)
        };
        self.merchants.add_application(&application).await.unwrap();
        Program {
            world: self,
            merchant: merchant.clone(),
            application: application.id,
            basic: format!(
                "Authorization: Basic {}",
                STANDARD.encode(format!("{client_id}:{secret}"))
            ),
            client_id,
            secret,
        }
    }

    /// A program of a company that belongs to another dialect, by its token.
    pub(super) async fn add_application(&self, application: &Application) {
        self.merchants.add_application(application).await.unwrap();
    }

    /// An administrator of a company, with [`PASSWORD`].
    pub(super) async fn admin(&self, admin: Admin) -> String {
        self.accounts.add_admin(&admin, Secret::new(PASSWORD.to_owned())).await.unwrap();
        admin.username.into_string()
    }

    /// A full administrator of a company, with [`PASSWORD`].
    pub(super) async fn full_admin(&self, merchant: &Merchant) -> String {
        self.admin(an_admin(merchant.id)).await
    }

    /// How often the server asked storage so far.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Lets storage fail from now on.
    pub(super) fn fail(&self, error: StorageError) {
        *self.failure.lock().unwrap() = Some(error);
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
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        exchange(self.address, &[head.as_bytes(), body].concat()).await
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
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

fn configuration(settings: &str) -> Config {
    let text = format!(
        "listen = \"127.0.0.1:0\"\nworkers = 1\nmaster_key = \"{}\"\npublic_url = \"{BASE}\"\n\
         [limits]\nbody_bytes = 65536\n[kounta]\n{settings}\n",
        "5c".repeat(32)
    );
    Config::from_parts(&text, []).unwrap()
}

/// Keys take long to make and mean nothing here.
async fn signing_keys(
    tokens: &Tokens,
    keeper: &Keeper,
    entropy: &SequentialEntropy,
) -> Arc<SigningKeys> {
    static KEYS: OnceCell<Arc<SigningKeys>> = OnceCell::const_new();
    let make = async || Arc::new(SigningKeys::load(tokens, keeper, entropy).await.unwrap());
    Arc::clone(KEYS.get_or_init(make).await)
}
