//! What an operator may set, read once at start-up and typed from then on.
//!
//! Three layers, each over the one before: the commented `config.default.toml` that is compiled in, a TOML file named
//! on the command line, and variables that begin with `CLIENTELE_` (`CLIENTELE_LIMITS__BODY_BYTES` sets
//! `limits.body_bytes`). This is the only place that looks at the process environment.

mod environment;
mod error;
mod messages;
mod objects;
mod public_url;
mod values;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::time::Duration;

use domain::Secret;
use domain::account::PasswordStrength;
use domain::network::Network;
use domain::subscription::SubscriptionPolicy;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::Deserialize;
use webhooks::SenderSettings;

pub use error::{ConfigError, Problem};
pub use messages::{BodyFormat, MailSecurity, MessagesConfig, SmsConfig, SmtpConfig};
pub use objects::{BucketConfig, InvalidObjects, ObjectStoreKind, ObjectsConfig};
pub use public_url::{InvalidPublicUrl, PublicUrl};

/// The commented defaults; `docs/configuration.md` is checked against them.
const DEFAULTS: &str = include_str!("config.default.toml");

/// The longest that one delivery may take: what was claimed for longer is sent by somebody else.
const LONGEST_DELIVERY: Duration = Duration::from_secs(30);

/// The fewest characters of the operator's key: it opens what every merchant's customers did.
const SHORTEST_OPS_KEY: usize = 32;

/// The largest request head that the HTTP library can hold at all; no setting may promise more.
const LARGEST_HEAD: usize = 131_072;

/// Every setting, with the meaning and the default that `config.default.toml` gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// What absolute links begin with.
    pub public_url: PublicUrl,
    /// The contracts that are served, each at most once.
    pub dialects: Vec<Dialect>,
    /// Whether the contracts can be read at `/docs`.
    pub docs: bool,
    /// Where PostgreSQL is.
    #[serde(deserialize_with = "values::secret_text")]
    pub database_url: Secret<String>,
    /// How connections to PostgreSQL are used.
    pub database: DatabaseConfig,
    /// Threads that serve requests; `None` for one per core.
    #[serde(deserialize_with = "values::optional_size")]
    pub workers: Option<NonZeroUsize>,
    /// The key that seals secrets at rest.
    #[serde(deserialize_with = "values::master_key")]
    pub master_key: Secret<[u8; 32]>,
    /// What a client may send, and how slowly.
    pub limits: Limits,
    /// How long requests in flight may go on after a stop signal.
    #[serde(rename = "shutdown_seconds", deserialize_with = "values::seconds")]
    pub shutdown: Duration,
    /// How long a resolved caller is remembered; `None` for not at all.
    #[serde(rename = "principal_cache_seconds", deserialize_with = "values::optional_seconds")]
    pub principal_cache: Option<Duration>,
    /// Proxies whose word about a client's address is taken.
    #[serde(deserialize_with = "values::networks")]
    pub trusted_proxies: Vec<Network>,
    /// What is logged, and how.
    pub log: LogConfig,
    /// How messages to people leave.
    pub messages: MessagesConfig,
    /// Where files are kept.
    pub objects: ObjectsConfig,
    /// Where webhooks may go.
    pub webhooks: WebhooksConfig,
    /// The operator's surface.
    pub ops: OpsConfig,
    /// Figures about the process.
    pub metrics: MetricsConfig,
    /// Settings of the Open Loyalty dialect.
    pub open_loyalty: OpenLoyaltyConfig,
    /// Settings of the KunaCore dialect.
    pub kuna_core: KunaCoreConfig,
    /// Settings of the Monri dialect.
    pub monri: MonriConfig,
    /// Settings of the Kounta dialect.
    pub kounta: KountaConfig,
}

/// A vendor's contract that can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Open Loyalty, below `/api`.
    OpenLoyalty,
    /// KunaCore, `/v2/customer`.
    KunaCore,
    /// Monri, `/v2/customers`.
    Monri,
    /// Kounta, below `/v1`.
    Kounta,
}

impl Dialect {
    /// Each of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::OpenLoyalty, Self::KunaCore, Self::Monri, Self::Kounta];

    /// The name in settings and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenLoyalty => "open_loyalty",
            Self::KunaCore => "kuna_core",
            Self::Monri => "monri",
            Self::Kounta => "kounta",
        }
    }

    /// The vendor's name.
    pub fn title(self) -> &'static str {
        match self {
            Self::OpenLoyalty => "Open Loyalty",
            Self::KunaCore => "KunaCore",
            Self::Monri => "Monri",
            Self::Kounta => "Kounta",
        }
    }
}

