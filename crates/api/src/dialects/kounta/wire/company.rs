//! Companies (contract, section 4). Every key is always there: a client indexes them all.

use serde::Serialize;
use utoipa::ToSchema;

/// The company.
#[derive(Serialize, ToSchema)]
pub(crate) struct Company {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) shipping_address: Option<LineAddress>,
    pub(crate) postal_address: Option<LineAddress>,
    pub(crate) addresses: Count,
    pub(crate) business_number: Option<String>,
    pub(crate) contact_staff_member: Option<Contact>,
    pub(crate) image: Option<String>,
    pub(crate) website: Option<String>,
    #[schema(example = "AUD")]
    pub(crate) currency: String,
    pub(crate) timezone: TimeZone,
    pub(crate) sites: Count,
    pub(crate) registers: RegisterCount,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

/// An address outside a customer: the older shape with lines.
#[derive(Serialize, ToSchema)]
#[schema(as = AddressRecord)]
pub(crate) struct LineAddress {
    pub(crate) id: i64,
    pub(crate) lines: Vec<String>,
    pub(crate) city: String,
    pub(crate) zone: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// A place of the company.
#[derive(Serialize, ToSchema)]
pub(crate) struct Site {
    pub(crate) id: i64,
    #[schema(example = "Harbour Road Coffee")]
    pub(crate) name: String,
    #[schema(example = "HARBOUR")]
    pub(crate) code: String,
}

/// An order of a customer; this service keeps none.
#[derive(Serialize, ToSchema)]
pub(crate) struct Order {}

/// How many there are of something.
#[derive(Serialize, ToSchema)]
pub(crate) struct Count {
    pub(crate) count: u64,
    pub(crate) updated_at: String,
}

/// How many registers there are, and how many there may be.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterCount {
    pub(crate) count: u64,
    pub(crate) limit: u64,
    pub(crate) updated_at: String,
}

/// The person to talk to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Contact {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
}

/// The time zone of all dates of the company.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimeZone {
    /// The offset that counts now.
    #[schema(example = "+11:00")]
    pub(crate) offset: String,
    #[schema(example = "Australia/Melbourne")]
    pub(crate) name: String,
}
