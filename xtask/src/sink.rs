//! A receiver of deliveries on loopback, on a thread of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::failure::Failure;

/// A longer head or body is none of ours.
const LARGEST: usize = 1024 * 1024;

/// A part of a body that never ends.
static CHUNK: LazyLock<String> =
    LazyLock::new(|| format!("{:x}\r\n{}\r\n", 16 * 1024, "x".repeat(16 * 1024)));

/// One delivery as it arrived.
pub(crate) struct Received<'a> {
    /// When its last byte did.
    pub(crate) at: Instant,
    head: &'a str,
    /// What was sent.
    pub(crate) body: &'a [u8],
}

impl Received<'_> {
    /// Where it was sent to.
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        fields
            .into_iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A status without a body.
    Status(u16),
    /// Nothing, for as long as the other side waits.
    Nothing,
    /// A status, and a body that never ends.
    Endless,
}

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        Self::Status(status)
    }
}

/// Takes deliveries until it is dropped.
pub(crate) struct Sink {
    address: SocketAddr,
    // Dropped with the sink, which ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Sink {
    /// Answers each delivery as `receive` says.
    pub(crate) fn start<A: Into<Answer>>(
        receive: impl Fn(&Received<'_>) -> A + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let receive = move |received: &Received<'_>| receive(received).into();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = listener.map_err(Failure::io("open a receiver"))?;
        let address = listener.local_addr().map_err(Failure::io("open a receiver"))?;
        listener.set_nonblocking(true).map_err(Failure::io("open a receiver"))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::io("start a receiver"))?;
        let (stop, stopped) = oneshot::channel();
        std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, Arc::new(receive)) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { address, _stop: stop })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept<R>(listener: std::net::TcpListener, receive: Arc<R>)
where
    R: Fn(&Received<'_>) -> Answer + Send + Sync + 'static,
{
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, Arc::clone(&receive)));
    }
}

/// Answers what comes on one connection until it ends.
async fn converse<R: Fn(&Received<'_>) -> Answer + Send + Sync>(
    mut stream: TcpStream,
    receive: Arc<R>,
) -> Option<()> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    loop {
        let (head, body) = loop {
            if let Some(sizes) = sizes(&bytes)
                && bytes.len() >= sizes.0 + sizes.1
            {
                break sizes;
            }
            if bytes.len() > LARGEST || stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let received = Received {
            at: Instant::now(),
            head: str::from_utf8(&bytes[..head]).ok()?,
            body: &bytes[head..head + body],
        };
        match receive(&received) {
            Answer::Status(status) => {
                let answer = format!("HTTP/1.1 {status} -\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
            // Ends when the other side has had enough.
            Answer::Nothing => while stream.read_buf(&mut bytes).await.ok()? > 0 {},
            Answer::Endless => {
                stream
                    .write_all(b"HTTP/1.1 200 -\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .await
                    .ok()?;
                loop {
                    stream.write_all(CHUNK.as_bytes()).await.ok()?;
                }
            }
        }
        bytes.drain(..head + body);
    }
}

/// How long the head is, up to and including its empty line, and the body behind it; `None` while the head is not whole.
fn sizes(bytes: &[u8]) -> Option<(usize, usize)> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(&bytes[..head]).ok()?;
    let fields = text.split("\r\n").filter_map(|line| line.split_once(':'));
    let mut lengths = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Some((head, lengths.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::exchange::{ask, request};

    #[test]
    fn deliveries_are_received_and_answered() {
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bodies);
        let sink = Sink::start(move |received| {
            let known = received.header("WEBHOOK-ID") == Some("7") && received.path() == "/hook";
            kept.lock().unwrap().push(received.body.to_vec());
            if known { 204 } else { 500 }
        })
        .unwrap();
        let sent = request("POST", "/hook", "webhook-id: 7\r\n", r#"{"a":1}"#);
        ask(sink.address(), &sent, 204).unwrap();
        ask(sink.address(), &request("POST", "/other", "", "x"), 500).unwrap();
        assert_eq!(*bodies.lock().unwrap(), [br#"{"a":1}"#.to_vec(), b"x".to_vec()]);
    }
}
