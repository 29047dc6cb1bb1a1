//! Bringing a database to the schema of this build.

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::connect::{self, ConnectError};
use crate::deliveries;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The advisory lock that one migrator holds while others wait: diesel takes none of its own.
const LOCK: i64 = 0x636c_6965_6e74_656c;

/// Why a database was not brought up to date. A migration that failed left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A migration, or the look at what is applied, failed.
    #[error("a migration failed: {0}")]
    Failed(String),
}

/// What was done to bring a database up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// How many migrations were applied.
    pub applied: usize,
    /// Whether the feed of events was carried over from another cluster: positions from there mean nothing any more.
    pub carried_over: bool,
}

/// Applies every migration that is due. Starters at the same time wait for one another. A database that
/// came from a dump has its feed of events carried over to this cluster.
///
/// Needs tokio's multi-threaded runtime.
pub async fn migrate(url: &str) -> Result<Migrated, MigrateError> {
    let apply = |harness: &mut Harness| {
        harness.run_pending_migrations(MIGRATIONS).map(|applied| applied.len())
    };
    let (applied, mut connection) = locked(url, apply).await?;
    let carried_over = deliveries::carry_over(&mut connection).await;
    let carried_over = carried_over.map_err(|error| MigrateError::Failed(error.to_string()))?;
    Ok(Migrated { applied, carried_over })
}

/// Takes back the last `steps` migrations.
///
/// Needs tokio's multi-threaded runtime.
pub async fn rollback(url: &str, steps: usize) -> Result<(), MigrateError> {
    locked(url, |harness| {
        (0..steps).try_for_each(|_| harness.revert_last_migration(MIGRATIONS).map(drop))
    })
    .await
    .map(|((), _)| ())
}

/// How many migrations are due.
///
/// Needs tokio's multi-threaded runtime.
pub async fn pending(url: &str) -> Result<usize, MigrateError> {
    let count = |harness: &mut Harness| harness.pending_migrations(MIGRATIONS).map(|due| due.len());
    locked(url, count).await.map(|(due, _)| due)
}

type Harness = AsyncMigrationHarness<AsyncPgConnection>;

/// Works under the lock, and returns the connection that holds it.
async fn locked<T>(
    url: &str,
    work: impl FnOnce(&mut Harness) -> diesel::migration::Result<T>,
) -> Result<(T, AsyncPgConnection), MigrateError> {
    let mut connection = connect::open(url).await.map_err(ConnectError::from)?;
    let failed = |error: String| MigrateError::Failed(error);
    let lock = format!("SELECT pg_advisory_lock({LOCK})");
    diesel::sql_query(lock)
        .execute(&mut connection)
        .await
        .map_err(|error| failed(error.to_string()))?;
    let mut harness = AsyncMigrationHarness::new(connection);
    // The lock ends with the connection, whatever becomes of the work.
    let done = work(&mut harness).map_err(|error| failed(error.to_string()))?;
    Ok((done, harness.into_inner()))
}
