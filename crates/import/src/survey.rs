//! A first look at a file.

use std::io::{BufReader, Read};

use crate::document::Document;
use crate::refusal::{ReadError, Refusal};

/// How much of a file is read at once.
pub(crate) const CHUNK: usize = 64 * 1024;

/// What a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Rows, those included that cannot be read.
    pub rows: u64,
    /// Bytes that were read: all of them, unless the file stops being XML before its end.
    pub bytes: u64,
}

/// Reads a file to its end and says what it has, or why it must not be taken as a whole. Nothing of it is kept, and it does
/// not matter how large it is.
pub fn survey(source: impl Read, most_rows: Option<u64>) -> Result<Survey, ReadError> {
    let mut document = Document::new(BufReader::with_capacity(CHUNK, source))?;
    let mut rows = 0;
    while document.next()?.is_some() {
        rows += 1;
        if let Some(most) = most_rows.filter(|most| rows > *most) {
            return Err(Refusal::TooManyRows(most).into());
        }
    }
    Ok(Survey { rows, bytes: document.position() })
}
