//! What every scenario plays on: a server of its own, safe like production's, and the service as it is released.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::cpu;
use crate::backend;
use crate::cluster::{self, Cluster, Profile};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::service::{self, Build, Service};

/// A service that is ready, on a migrated and otherwise empty database.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) address: SocketAddr,
    /// The service's database.
    pub(super) url: String,
    service: u32,
    postmaster: u32,
}

/// A measurement and the CPU time it cost.
#[derive(Clone, Debug)]
pub(super) struct Sample<T> {
    pub(super) outcome: T,
    pub(super) service: Duration,
    pub(super) postgres: Duration,
}

/// Sets the stage, has `scenario` play on it, prints what it found and takes everything down again.
pub(super) async fn play<S>(scenario: S) -> Result<(), Failure>
where
    S: FnOnce(&Stage) -> Result<String, Failure> + Send + 'static,
{
    let mut interrupt = Interrupt::listen()?;
    let binary = service::build(Build::Release, &mut interrupt).await?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let cluster = Cluster::start(Profile::Benchmark)?;
    let url = cluster.url("postgres");
    backend::migrate(&url).await?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, cluster::free_port()?));
    let mut service = Service::launch(binary, &url, address, &key)?;
    let outcome = async {
        service.becomes_ready().await?;
        let stage = Stage {
            address,
            url,
            service: service.pid().ok_or_else(|| Failure::explained("the service has ended"))?,
            postmaster: cluster
                .postmaster()
                .ok_or_else(|| Failure::explained("PostgreSQL has ended"))?,
        };
        let work = tokio::task::spawn_blocking(move || scenario(&stage));
        tokio::select! {
            text = work => text.map_err(|_| Failure::explained("the measurement broke down"))?,
            failure = service.dies() => Err(failure),
            () = interrupt.arrives() => Err(Failure::Interrupted),
        }
    }
    .await;
    service.stop().await;
    println!("{}", outcome?);
    Ok(())
}

impl Stage {
    /// Runs a measurement and says what it cost. The program that makes the load is not among the costs.
    pub(super) fn sample<T>(
        &self,
        run: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<Sample<T>, Failure> {
        let before = (cpu::used_by_family(self.service), cpu::used_by_family(self.postmaster));
        let outcome = run()?;
        let after = (cpu::used_by_family(self.service), cpu::used_by_family(self.postmaster));
        Ok(Sample {
            outcome,
            service: after.0.saturating_sub(before.0),
            postgres: after.1.saturating_sub(before.1),
        })
    }

    /// The service's memory in RAM, in bytes.
    pub(super) fn resident_bytes(&self) -> Option<u64> {
        cpu::resident_bytes(self.service)
    }
}
