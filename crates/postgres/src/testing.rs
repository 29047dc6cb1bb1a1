//! A migrated database of one's own for every test.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};

use crate::{PgBackend, PoolSettings, connect, migrate};

/// The variable that names the server for tests; `cargo xtask test` sets it.
const SERVER: &str = "CLIENTELE_TEST_DATABASE_URL";

/// A database that no other test sees, with the schema of this build.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
}

impl TestDatabase {
    /// Clones the template, which the first test of a run makes. Databases go with the server: dropping each would
    /// cost more than all tests.
    ///
    /// # Panics
    /// Without a server to test on.
    pub async fn new() -> Self {
        let server = server();
        let template = template(&server).await;
        // Process ids come again on a server that outlives many runs; this does not.
        let name = format!("test_{:016x}", RandomState::new().hash_one(std::process::id()));
        let mut connection =
            AsyncPgConnection::establish(&server).await.expect("a server to test on");
        execute(
            &mut connection,
            &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"),
        )
        .await;
        Self { url: with_database(&server, &name) }
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A backend on it, small enough for many tests at once.
    ///
    /// # Panics
    /// Never: the address was used before.
    pub fn backend(&self) -> PgBackend {
        let settings = PoolSettings { connections: 8, wait: Duration::from_secs(10) };
        PgBackend::new(&self.url, settings).expect("an address that was used before")
    }

    /// Everything that is stored: every row of every table as JSON text, bytes in hexadecimal digits.
    ///
    /// # Panics
    /// When a table cannot be read.
    pub async fn rows(&self) -> Vec<String> {
        let mut connection = connect::open(&self.url).await.expect("the database of this test");
        let tables = "SELECT quote_ident(table_name) AS text FROM information_schema.tables \
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name";
        let tables = texts(&mut connection, tables).await;
        let mut rows = Vec::new();
        for table in tables {
            let all = format!(
                "SELECT '{table} ' || to_jsonb(stored)::text AS text FROM {table} AS stored"
            );
            rows.extend(texts(&mut connection, &all).await);
        }
        rows
    }

    /// Runs one statement on it.
    ///
    /// # Panics
    /// When the statement fails.
    pub async fn execute(&self, statement: &str) {
        let mut connection = connect::open(&self.url).await.expect("the database of this test");
        execute(&mut connection, statement).await;
    }

    /// The texts that a query selects, in a column called `text`.
    ///
    /// # Panics
    /// When the query fails.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let mut connection = connect::open(&self.url).await.expect("the database of this test");
        let rows: Vec<Row> = diesel::sql_query(query)
            .load(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        rows.into_iter().map(|row| row.text).collect()
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration but their environment")]
fn server() -> String {
    std::env::var(SERVER)
        .unwrap_or_else(|_| panic!("{SERVER} names no server; run `cargo xtask test`"))
}

/// Makes the template unless another test, of this process or another, was first.
async fn template(server: &str) -> String {
    let name = format!("template_{:016x}", fingerprint());
    let mut connection = AsyncPgConnection::establish(server).await.expect("a server to test on");
    execute(&mut connection, "SELECT pg_advisory_lock(7411)").await;
    let query = format!("SELECT FROM pg_database WHERE datname = '{name}'");
    if execute(&mut connection, &query).await == 0 {
        let draft = format!("{name}_draft");
        execute(&mut connection, &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
        execute(&mut connection, &format!("CREATE DATABASE {draft}")).await;
        migrate(&with_database(server, &draft)).await.expect("migrations that apply");
        // A connection that is still going away would keep the database from being renamed.
        execute(
            &mut connection,
            &format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{draft}'"
            ),
        )
        .await;
        while !try_execute(&mut connection, &format!("ALTER DATABASE {draft} RENAME TO {name}"))
            .await
        {}
    }
    name
}

/// Changes with the migrations, so that a server that is kept never serves an old template.
fn fingerprint() -> u64 {
    let text = include_str!(concat!(env!("OUT_DIR"), "/migrations.txt"));
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn with_database(server: &str, name: &str) -> String {
    let (address, query) =
        server.split_once('?').map_or((server, None), |(address, query)| (address, Some(query)));
    let base = address
        .rfind('/')
        .map_or(address, |at| if at > "postgres://".len() { &address[..at] } else { address });
    query.map_or_else(|| format!("{base}/{name}"), |query| format!("{base}/{name}?{query}"))
}

async fn execute(connection: &mut AsyncPgConnection, statement: &str) -> usize {
    diesel::sql_query(statement)
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"))
}

#[derive(diesel::QueryableByName)]
struct TextRow {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

async fn texts(connection: &mut AsyncPgConnection, query: &str) -> Vec<String> {
    let rows = diesel::sql_query(query).load::<TextRow>(connection).await;
    let rows = rows.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.into_iter().map(|row| row.text).collect()
}

async fn try_execute(connection: &mut AsyncPgConnection, statement: &str) -> bool {
    diesel::sql_query(statement).execute(connection).await.is_ok()
}
