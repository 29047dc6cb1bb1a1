//! Customers as the vendor shows them (contract 2.2).

use domain::customer::{self as model, Customer, Email, PhoneNumber};
use domain::id::ApplicationId;
use domain::merchant::Merchant;
use domain::text::Text;
use time::OffsetDateTime;

use super::zone;
use crate::dialects::kounta::wire;

/// The whole customer as one application sees it. Both timestamps are the moment of the answer: the contract says that
/// the real ones are unavailable.
pub(crate) fn customer(
    customer: &Customer,
    merchant: &Merchant,
    reader: ApplicationId,
    now: OffsetDateTime,
) -> wire::Customer {
    let email = email(customer);
    let now = zone(merchant).format_extended(now);
    wire::Customer {
        id: customer.number.into(),
        company_id: merchant.company_id.into(),
        first_name: customer.name.first().to_owned(),
        last_name: filled(customer.name.last()),
        email: email.clone(),
        primary_email_address: email,
        phone: customer.phone.as_ref().map(PhoneNumber::as_str).and_then(filled),
        mobile: customer.mobile.as_ref().map(PhoneNumber::as_str).and_then(filled),
        reference_id: reference(customer, reader),
        tags: customer.tags.iter().map(ToString::to_string).collect(),
        image: image(customer),
        primary_address: customer.primary_address.as_ref().and_then(address),
        shipping_address: customer.shipping_address.as_ref().and_then(address),
        accepts_marketing: customer.agreements.marketing,
        created_at: now.clone(),
        updated_at: now,
    }
}

/// The customer in a list, as one application sees it.
pub(crate) fn customer_item(customer: &Customer, reader: ApplicationId) -> wire::CustomerItem {
    wire::CustomerItem {
        id: customer.number.into(),
        first_name: customer.name.first().to_owned(),
        last_name: filled(customer.name.last()),
        primary_email_address: email(customer),
        image: image(customer),
        reference_id: reference(customer, reader),
    }
}

/// Another application's value is never looked at.
fn reference(customer: &Customer, reader: ApplicationId) -> String {
    let own = customer.references.per_application.get(&reader);
    own.map(ToString::to_string).unwrap_or_default()
}

fn email(customer: &Customer) -> Option<String> {
    customer.email.as_ref().map(Email::as_str).and_then(filled)
}

fn image(customer: &Customer) -> Option<String> {
    customer.image_url.as_ref().map(Text::as_str).and_then(filled)
}

/// What another dialect emptied on purpose reads as absent, so that echoing clients do not write it back.
fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn address(address: &model::Address) -> Option<wire::Address> {
    (!address.is_empty()).then(|| wire::Address {
        address: address.street_line(),
        city: address.city.to_string(),
        state: address.province.to_string(),
        postal_code: address.postal_code.to_string(),
        country: address.country.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use domain::customer::{Address, Name};
    use domain::testing::{a_customer, a_merchant};
    use domain::text::Line;
    use serde_json::json;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    fn application(n: u128) -> ApplicationId {
        ApplicationId::from(Uuid::from_u128(n))
    }

    fn melbourne() -> Merchant {
        Merchant { time_zone: line("Australia/Melbourne"), ..a_merchant() }
    }

    #[test]
    fn the_contracts_sample_customer_reads_byte_for_byte() {
        let merchant = Merchant { company_id: 5678.try_into().unwrap(), ..melbourne() };
        let mut ayla = a_customer(merchant.id);
        ayla.number = 700_123.try_into().unwrap();
        ayla.name = Name::Divided { first: line("Ayla"), last: line("Nguyen") };
        ayla.email = Email::try_from("ayla@example.test").ok();
        ayla.phone = PhoneNumber::try_from("03 5550 1234").ok();
        ayla.mobile = PhoneNumber::try_from("0491 570 156").ok();
        ayla.references.per_application.insert(application(1), line("crm-00042"));
        ayla.tags = ["Gold Member", "Newsletter"].map(|tag| tag.try_into().unwrap()).to_vec();
        ayla.image_url = Text::try_from("https://img.example.test/ayla.jpg").ok();
        ayla.primary_address = Some(Address {
            street: line("Unit 4, 18 Harbour Road"),
            city: line("Geelong"),
            province: line("VIC"),
            postal_code: line("3220"),
            country: line("AU"),
            ..Address::default()
        });
        ayla.agreements.marketing = true;
        let now = datetime!(2026-03-01 22:15:00.9 UTC);
        let shown =
            serde_json::to_string(&super::customer(&ayla, &merchant, application(1), now)).unwrap();
        let expected = concat!(
            r#"{"id":700123,"company_id":5678,"first_name":"Ayla","last_name":"Nguyen","#,
            r#""email":"ayla@example.test","primary_email_address":"ayla@example.test","#,
            r#""phone":"03 5550 1234","mobile":"0491 570 156","reference_id":"crm-00042","#,
            r#""tags":["Gold Member","Newsletter"],"image":"https://img.example.test/ayla.jpg","#,
            r#""primary_address":{"address":"Unit 4, 18 Harbour Road","city":"Geelong","#,
            r#""state":"VIC","postal_code":"3220","country":"AU"},"shipping_address":null,"#,
            r#""accepts_marketing":true,"created_at":"2026-03-02T09:15:00+11:00","#,
            r#""updated_at":"2026-03-02T09:15:00+11:00"}"#
        );
        assert_eq!(shown, expected);
        let item = serde_json::to_string(&customer_item(&ayla, application(1))).unwrap();
        let expected = concat!(
            r#"{"id":700123,"first_name":"Ayla","last_name":"Nguyen","#,
            r#""primary_email_address":"ayla@example.test","#,
            r#""image":"https://img.example.test/ayla.jpg","reference_id":"crm-00042"}"#
        );
        assert_eq!(item, expected);
    }

    #[test]
    fn what_is_unset_or_emptied_is_null_except_reference_and_tags() {
        let merchant = melbourne();
        let mut bare = a_customer(merchant.id);
        bare.number = 1.try_into().unwrap();
        bare.name = Name::Undivided(line("Cher"));
        bare.email = Email::try_from("").ok();
        bare.phone = PhoneNumber::try_from("").ok();
        bare.primary_address = Some(Address::default());
        let now = datetime!(2026-07-01 00:00 UTC);
        let shown =
            serde_json::to_value(super::customer(&bare, &merchant, application(1), now)).unwrap();
        let expected = json!({
            "id": 1, "company_id": i64::from(merchant.company_id), "first_name": "Cher",
            "last_name": null, "email": null, "primary_email_address": null, "phone": null,
            "mobile": null, "reference_id": "", "tags": [], "image": null,
            "primary_address": null, "shipping_address": null, "accepts_marketing": false,
            "created_at": "2026-07-01T10:00:00+10:00", "updated_at": "2026-07-01T10:00:00+10:00"
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_application_never_sees_anothers_reference() {
        let mut shared = a_customer(melbourne().id);
        shared.references.per_application.insert(application(2), line("theirs"));
        assert_eq!(customer_item(&shared, application(1)).reference_id, "");
        assert_eq!(customer_item(&shared, application(2)).reference_id, "theirs");
    }
}
