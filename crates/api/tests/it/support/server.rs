//! The real server on a port of its own, over a database of its own, with the demonstration merchants in it.

use std::net::SocketAddr;
use std::sync::Arc;

use api::app::Application;
use api::config::Config;
use api::health::Readiness;
use api::server;
use api::services::{Ports, Services};
use domain::Storage;
use domain::demo;
use domain::merchant::Merchant;
use domain::message::Gateways;
use domain::testing::{FixedClock, MemoryObjects};
use messages::Outbox;
use objects::Pictures;
use postgres::testing::TestDatabase;
use secrets::{Keeper, SystemEntropy};
use tokio::sync::oneshot;

use super::outbox::Post;

/// What a test wants to be different.
#[derive(Default)]
pub(crate) struct ServerOptions {
    /// Variables as an operator would set them, without their prefix: `("MONRI__CLOCK_SKEW_SECONDS", "0")`.
    pub(crate) variables: Vec<(&'static str, &'static str)>,
    /// The moment at which the clock stands.
    pub(crate) now: Option<time::OffsetDateTime>,
    /// Whether there is no SMS gateway.
    pub(crate) without_sms: bool,
}

/// A running server. It stops when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Stands still until the test moves it.
    pub(crate) clock: Arc<FixedClock>,
    /// The first demonstration merchant.
    pub(crate) merchant: Merchant,
    /// Services on the same database, to prepare and to look behind the scenes.
    pub(crate) services: actix_web::web::Data<Services>,
    pub(crate) database: TestDatabase,
    /// Its files.
    pub(crate) objects: MemoryObjects,
    /// Never follows a redirect.
    pub(crate) client: reqwest::Client,
    outbox: Outbox,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// A server as an operator would start it.
    pub(crate) async fn start() -> Self {
        Self::with(ServerOptions::default()).await
    }

    /// A server with differences.
    pub(crate) async fn with(options: ServerOptions) -> Self {
        // What is underway at a start is large, and every test would carry it.
        Box::pin(Self::assembled(options)).await
    }

    async fn assembled(options: ServerOptions) -> Self {
        let database = TestDatabase::new().await;
        let listener = server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let config = config(&database, address, &options);
        let clock = Arc::new(options.now.map_or_else(FixedClock::default, FixedClock::at));
        let keeper = Keeper::cheap(config.master_key.clone().into()).unwrap();
        let outbox = Outbox::new(Arc::<FixedClock>::clone(&clock));
        let gateways = Gateways {
            mailer: Some(Arc::new(outbox.clone())),
            texter: (!options.without_sms).then(|| Arc::new(outbox.clone()) as _),
        };
        let objects = MemoryObjects::default();
        let ports = Ports {
            clock: Arc::<FixedClock>::clone(&clock),
            entropy: Arc::new(SystemEntropy::default()),
            keeper: Arc::new(keeper),
            gateways,
            objects: Arc::new(objects.clone()),
            cleaner: Arc::new(Pictures::new(config.objects.pictures_at_once)),
            sender: Arc::new(webhooks::HttpSender::new(config.deliveries()).unwrap()),
        };
        let storage = Storage::new(database.backend());
        let planted = demo::plant(
            &storage,
            Arc::clone(&ports.clock),
            Arc::clone(&ports.entropy),
            Arc::clone(&ports.keeper),
        );
        let merchant = planted.await.unwrap();
        let readiness = Readiness::starting();
        let application = Application::assemble(config, ports, readiness.clone()).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (workers, routes) = (application.clone(), application.clone());
        let stopped = async move {
            let _ = stopped.await;
        };
        let state = move || workers.services();
        let mount = move |app: &mut actix_web::web::ServiceConfig, _: &_| routes.mount(app);
        let running =
            server::serve(application.config(), listener, readiness.clone(), stopped, state, mount);
        tokio::spawn(running.unwrap());
        readiness.ready();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            address,
            clock,
            merchant,
            services: application.services(),
            database,
            objects,
            client,
            outbox,
            _stop: stop,
        }
    }

    /// What the server would have sent to people.
    pub(crate) fn outbox(&self) -> Post<'_> {
        Post::new(self, &self.outbox)
    }

    /// The absolute address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn config(database: &TestDatabase, address: SocketAddr, options: &ServerOptions) -> Config {
    let fixed = [
        ("DATABASE_URL", database.url().to_owned()),
        ("MASTER_KEY", "5e".repeat(32)),
        ("PUBLIC_URL", format!("http://{address}")),
        ("WORKERS", "1".to_owned()),
        ("KOUNTA__BASIC_REQUESTS_PER_MINUTE", "0".to_owned()),
        ("KOUNTA__OAUTH_REQUESTS_PER_MINUTE", "0".to_owned()),
    ];
    let chosen = options.variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let variables: std::collections::BTreeMap<_, _> = fixed.into_iter().chain(chosen).collect();
    let variables = variables.into_iter().map(|(name, value)| (format!("CLIENTELE_{name}"), value));
    Config::from_parts("", variables).unwrap()
}
