//! A file on its way in.

use time::OffsetDateTime;

use crate::customer::CreateCustomer;
use crate::id::MerchantId;
use crate::secret::Fingerprint;

/// How far the import of a file has come. It tells nothing about anybody in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import {
    /// Whose customers.
    pub merchant: MerchantId,
    /// The SHA-256 of the file: the same content is the same import, whatever the file is called.
    pub fingerprint: Fingerprint,
    /// How many rows of the file are dealt with, from its beginning on.
    pub processed: u64,
    /// How many of these became customers.
    pub stored: u64,
    /// When it began.
    pub begun_at: OffsetDateTime,
    /// When it came to the file's end, if it has.
    pub finished_at: Option<OffsetDateTime>,
}

/// A row that says what a customer needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// The customer.
    pub customer: CreateCustomer,
    /// Whether a customer that stays new is sent what activates it.
    pub send_activation: bool,
}
