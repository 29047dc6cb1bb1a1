//! Looks at customers, written behind the requests that looked: no request waits for the audit.

use std::time::Duration;

use domain::audit::View;
use domain::{Storage, StorageError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout_at};

/// Looks that may wait to be written.
const CAPACITY: usize = 10_000;
/// The most that are written at once.
const BATCH: usize = 500;
/// How long a look waits for others to be written with; all are to be written within a second.
const DELAY: Duration = Duration::from_millis(500);
/// How long the writer waits before it tries again.
const PAUSE: Duration = Duration::from_secs(1);

/// Where looks are noted. Cheap to clone; all clones are one log.
#[derive(Clone, Debug)]
pub struct ViewLog(mpsc::Sender<Entry>);

/// Writes what was noted, until the last clone of its log is gone.
#[derive(Debug)]
pub struct ViewWriter {
    entries: mpsc::Receiver<Entry>,
    storage: Storage,
}

#[derive(Debug)]
enum Entry {
    View(View),
    /// Somebody wants to know when everything noted before is written.
    Flush(oneshot::Sender<()>),
}

impl ViewLog {
    /// A log, and the writer that somebody has to run.
    pub fn new(storage: Storage) -> (Self, ViewWriter) {
        let (sender, entries) = mpsc::channel(CAPACITY);
        (Self(sender), ViewWriter { entries, storage })
    }

    /// Notes a look; it is written within a second. While the database is away for so long that no more can wait, looks
    /// are logged as missing.
    pub fn note(&self, view: View) {
        if self.0.try_send(Entry::View(view)).is_err() {
            let View { id, merchant, customer, .. } = view;
            tracing::error!(view.id = %id, merchant.id = %merchant, customer.id = %customer, "a look is missing in the audit");
        }
    }

    /// Waits until everything noted so far is written, or nobody writes any more.
    pub async fn flush(&self) {
        let (written, done) = oneshot::channel();
        if self.0.send(Entry::Flush(written)).await.is_ok() {
            // An error means that the writer is gone, and with it everything there was to wait for.
            let _ = done.await;
        }
    }
}

impl ViewWriter {
    /// Writes until the last clone of the log is gone.
    pub async fn run(mut self) {
        let mut batch = Batch::default();
        while let Some(first) = self.entries.recv().await {
            batch.take(first);
            let deadline = Instant::now() + DELAY;
            while !batch.is_due() {
                match timeout_at(deadline, self.entries.recv()).await {
                    Ok(Some(entry)) => batch.take(entry),
                    Ok(None) | Err(_) => break,
                }
            }
            self.write(&batch.views).await;
            batch.finish();
        }
    }

    /// Writes a batch, however long it takes. Only what storage can never take is given up.
    async fn write(&self, views: &[View]) {
        while let Err(error) = self.try_write(views).await {
            match error {
                StorageError::Unavailable(_) => {
                    tracing::warn!(%error, "looks wait for the database");
                    sleep(PAUSE).await;
                }
                StorageError::Failed(_) => {
                    tracing::error!(%error, count = views.len(), "looks are missing in the audit");
                    return;
                }
            }
        }
    }

    async fn try_write(&self, views: &[View]) -> Result<(), StorageError> {
        if views.is_empty() {
            return Ok(());
        }
        self.storage.session().await?.audit().note_views(views).await
    }
}

#[derive(Default)]
struct Batch {
    views: Vec<View>,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Batch {
    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::View(view) => self.views.push(view),
            Entry::Flush(waiting) => self.waiting.push(waiting),
        }
    }

    fn is_due(&self) -> bool {
        self.views.len() >= BATCH || !self.waiting.is_empty()
    }

    fn finish(&mut self) {
        self.views.clear();
        for waiting in self.waiting.drain(..) {
            // Whoever went away does not need to know.
            let _ = waiting.send(());
        }
    }
}

#[cfg(test)]
mod tests;
