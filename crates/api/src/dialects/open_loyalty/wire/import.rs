//! What became of an imported file (contract 6.5).

use serde::Serialize;
use utoipa::ToSchema;

use super::id::Id;

/// What became of every row, in the order of the file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportReport {
    pub(crate) items: Vec<ImportItem>,
    pub(crate) total_processed: usize,
    pub(crate) total_success: usize,
    pub(crate) total_failed: usize,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportItem {
    /// `success` or `error`.
    #[schema(example = "success")]
    pub(crate) status: &'static str,
    /// Why the row became nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) process_import_result: Option<ImportedObject>,
    /// The row's e-mail address, or its phone number where that is the login.
    pub(crate) identifier: String,
}

/// The customer that a row became.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedObject {
    pub(crate) object: Id,
}
