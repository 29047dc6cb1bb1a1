//! Bringing a database to the schema of this build.

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::connect::{self, ConnectError};

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

/// Applies every migration that is due; returns how many. Starters at the same time wait for one another.
///
/// Needs tokio's multi-threaded runtime.
pub async fn migrate(url: &str) -> Result<usize, MigrateError> {
    locked(url, |harness| harness.run_pending_migrations(MIGRATIONS).map(|applied| applied.len()))
        .await
}

/// Takes back the last `steps` migrations.
///
/// Needs tokio's multi-threaded runtime.
pub async fn rollback(url: &str, steps: usize) -> Result<(), MigrateError> {
    locked(url, |harness| {
        (0..steps).try_for_each(|_| harness.revert_last_migration(MIGRATIONS).map(drop))
    })
    .await
}

/// How many migrations are due.
///
/// Needs tokio's multi-threaded runtime.
pub async fn pending(url: &str) -> Result<usize, MigrateError> {
    locked(url, |harness| harness.pending_migrations(MIGRATIONS).map(|due| due.len())).await
}

async fn locked<T>(
    url: &str,
    work: impl FnOnce(&mut AsyncMigrationHarness<AsyncPgConnection>) -> diesel::migration::Result<T>,
) -> Result<T, MigrateError> {
    let mut connection = connect::open(url).await.map_err(ConnectError::from)?;
    let failed = |error: String| MigrateError::Failed(error);
    let lock = format!("SELECT pg_advisory_lock({LOCK})");
    diesel::sql_query(lock)
        .execute(&mut connection)
        .await
        .map_err(|error| failed(error.to_string()))?;
    let mut harness = AsyncMigrationHarness::new(connection);
    // The lock ends with the connection, whatever becomes of the work.
    work(&mut harness).map_err(|error| failed(error.to_string()))
}
