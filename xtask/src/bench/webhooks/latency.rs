//! How long after a request its receiver knows of the change, at a steady rate.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::super::histogram::Histogram;
use crate::failure::Failure;
use crate::http::Head;

/// When what was sent, until it has arrived everywhere.
pub(super) struct Ledger {
    /// How many are told of each change.
    copies: u32,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// When, and how many do not know yet.
    sent: HashMap<u64, (Instant, u32)>,
    delays: Option<Histogram>,
}

impl Ledger {
    /// A ledger of changes of which so many are told.
    pub(super) fn of(copies: u32) -> Self {
        Self { copies, entries: Mutex::default() }
    }

    /// Notes that a customer is about to be created.
    fn send(&self, key: u64) {
        self.entries().sent.insert(key, (Instant::now(), self.copies));
    }

    /// Notes that a delivery has arrived, if somebody waits for it.
    pub(super) fn receive(&self, body: &[u8], at: Instant) {
        let mut entries = self.entries();
        if let Some(key) = key_of(body)
            && let Some((sent, left)) = entries.sent.remove(&key)
        {
            if left > 1 {
                entries.sent.insert(key, (sent, left - 1));
            }
            entries.delays.get_or_insert_with(Histogram::new).record(at - sent);
        }
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        *self.entries() = Entries::default();
    }

    /// Whether everybody knows of everything.
    pub(super) fn is_settled(&self) -> bool {
        self.entries().sent.is_empty()
    }

    /// How long half of them and 99 of 100 took at most.
    pub(super) fn quantiles(&self) -> Option<(Duration, Duration)> {
        let entries = self.entries();
        let delays = entries.delays.as_ref()?;
        Some((delays.quantile(0.5), delays.quantile(0.99)))
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key of the customer that a body tells of: the digits of its e-mail address.
fn key_of(body: &[u8]) -> Option<u64> {
    let text = str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once(r#""email":"c"#)?;
    rest.split_once('@')?.0.parse().ok()
}

/// Makes `rate` requests a second for a while, each when its time has come, whatever became of those before. `next` makes
/// the key and the bytes of one.
pub(super) async fn pace(
    address: SocketAddr,
    (rate, duration): (u32, Duration),
    ledger: &Ledger,
    mut next: impl FnMut() -> (u64, Vec<u8>),
) -> Result<(), Failure> {
    let begun = tokio::time::Instant::now();
    let count = rate * u32::try_from(duration.as_secs()).unwrap_or(u32::MAX);
    let mut idle: Vec<TcpStream> = Vec::new();
    let mut underway = JoinSet::new();
    for number in 0..count {
        tokio::time::sleep_until(begun + Duration::from_secs(1) * number / rate).await;
        while let Some(done) = underway.try_join_next() {
            idle.push(done.map_err(|_| Failure::explained("a request broke down"))??);
        }
        let (key, request) = next();
        let stream = match idle.pop() {
            Some(stream) => stream,
            None => TcpStream::connect(address).await.map_err(Failure::io("reach the service"))?,
        };
        ledger.send(key);
        underway.spawn(exchange(stream, request));
    }
    while let Some(done) = underway.join_next().await {
        done.map_err(|_| Failure::explained("a request broke down"))??;
    }
    Ok(())
}

async fn exchange(mut stream: TcpStream, request: Vec<u8>) -> Result<TcpStream, Failure> {
    stream.write_all(&request).await.map_err(Failure::io("ask the service"))?;
    let mut reply = Vec::new();
    loop {
        let head = Head::parse(&reply).map_err(crate::backend::explained)?;
        if let Some(head) = head
            && reply.len() >= head.size + head.body
        {
            if (200..300).contains(&head.status) {
                return Ok(stream);
            }
            return Err(Failure::explained(format!("a change was answered {}", head.status)));
        }
        let read = stream.read_buf(&mut reply).await;
        if read.map_err(Failure::io("read the service's answer"))? == 0 {
            return Err(Failure::explained("the service closed the connection"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_known_by_its_address_and_counted_as_often_as_it_is_told() {
        let ledger = Ledger::of(2);
        ledger.send(512);
        let body = br#"{"id":7,"email":"c512@example.com"}"#;
        for is_settled in [false, true, true] {
            ledger.receive(body, Instant::now());
            assert_eq!(ledger.is_settled(), is_settled);
        }
        ledger.receive(br#"{"email":"ada@example.com"}"#, Instant::now());
        assert!(ledger.quantiles().is_some());
    }
}
