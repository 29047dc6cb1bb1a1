//! A server with nothing in it but merchants whose shops call it.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::Data;
use api::config::Config;
use api::directory::Memory;
use api::health::Readiness;
use api::keys::SigningKeys;
use api::services::{Ports, Services};
use api::views::ViewLog;
use api::{dialects, server};
use async_trait::async_trait;
use aws_lc_rs::digest::{SHA512, digest};
use domain::access::Actor;
use domain::id::MerchantId;
use domain::merchant::{Application, Credentials, Merchants};
use domain::storage::{Backend, Session, Transaction};
use domain::testing::{FixedClock, SequentialEntropy, a_merchant, an_application};
use domain::text::Text;
use domain::token::Tokens;
use domain::{Clock as _, Secret, SecretKeeper as _, Storage, StorageError};
use postgres::PgBackend;
use postgres::testing::TestDatabase;
use secrets::Keeper;
use serde_json::Value;
use time::macros::datetime;
use tokio::sync::{OnceCell, oneshot};

use super::answer::{Answer, ask};

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Storage that counts how often it is asked, and may be out of reach.
struct Watched {
    backend: PgBackend,
    watch: Arc<Watch>,
}

/// What is seen of all storage of one server.
#[derive(Default)]
struct Watch {
    asked: AtomicU64,
    gone: Mutex<Option<StorageError>>,
}

impl Watch {
    fn ask(&self) -> Result<(), StorageError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.gone.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Backend for Watched {
    async fn open(&self) -> Result<Box<dyn Session>, StorageError> {
        self.watch.ask()?;
        self.backend.open().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        self.watch.ask()?;
        self.backend.begin().await
    }
}

/// A running server.
pub(super) struct World {
    address: SocketAddr,
    /// The server's clock, which a test may move.
    pub(super) clock: Arc<FixedClock>,
    /// The server's storage.
    pub(super) storage: Storage,
    /// The server's tokens.
    pub(super) tokens: Tokens,
    /// What seals what the server stores.
    pub(super) keeper: Arc<Keeper>,
    database: Arc<TestDatabase>,
    watch: Arc<Watch>,
    _stop: oneshot::Sender<()>,
}

impl World {
    /// A server with the default settings, at the time of the contract's vectors.
    pub(super) async fn start() -> Self {
        Self::with("").await
    }

    /// A server with other settings.
    pub(super) async fn with(settings: &str) -> Self {
        let required = format!(
            "listen = \"127.0.0.1:0\"\nworkers = 1\nmaster_key = \"{}\"\n",
            "5c".repeat(32)
        );
        let config = Arc::new(Config::from_parts(&[&required, settings].concat(), []).unwrap());
        let clock = Arc::new(FixedClock::at(datetime!(2025-12-02 00:00:00.120 UTC)));
        let entropy = Arc::new(SequentialEntropy::default());
        let keeper = Arc::new(Keeper::cheap("5c".repeat(32).parse().unwrap()).unwrap());
        let database = Arc::new(TestDatabase::new().await);
        let storage = Storage::new(database.backend());
        let watch = Arc::new(Watch::default());
        let ports = Ports {
            clock: Arc::clone(&clock) as _,
            entropy: Arc::clone(&entropy) as _,
            keeper: Arc::clone(&keeper) as _,
            gateways: domain::message::Gateways::default(),
            objects: Arc::new(domain::testing::MemoryObjects::default()),
            cleaner: Arc::new(domain::testing::TrustingCleaner),
            sender: Arc::new(webhooks::HttpSender::new(config.deliveries()).unwrap()),
        };
        let tokens = Tokens::new(
            storage.clone(),
            Arc::clone(&ports.clock),
            Arc::clone(&ports.entropy),
            Arc::clone(&ports.keeper),
        );
        let keys = signing_keys(&tokens, &keeper, &entropy).await;
        let memory = Memory::new(config.principal_cache);
        let (views, _) = ViewLog::new(storage.clone());
        let state = {
            let (config, watch) = (Arc::clone(&config), Arc::clone(&watch));
            let database = Arc::clone(&database);
            move || {
                let watched = Watched { backend: database.backend(), watch: Arc::clone(&watch) };
                Data::new(Services::new(
                    Arc::clone(&config),
                    ports.clone(),
                    Arc::clone(&keys),
                    memory.clone(),
                    views.clone(),
                    Storage::new(watched),
                ))
            }
        };
        let listener = server::bind(config.listen).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let mounted = Arc::clone(&config);
        let server = server::serve(
            &config,
            listener,
            Readiness::starting(),
            stopped,
            state,
            move |app, _| {
                dialects::mount(&mounted, app);
            },
        );
        tokio::spawn(server.unwrap());
        Self { address, clock, storage, tokens, keeper, database, watch, _stop: stop }
    }