/// How connections to PostgreSQL are used.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Connections that each worker may hold.
    pub connections_per_worker: NonZeroUsize,
    /// How long a request waits for a free one.
    #[serde(rename = "wait_milliseconds", deserialize_with = "values::milliseconds")]
    pub wait: Duration,
}

/// What a client may send, and how slowly.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request head.
    pub head_bytes: NonZeroUsize,
    /// Bytes of a request body.
    pub body_bytes: NonZeroUsize,
    /// Levels of nesting in JSON.
    pub json_depth: NonZeroUsize,
    /// Brackets in a form field's name.
    pub form_depth: NonZeroUsize,
    /// Fields in a form.
    pub form_keys: NonZeroUsize,
    /// Time to send a request head.
    #[serde(rename = "head_seconds", deserialize_with = "values::seconds")]
    pub head: Duration,
    /// Time to send a request body.
    #[serde(rename = "body_seconds", deserialize_with = "values::seconds")]
    pub body: Duration,
    /// How long an idle connection is kept.
    #[serde(rename = "keep_alive_seconds", deserialize_with = "values::seconds")]
    pub keep_alive: Duration,
    /// Open connections over all workers.
    pub connections: NonZeroUsize,
}

/// What is logged, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// How a line is written.
    pub format: LogFormat,
    /// Which events are logged, in the syntax of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Text,
}

/// Where webhooks may go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Whether to this machine, to private networks and to ports of other services as well.
    pub private_addresses: bool,
    /// How long one delivery may take.
    #[serde(rename = "timeout_seconds", deserialize_with = "values::seconds")]
    pub timeout: Duration,
    /// Whether a process that serves requests sends them as well.
    pub workers: bool,
    /// How many are sent at the same time.
    pub concurrency: NonZeroUsize,
    /// How many of them to one endpoint; `None` takes an eighth.
    #[serde(deserialize_with = "values::optional_size")]
    pub per_endpoint: Option<NonZeroUsize>,
    /// How often it is looked for some when no word of any comes.
    #[serde(rename = "poll_milliseconds", deserialize_with = "values::milliseconds")]
    pub poll: Duration,
    /// For how long settled ones are kept, and events are told.
    #[serde(rename = "retention_days", deserialize_with = "values::days")]
    pub retention: Duration,
    /// By how much shorter the pauses between attempts are.
    pub retry_scale: NonZeroU32,
}

impl WebhooksConfig {
    /// How many may go to one endpoint at the same time.
    pub fn share(&self) -> usize {
        self.per_endpoint.map_or((self.concurrency.get() / 8).max(1), NonZeroUsize::get)
    }
}

/// The operator's surface.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpsConfig {
    /// What opens it; `None` closes it.
    #[serde(deserialize_with = "values::optional_secret")]
    pub key: Option<Secret<String>>,
    /// Where it is served, and nowhere else; `None` for beside the dialects.
    #[serde(deserialize_with = "values::optional_address")]
    pub listen: Option<SocketAddr>,
}

/// Figures about the process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsConfig {
    /// Where they can be read; `None` for nowhere.
    #[serde(deserialize_with = "values::optional_address")]
    pub listen: Option<SocketAddr>,
}

/// Settings of the Open Loyalty dialect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenLoyaltyConfig {
    /// The store that a path without a store code means (`open-loyalty.md` 1.1).
    pub default_store: String,
    /// Life of an access token.
    #[serde(rename = "access_token_seconds", deserialize_with = "values::seconds")]
    pub access_token: Duration,
    /// Life of a refresh token.
    #[serde(rename = "refresh_token_days", deserialize_with = "values::days")]
    pub refresh_token: Duration,
    /// Whether browsers of any origin may call the API.
    pub cors: bool,
    /// A permanent token that may do everything (`open-loyalty.md` 2.4); `None` for none.
    #[serde(deserialize_with = "values::optional_secret")]
    pub master_api_key: Option<Secret<String>>,
    /// How strong a password must be that a person chooses (`open-loyalty.md` 2.5).
    #[serde(deserialize_with = "values::password_strength")]
    pub password_security_level: PasswordStrength,
    /// Whether a request for a new password is answered alike for known and unknown names.
    pub hide_unknown_accounts: bool,
    /// Bytes of a file of customers (`open-loyalty.md` 6.1).
    pub import_bytes: NonZeroUsize,
    /// Customers in one.
    pub import_rows: NonZeroU32,
}

/// Settings of the KunaCore dialect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KunaCoreConfig {
    /// Life of an access token.
    #[serde(rename = "access_token_seconds", deserialize_with = "values::seconds")]
    pub access_token: Duration,
    /// Life of a refresh token.
    #[serde(rename = "refresh_token_days", deserialize_with = "values::days")]
    pub refresh_token: Duration,
}

