//! A form with one file in it (contract 1.2).

use super::super::errors::Error;
use super::request::Incoming;
use crate::http::form::{FormBuilder, FormLimits, FormValue};
use crate::http::multipart::{Part, PartFile};

/// The largest file that is read to its end, so that a refusal can tell its size; a larger one ends the request.
const LONGEST_UPLOAD: usize = 5 * 1024 * 1024;
/// The most of a text that stands beside a file.
const LONGEST_TEXT: usize = 1024;
/// How forms with a file nest, and how many fields they have.
const LIMITS: FormLimits = FormLimits { depth: 2, keys: 16 };

/// A form that may carry a file.
pub(crate) struct Upload {
    /// All fields; in the place of the file stands its name.
    pub(crate) fields: FormValue,
    /// The file, if there is one and not only its name.
    pub(crate) file: Option<SentFile>,
}

/// A file as it was sent.
pub(crate) struct SentFile {
    /// What the client says about it.
    pub(crate) said: PartFile,
    /// How many bytes it has.
    pub(crate) size: usize,
    /// Its bytes, as far as they were wanted.
    pub(crate) content: Vec<u8>,
}

impl Incoming {
    /// The form and the file of one field, of which no more than `wanted` bytes are kept. A form that comes in no parts
    /// has no file. Two files in the place of one are refused.
    pub(crate) async fn upload(self, field: &str, wanted: usize) -> Result<Upload, Error> {
        if !self.has_parts() {
            return Ok(Upload { fields: self.fields().await?, file: None });
        }
        let mut parts = self.parts(LONGEST_UPLOAD)?;
        let (mut form, mut file) = (FormBuilder::new(LIMITS), None);
        while let Some(part) = parts.next().await? {
            let name = part.name().to_owned();
            match part.file().cloned() {
                Some(said) if name == field => {
                    form.insert(&name, FormValue::Text(said.name.clone()))?;
                    if file.replace(read(part, said, wanted).await?).is_some() {
                        return Err(Error::BadRequest);
                    }
                }
                Some(said) => form.insert(&name, FormValue::Text(said.name))?,
                None => form.insert(&name, FormValue::Text(part.text(LONGEST_TEXT).await?))?,
            }
        }
        Ok(Upload { fields: form.finish(), file: file.filter(|file| file.size > 0) })
    }
}

async fn read(mut part: Part<'_>, said: PartFile, wanted: usize) -> Result<SentFile, Error> {
    let (mut size, mut content) = (0, Vec::new());
    while let Some(piece) = part.chunk().await? {
        size += piece.len();
        if size <= wanted {
            content.extend_from_slice(&piece);
        } else {
            content = Vec::new();
        }
    }
    Ok(SentFile { said, size, content })
}