    /// The shop of a new merchant.
    pub(super) async fn shop(&self) -> Shop<'_> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        self.shop_with(&format!("{number:040x}"), &format!("mk_{number}")).await
    }

    /// The shop of a new merchant with credentials of one's own.
    pub(super) async fn shop_with(&self, token: &str, key: &str) -> Shop<'_> {
        let merchant = a_merchant();
        let merchants = Merchants::new(self.storage.clone());
        merchants.add(&merchant).await.unwrap();
        let credentials = Credentials::SharedKey {
            token: Text::try_from(token).unwrap(),
            key: self.keeper.seal(&Secret::new(key.as_bytes().to_vec())).unwrap(),
        };
        let application = Application { credentials, ..an_application(merchant.id) };
        merchants.add_application(&application).await.unwrap();
        Shop {
            world: self,
            merchant: merchant.id,
            actor: Actor::Application(application.id),
            token: token.to_owned(),
            key: key.to_owned(),
        }
    }

    /// How often the server asked its storage so far.
    pub(super) fn asked(&self) -> u64 {
        self.watch.asked.load(Ordering::Relaxed)
    }

    /// Lets the storage fail from now on.
    pub(super) fn fail(&self, error: StorageError) {
        *self.watch.gone.lock().unwrap() = Some(error);
    }

    /// Changes what is stored behind the server's back.
    pub(super) async fn execute(&self, statement: &str) {
        self.database.execute(statement).await;
    }

    /// Sends a request with exactly these header lines.
    pub(super) async fn ask(
        &self,
        method: &str,
        target: &str,
        lines: &[String],
        body: &[u8],
    ) -> Answer {
        ask(self.address, method, target, lines, body).await
    }

    /// Sends JSON to `POST /v2/oauth`.
    pub(super) async fn oauth(&self, body: &Value) -> Answer {
        let body = body.to_string();
        self.ask("POST", "/v2/oauth", &json_lines(body.len()), body.as_bytes()).await
    }
}

/// A merchant's program.
pub(super) struct Shop<'a> {
    pub(super) world: &'a World,
    pub(super) merchant: MerchantId,
    pub(super) actor: Actor,
    pub(super) token: String,
    pub(super) key: String,
}

impl Shop<'_> {
    /// The header that signs a request at a time.
    pub(super) fn signed_at(&self, time: &str, target: &str, body: &[u8]) -> String {
        let Self { token, key, .. } = self;
        let hashed = [key.as_bytes(), time.as_bytes(), token.as_bytes(), target.as_bytes(), body];
        let hash = digest(&SHA512, &hashed.concat());
        let mut header = format!("Authorization: WP3-v2.1 {token} {time} ");
        for byte in hash.as_ref() {
            write!(header, "{byte:02x}").unwrap();
        }
        header
    }

    /// The header that signs a request now.
    pub(super) fn signed(&self, target: &str, body: &[u8]) -> String {
        let now = self.world.clock.now().unix_timestamp().to_string();
        self.signed_at(&now, target, body)
    }

    /// Sends a signed request.
    pub(super) async fn send(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        let mut lines = vec![self.signed(target, body)];
        if !body.is_empty() {
            lines.extend(json_lines(body.len()));
        }
        self.world.ask(method, target, &lines, body).await
    }

    /// Reads.
    pub(super) async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, b"").await
    }

    /// Creates or updates.
    pub(super) async fn post(&self, target: &str, body: &Value) -> Answer {
        self.send("POST", target, body.to_string().as_bytes()).await
    }

    /// Deletes.
    pub(super) async fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, b"").await
    }

    /// A new customer's path.
    pub(super) async fn customer(&self, body: &Value) -> String {
        let created = self.post("/v2/customers", body).await.approved();
        format!("/v2/customers/{}", created["uuid"].as_str().unwrap())
    }

    /// A new access token for scopes.
    pub(super) async fn access_token(&self, scopes: &[&str]) -> String {
        let body = serde_json::json!({
            "client_id": self.token,
            "client_secret": self.key,
            "grant_type": "client_credentials",
            "scopes": scopes,
        });
        let answer = self.world.oauth(&body).await.approved();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Reads with an access token.
    pub(super) async fn get_as(&self, token: &str, target: &str) -> Answer {
        self.world.ask("GET", target, &[format!("Authorization: Bearer {token}")], b"").await
    }
}

/// The header lines of a JSON body.
pub(super) fn json_lines(length: usize) -> Vec<String> {
    vec!["Content-Type: application/json".to_owned(), format!("Content-Length: {length}")]
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
