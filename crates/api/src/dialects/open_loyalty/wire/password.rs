//! Passwords (contract 2.5).

use serde::Serialize;
use utoipa::ToSchema;

/// A request that did what it is for.
#[derive(Serialize, ToSchema)]
pub(crate) struct SuccessBody {
    pub(crate) success: bool,
}

impl SuccessBody {
    /// The only one there is.
    pub(crate) const YES: Self = Self { success: true };
}
