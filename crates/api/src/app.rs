//! The application, put together: what all workers share, what each has for itself, and the routes.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use async_trait::async_trait;
use domain::Storage;
use domain::message::{Gateways, Mailer, Texter};
use messages::{InvalidSettings, Outbox, SmsGateway, Smtp};
use postgres::{ConnectError, PgBackend, PoolSettings};
use secrets::{Keeper, MasterKey, SystemClock, SystemEntropy};
use tokio::sync::Notify;
use webhooks::HttpSender;

use crate::config::{Config, InvalidObjects};
use crate::dev_outbox;
use crate::dialects;
use crate::directory::Memory;
use crate::docs;
use crate::health::{self, Probe, Readiness};
use crate::keys::{KeysError, SigningKeys};
use crate::metrics::{MeasuredSender, Metrics};
use crate::ops;
use crate::services::{Ports, Services};
use crate::views::ViewLog;

/// What all workers share.
#[derive(Clone)]
pub struct Application {
    config: Arc<Config>,
    ports: Ports,
    keys: Arc<SigningKeys>,
    memory: Memory,
    views: ViewLog,
    readiness: Readiness,
    probe: Arc<dyn Probe>,
    outbox: Option<Outbox>,
    metrics: Option<Metrics>,
    events: Arc<Notify>,
}

/// Why the application could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The database address is unusable.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// The signing keys could not be had.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The mail server's settings cannot work.
    #[error("`messages.smtp`: {0}")]
    Mails(InvalidSettings),
    /// The SMS gateway's settings cannot work.
    #[error("`messages.sms`: {0}")]
    Texts(InvalidSettings),
    /// The client that sends deliveries could not be set up.
    #[error("`webhooks`: {0}")]
    Deliveries(#[from] webhooks::InvalidSettings),
    /// There is no place for files.
    #[error(transparent)]
    Objects(#[from] InvalidObjects),
    /// The password hasher could not be set up.
    #[error(transparent)]
    Secrets(#[from] domain::secret::SecretError),
}

impl Ports {
    /// The ports of a process in production.
    pub fn system(config: &Config) -> Result<Self, AssemblyError> {
        let keeper = Keeper::new(MasterKey::from(config.master_key.clone()))?;
        Ok(Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::default()),
            keeper: Arc::new(keeper),
            gateways: gateways(config)?,
            objects: config.objects.store()?,
            cleaner: Arc::new(objects::Pictures::new(config.objects.pictures_at_once)),
            sender: Arc::new(HttpSender::new(config.deliveries())?),
        })
    }

    /// The same with a sender whose attempts are counted.
    #[must_use]
    fn with_measured_sender(mut self, metrics: Metrics) -> Self {
        self.sender = Arc::new(MeasuredSender::new(self.sender, metrics));
        self
    }

    /// The same for a process whose messages land in an outbox.
    #[must_use]
    fn with_outbox(mut self, outbox: &Outbox) -> Self {
        let (mailer, texter) = (Arc::new(outbox.clone()), Arc::new(outbox.clone()));
        self.gateways = Gateways { mailer: Some(mailer), texter: Some(texter) };
        self
    }
}

fn gateways(config: &Config) -> Result<Gateways, AssemblyError> {
    let mailer = match config.messages.smtp.settings() {
        Some(settings) => {
            let smtp = Smtp::new(settings).map_err(AssemblyError::Mails)?;
            Some(Arc::new(smtp) as Arc<dyn Mailer>)
        }
        None => None,
    };
    let texter = match config.messages.sms.settings() {
        Some(settings) => {
            let gateway = SmsGateway::new(&settings).map_err(AssemblyError::Texts)?;
            Some(Arc::new(gateway) as Arc<dyn Texter>)
        }
        None => None,
    };
    Ok(Gateways { mailer, texter })
}

