//! Addresses in the older shape with lines (contract, section 4).

use domain::customer::{Address, Customer};

use crate::dialects::kounta::wire;

/// A customer's addresses, at most two: the primary one, then the shipping one. The id of each follows from the customer's and
/// stays the same whatever becomes of the other.
pub(crate) fn customer_addresses(customer: &Customer) -> Vec<wire::LineAddress> {
    let number = i64::from(customer.number);
    let kinds = [(0, &customer.primary_address), (1, &customer.shipping_address)];
    kinds
        .into_iter()
        .filter_map(|(kind, address)| Some((kind, address.as_ref()?)))
        .filter(|(_, address)| !address.is_empty())
        .map(|(kind, address)| line_address(2 * number + kind, address))
        .collect()
}

/// An address whose id is the caller's: it must stay the same for the same place.
pub(super) fn line_address(id: i64, address: &Address) -> wire::LineAddress {
    wire::LineAddress {
        id,
        lines: address.street_line().split('\n').map(str::to_owned).collect(),
        city: address.city.to_string(),
        zone: address.province.to_string(),
        postal_code: address.postal_code.to_string(),
        country: address.country.to_string(),
    }
}
