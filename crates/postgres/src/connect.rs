//! How a connection is opened: with TLS where the address asks for it.

use std::sync::{Arc, OnceLock};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// No statement may hold a request for longer.
const STATEMENT_TIMEOUT: &str = "5s";
/// No statement may wait longer for a lock.
const LOCK_TIMEOUT: &str = "2s";
/// No transaction may sit idle for longer.
const IDLE_TIMEOUT: &str = "10s";

/// Statements have a fixed text and are planned once per connection: left to itself, PostgreSQL plans each write anew,
/// because the keys' conditions look cheaper once their values are known.
pub(crate) const PLANS: &str = "force_generic_plan";

/// Every statement has an index that serves it, however new the tables and their statistics are; what has not been
/// counted yet must not look small enough to be read whole, and compiling a plan takes longer than any of them.
const PLANNER: &str = "SET enable_seqscan = off; SET random_page_cost = 1; SET jit = off; \
    SET max_parallel_workers_per_gather = 0";

/// Why there is no connection. The text names no address and no password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address cannot be read.
    #[error("the database address cannot be read")]
    Address,
    /// The server cannot be reached, or refuses.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
}

/// Opens a connection for requests, with the time limits of requests.
pub(crate) async fn for_requests(url: &str) -> ConnectionResult<AsyncPgConnection> {
    let mut connection = open(url).await?;
    let limits = format!(
        "SET statement_timeout = '{STATEMENT_TIMEOUT}'; SET lock_timeout = '{LOCK_TIMEOUT}'; \
         SET idle_in_transaction_session_timeout = '{IDLE_TIMEOUT}'; SET TIME ZONE 'UTC'; \
         SET plan_cache_mode = '{PLANS}'; {PLANNER}"
    );
    connection.batch_execute(&limits).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Opens a connection without time limits, for migrations.
pub(crate) async fn open(url: &str) -> ConnectionResult<AsyncPgConnection> {
    let unreadable = |_| ConnectionError::InvalidConnectionUrl("unreadable".to_owned());
    let config: Config = url.parse().map_err(unreadable)?;
    if config.get_ssl_mode() == SslMode::Disable {
        return plain(&config).await;
    }
    match config.connect(MakeRustlsConnect::new(tls()?)).await {
        Ok((client, connection)) => {
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
        // A server that offers no TLS is taken as it is, where the address allows.
        Err(_) if config.get_ssl_mode() == SslMode::Prefer => plain(&config).await,
        Err(error) => Err(ConnectionError::BadConnection(error.to_string())),
    }
}

async fn plain(config: &Config) -> ConnectionResult<AsyncPgConnection> {
    let failed = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// TLS with the machine's certificate authorities, read once.
fn tls() -> ConnectionResult<ClientConfig> {
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ConnectionError::BadConnection(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(CONFIG.get_or_init(|| config).clone())
}

impl From<ConnectionError> for ConnectError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::InvalidConnectionUrl(_) => Self::Address,
            other => Self::Unreachable(other.to_string()),
        }
    }
}
