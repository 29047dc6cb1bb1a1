//! Why a file as a whole is not taken.

use std::io;

/// What stands against the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It does not begin with an XML declaration (OL 6.1), so by its content it is of this type.
    #[error("the file does not begin with an XML declaration but is {0}")]
    NotXml(&'static str),
    /// It is not in UTF-8, or says that it is not.
    #[error("the file is not in UTF-8")]
    Encoding,
    /// It has a document type: entities could grow without end or lead elsewhere.
    #[error("the file has a document type declaration")]
    DocumentType,
    /// Elements are nested deeper than [`Self::DEPTH`].
    #[error("the file is nested deeper than {} elements", Self::DEPTH)]
    TooDeep,
    /// A text, a comment or a tag is longer than [`Self::LENGTH`].
    #[error("the file has a text or a tag of more than {} bytes", Self::LENGTH)]
    TooLong,
    /// A tag has more attributes than [`Self::ATTRIBUTES`].
    #[error("the file has a tag with more than {} attributes", Self::ATTRIBUTES)]
    TooManyAttributes,
    /// It has more rows than the caller allows.
    #[error("the file has more than {0} rows")]
    TooManyRows(u64),
}

impl Refusal {
    /// How deep elements may be nested.
    pub const DEPTH: usize = 32;
    /// How many bytes a text, a comment or a tag may have.
    pub const LENGTH: usize = 64 * 1024;
    /// How many attributes a tag may have.
    pub const ATTRIBUTES: usize = 64;
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It must not be taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}