impl Application {
    /// Reads or makes the signing keys, and readies everything that workers share. The database must be migrated.
    pub async fn assemble(
        config: Config,
        ports: Ports,
        readiness: Readiness,
    ) -> Result<Self, AssemblyError> {
        let config = Arc::new(config);
        let outbox = config.messages.dev_outbox.then(|| dev_outbox::visible(&ports.clock));
        let ports = match &outbox {
            Some(outbox) => ports.with_outbox(outbox),
            None => ports,
        };
        let metrics = config.metrics.listen.map(|_| Metrics::default());
        let ports = match &metrics {
            Some(metrics) => ports.with_measured_sender(metrics.clone()),
            None => ports,
        };
        let memory = Memory::new(config.principal_cache);
        let storage = Storage::new(backend(&config)?);
        let (views, writer) = ViewLog::new(storage.clone());
        let tokens = tokens(&ports, &storage);
        let keys = SigningKeys::load(&tokens, &*ports.keeper, &*ports.entropy).await?;
        let probe = Arc::new(DatabaseProbe(storage));
        // It ends with the last clone of the log, which everything that serves has.
        tokio::spawn(writer.run());
        let keys = Arc::new(keys);
        Ok(Self {
            config,
            ports,
            keys,
            memory,
            views,
            readiness,
            probe,
            outbox,
            metrics,
            events: Arc::default(),
        })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Is told whenever events may have been committed by this process.
    pub fn events(&self) -> Arc<Notify> {
        Arc::clone(&self.events)
    }

    /// What is counted, if anybody may read it.
    pub fn metrics(&self) -> Option<&Metrics> {
        self.metrics.as_ref()
    }

    /// Services with connections of their own, for one worker or one background job.
    ///
    /// # Panics
    /// Never: the settings built connections before.
    pub fn services(&self) -> Data<Services> {
        let events = Arc::clone(&self.events);
        let backend = backend(&self.config).expect("the settings built a pool before");
        let backend = backend.on_events(Arc::new(move || events.notify_one()));
        if let Some(metrics) = &self.metrics {
            metrics.watch(backend.clone());
        }
        let (config, keys) = (Arc::clone(&self.config), Arc::clone(&self.keys));
        Data::new(Services::new(
            config,
            self.ports.clone(),
            keys,
            self.memory.clone(),
            self.views.clone(),
            Storage::new(backend),
        ))
    }

    /// Storage of its own, for what keeps the search index. A connection is opened when it is needed.
    ///
    /// # Panics
    /// Never: the settings built connections before.
    pub fn search_index(&self) -> PgBackend {
        backend(&self.config).expect("the settings built a pool before")
    }

    /// Waits until every look at a customer that was noted so far is stored, within the time that a shutdown has.
    pub async fn finish_audit(&self) {
        if tokio::time::timeout(self.config.shutdown, self.views.flush()).await.is_err() {
            tracing::error!(
                "looks are missing in the audit: the database did not take them in time"
            );
        }
    }

    /// Mounts health alone, for a process that serves nothing else.
    pub fn mount_health(&self, app: &mut ServiceConfig) {
        health::mount(app, self.readiness.clone(), Arc::clone(&self.probe));
    }

    /// Mounts health, and the operator's surface if it has a key.
    pub fn mount_ops(&self, app: &mut ServiceConfig) {
        self.mount_health(app);
        ops::mount(&self.config, app);
    }

    /// Mounts health, the chosen dialects, the operator's surface if it has a key and no listener of its own, and in
    /// development the page of the outbox.
    pub fn mount(&self, app: &mut ServiceConfig) {
        if let Some(metrics) = &self.metrics {
            app.app_data(Data::new(metrics.clone()));
        }
        if let Some(outbox) = &self.outbox {
            dev_outbox::mount(app, outbox.clone());
        }
        self.mount_health(app);
        docs::mount(&self.config, app);
        dialects::mount(&self.config, app);
        if self.config.ops.listen.is_none() {
            ops::mount(&self.config, app);
        }
    }
}

fn backend(config: &Config) -> Result<PgBackend, ConnectError> {
    let database = &config.database;
    let settings =
        PoolSettings { connections: database.connections_per_worker.get(), wait: database.wait };
    PgBackend::new(config.database_url.expose(), settings)
}

fn tokens(ports: &Ports, storage: &Storage) -> domain::token::Tokens {
    let (clock, entropy) = (Arc::clone(&ports.clock), Arc::clone(&ports.entropy));
    domain::token::Tokens::new(storage.clone(), clock, entropy, Arc::clone(&ports.keeper))
}

struct DatabaseProbe(Storage);

#[async_trait]
impl Probe for DatabaseProbe {
    async fn probe(&self) -> bool {
        self.0.is_available().await
    }
}
