//! Deliveries by HTTP.

mod answer;
mod failure;
mod head;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::delivery::{Failure, Outgoing, Reply, Sender};
use domain::subscription::DeliveryAddress;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::guard::is_public;
use crate::names::{Names, Resolver, SystemNames};

/// Connections to one host that are kept for the next delivery, and for how long.
const IDLE_PER_HOST: usize = 8;
const IDLE: Duration = Duration::from_secs(30);

/// What an operator sets.
#[derive(Clone, Copy, Debug)]
pub struct SenderSettings {
    /// How long one delivery may take, from the first look-up of a name to the last byte that is read.
    pub timeout: Duration,
    /// Whether deliveries may go to addresses inside, and to ports of other services.
    pub private_addresses: bool,
}

/// The TLS library could not be set up: in most cases the machine names nobody to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "encryption could not be set up; are certificates to trust installed (`ca-certificates`), or named by `SSL_CERT_FILE`?"
)]
pub struct InvalidSettings;

/// Carries deliveries by HTTP/1.1. One is enough for a process: it keeps connections and is cheap to clone.
///
/// It uses no proxy, follows no redirect, keeps no cookies, asks for no compression, reads at most 16 KiB of an answer and
/// refuses a head of more than 100 headers or some 400 KiB. Certificates are checked against what the machine trusts.
#[derive(Clone)]
pub struct HttpSender {
    client: Client,
    timeout: Duration,
    /// Which addresses may be called; all, if there is no rule.
    allowed: Option<fn(IpAddr) -> bool>,
}

impl fmt::Debug for HttpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpSender")
    }
}

impl HttpSender {
    /// A sender; nothing is called yet.
    pub fn new(settings: SenderSettings) -> Result<Self, InvalidSettings> {
        let rule: fn(IpAddr) -> bool = is_public;
        let allowed = (!settings.private_addresses).then_some(rule);
        Self::over(Arc::new(SystemNames), settings.timeout, allowed)
    }

    /// The same over other names and another idea of which addresses may be called.
    fn over(
        names: Arc<dyn Names>,
        timeout: Duration,
        allowed: Option<fn(IpAddr) -> bool>,
    ) -> Result<Self, InvalidSettings> {
        // A proxy from the environment would connect for us, to whatever it likes.
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .dns_resolver(Resolver::new(names, allowed))
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .tcp_nodelay(true)
            .build()
            .map_err(|_| InvalidSettings)?;
        Ok(Self { client, timeout, allowed })
    }

    /// The address as the client reads it, unless it says itself that deliveries must not go there. The resolver is never
    /// asked about hosts that are addresses.
    fn target(&self, address: &DeliveryAddress) -> Result<Url, Failure> {
        let url = Url::parse(address.as_str()).map_err(|_| Failure::Unresolved)?;
        let Some(allowed) = self.allowed else { return Ok(url) };
        // Ours and the client's reading of a host have to agree that it is public.
        if address.is_public(allowed) && host(&url).is_none_or(allowed) {
            Ok(url)
        } else {
            Err(Failure::Forbidden)
        }
    }

    async fn exchange(&self, outgoing: Outgoing) -> Result<Reply, Failure> {
        let url = self.target(&outgoing.address)?;
        let headers = head::of(&outgoing);
        let at = outgoing.at;
        let request = self.client.post(url).headers(headers).body(outgoing.body);
        let response = request.send().await.map_err(|error| failure::of(&error))?;
        answer::read(response, at).await.map_err(|error| failure::of(&error))
    }
}

#[async_trait]
impl Sender for HttpSender {
    async fn send(&self, outgoing: Outgoing) -> Reply {
        let outcome = tokio::time::timeout(self.timeout, self.exchange(outgoing)).await;
        outcome.unwrap_or(Err(Failure::TimedOut)).unwrap_or_else(Reply::Failed)
    }
}

/// Where a host is, if the client takes it for an address.
fn host(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests;
