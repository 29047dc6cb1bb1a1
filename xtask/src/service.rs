//! Building and running the server itself.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::process::Child;

use crate::checkout;
use crate::failure::Failure;
use crate::http;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::{backend, cluster, process, seed};

pub(crate) const PACKAGE: &str = "clientele-api";
/// How long the server may take from its start to its first good answer.
const PATIENCE: Duration = Duration::from_mins(1);
const PROBE_INTERVAL: Duration = Duration::from_millis(25);

/// How the server is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    Debug,
    Release,
}

/// Builds the server and says where its binary is.
pub(crate) async fn build(build: Build, interrupt: &mut Interrupt) -> Result<PathBuf, Failure> {
    println!("building {PACKAGE}");
    process::run_interruptibly(cargo_build(build), interrupt).await?;
    // Asked again, with nothing left to build, cargo says where the binary is.
    let mut messages = cargo_build(build);
    messages.args(["--quiet", "--message-format=json-render-diagnostics"]).stdin(Stdio::null());
    executable(&process::read(&mut messages)?)
        .ok_or_else(|| Failure::explained(format!("cargo built {PACKAGE} but did not say where")))
}

fn cargo_build(build: Build) -> Command {
    let mut cargo = checkout::cargo();
    cargo.args(["build", "--package", PACKAGE, "--bin", PACKAGE]);
    if build == Build::Release {
        cargo.arg("--release");
    }
    cargo
}

/// Finds the binary among the messages that cargo prints.
fn executable(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| {
            message["reason"] == "compiler-artifact" && message["target"]["name"] == PACKAGE
        })
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// A server that runs.
pub(crate) struct Service {
    child: Child,
    address: SocketAddr,
}

impl Service {
    /// The command that runs `binary` on `database`, listening on `address`.
    pub(crate) fn command(
        binary: PathBuf,
        database: &str,
        address: SocketAddr,
        key: &MasterKey,
    ) -> Command {
        let mut command = Command::new(binary);
        command
            .current_dir(checkout::root())
            .env("CLIENTELE_DATABASE_URL", database)
            .env("CLIENTELE_LISTEN", address.to_string())
            .env("CLIENTELE_PUBLIC_URL", format!("http://{address}"))
            .env("CLIENTELE_MASTER_KEY", key.reveal());
        // In a group of its own: Ctrl-C in the terminal is for us, and we ask the server to drain.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }

    /// The command that runs `binary` on a new database with the demonstration's data, and where it will listen.
    pub(crate) async fn on_demo(
        binary: PathBuf,
        database: &str,
        customers: u32,
    ) -> Result<(Command, SocketAddr), Failure> {
        let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
        backend::migrate(database).await?;
        seed::demo(database, &key, customers).await?;
        let address = cluster::free_address()?;
        Ok((Self::command(binary, database, address, &key), address))
    }

    /// Runs a command that makes a server listen on `address`.
    pub(crate) fn start(command: Command, address: SocketAddr) -> Result<Self, Failure> {
        Ok(Self { child: process::spawn(command)?, address })
    }

    /// Waits for the server to call itself ready.
    pub(crate) async fn becomes_ready(&mut self) -> Result<(), Failure> {
        let address = self.address;
        let ready = async {
            while http::probe(address, "/readyz").await != Some(200) {
                tokio::time::sleep(PROBE_INTERVAL).await;
            }
        };
        tokio::select! {
            failure = Self::ends(&mut self.child) => Err(failure),
            outcome = tokio::time::timeout(PATIENCE, ready) => outcome.map_err(|_| {
                Failure::explained(format!("{PACKAGE} is not ready after {} s", PATIENCE.as_secs()))
            }),
        }
    }

    /// Resolves when the server ends by itself, which it never should.
    pub(crate) async fn dies(&mut self) -> Failure {
        Self::ends(&mut self.child).await
    }

    /// The server's process.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends the server at once, in the middle of whatever it does.
    pub(crate) async fn kill(mut self) -> Result<(), Failure> {
        self.child.kill().await.map_err(Failure::io(format!("kill {PACKAGE}")))
    }

    /// Lets the server drain and waits until it has left.
    pub(crate) async fn stop(mut self) {
        process::terminate(&mut self.child).await;
    }

    async fn ends(child: &mut Child) -> Failure {
        match child.wait().await {
            Ok(status) => Failure::explained(format!("{PACKAGE} ended by itself with {status}")),
            Err(error) => Failure::io(format!("wait for {PACKAGE}"))(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_is_found_among_the_messages_of_cargo() {
        let messages = r#"
{"reason":"compiler-artifact","target":{"name":"api"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"clientele-api"},"executable":"/t/debug/clientele-api"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages), Some(PathBuf::from("/t/debug/clientele-api")));
    }

    #[test]
    fn no_binary_is_no_path() {
        assert_eq!(executable(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
