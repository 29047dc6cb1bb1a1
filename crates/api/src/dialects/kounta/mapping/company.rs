//! The company as the vendor shows it (contract, section 4).

use domain::merchant::Merchant;
use time::OffsetDateTime;

use super::address::line_address;
use super::zone;
use crate::dialects::kounta::wire;

/// How many registers a company is shown to have and may have: this service keeps none, and a client reads both.
const REGISTERS: (u64, u64) = (1, 5);

/// The company at a moment: its offset follows daylight saving.
pub(crate) fn company(merchant: &Merchant, now: OffsetDateTime) -> wire::Company {
    let zone = zone(merchant);
    let updated_at = || zone.format_extended(merchant.updated_at);
    let business = &merchant.business;
    let mut addresses = company_addresses(merchant);
    let (count, limit) = REGISTERS;
    let offset = zone.format_extended(now).split_off("YYYY-MM-DDThh:mm:ss".len());
    wire::Company {
        id: merchant.company_id.into(),
        name: merchant.name.to_string(),
        shipping_address: None,
        addresses: wire::Count { count: addresses.len() as u64, updated_at: updated_at() },
        postal_address: addresses.pop(),
        business_number: business.business_number.as_ref().map(ToString::to_string),
        contact_staff_member: contact(merchant),
        image: None,
        website: business.website.as_ref().map(ToString::to_string),
        currency: merchant.currency.upper(),
        timezone: wire::TimeZone { offset, name: merchant.time_zone.to_string() },
        sites: wire::Count { count: 1, updated_at: updated_at() },
        registers: wire::RegisterCount { count, limit, updated_at: updated_at() },
        created_at: zone.format_extended(merchant.created_at),
        updated_at: updated_at(),
    }
}

/// The company's addresses: the postal one, if it is known.
pub(crate) fn company_addresses(merchant: &Merchant) -> Vec<wire::LineAddress> {
    let postal = merchant.business.postal_address.iter().filter(|address| !address.is_empty());
    postal.map(|address| line_address(merchant.company_id.into(), address)).collect()
}

/// The one site of a company, which is the company itself.
pub(crate) fn sites(merchant: &Merchant) -> Vec<wire::Site> {
    vec![wire::Site {
        id: merchant.company_id.into(),
        name: merchant.name.to_string(),
        code: merchant.store_code.to_string(),
    }]
}

/// A company has one person to talk to, so the company's number names that person among staff members.
fn contact(merchant: &Merchant) -> Option<wire::Contact> {
    let business = &merchant.business;
    let parts =
        [&business.contact_first_name, &business.contact_last_name, &business.contact_email];
    let known = parts.iter().any(|part| part.is_some());
    let [first_name, last_name, email] =
        parts.map(|part| part.as_ref().map(ToString::to_string).unwrap_or_default());
    known.then(|| wire::Contact { id: merchant.company_id.into(), first_name, last_name, email })
}

#[cfg(test)]
mod tests {
    use domain::customer::Address;
    use domain::merchant::BusinessDetails;
    use domain::testing::a_merchant;
    use domain::text::{Line, Text};
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::*;

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    fn harbour_road() -> Merchant {
        let then = datetime!(2026-01-09 21:00 UTC);
        Merchant {
            company_id: 5678.try_into().unwrap(),
            time_zone: line("Australia/Melbourne"),
            currency: "aud".parse().unwrap(),
            business: BusinessDetails {
                postal_address: Some(Address {
                    street: line("Unit 4\n18 Harbour Road"),
                    city: line("Geelong"),
                    province: line("VIC"),
                    postal_code: line("3220"),
                    country: line("AU"),
                    ..Address::default()
                }),
                business_number: Some(line("12 345 678 910")),
                website: Text::try_from("https://harbour.example.test").ok(),
                contact_first_name: Some(line("Rae")),
                contact_last_name: Some(line("Okafor")),
                contact_email: Some(line("rae@example.test")),
            },
            created_at: then,
            updated_at: then,
            ..a_merchant()
        }
    }

    #[test]
    fn the_contracts_sample_company_has_all_keys_in_order() {
        let shown = company(&harbour_road(), datetime!(2026-03-01 22:15 UTC));
        let then = "2026-01-10T08:00:00+11:00";
        let expected = json!({
            "id": 5678,
            "name": "Harbour Road Coffee",
            "shipping_address": null,
            "postal_address": {
                "id": 5678, "lines": ["Unit 4", "18 Harbour Road"], "city": "Geelong",
                "zone": "VIC", "postal_code": "3220", "country": "AU"
            },
            "addresses": {"count": 1, "updated_at": then},
            "business_number": "12 345 678 910",
            "contact_staff_member": {
                "id": 5678, "first_name": "Rae", "last_name": "Okafor", "email": "rae@example.test"
            },
            "image": null,
            "website": "https://harbour.example.test",
            "currency": "AUD",
            "timezone": {"offset": "+11:00", "name": "Australia/Melbourne"},
            "sites": {"count": 1, "updated_at": then},
            "registers": {"count": 1, "limit": 5, "updated_at": then},
            "created_at": then,
            "updated_at": then
        });
        assert_eq!(serde_json::to_string(&shown).unwrap(), expected.to_string());
    }

    #[test]
    fn the_offset_follows_daylight_saving() {
        let shown = company(&harbour_road(), datetime!(2026-07-01 00:00 UTC));
        assert_eq!(shown.timezone.offset, "+10:00");
    }

    #[test]
    fn what_is_unknown_is_null_and_still_there() {
        let shown = serde_json::to_value(company(&a_merchant(), datetime!(2026-07-01 0:00 UTC)));
        let shown = shown.unwrap();
        for key in ["postal_address", "business_number", "contact_staff_member", "website"] {
            assert_eq!(shown.get(key), Some(&Value::Null), "{key}");
        }
        assert_eq!(shown["addresses"]["count"], 0);
    }
}
