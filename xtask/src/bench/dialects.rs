//! What callers do in each vendor's dialect.

use domain::demo;

use super::crowd::Person;
use super::scenario::{Kind, Scenario};
use super::stage::Stage;
use crate::exchange::{KOUNTA_BASIC, credentials, monri_bearer, open_loyalty_bearer, request};
use crate::failure::Failure;

/// Where the Kounta dialect keeps the first merchant's customers.
const KOUNTA_CUSTOMERS: &str = "/v1/companies/5678/customers";
/// How many customers one page has, where the caller decides.
const PAGE: u32 = 25;

/// Everything that is measured: first what only reads, at last what makes the tables grow.
pub(super) fn scenarios(stage: &Stage) -> Result<Vec<Scenario>, Failure> {
    let mut all =
        [open_loyalty(stage)?, kuna_core(stage.customers), monri(stage)?, kounta(stage.customers)]
            .concat();
    all.sort_by_key(|scenario| match scenario.kind {
        Kind::Get | Kind::LookUp | Kind::LogIn | Kind::Status => 0,
        Kind::FirstPage | Kind::DeepPage => 1,
        Kind::Update | Kind::Spend => 2,
        Kind::Create | Kind::Register | Kind::Sale => 3,
    });
    Ok(all)
}

fn open_loyalty(stage: &Stage) -> Result<Vec<Scenario>, Failure> {
    let bearer = bearer_of(stage, "/api/admin/login_check", "admin")?;
    let by_seller = bearer_of(stage, "/api/seller/login_check", demo::SELLER)?;
    let scenario =
        |kind, method: &'static str, target: fn(&Person) -> String, body: fn(&Person) -> String| {
            let bearer = if kind == Kind::Register { &by_seller } else { &bearer }.clone();
            Scenario::new("Open Loyalty", kind, 200, move |person| {
                request(method, &target(person), &bearer, &body(person))
            })
        };
    let page = |kind, page: u32| {
        let bearer = bearer.clone();
        Scenario::new("Open Loyalty", kind, 200, move |_| {
            request("GET", &format!("/api/customer?page={page}&perPage={PAGE}"), &bearer, "")
        })
    };
    let one: fn(&Person) -> String = |person| format!("/api/customer/{}", person.id());
    let registration: fn(&Person) -> String = |person| {
        format!(
            r#"{{"customer":{{"firstName":"Ada","lastName":"Byron","email":"{}","phone":"{}","agreement1":true}}}}"#,
            person.email(),
            person.phone()
        )
    };
    Ok(vec![
        scenario(Kind::Get, "GET", one, |_| String::new()),
        scenario(
            Kind::LogIn,
            "POST",
            |_| "/api/customer/login_check".to_owned(),
            |person| credentials(&person.email()),
        ),
        scenario(
            Kind::Status,
            "GET",
            |person| format!("/api/admin/customer/{}/status", person.id()),
            |_| String::new(),
        ),
        page(Kind::FirstPage, 1),
        page(Kind::DeepPage, stage.customers / 2 / PAGE),
        scenario(
            Kind::Spend,
            "POST",
            |_| "/api/points/transfer/spend".to_owned(),
            |person| format!(r#"{{"transfer":{{"customer":"{}","points":1.5}}}}"#, person.id()),
        ),
        scenario(Kind::Sale, "POST", |_| "/api/transaction".to_owned(), sale),
        scenario(Kind::Update, "PUT", one, |person| {
            format!(r#"{{"customer":{{"firstName":"Ada{}"}}}}"#, person.turn)
        }),
        scenario(Kind::Create, "POST", |_| "/api/customer/register".to_owned(), registration),
        scenario(
            Kind::Register,
            "POST",
            |_| "/api/seller/customer/register".to_owned(),
            registration,
        ),
    ])
}

/// A sale to a customer, found by the phone number.
fn sale(buyer: &Person) -> String {
    let item = r#"{"sku":{"code":"beans"},"name":"Coffee beans","quantity":1,"grossValue":9.5,"category":"coffee"}"#;
    format!(
        r#"{{"transaction":{{"transactionData":{{"documentNumber":"B/{}","purchaseDate":"2026-03-01 12:00"}},"items":[{item}],"customerData":{{"name":"Ada Kowalska","phone":"{}"}}}}}}"#,
        buyer.turn,
        buyer.phone()
    )
}

/// The header of somebody who has logged in at `target`.
fn bearer_of(stage: &Stage, target: &str, name: &str) -> Result<String, Failure> {
    Ok(format!("{}\r\n", open_loyalty_bearer(stage.address, target, name)?))
}

fn kuna_core(customers: u32) -> Vec<Scenario> {
    let scenario = |kind, target: &'static str, body: fn(&Person) -> String| {
        Scenario::new("KunaCore", kind, 201, move |person| {
            let key = format!("Api-Key: {}\r\n", demo::API_KEY);
            request("POST", target, &key, &body(person))
        })
    };
    let page = |kind, skip: u32| {
        Scenario::new("KunaCore", kind, 201, move |_| {
            let key = format!("Api-Key: {}\r\n", demo::API_KEY);
            let body = format!(r#"{{"take":{PAGE},"skip":{skip}}}"#);
            request("POST", "/v2/customer/find", &key, &body)
        })
    };
    vec![
        scenario(Kind::Get, "/v2/customer/details", |person| {
            format!(r#"{{"id":"{}"}}"#, person.id())
        }),
        scenario(Kind::LookUp, "/v2/customer/find", |person| {
            format!(r#"{{"email":"{}"}}"#, person.email())
        }),
        page(Kind::FirstPage, 0),
        page(Kind::DeepPage, customers / 2),
        scenario(Kind::Update, "/v2/customer/update", |person| {
            format!(r#"{{"id":"{}","firstName":"Ada{}"}}"#, person.id(), person.turn)
        }),
        Scenario::new("KunaCore", Kind::Create, 201, creation),
    ]
}

/// Creates a customer in the KunaCore dialect.
pub(super) fn creation(person: &Person) -> Vec<u8> {
    let key = format!("Api-Key: {}\r\n", demo::API_KEY);
    let body = format!(
        r#"{{"email":"{}","phoneNumber":"{}","firstName":"Alex","lastName":"Smith","country":"UA","verificationDocumentId":"AA123456","residenceAddress":"Kyiv, Street 1"}}"#,
        person.email(),
        person.phone()
    );
    request("POST", "/v2/customer/create", &key, &body)
}

fn monri(stage: &Stage) -> Result<Vec<Scenario>, Failure> {
    let bearer = format!("{}\r\n", monri_bearer(stage.address)?);
    let scenario =
        |kind, method: &'static str, target: fn(&Person) -> String, body: fn(&Person) -> String| {
            let bearer = bearer.clone();
            Scenario::new("Monri", kind, 200, move |person| {
                request(method, &target(person), &bearer, &body(person))
            })
        };
    let page = |kind, offset: u32| {
        let bearer = bearer.clone();
        Scenario::new("Monri", kind, 200, move |_| {
            let target = format!("/v2/customers?limit={PAGE}&offset={offset}");
            request("GET", &target, &bearer, "")
        })
    };
    let one: fn(&Person) -> String = |person| format!("/v2/customers/{}", person.id());
    Ok(vec![
        scenario(Kind::Get, "GET", one, |_| String::new()),
        page(Kind::FirstPage, 0),
        page(Kind::DeepPage, stage.customers / 2),
        scenario(Kind::Update, "POST", one, |person| {
            format!(r#"{{"name":"Ada {}"}}"#, person.turn)
        }),
        scenario(
            Kind::Create,
            "POST",
            |_| "/v2/customers".to_owned(),
            |person| {
                format!(
                    r#"{{"merchant_customer_id":"mc-{}","name":"Ana Anić","email":"{}","phone":"{}","city":"Mostar","country":"BA"}}"#,
                    person.key,
                    person.email(),
                    person.phone()
                )
            },
        ),
    ])
}

fn kounta(customers: u32) -> Vec<Scenario> {
    let scenario = |kind,
                    expected,
                    method: &'static str,
                    target: fn(&Person) -> String,
                    body: fn(&Person) -> String| {
        Scenario::new("Kounta", kind, expected, move |person| {
            request(method, &target(person), KOUNTA_BASIC, &body(person))
        })
    };
    let page = |kind, page: u32| {
        Scenario::new("Kounta", kind, 200, move |_| {
            let lines = format!("{KOUNTA_BASIC}X-Page: {page}\r\n");
            request("GET", &format!("{KOUNTA_CUSTOMERS}.json"), &lines, "")
        })
    };
    let all: fn(&Person) -> String = |_| format!("{KOUNTA_CUSTOMERS}.json");
    let one: fn(&Person) -> String =
        |person| format!("{KOUNTA_CUSTOMERS}/{}.json", person.number.unwrap_or_default());
    let by_email: fn(&Person) -> String =
        |person| format!("{KOUNTA_CUSTOMERS}.json?email={}", person.email().replace('@', "%40"));
    vec![
        scenario(Kind::Get, 200, "GET", one, |_| String::new()),
        scenario(Kind::LookUp, 302, "GET", by_email, |_| String::new()),
        page(Kind::FirstPage, 0),
        // This dialect has pages of 25.
        page(Kind::DeepPage, customers / 2 / 25),
        scenario(Kind::Update, 200, "PUT", one, |person| {
            format!(r#"{{"first_name":"Ada{}"}}"#, person.turn)
        }),
        scenario(Kind::Create, 201, "POST", all, |person| {
            format!(
                r#"{{"first_name":"Ayla","last_name":"Nguyen","email":"{}","mobile":"{}","accepts_marketing":true}}"#,
                person.email(),
                person.phone()
            )
        }),
    ]
}
