//! A body of `multipart/form-data`, part by part, bounded in everything and never held whole.
//!
//! The library below splits the body and holds back the client while nobody reads: it keeps at most 64 KiB of it. What it
//! leaves open is bounded here: how many parts, how large a part, its head and all of them, and how long the client may
//! take. Whoever reads a part while it comes must ask for the next one before trusting it, because only the final
//! boundary tells a complete body from one that broke off ([`Multipart::finish`]).

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix_multipart::{Field, Multipart as LibraryMultipart, MultipartError as LibraryError};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Instant, timeout};

use super::raw_body::{self, BodyError};

/// A longer `Content-Type` is not looked at; real ones stay below 120 bytes.
const LONGEST_CONTENT_TYPE: usize = 512;

/// How much body, and how slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MultipartLimits {
    /// Parts at most.
    pub parts: usize,
    /// Bytes of the head of a part at most; more than 64 KiB is never read.
    pub header_bytes: usize,
    /// Bytes in one part at most.
    pub part_bytes: usize,
    /// Bytes of the whole body at most, heads and boundaries included.
    pub bytes: usize,
    /// How long the client may be waited for, all waits together. What the reader does in between does not count.
    pub time: Duration,
}

impl MultipartLimits {
    /// Limits of a form with one file of so many bytes, and a few fields beside it.
    pub fn of_one_file(part_bytes: usize, time: Duration) -> Self {
        let others = 64 * 1024;
        Self { parts: 16, header_bytes: 8 * 1024, part_bytes, bytes: part_bytes + others, time }
    }
}

/// Why a body was not read, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MultipartError {
    /// What can be wrong with any body: the whole is too large, too slow, coded or torn.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The header names no boundary, or none that is usable: 400.
    #[error("the request body has no usable boundary")]
    NoBoundary,
    /// The body ends before its final boundary: 400.
    #[error("the request body ends before its final boundary")]
    Incomplete,
    /// No parts as RFC 7578 has them: 400.
    #[error("the request body is no sequence of parts")]
    Malformed,
    /// A part without a name: 400.
    #[error("a part of the request body has no name")]
    Unnamed,
    /// A text that is no UTF-8: 400.
    #[error("a part of the request body is no text")]
    NoText,
    /// More parts than allowed: 413.
    #[error("the request body has too many parts")]
    TooManyParts,
    /// More head of a part than allowed: 413.
    #[error("the head of a part of the request body is too large")]
    HeaderTooLarge,
    /// More bytes in a part than allowed: 413.
    #[error("a part of the request body is too large")]
    PartTooLarge,
}

/// A body in parts that is still coming in.
pub struct Multipart {
    library: LibraryMultipart,
    /// The part that is being read. The library gives no other one before this one is dropped, and must not be asked for
    /// more of it once it is complete.
    field: Option<Field>,
    limits: MultipartLimits,
    parts: usize,
    patience: Duration,
    overrun: Rc<Cell<bool>>,
    /// How it ended; the library must not be asked again then.
    end: Option<Result<(), MultipartError>>,
}

impl Multipart {
    /// Begins to read a body with these headers. Refuses what they alone tell.
    pub fn new<S>(
        headers: &HeaderMap,
        body: S,
        limits: MultipartLimits,
    ) -> Result<Self, MultipartError>
    where
        S: Stream<Item = Result<Bytes, PayloadError>> + 'static,
    {
        raw_body::announced(headers, limits.bytes)?;
        if headers.get(CONTENT_TYPE).is_none_or(|value| value.len() > LONGEST_CONTENT_TYPE) {
            return Err(MultipartError::NoBoundary);
        }
        let overrun = Rc::new(Cell::new(false));
        let body = capped(body, limits.bytes, Rc::clone(&overrun));
        let library = LibraryMultipart::new(headers, body);
        let patience = limits.time;
        Ok(Self { library, field: None, limits, parts: 0, patience, overrun, end: None })
    }

    /// The next part, or `None` after the final boundary. What nobody read of the part before is skipped.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, MultipartError> {
        self.field = None;
        if let Some(end) = self.end {
            return end.map(|()| None);
        }
        match wait(&mut self.patience, self.library.next()).await {
            Ok(None) => {
                self.end = Some(Ok(()));
                Ok(None)
            }
            Ok(Some(Ok(field))) => self.part(field).map(Some),
            Ok(Some(Err(error))) => Err(self.broken(&error)),
            Err(error) => Err(self.ended(error)),
        }
    }

    /// Reads to the final boundary and tells whether it came, without a look at the parts that are left.
    pub async fn finish(&mut self) -> Result<(), MultipartError> {
        while self.next().await?.is_some() {}
        Ok(())
    }
}

/// One part.
pub struct Part<'a> {
    name: String,
    file: Option<PartFile>,
    read: usize,
    body: &'a mut Multipart,
}

