//! Whoever is told: remembers everything, and fails three times out of ten.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::failure::Failure;
use crate::seed::dice::Dice;
use crate::sink::{self, Received};

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
pub(super) struct Sink {
    receiver: sink::Sink,
    book: Arc<Mutex<Book>>,
}

struct Book {
    receipts: Vec<Receipt>,
    dice: Dice,
}

impl Sink {
    /// Listens until it is dropped.
    pub(super) fn open(seed: u64) -> Result<Self, Failure> {
        let book = Book { receipts: Vec::new(), dice: Dice::of(seed, 0) };
        let book = Arc::new(Mutex::new(book));
        let noting = Arc::clone(&book);
        let receiver = sink::Sink::start(move |received| {
            let mut book = noting.lock().unwrap_or_else(PoisonError::into_inner);
            if book.note(received) { 200 } else { 500 }
        })?;
        Ok(Self { receiver, book })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.receiver.address()
    }

    /// How much arrived.
    pub(super) fn count(&self) -> usize {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).receipts.len()
    }

    /// Everything that arrived, in order.
    pub(super) fn receipts(&self) -> Vec<Receipt> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).receipts.clone()
    }
}

impl Book {
    /// Notes a delivery, and decides whether it is taken.
    fn note(&mut self, received: &Received<'_>) -> bool {
        let mut hasher = DefaultHasher::new();
        received.body.hash(&mut hasher);
        let accepted = self.dice.below(10) >= FAILURES;
        self.receipts.push(Receipt {
            id: received.header("webhook-id").unwrap_or_default().to_owned(),
            path: received.path().to_owned(),
            body: hasher.finish(),
            accepted,
            is_dropped: received.body.windows(8).any(|window| window == b"Rollback"),
        });
        accepted
    }
}
