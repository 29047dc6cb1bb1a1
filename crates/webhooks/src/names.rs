//! From names of hosts to addresses that may be dialled: the client connects to what is handed out here, so that the
//! address that was checked is the address that is called, whatever the name says a moment later.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Looks names up.
#[async_trait]
pub(crate) trait Names: Send + Sync + 'static {
    /// All addresses of a name.
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The names that the machine knows.
pub(crate) struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Hands out the addresses of a name that deliveries may go to.
pub(crate) struct Resolver {
    names: Arc<dyn Names>,
    /// Which addresses those are; all, if there is no rule.
    allowed: Option<fn(IpAddr) -> bool>,
}

impl Resolver {
    pub(crate) fn new(names: Arc<dyn Names>, allowed: Option<fn(IpAddr) -> bool>) -> Self {
        Self { names, allowed }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allowed) = (Arc::clone(&self.names), self.allowed);
        Box::pin(async move {
            let found = names.look_up(name.as_str()).await.map_err(|_| Refusal::Unresolved)?;
            if found.is_empty() {
                return Err(Refusal::Unresolved.into());
            }
            let open = |address: &IpAddr| allowed.is_none_or(|allowed| allowed(*address));
            let open: Vec<IpAddr> = found.into_iter().filter(open).collect();
            if open.is_empty() {
                return Err(Refusal::Forbidden.into());
            }
            // The client puts the port of the address in the place of 0.
            Ok(Box::new(open.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

/// Why a name leads nowhere. It names no name: errors get into logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It has no address.
    #[error("no such host")]
    Unresolved,
    /// It has none that may be called.
    #[error("no address that may be called")]
    Forbidden,
}
