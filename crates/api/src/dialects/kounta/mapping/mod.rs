//! Between the wire and the domain.

mod address;
mod company;
mod consent;
mod customer;
mod delivery;
mod fields;
mod links;
mod paging;
mod search;
mod subscribe;
mod webhook;
mod write;

use domain::id::{CustomerNumber, SubscriptionNumber};
use domain::merchant::Merchant;

pub(super) use address::customer_addresses;
pub(super) use company::{company, company_addresses, sites};
pub(super) use consent::consent_page;
pub(super) use customer::{customer, customer_item};
pub(super) use delivery::Deliveries;
pub(super) use links::{customer_link, next_page_link, redirect_link, webhook_link};
pub(super) use paging::{PAGE_SIZE, Position, Window, position, short_list};
pub(super) use search::{Search, search};
pub(super) use subscribe::{new_webhook, webhook_patch};
pub(super) use webhook::webhook;
pub(super) use write::{Refusal, draft};

use crate::http::zone::Zone;

/// The zone of all dates of a company. A name that no zone has reads as universal time: a wrong setting must not take
/// every answer down.
fn zone(merchant: &Merchant) -> Zone {
    Zone::named(merchant.time_zone.as_str()).unwrap_or_else(|_| Zone::utc())
}

/// A positive whole number as it stands in a path: digits, without a leading zero.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() || !digits || text.starts_with('0') {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

/// The customer that a path's last segment means.
pub(super) fn customer_number(text: &str) -> Option<CustomerNumber> {
    CustomerNumber::try_from(i64::try_from(number(text)?).ok()?).ok()
}

/// The webhook that a path's last segment means.
pub(super) fn webhook_number(text: &str) -> Option<SubscriptionNumber> {
    SubscriptionNumber::try_from(i64::try_from(number(text)?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_path_is_plain_digits() {
        assert_eq!(number("389427"), Some(389_427));
        assert_eq!(number("99999999999999999999999"), Some(u64::MAX));
        for text in ["", "0", "007", "-1", "+1", "1.5", "1e3", "0x5F12", "389427abc", "١", " 1"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_customer_number_is_below_2_to_the_53() {
        assert!(customer_number("9007199254740991").is_some());
        assert_eq!(customer_number("9007199254740992"), None);
        assert_eq!(customer_number("9223372036854775808"), None);
    }
}
