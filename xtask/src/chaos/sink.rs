//! Whoever is told: remembers everything, and fails three times out of ten.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::failure::Failure;
use crate::seed::dice::Dice;

/// How many of ten answers are failures.
const FAILURES: u64 = 3;

/// One delivery as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Receipt {
    /// Its id.
    pub(super) id: String,
    /// Where it went.
    pub(super) path: String,
    /// What stands for its bytes.
    pub(super) body: u64,
    /// Whether it was answered well.
    pub(super) accepted: bool,
    /// Whether it tells of a change that was dropped.
    pub(super) is_dropped: bool,
}

/// The receiver.
#[derive(Clone)]
pub(super) struct Sink {
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
}

struct Book {
    receipts: Vec<Receipt>,
    dice: Dice,
}

impl Sink {
    /// Listens until the process ends.
    pub(super) async fn open(seed: u64) -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(Failure::io("listen for webhooks"))?;
        let address = listener.local_addr().map_err(Failure::io("listen for webhooks"))?;
        let book = Book { receipts: Vec::new(), dice: Dice::of(seed, 0) };
        let sink = Self { address, book: Arc::new(Mutex::new(book)) };
        let accepting = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = accepting.clone();
                tokio::spawn(async move { sink.receive(stream).await });
            }
        });
        Ok(sink)
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How much arrived.
    pub(super) fn count(&self) -> usize {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).receipts.len()
    }

    /// Everything that arrived, in order.
    pub(super) fn receipts(&self) -> Vec<Receipt> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).receipts.clone()
    }

    /// Takes what comes on one connection, for as long as whole requests do.
    async fn receive(&self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        loop {
            let Some((head, size)) = read_head(&mut stream, &mut bytes).await else { return };
            let member = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(':'));
                let found = lines.find(|(given, _)| given.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
            };
            let length: usize = member("content-length").parse().unwrap_or(0);
            while bytes.len() < size + length {
                if !read_more(&mut stream, &mut bytes).await {
                    return;
                }
            }
            let body: Vec<u8> = bytes.drain(..size + length).skip(size).collect();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let accepted = self.note(member("webhook-id"), path, &body);
            let status = if accepted { "200 OK" } else { "500 Internal Server Error" };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn note(&self, id: String, path: String, body: &[u8]) -> bool {
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let is_dropped = body.windows(8).any(|window| window == b"Rollback");
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let accepted = book.dice.below(10) >= FAILURES;
        let body = hasher.finish();
        book.receipts.push(Receipt { id, path, body, accepted, is_dropped });
        accepted
    }
}

async fn read_head(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<(String, usize)> {
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            return Some((String::from_utf8_lossy(&bytes[..end]).into_owned(), end + 4));
        }
        if !read_more(stream, bytes).await {
            return None;
        }
    }
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    let mut part = [0; 8192];
    match stream.read(&mut part).await {
        Ok(read) if read > 0 => {
            bytes.extend_from_slice(&part[..read]);
            true
        }
        _ => false,
    }
}
