//! A customer of any dialect is the same customer in the other three, and none loses what another one knows.

use domain::customer::{Address, Attribute, Changes, Customer, Email, Name, PhoneNumber};
use domain::demo;
use domain::event::EventKind;
use domain::text::{Line, Text};
use serde_json::{Value, json};

use super::callers::Callers;
use crate::support::Server;

/// How each dialect shows one customer: the members that a test is about.
struct Views {
    open_loyalty: Value,
    kuna_core: Value,
    monri: Value,
    kounta: Value,
}

/// The dialect that a customer came from.
#[derive(Clone, Copy)]
enum Maker {
    OpenLoyalty,
    KunaCore,
    Monri,
    Kounta,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_open_loyalty_is_everybodys() {
    let fields = json!({
        "firstName": "Ana Marija", "lastName": "Anić", "email": "Ana@Shop.example", "phone": "+48221112233",
        "gender": "female", "birthDate": "1990-12-10", "loyaltyCardNumber": "Card-9", "labels": "a:b;c:d",
        "agreement1": true, "agreement2": true, "agreement3": true,
        "company": {"name": "Engine Ltd", "nip": "111-222"},
        "address": {
            "street": "Bagno", "address1": "1", "address2": "12", "postal": "00-112", "city": "Warszawa",
            "province": "Mazowieckie", "country": "PL",
        },
    });
    let views = Views {
        open_loyalty: json!({
            "firstName": "Ana Marija", "lastName": "Anić", "email": "Ana@Shop.example", "phone": "+48221112233",
            "gender": "female", "loyaltyCardNumber": "Card-9", "agreement1": true, "agreement2": true,
            "agreement3": true, "company": {"name": "Engine Ltd", "nip": "111-222"}, "address": fields["address"],
            "labels": [{"key": "a", "value": "b"}, {"key": "c", "value": "d"}],
        }),
        kuna_core: json!({
            "firstName": "Ana Marija", "lastName": "Anić", "email": "Ana@Shop.example",
            "phoneNumber": "+48221112233", "comment": null, "externalId": null, "referralId": null,
        }),
        monri: json!({
            "name": "Ana Marija Anić", "email": "Ana@Shop.example", "phone": "+48221112233",
            "address": "Bagno 1 12", "city": "Warszawa", "zip_code": "00-112", "country": "PL",
            "merchant_customer_id": null, "description": null, "metadata": {}, "deleted": false,
        }),
        kounta: json!({
            "first_name": "Ana Marija", "last_name": "Anić", "email": "Ana@Shop.example",
            "primary_email_address": "Ana@Shop.example", "phone": "+48221112233", "mobile": null,
            "reference_id": "", "tags": [], "image": null, "shipping_address": null, "accepts_marketing": true,
            "primary_address": {
                "address": "Bagno 1 12", "city": "Warszawa", "state": "Mazowieckie", "postal_code": "00-112",
                "country": "PL",
            },
        }),
    };
    travels(Maker::OpenLoyalty, fields, views).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_kuna_core_is_everybodys() {
    let fields = json!({
        "email": "alex@example.com", "phoneNumber": "+380991234567", "firstName": "Alex", "lastName": "van Smith",
        "comment": "VIP", "externalId": "ext-1", "referralId": "ref-1", "country": "UA",
        "verificationDocumentId": "AA123456", "residenceAddress": "Kyiv, Street 1", "itn": "1234567890",
    });
    let views = Views {
        open_loyalty: json!({
            "firstName": "Alex", "lastName": "van Smith", "email": "alex@example.com", "phone": "+380991234567",
            "active": true, "agreement1": false, "agreement2": false, "agreement3": false, "labels": [],
            "address": null, "company": null, "loyaltyCardNumber": null, "birthDate": null,
        }),
        kuna_core: json!({
            "firstName": "Alex", "lastName": "van Smith", "email": "alex@example.com",
            "phoneNumber": "+380991234567", "comment": "VIP", "externalId": "ext-1", "referralId": "ref-1",
        }),
        monri: json!({
            "name": "Alex van Smith", "email": "alex@example.com", "phone": "+380991234567", "address": null,
            "city": null, "zip_code": null, "country": null, "merchant_customer_id": null, "description": null,
        }),
        kounta: json!({
            "first_name": "Alex", "last_name": "van Smith", "email": "alex@example.com",
            "phone": "+380991234567", "mobile": null, "reference_id": "", "primary_address": null,
            "shipping_address": null, "accepts_marketing": false,
        }),
    };
    travels(Maker::KunaCore, fields, views).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_monri_is_everybodys() {
    let fields = json!({
        "merchant_customer_id": "mc-1", "description": "Walk-in", "email": "ana@shop.example",
        "name": "Ana Marija Anić", "phone": "385911234567", "metadata": {"plan": "gold", "visits": 3},
        "zip_code": "10000", "city": "Zagreb", "address": "Ilica 1", "country": "HR",
    });
    let views = Views {
        open_loyalty: json!({
            "firstName": "Ana Marija", "lastName": "Anić", "email": "ana@shop.example", "phone": "385911234567",
            "active": true, "agreement2": false,
            "address": {"street": "Ilica 1", "postal": "10000", "city": "Zagreb", "country": "HR"},
        }),
        kuna_core: json!({
            "firstName": "Ana Marija", "lastName": "Anić", "email": "ana@shop.example",
            "phoneNumber": "385911234567", "externalId": null, "comment": null,
        }),
        monri: fields.clone(),
        kounta: json!({
            "first_name": "Ana Marija", "last_name": "Anić", "email": "ana@shop.example",
            "phone": "385911234567", "mobile": null, "reference_id": "", "accepts_marketing": false,
            "primary_address": {
                "address": "Ilica 1", "city": "Zagreb", "state": "", "postal_code": "10000", "country": "HR",
            },
        }),
    };
    travels(Maker::Monri, fields, views).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_kounta_is_everybodys() {
    let harbour = json!({
        "address": "18 Harbour Road", "city": "Geelong", "state": "VIC", "postal_code": "3220", "country": "AU",
    });
    let fields = json!({
        "first_name": "Ayla", "last_name": "Nguyen", "email": "ayla@example.test", "mobile": "0491 570 156",
        "primary_address": harbour, "shipping_address": harbour, "tags": ["Gold Member"],
        "reference_id": "crm-00042", "image": "https://img.example.test/ayla.jpg", "accepts_marketing": true,
    });
    let views = Views {
        open_loyalty: json!({
            "firstName": "Ayla", "lastName": "Nguyen", "email": "ayla@example.test", "phone": "0491 570 156",
            "active": true, "agreement1": false, "agreement2": true, "agreement3": false,
            "address": {
                "street": "18 Harbour Road", "province": "VIC", "city": "Geelong", "postal": "3220",
                "country": "AU",
            },
        }),
        kuna_core: json!({
            "firstName": "Ayla", "lastName": "Nguyen", "email": "ayla@example.test", "phoneNumber": null,
            "externalId": null,
        }),
        monri: json!({
            "name": "Ayla Nguyen", "email": "ayla@example.test", "phone": null, "address": "18 Harbour Road",
            "city": "Geelong", "zip_code": "3220", "country": "AU", "merchant_customer_id": null,
        }),
        kounta: fields.clone(),
    };
    travels(Maker::Kounta, fields, views).await;
}

/// Creates, reads everywhere, adds what each dialect alone knows, edits everywhere, and compares the whole record.
async fn travels(maker: Maker, fields: Value, expected: Views) {
    let server = Server::start().await;
    let callers = Callers::first(&server).await;
    let id = create(&callers, maker, fields).await;
    let made = record(&callers, &id).await;
    shows(&callers, &made, &expected).await;
    enrich(&callers, &made).await;
    let before = record(&callers, &id).await;
    let told = updates(&callers, &before).await.len();
    edit(&callers, &before).await;
    let after = record(&callers, &id).await;
    assert_eq!(after, edited(&before));
    assert!(after.holdings.email && after.holdings.phone);
    let changes = updates(&callers, &after).await.split_off(told);
    let of = |attribute| Changes::from_iter([attribute]);
    let attributes =
        [Attribute::Name, Attribute::Phone, Attribute::Email, Attribute::PrimaryAddress].map(of);
    assert_eq!(changes, attributes);
    shows_edits(&callers, &after).await;
}

async fn create(callers: &Callers<'_>, maker: Maker, fields: Value) -> String {
    let nothing = Value::Null;
    let answer = match maker {
        Maker::OpenLoyalty => {
            let body = json!({"customer": fields});
            callers.open_loyalty("POST", "/api/customer/register", &body).await.json()["customerId"]
                .clone()
        }
        Maker::KunaCore => {
            callers.kuna_core("/v2/customer/create", &fields).await.json()["data"]["id"].clone()
        }
        Maker::Monri => {
            callers.monri("POST", "/v2/customers", &fields).await.json()["uuid"].clone()
        }
        Maker::Kounta => {
            let path = "/v1/companies/me/customers.json";
            let number = callers.kounta("POST", path, &fields).await.json()["id"].clone();
            let path = format!("/v1/companies/me/customers/{number}.json");
            assert_eq!(callers.kounta("GET", &path, &nothing).await.json()["id"], number);
            let list = callers.monri("GET", "/v2/customers?limit=1", &nothing).await.json();
            list["data"][0]["uuid"].clone()
        }
    };
    answer.as_str().unwrap().to_owned()
}

async fn record(callers: &Callers<'_>, id: &str) -> Customer {
    let merchant = callers.server.merchant.id;
    callers.server.services.customers.find(merchant, id.parse().unwrap()).await.unwrap()
}

/// The changes that were told, oldest first; checks that the customer came to be once, before all else.
async fn updates(callers: &Callers<'_>, customer: &Customer) -> Vec<Changes> {
    let customers = &callers.server.services.customers;
    let events = customers.events(customer.merchant, customer.id).await.unwrap();
    let kinds: Vec<EventKind> = events.into_iter().map(|recorded| recorded.event.kind).collect();
    assert_eq!(kinds[0], EventKind::CustomerCreated);
    assert!(!kinds[1..].contains(&EventKind::CustomerCreated));
    let updated = kinds.iter().filter(|kind| matches!(kind, EventKind::CustomerUpdated(_)));
    updated.map(EventKind::changes).collect()
}

async fn read(callers: &Callers<'_>, customer: &Customer) -> Views {
    let (id, nothing) = (customer.id, Value::Null);
    let path = format!("/api/customer/{id}");
    let open_loyalty = callers.open_loyalty("GET", &path, &nothing).await.json();
    let body = json!({"id": id.to_string()});
    let kuna_core = callers.kuna_core("/v2/customer/details", &body).await.json()["data"].clone();
    let monri = callers.monri("GET", &format!("/v2/customers/{id}"), &nothing).await.json();
    let kounta = callers.kounta("GET", &till_path(customer), &nothing).await.json();
    Views { open_loyalty, kuna_core, monri, kounta }
}

fn till_path(customer: &Customer) -> String {
    format!("/v1/companies/me/customers/{}.json", i64::from(customer.number))
}

async fn shows(callers: &Callers<'_>, customer: &Customer, expected: &Views) {
    let views = read(callers, customer).await;
    for (dialect, view, expected) in [
        ("open_loyalty", views.open_loyalty, &expected.open_loyalty),
        ("kuna_core", views.kuna_core, &expected.kuna_core),
        ("monri", views.monri, &expected.monri),
        ("kounta", views.kounta, &expected.kounta),
    ] {
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(view.get(name).unwrap_or(&Value::Null), value, "{dialect} {name}: {view}");
        }
    }
}

/// Has every dialect write what it alone knows, and checks that each of them reads it back when all are done.
async fn enrich(callers: &Callers<'_>, customer: &Customer) {
    let id = customer.id;
    let fields = json!({
        "gender": "male", "birthDate": "1985-01-02", "loyaltyCardNumber": "Card-1", "labels": "x:y;z:1",
        "agreement1": true, "agreement3": true, "company": {"name": "Dock Ltd", "nip": "333-444"},
    });
    let body = json!({"customer": fields});
    callers.open_loyalty("PUT", &format!("/api/customer/{id}"), &body).await.json();
    let body = json!({
        "id": id.to_string(), "comment": "calls back", "externalId": "ext-2", "country": "PL",
        "verificationDocumentId": "BB1", "residenceAddress": "Gdynia 3", "itn": "42",
    });
    callers.kuna_core("/v2/customer/update", &body).await.json();
    let own = json!({
        "merchant_customer_id": "mc-2", "description": "Regular", "metadata": {"seat": "window", "n": 7},
    });
    callers.monri("POST", &format!("/v2/customers/{id}"), &own).await.json();
    let dock = json!({
        "address": "2 Dock St", "city": "Geelong", "state": "VIC", "postal_code": "3220", "country": "AU",
    });
    let till = json!({
        "tags": ["VIP", "Newsletter"], "shipping_address": dock, "mobile": "0491 570 999",
        "image": "https://img.example.test/x.jpg", "reference_id": "till-1",
    });
    callers.kounta("PUT", &till_path(customer), &till).await.json();
    let other = json!({"reference_id": "addon-2"});
    callers.kounta_as(demo::OTHER_CLIENT, "PUT", &till_path(customer), &other).await.json();
    keeps(callers, customer).await;
}

/// Checks that what each dialect alone knows is there.
async fn keeps(callers: &Callers<'_>, customer: &Customer) {
    let expected = Views {
        open_loyalty: json!({
            "gender": "male", "loyaltyCardNumber": "Card-1", "agreement1": true, "agreement3": true,
            "company": {"name": "Dock Ltd", "nip": "333-444"},
            "labels": [{"key": "x", "value": "y"}, {"key": "z", "value": "1"}],
        }),
        kuna_core: json!({"comment": "calls back", "externalId": "ext-2"}),
        monri: json!({"merchant_customer_id": "mc-2", "description": "Regular"}),
        kounta: json!({
            "tags": ["VIP", "Newsletter"], "mobile": "0491 570 999", "reference_id": "till-1",
            "image": "https://img.example.test/x.jpg",
        }),
    };
    shows(callers, customer, &expected).await;
    let views = read(callers, customer).await;
    assert!(views.open_loyalty["birthDate"].as_str().unwrap().starts_with("1985-01-02"));
    assert_eq!(views.monri["metadata"]["seat"], "window");
    assert_eq!(views.monri["metadata"]["n"], 7);
    assert_eq!(views.kounta["shipping_address"]["address"], "2 Dock St");
    let path = till_path(customer);
    let other = callers.kounta_as(demo::OTHER_CLIENT, "GET", &path, &Value::Null).await.json();
    assert_eq!(other["reference_id"], "addon-2");
    let verification = record(callers, &customer.id.to_string()).await.verification;
    let known = [verification.country, verification.document_id, verification.tax_number];
    assert_eq!(known, ["PL", "BB1", "42"].map(|text| Line::try_from(text).ok()));
    assert_eq!(verification.residence_address.as_ref().map(Text::as_str), Some("Gdynia 3"));
}

/// One shared field in each dialect.
async fn edit(callers: &Callers<'_>, customer: &Customer) {
    let id = customer.id;
    let body = json!({"customer": {"lastName": "Horvat"}});
    callers.open_loyalty("PUT", &format!("/api/customer/{id}"), &body).await.json();
    let body = json!({"id": id.to_string(), "phoneNumber": "+385922222222"});
    callers.kuna_core("/v2/customer/update", &body).await.json();
    let body = json!({"email": "New@Example.com"});
    callers.monri("POST", &format!("/v2/customers/{id}"), &body).await.json();
    let shown = callers.kounta("GET", &till_path(customer), &Value::Null).await.json();
    let mut address = shown["primary_address"].clone();
    address["city"] = json!("Gdynia");
    let body = json!({"primary_address": address});
    callers.kounta("PUT", &till_path(customer), &body).await.json();
}

/// The record after the edits: nothing else may have moved.
fn edited(before: &Customer) -> Customer {
    let line = |text: &str| Line::try_from(text).unwrap();
    let address = before.primary_address.clone().unwrap_or_default();
    Customer {
        name: Name::Divided { first: line(before.name.first()), last: line("Horvat") },
        phone: PhoneNumber::try_from("+385922222222").ok(),
        email: Email::try_from("New@Example.com").ok(),
        primary_address: Some(Address { city: line("Gdynia"), ..address }),
        version: before.version + 4,
        holdings: domain::customer::Holdings { phone: true, ..before.holdings },
        ..before.clone()
    }
}

async fn shows_edits(callers: &Callers<'_>, customer: &Customer) {
    let first = customer.name.first();
    let expected = Views {
        open_loyalty: json!({
            "firstName": first, "lastName": "Horvat", "email": "New@Example.com", "phone": "+385922222222",
        }),
        kuna_core: json!({
            "firstName": first, "lastName": "Horvat", "email": "New@Example.com", "phoneNumber": "+385922222222",
        }),
        monri: json!({
            "name": format!("{first} Horvat"), "email": "New@Example.com", "phone": "+385922222222",
            "city": "Gdynia",
        }),
        kounta: json!({
            "first_name": first, "last_name": "Horvat", "email": "New@Example.com", "phone": "+385922222222",
        }),
    };
    shows(callers, customer, &expected).await;
    let views = read(callers, customer).await;
    assert_eq!(views.open_loyalty["address"]["city"], "Gdynia");
    assert_eq!(views.kounta["primary_address"]["city"], "Gdynia");
    keeps(callers, customer).await;
}