/// Settings of the Monri dialect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonriConfig {
    /// How far a signed request's clock may differ from ours; `None` accepts any.
    #[serde(rename = "clock_skew_seconds", deserialize_with = "values::optional_seconds")]
    pub clock_skew: Option<Duration>,
    /// Life of an access token.
    #[serde(rename = "access_token_seconds", deserialize_with = "values::seconds")]
    pub access_token: Duration,
}

/// Settings of the Kounta dialect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KountaConfig {
    /// Life of an access token.
    #[serde(rename = "access_token_seconds", deserialize_with = "values::seconds")]
    pub access_token: Duration,
    /// Life of an authorization code.
    #[serde(rename = "code_seconds", deserialize_with = "values::seconds")]
    pub code: Duration,
    /// Requests a minute with Basic credentials; `None` for no limit (`kounta.md` 1.7).
    #[serde(deserialize_with = "values::optional_count")]
    pub basic_requests_per_minute: Option<NonZeroU32>,
    /// Requests a minute with an OAuth token; `None` for no limit (`kounta.md` 1.7).
    #[serde(deserialize_with = "values::optional_count")]
    pub oauth_requests_per_minute: Option<NonZeroU32>,
    /// Whether browsers of any origin may call the API.
    pub cors: bool,
    /// Whether customers can be deleted.
    pub allow_delete: bool,
    /// Webhooks that an application may have.
    pub webhooks_per_application: NonZeroU32,
}

impl Config {
    /// Reads the defaults, the file if one is named, and the process environment.
    ///
    /// Fails when the file cannot be read or any setting is missing, unknown or out of range; the error names the key
    /// and never its value.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = match file {
            Some(path) => fs::read_to_string(path)
                .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?,
            None => String::new(),
        };
        // What is no text is kept as far as it can be, so that it is refused by its key and not overlooked.
        let text = |part: OsString| part.to_string_lossy().into_owned();
        let variables = env::vars_os().map(|(name, value)| (text(name), text(value)));
        Self::from_parts(&file, variables)
    }

    /// The same from a file's text and any set of variables; those without our prefix are ignored.
    pub fn from_parts(
        file: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults = Figment::from(Toml::string(DEFAULTS));
        let overrides = environment::overrides(&defaults, variables)?;
        let mut layers = defaults.merge(Toml::string(file));
        for (key, value) in overrides {
            layers = layers.merge((key, value));
        }
        let config: Self = layers.extract()?;
        config.check()
    }

    /// What programs may subscribe to.
    pub fn subscriptions(&self) -> SubscriptionPolicy {
        let outside = (!self.webhooks.private_addresses).then_some(webhooks::is_public as _);
        SubscriptionPolicy { most: self.kounta.webhooks_per_application, outside }
    }

    /// How deliveries are sent.
    pub fn deliveries(&self) -> SenderSettings {
        let WebhooksConfig { private_addresses, timeout, .. } = self.webhooks;
        SenderSettings { timeout, private_addresses }
    }

    /// The rules that no single value's type can hold, all of them at once.
    fn check(self) -> Result<Self, ConfigError> {
        let repeated =
            (1..self.dialects.len()).any(|at| self.dialects[..at].contains(&self.dialects[at]));
        let ops_key = self.ops.key.as_ref().map(|key| key.expose().chars().count());
        let problems: Vec<Problem> = [
            (self.dialects.is_empty(), "dialects", "names none"),
            (repeated, "dialects", "names one twice"),
            (self.limits.head_bytes.get() > LARGEST_HEAD, "limits.head_bytes", "is over 131072"),
            (self.open_loyalty.default_store.is_empty(), "open_loyalty.default_store", "is empty"),
            (
                ops_key.is_some_and(|length| length < SHORTEST_OPS_KEY),
                "ops.key",
                "is shorter than 32 characters",
            ),
            (ops_key.is_none() && self.ops.listen.is_some(), "ops.listen", "needs ops.key"),
            (self.webhooks.timeout > LONGEST_DELIVERY, "webhooks.timeout_seconds", "is over 30"),
        ]
        .into_iter()
        .chain(self.messages.rules(self.listen))
        .chain(self.objects.rules())
        .filter(|(broken, _, _)| *broken)
        .map(|(_, key, message)| Problem::new(key, message))
        .collect();
        if problems.is_empty() { Ok(self) } else { Err(ConfigError::Invalid(problems)) }
    }
}

#[cfg(test)]
mod tests;
