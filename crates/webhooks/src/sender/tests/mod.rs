mod guard;
mod head;
mod receivers;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::delivery::{Outgoing, Rendered};
use domain::subscription::DeliveryAddress;
use domain::testing::an_id;
use domain::{Secret, id::DeliveryId};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const AT: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);
/// Long enough for whatever ends by itself.
const LONG: Duration = Duration::from_mins(1);

fn outgoing(address: &str) -> Outgoing {
    Outgoing {
        id: an_id::<DeliveryId>(),
        at: AT,
        secrets: vec![Secret::new(b"one".to_vec()), Secret::new(b"two".to_vec())],
        address: address.to_owned().try_into().unwrap(),
        headers: Vec::new(),
        body: br#"{"id":1}"#.to_vec(),
    }
}

fn header(name: &'static str, value: &str) -> Rendered {
    Rendered { name: name.into(), value: Secret::new(value.to_owned()) }
}

/// A sender that may call this machine.
fn sender(timeout: Duration) -> HttpSender {
    HttpSender::new(SenderSettings { timeout, private_addresses: true }).unwrap()
}

/// Names that lead somewhere else each time they are asked for; the last answer stays.
#[derive(Clone)]
struct Scripted(Arc<Mutex<Vec<Vec<IpAddr>>>>);

impl Scripted {
    fn new(answers: &[&[&str]]) -> Self {
        let parsed = |answer: &&[&str]| answer.iter().map(|raw| raw.parse().unwrap()).collect();
        Self(Arc::new(Mutex::new(answers.iter().rev().map(parsed).collect())))
    }
}

#[async_trait]
impl Names for Scripted {
    async fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if answers.len() > 1 { answers.pop() } else { answers.first().cloned() };
        answer.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// The other side, played by a test.
struct Receiver {
    listener: TcpListener,
    address: SocketAddr,
}

impl Receiver {
    async fn at(host: &str) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address }
    }

    fn url(&self) -> String {
        format!("http://{}/hook?a=1", self.address)
    }

    /// Takes one delivery: its head in lines, its body, and the connection to answer on.
    async fn hear(&self) -> (Vec<String>, Vec<u8>, TcpStream) {
        let (stream, _) = self.listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            head.push(line.to_owned());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.unwrap().parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        (head, body, stream.into_inner())
    }

    /// Takes one delivery, says something and hangs up.
    async fn answer(&self, answer: &str) -> (Vec<String>, Vec<u8>) {
        let (head, body, mut stream) = self.hear().await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        (head, body)
    }
}

/// Waits until the other side hung up.
async fn until_closed(mut stream: TcpStream) {
    let mut rest = [0; 64];
    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
}