/// What the client says about a file. Nothing of it is true for that reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFile {
    /// The file's name as sent; empty when a browser's field was left empty.
    pub name: String,
    /// The type as sent, without its parameters; `None` if there is none that can be read.
    pub declared_type: Option<String>,
}

impl Part<'_> {
    /// The field's name in bracket notation: `avatar[file]`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What makes this part a file; `None` for a text.
    pub fn file(&self) -> Option<&PartFile> {
        self.file.as_ref()
    }

    /// The next bytes of the part as they come, never an empty piece; `None` at the part's end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, MultipartError> {
        if let Some(Err(error)) = self.body.end {
            return Err(error);
        }
        while let Some(field) = &mut self.body.field {
            match wait(&mut self.body.patience, field.next()).await {
                Ok(None) => self.body.field = None,
                Ok(Some(Ok(piece))) if piece.is_empty() => {}
                Ok(Some(Ok(piece))) => {
                    self.read += piece.len();
                    if self.read > self.body.limits.part_bytes {
                        return Err(self.body.ended(MultipartError::PartTooLarge));
                    }
                    return Ok(Some(piece));
                }
                Ok(Some(Err(error))) => return Err(self.body.broken(&error)),
                Err(error) => return Err(self.body.ended(error)),
            }
        }
        Ok(None)
    }

    /// The rest of the part, if it has at most so many bytes.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, MultipartError> {
        let mut joined = BytesMut::new();
        while let Some(piece) = self.chunk().await? {
            if joined.len() + piece.len() > limit {
                return Err(self.body.ended(MultipartError::PartTooLarge));
            }
            joined.extend_from_slice(&piece);
        }
        Ok(joined.freeze())
    }

    /// The rest of the part as text, if it has at most so many bytes.
    pub async fn text(self, limit: usize) -> Result<String, MultipartError> {
        let bytes = self.bytes(limit).await?;
        String::from_utf8(bytes.into()).map_err(|_| MultipartError::NoText)
    }
}

/// Waits for the client, as long as there is patience.
async fn wait<T>(
    patience: &mut Duration,
    coming: impl Future<Output = T>,
) -> Result<T, MultipartError> {
    let begin = Instant::now();
    let outcome = timeout(*patience, coming).await;
    *patience = patience.saturating_sub(begin.elapsed());
    outcome.map_err(|_| BodyError::TooSlow.into())
}

impl Multipart {
    fn part(&mut self, field: Field) -> Result<Part<'_>, MultipartError> {
        self.parts += 1;
        if self.parts > self.limits.parts {
            return Err(self.ended(MultipartError::TooManyParts));
        }
        let head = |(name, value): (&HeaderName, &HeaderValue)| {
            name.as_str().len() + value.len() + ": \r\n".len()
        };
        if field.headers().iter().map(head).sum::<usize>() > self.limits.header_bytes {
            return Err(self.ended(MultipartError::HeaderTooLarge));
        }
        let Some(name) = field.name().filter(|name| !name.is_empty()).map(str::to_owned) else {
            return Err(self.ended(MultipartError::Unnamed));
        };
        let file = file(&field);
        self.field = Some(field);
        Ok(Part { name, file, read: 0, body: self })
    }

    fn broken(&mut self, error: &LibraryError) -> MultipartError {
        let meaning = match error {
            _ if self.overrun.get() => BodyError::TooLarge.into(),
            LibraryError::Payload(PayloadError::Overflow) => MultipartError::HeaderTooLarge,
            LibraryError::Payload(_) => BodyError::Malformed.into(),
            LibraryError::ContentTypeMissing | LibraryError::ContentTypeParse => {
                MultipartError::NoBoundary
            }
            LibraryError::ContentDispositionNameMissing => MultipartError::Unnamed,
            LibraryError::Incomplete => MultipartError::Incomplete,
            LibraryError::BoundaryMissing if self.parts == 0 => MultipartError::NoBoundary,
            _ => MultipartError::Malformed,
        };
        self.ended(meaning)
    }

    fn ended(&mut self, error: MultipartError) -> MultipartError {
        self.end = Some(Err(error));
        error
    }
}

fn file(field: &Field) -> Option<PartFile> {
    let disposition = field.content_disposition()?;
    let extended = || {
        let name = disposition.get_filename_ext()?;
        Some(String::from_utf8_lossy(&name.value).into_owned())
    };
    let name = disposition.get_filename().map(str::to_owned).or_else(extended)?;
    let declared_type = field.content_type().map(|mime| mime.essence_str().to_owned());
    Some(PartFile { name, declared_type })
}

/// The body up to so many bytes; `overrun` tells this error from the library's own.
fn capped(
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
    limit: usize,
    overrun: Rc<Cell<bool>>,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let mut read = 0;
    body.map(move |piece| {
        let piece = piece?;
        read += piece.len();
        if read > limit {
            overrun.set(true);
            return Err(PayloadError::Overflow);
        }
        Ok(piece)
    })
}

#[cfg(test)]
mod tests;
