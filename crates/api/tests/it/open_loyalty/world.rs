//! A server on a database of its own, with two merchants, their people and nobody else.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::web::Data;
use api::config::Config;
use api::directory::Memory;
use api::health::Readiness;
use api::keys::SigningKeys;
use api::services::{Ports, Services};
use api::{dialects, server};
use async_trait::async_trait;
use domain::access::Actor;
use domain::account::{Accounts, Admin, Role};
use domain::id::{CustomerId, LevelId};
use domain::level::{Level, Levels};
use domain::merchant::{CommunicationMethod, Merchant, Merchants, Settings};
use domain::pos::{PointOfSale, PointsOfSale};
use domain::seller::{Seller, Sellers};
use domain::storage::{Backend, Session, Transaction};
use domain::testing::{
    FixedClock, SequentialEntropy, a_level, a_merchant, a_point_of_sale, a_seller, an_admin,
};
use domain::text::Line;
use domain::token::Tokens;
use domain::{Secret, Storage, StorageError};
use postgres::testing::TestDatabase;
use postgres::{PgBackend, PoolSettings};
use reqwest::Method;
use secrets::Keeper;
use serde_json::{Value, json};
use time::macros::datetime;
use tokio::sync::{OnceCell, oneshot};

use super::answer::Answer;

/// Everybody's password.
pub(super) const PASSWORD: &str = "correct horse";

/// What a test may see and do about the server's storage.
#[derive(Clone, Default)]
struct Watch {
    asked: Arc<AtomicU64>,
    gone: Arc<Mutex<Option<StorageError>>>,
}

struct Watched {
    backend: PgBackend,
    watch: Watch,
}

