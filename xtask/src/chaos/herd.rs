//! Two processes that serve and two that send, none of which is safe.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};

use crate::cluster;
use crate::failure::Failure;
use crate::key::MasterKey;
use crate::seed::dice::Dice;
use crate::service::Service;

/// What differs from an operator's settings: the sink is on this machine, tries again come at once, and nobody is slowed
/// down.
const SETTINGS: [(&str, &str); 6] = [
    ("CLIENTELE_WEBHOOKS__PRIVATE_ADDRESSES", "true"),
    ("CLIENTELE_WEBHOOKS__RETRY_SCALE", "1000"),
    ("CLIENTELE_WEBHOOKS__WORKERS", "false"),
    ("CLIENTELE_KOUNTA__BASIC_REQUESTS_PER_MINUTE", "0"),
    ("CLIENTELE_MONRI__ACCESS_TOKEN_SECONDS", "86400"),
    ("CLIENTELE_WORKERS", "1"),
];

/// The shortest time between two deaths, and how much longer it may be, in milliseconds.
const BREATH: u64 = 700;
const MORE: u64 = 2_000;

/// How many of the herd serve; the others send.
const SERVERS: usize = 2;
const SIZE: usize = 4;

/// How every process is started.
pub(super) struct Terms {
    pub(super) binary: PathBuf,
    pub(super) url: String,
    pub(super) key: MasterKey,
}

/// The processes.
pub(super) struct Herd {
    terms: Terms,
    addresses: Vec<SocketAddr>,
    members: Vec<Option<Service>>,
    killed: u32,
}

impl Herd {
    /// Starts all of them and waits until they are ready.
    pub(super) async fn start(terms: Terms) -> Result<Self, Failure> {
        let mut herd = Self { terms, addresses: Vec::new(), members: Vec::new(), killed: 0 };
        for member in 0..SIZE {
            herd.addresses.push(cluster::free_address()?);
            let mut service = herd.spawn(member)?;
            service.becomes_ready().await?;
            herd.members.push(Some(service));
        }
        Ok(herd)
    }

    /// Where those listen that serve.
    pub(super) fn servers(&self) -> [SocketAddr; SERVERS] {
        [self.addresses[0], self.addresses[1]]
    }

    /// How many were killed.
    pub(super) fn killed(&self) -> u32 {
        self.killed
    }

    /// Kills one after the other, and starts each again, until a task ends.
    pub(super) async fn kill_until<T>(
        &mut self,
        seed: u64,
        mut task: JoinHandle<T>,
    ) -> Result<Result<T, JoinError>, Failure> {
        let mut dice = Dice::of(seed, u32::MAX);
        loop {
            let breath = Duration::from_millis(BREATH + dice.below(MORE));
            tokio::select! {
                outcome = &mut task => return Ok(outcome),
                () = tokio::time::sleep(breath) => {}
            }
            let member = dice.place(SIZE);
            if let Some(service) = self.members[member].take() {
                service.kill().await?;
                self.killed += 1;
            }
            self.members[member] = Some(self.spawn(member)?);
        }
    }

    /// Lets all of them drain.
    pub(super) async fn stop(&mut self) {
        for member in &mut self.members {
            if let Some(service) = member.take() {
                service.stop().await;
            }
        }
    }

    fn spawn(&self, member: usize) -> Result<Service, Failure> {
        let address = self.addresses[member];
        let Terms { binary, url, key } = &self.terms;
        let mut command = Service::command(binary.clone(), url, address, key);
        command.envs(SETTINGS).env("CLIENTELE_LOG__FILTER", "error,api::dialects=off");
        if member >= SERVERS {
            command.arg("worker");
        }
        Service::start(command, address)
    }
}
