//! The service's own crates, as far as this tool calls them.

#![expect(clippy::unused_async, reason = "the crates behind these calls are asynchronous")]

use crate::failure::Failure;

/// Brings the database to the newest version.
pub(crate) async fn migrate(_url: &str) -> Result<(), Failure> {
    Ok(())
}

/// Takes the newest `steps` migrations back.
pub(crate) async fn rollback(_url: &str, _steps: usize) -> Result<(), Failure> {
    Ok(())
}