impl Watched {
    fn look(&self) -> Result<(), StorageError> {
        self.watch.asked.fetch_add(1, Ordering::Relaxed);
        self.watch.gone.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Backend for Watched {
    async fn open(&self) -> Result<Box<dyn Session>, StorageError> {
        self.look()?;
        self.backend.open().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        self.look()?;
        self.backend.begin().await
    }
}

/// A merchant and its people.
pub(super) struct Shop {
    pub(super) merchant: Merchant,
    pub(super) admin: Admin,
    pub(super) reporter: Admin,
    pub(super) seller: Seller,
    pub(super) pos: PointOfSale,
    /// From 0, with 5 percent.
    pub(super) start: Level,
    /// From 20, with 1234 percent.
    pub(super) gold: Level,
    /// Not active.
    pub(super) retired: Level,
}

/// A running server.
pub(super) struct World {
    address: SocketAddr,
    /// The server's clock, which a test may move.
    pub(super) clock: Arc<FixedClock>,
    /// The same database, for preparing what no route can.
    pub(super) storage: Storage,
    pub(super) keys: Arc<SigningKeys>,
    pub(super) ports: Ports,
    /// The default store.
    pub(super) shop: Shop,
    /// Another store.
    pub(super) other: Shop,
    watch: Watch,
    client: reqwest::Client,
    _stop: oneshot::Sender<()>,
}

impl World {
    /// A server with the default settings and programmes that write e-mails.
    pub(super) async fn start() -> Self {
        Self::with("", CommunicationMethod::Email).await
    }

    /// A server with other settings.
    pub(super) async fn with(settings: &str, communication: CommunicationMethod) -> Self {
        let required = format!(
            "listen = \"127.0.0.1:0\"\nworkers = 1\nmaster_key = \"{}\"\n",
            "5c".repeat(32)
        );
        let config = Arc::new(Config::from_parts(&[&required, settings].concat(), []).unwrap());
        let clock = Arc::new(FixedClock::at(datetime!(2026-03-02 08:15:00 UTC)));
        let ports = Ports {
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SequentialEntropy::default()),
            keeper: Arc::new(Keeper::cheap("5c".repeat(32).parse().unwrap()).unwrap()),
        };
        let database = TestDatabase::new().await;
        let storage = Storage::new(database.backend());
        let keys = signing_keys(&tokens(&storage, &ports), &ports).await;
        let shop = settle(&storage, &ports, "DEFAULT", communication).await;
        let other = settle(&storage, &ports, "OTHER", communication).await;
        let watch = Watch::default();
        let (address, handle) = serve(&config, &ports, &keys, &watch, database.url()).await;
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        Self { address, clock, storage, keys, ports, shop, other, watch, client, _stop: handle }
    }

    /// How often the server asked storage so far.
    pub(super) fn trips(&self) -> u64 {
        self.watch.asked.load(Ordering::Relaxed)
    }

    /// Lets the server's storage fail from now on.
    pub(super) fn fail(&self, error: StorageError) {
        *self.watch.gone.lock().unwrap() = Some(error);
    }

    pub(super) fn tokens(&self) -> Tokens {
        tokens(&self.storage, &self.ports)
    }

    pub(super) fn accounts(&self) -> Accounts {
        accounts(&self.storage, &self.ports)
    }

    /// A request, not sent yet.
    pub(super) fn call(&self, method: Method, path: &str) -> Call {
        let url = format!("http://{}{path}", self.address);
        Call(self.client.request(method, url))
    }

    pub(super) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(super) fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub(super) fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    pub(super) fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Logs somebody in and gives the access token.
    pub(super) async fn log_in(&self, path: &str, name: &str) -> String {
        let body = json!({"_username": name, "_password": PASSWORD});
        let answer = self.post(path).json(&body).send().await.ok();
        answer["token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn admin(&self) -> String {
        self.log_in("/api/admin/login_check", self.shop.admin.username.as_str()).await
    }

    pub(super) async fn reporter(&self) -> String {
        self.log_in("/api/admin/login_check", self.shop.reporter.username.as_str()).await
    }

    pub(super) async fn seller(&self) -> String {
        self.log_in("/api/seller/login_check", self.shop.seller.email.as_str()).await
    }

    /// Gives a customer a password and logs it in.
    pub(super) async fn participant(&self, id: &str) -> String {
        let actor = Actor::Customer(id.parse().unwrap());
        let password = Secret::new(PASSWORD.to_owned());
        self.accounts().set_password(self.shop.merchant.id, actor, password).await.unwrap();
        self.log_in("/api/customer/login_check", id).await
    }

    /// Registers a customer in the default store and gives its id.
    pub(super) async fn customer(&self, fields: Value) -> String {
        let token = self.admin().await;
        let answer = self.post("/api/customer/register").token(&token).json(&a_form(fields));
        answer.send().await.ok()["customerId"].as_str().unwrap().to_owned()
    }

    /// The customer as the API shows it.
    pub(super) async fn details(&self, id: &str) -> Value {
        let token = self.admin().await;
        self.get(&format!("/api/customer/{id}")).token(&token).send().await.ok()
    }
}

/// A registration form that is complete but for what a test is about.
pub(super) fn a_form(fields: Value) -> Value {
    let mut form = json!({"firstName": "Ada", "lastName": "Byron", "agreement1": true});
    let given = fields.as_object().unwrap().clone();
    form.as_object_mut().unwrap().extend(given);
    json!({"customer": form})
}

/// A request, not sent yet.
pub(super) struct Call(reqwest::RequestBuilder);

impl Call {
    pub(super) fn token(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    pub(super) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub(super) fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// A form as it goes over the wire.
    pub(super) fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub(super) fn body(self, body: &str) -> Self {
        Self(self.0.body(body.to_owned()))
    }

    pub(super) async fn send(self) -> Answer {
        Answer::of(self.0.send().await.unwrap()).await
    }
}

/// The id of a customer, for the domain.
pub(super) fn customer_id(id: &str) -> CustomerId {
    id.parse().unwrap()
}

fn tokens(storage: &Storage, ports: &Ports) -> Tokens {
    Tokens::new(
        storage.clone(),
        Arc::clone(&ports.clock),
        Arc::clone(&ports.entropy),
        Arc::clone(&ports.keeper),
    )
}

fn accounts(storage: &Storage, ports: &Ports) -> Accounts {
    Accounts::new(storage.clone(), Arc::clone(&ports.clock), Arc::clone(&ports.keeper))
}

/// The same keys for every server: making an RSA key takes longer than most tests.
async fn signing_keys(tokens: &Tokens, ports: &Ports) -> Arc<SigningKeys> {
    static KEYS: OnceCell<Arc<SigningKeys>> = OnceCell::const_new();
    let load = async || {
        Arc::new(SigningKeys::load(tokens, &*ports.keeper, &*ports.entropy).await.unwrap())
    };
    Arc::clone(KEYS.get_or_init(load).await)
}

async fn settle(
    storage: &Storage,
    ports: &Ports,
    code: &str,
    communication: CommunicationMethod,
) -> Shop {
    let line = |text: &str| Line::try_from(text).unwrap();
    let merchant =
        Merchant { store_code: line(code), settings: Settings { communication }, ..a_merchant() };
    Merchants::new(storage.clone()).add(&merchant).await.unwrap();
    let level = |level: Level| Level { merchant: merchant.id, ..level };
    let (start, gold) = (level(a_level(0, 5)), level(a_level(20, 1234)));
    let retired = Level { active: false, ..level(a_level(0, 50)) };
    for level in [&start, &gold, &retired] {
        Levels::new(storage.clone()).add(level).await.unwrap();
    }
    let pos = PointOfSale { identifier: line("pos1"), ..a_point_of_sale(merchant.id) };
    PointsOfSale::new(storage.clone()).add(&pos).await.unwrap();
    let seller = Seller { pos: Some(pos.id), ..a_seller(merchant.id, "tove@shop.example") };
    Sellers::new(storage.clone()).add(&seller).await.unwrap();
    let admin = Admin { role: Role::Master, ..an_admin(merchant.id) };
    let reporter = Admin { role: Role::Reporter, ..an_admin(merchant.id) };
    let accounts = accounts(storage, ports);
    let password = || Secret::new(PASSWORD.to_owned());
    for admin in [&admin, &reporter] {
        accounts.add_admin(admin, password()).await.unwrap();
    }
    accounts.set_password(merchant.id, Actor::Seller(seller.id), password()).await.unwrap();
    Shop { merchant, admin, reporter, seller, pos, start, gold, retired }
}

async fn serve(
    config: &Arc<Config>,
    ports: &Ports,
    keys: &Arc<SigningKeys>,
    watch: &Watch,
    database: &str,
) -> (SocketAddr, oneshot::Sender<()>) {
    let memory = Memory::new(config.principal_cache);
    let state = {
        let (config, ports, keys) = (Arc::clone(config), ports.clone(), Arc::clone(keys));
        let (watch, database) = (watch.clone(), database.to_owned());
        move || {
            let settings = PoolSettings { connections: 4, wait: Duration::from_secs(10) };
            let backend = PgBackend::new(&database, settings).unwrap();
            let storage = Storage::new(Watched { backend, watch: watch.clone() });
            Data::new(Services::new(
                Arc::clone(&config),
                ports.clone(),
                Arc::clone(&keys),
                memory.clone(),
                storage,
            ))
        }
    };
    let listener = server::bind(config.listen).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let mounted = Arc::clone(config);
    let server = server::serve(
        config,
        listener,
        Readiness::starting(),
        async { drop(stopped.await) },
        state,
        move |app, _| dialects::mount(&mounted, app),
    );
    tokio::spawn(server.unwrap());
    (address, stop)
}

/// Some level that no store has.
pub(super) fn unknown_level() -> LevelId {
    "9b0e2f4c-1111-4c53-9d51-0d7c2c1e0a01".parse().unwrap()
}
