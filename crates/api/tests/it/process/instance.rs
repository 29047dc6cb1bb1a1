//! A process of the server, on a database of its own.

use std::io::{BufRead as _, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use domain::{Storage, demo};
use postgres::testing::TestDatabase;
use secrets::{Keeper, SystemClock, SystemEntropy};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

pub(super) const MASTER_KEY: &str =
    "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

/// Far more than a start or an answer needs.
pub(super) const GUARD: Duration = Duration::from_mins(1);

/// A database with the demonstration merchants.
pub(super) async fn planted() -> TestDatabase {
    let database = TestDatabase::new().await;
    let keeper = Keeper::cheap(MASTER_KEY.parse().unwrap()).unwrap();
    let storage = Storage::new(database.backend());
    let planted = demo::plant(
        &storage,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::default()),
        Arc::new(keeper),
    );
    planted.await.unwrap();
    database
}

/// A process. It is killed when it is dropped.
pub(super) struct Instance {
    child: Child,
    pub(super) address: SocketAddr,
    started: Option<oneshot::Receiver<()>>,
    output: Vec<JoinHandle<String>>,
}

impl Instance {
    /// A process that is ready.
    pub(super) async fn start(database: &str, variables: &[(&str, &str)]) -> Self {
        let mut instance = Self::spawn(database, variables);
        instance.become_ready().await;
        instance
    }

    /// A process that was just started.
    pub(super) fn spawn(database: &str, variables: &[(&str, &str)]) -> Self {
        Self::spawn_with(&[], database, variables)
    }

    /// The same with arguments.
    pub(super) fn spawn_with(
        arguments: &[&str],
        database: &str,
        variables: &[(&str, &str)],
    ) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut child = Command::new(binary())
            .args(arguments)
            .env("CLIENTELE_LISTEN", address.to_string())
            .env("CLIENTELE_PUBLIC_URL", format!("http://{address}"))
            .env("CLIENTELE_DATABASE_URL", database)
            .env("CLIENTELE_MASTER_KEY", MASTER_KEY)
            .env("CLIENTELE_WORKERS", "2")
            .env("CLIENTELE_DATABASE__WAIT_MILLISECONDS", "30000")
            .env("CLIENTELE_MONRI__CLOCK_SKEW_SECONDS", "0")
            .env_remove("CLIENTELE_TEST_DATABASE_URL")
            .env_remove("CLIENTELE_API_BIN")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (starting, started) = oneshot::channel();
        let output = vec![
            collect(child.stdout.take().unwrap(), Some(starting)),
            collect(child.stderr.take().unwrap(), None),
        ];
        Self { child, address, started: Some(started), output }
    }

    /// Waits until the process says that it is ready, and asks it.
    pub(super) async fn become_ready(&mut self) {
        let started = self.started.take().expect("asked once");
        let said = timeout(GUARD, started).await.expect("a start in time");
        assert!(said.is_ok(), "ended before it was ready: {}", self.output());
        assert_eq!(self.get("/readyz").await, 200);
    }

    /// The status of an answer.
    pub(super) async fn get(&self, path: &str) -> u16 {
        client().get(self.url(path)).send().await.unwrap().status().as_u16()
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Ends the process without warning.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to end.
    pub(super) fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.unwrap().success());
    }

    /// Waits until the process ended.
    pub(super) async fn ended(&mut self, limit: Duration) -> ExitStatus {
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(limit, ended).await.expect("an end in time")
    }

    /// Everything that the process wrote; it must have ended.
    pub(super) fn output(&mut self) -> String {
        self.output.drain(..).map(|reader| reader.join().unwrap()).collect()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client with connections of its own.
pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(GUARD).build().unwrap()
}

/// The body of a new customer of KunaCore.
pub(super) fn a_customer(email: &str) -> Value {
    json!({
        "email": email, "firstName": "Alex", "lastName": "Smith", "country": "UA",
        "verificationDocumentId": "AA123456", "residenceAddress": "Kyiv, Street 1",
    })
}

/// The binary of this build, or the one that the run names.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration but their environment")]
fn binary() -> String {
    std::env::var("CLIENTELE_API_BIN")
        .unwrap_or_else(|_| env!("CARGO_BIN_EXE_clientele-api").to_owned())
}

fn collect(
    stream: impl Read + Send + 'static,
    mut starting: Option<oneshot::Sender<()>>,
) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if line.contains(r#""message":"ready""#)
                && let Some(starting) = starting.take()
            {
                let _ = starting.send(());
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    })
}
