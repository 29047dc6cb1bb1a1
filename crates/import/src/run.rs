//! Storing a file: one thread reads and judges, the caller's task stores what it has judged.

use std::io::{BufReader, Read};

use domain::StorageError;
use domain::customer::{Customer, CustomerError, Origin};
use domain::id::CustomerId;
use domain::import::{Import, ImportError, ImportRow, Imports};
use domain::level::Ladder;
use domain::merchant::Merchant;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::convert::{Programme, Row, RowError, refused};
use crate::document::Document;
use crate::refusal::ReadError;
use crate::survey::CHUNK;

/// How many rows are stored together: enough that beginning and ending a unit of work does not show, and few enough that
/// nobody who wants one of their addresses waits long.
const BATCH: usize = 512;
/// After how many bytes of the file a batch ends, however few rows it has.
const BATCH_BYTES: u64 = 1024 * 1024;
/// How many batches are read ahead.
const AHEAD: usize = 2;

/// Where the rows of a file go.
#[derive(Debug)]
pub struct Target<'a> {
    /// The domain's service.
    pub imports: &'a Imports,
    /// On whose behalf.
    pub origin: Origin,
    /// Whose customers they become.
    pub merchant: &'a Merchant,
    /// The merchant's levels.
    pub ladder: &'a Ladder,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The number of the row in the file, from 1.
    pub row: u64,
    /// What the row is known by; of a row that cannot be read, what the one before it is known by (OL 6.3).
    pub identifier: String,
    /// The customer that it became, or why it became nobody, in the contract's words.
    pub result: Result<CustomerId, String>,
}

/// Why an import did not come to its end. What was reported is stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A batch cannot be stored.
    #[error(transparent)]
    Store(#[from] ImportError),
    /// The thread that reads is gone.
    #[error("the reader of the file stopped")]
    Reader,
}

impl From<StorageError> for ImportFailure {
    fn from(error: StorageError) -> Self {
        Self::Store(error.into())
    }
}

/// Stores the rows of a file in their order, and reports what became of each once its batch is kept.
///
/// With an `import`, the file goes on from where that is. Whoever drops the future in the middle loses nothing but the
/// batch that was under way.
pub async fn run(
    target: &Target<'_>,
    source: impl Read + Send + 'static,
    programme: Programme,
    mut import: Option<&mut Import>,
    mut report: impl FnMut(Outcome),
) -> Result<(), ImportFailure> {
    let (sender, mut batches) = mpsc::channel(AHEAD);
    let mut row = import.as_deref().map_or(0, |import| import.processed);
    let skipped = row;
    let reader = spawn_blocking(move || read(source, &programme, skipped, &sender));
    while let Some(batch) = batches.recv().await {
        for outcome in target.store(batch, import.as_deref_mut()).await? {
            row += 1;
            report(Outcome { row, ..outcome });
        }
    }
    reader.await.map_err(|_| ImportFailure::Reader)??;
    match import {
        Some(import) if import.finished_at.is_none() => Ok(target.imports.finish(import).await?),
        _ => Ok(()),
    }
}

/// Reads the file from a row on. Stops when nobody wants the rest.
fn read(
    source: impl Read,
    programme: &Programme,
    skipped: u64,
    batches: &mpsc::Sender<Vec<Row>>,
) -> Result<(), ReadError> {
    let mut document = Document::new(BufReader::with_capacity(CHUNK, source))?;
    let (mut batch, mut begin) = (Vec::with_capacity(BATCH), 0);
    let (mut previous, mut number) = (String::new(), 0);
    while let Some(found) = document.next()? {
        let row = programme.judge(&found, &previous);
        previous.clone_from(&row.identifier);
        number += 1;
        if number <= skipped {
            begin = document.position();
            continue;
        }
        batch.push(row);
        if batch.len() == BATCH || document.position() - begin >= BATCH_BYTES {
            begin = document.position();
            let whole = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if batches.blocking_send(whole).is_err() {
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        // Nobody may want it any more.
        let _ = batches.blocking_send(batch);
    }
    Ok(())
}

impl Target<'_> {
    async fn store(
        &self,
        batch: Vec<Row>,
        import: Option<&mut Import>,
    ) -> Result<Vec<Outcome>, ImportFailure> {
        let progress = import.map(|import| (import, batch.len() as u64));
        let (mut rows, mut judged) = (Vec::with_capacity(batch.len()), Vec::new());
        for Row { identifier, judged: verdict } in batch {
            let verdict = verdict.map(|row: Box<ImportRow>| rows.push(*row));
            judged.push((identifier, verdict));
        }
        let (origin, merchant, ladder) = (&self.origin, self.merchant, self.ladder);
        let stored = self.imports.store(origin, merchant, ladder, rows, progress).await?;
        let mut stored = stored.into_iter();
        let outcomes = judged.into_iter().map(|(identifier, verdict)| {
            let result = match verdict {
                Ok(()) => became(stored.next())?,
                Err(error) => Err(error),
            };
            let result = result.map_err(|error| error.to_string());
            Ok(Outcome { row: 0, identifier, result })
        });
        outcomes.collect()
    }
}

/// What became of a row that said enough.
fn became(
    stored: Option<Result<Customer, CustomerError>>,
) -> Result<Result<CustomerId, RowError>, StorageError> {
    match stored {
        Some(Ok(customer)) => Ok(Ok(customer.id)),
        Some(Err(error)) => match refused(&error) {
            Some(refusal) => Ok(Err(refusal)),
            None => Err(StorageError::Failed(format!("a row met what no row can meet: {error}"))),
        },
        None => Err(StorageError::Failed("a batch lost a result".to_owned())),
    }
}
