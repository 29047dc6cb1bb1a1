//! Lists of sellers.

use crate::page::{Order, PageRequest};

/// What a list of sellers is ordered by; texts by the rules of their storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SellerSortKey {
    /// Id.
    Id,
    /// First name, then last name.
    Name,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Active or not.
    Active,
}

/// A list of sellers who were not removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerQuery {
    /// Only those who fit all of these.
    pub filters: Vec<SellerFilter>,
    /// In which order; equals, and all of them if not given, by id.
    pub order: Option<Order<SellerSortKey>>,
    /// Which part.
    pub page: PageRequest,
}

/// A condition on sellers: a field contains a text, letter case aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerFilter {
    /// Which field.
    pub field: SellerField,
    /// What it contains.
    pub text: String,
}

/// A field of a seller in which texts are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SellerField {
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
}
