//! The look.

use time::OffsetDateTime;

use crate::access::Actor;
use crate::id::{CustomerId, MerchantId, ViewId};

/// One look at one customer (OL `ViewCustomer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Names the look in the audit log.
    pub id: ViewId,
    /// Whose customer.
    pub merchant: MerchantId,
    /// Who was looked at.
    pub customer: CustomerId,
    /// Who looked.
    pub actor: Actor,
    /// When.
    pub at: OffsetDateTime,
}
