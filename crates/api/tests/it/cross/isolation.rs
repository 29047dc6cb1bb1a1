//! Another merchant's customer does not exist, by whatever route of whatever dialect.

use std::collections::BTreeSet;

use api::config::Dialect;
use domain::demo;
use serde_json::{Value, json};

use super::callers::{Answer, Callers, SECOND_COMPANY, anonymous};
use super::routes::{DIALECTS, Kind, listed, operations};
use crate::support::Server;

#[test]
fn every_operation_has_a_row() {
    for dialect in DIALECTS {
        let document = serde_json::to_value(api::dialects::openapi(dialect)).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let told: BTreeSet<String> = paths
            .iter()
            .flat_map(|(path, verbs)| {
                verbs.as_object().unwrap().keys().map(move |verb| format!("{verb} {path}"))
            })
            .collect();
        let rows: BTreeSet<String> = listed(dialect).into_iter().map(|(row, _)| row).collect();
        assert_eq!(told, rows, "{dialect:?}");
    }
}

/// The same person, a customer of both merchants; what names them in either.
struct Twins<'a> {
    ours: Callers<'a>,
    theirs: Callers<'a>,
    own: Names,
    foreign: Names,
}

struct Names {
    id: String,
    number: i64,
}

const EMAIL: &str = "twin@example.com";
const PHONE: &str = "48221112233";
const MOBILE: &str = "0491 570 156";

impl<'a> Twins<'a> {
    async fn born(server: &'a Server) -> Self {
        let (ours, theirs) = (Callers::first(server).await, Callers::second(server).await);
        let own = bear(&ours, "mc-ours").await;
        let foreign = bear(&theirs, "mc-theirs").await;
        Self { ours, theirs, own, foreign }
    }

    /// Asks with the first merchant's credentials for whatever an operation means by these names.
    async fn ask(&self, dialect: Dialect, method: &str, path: &str, names: [&str; 3]) -> Answer {
        let [id, number, merchant_id] = names;
        let target = path
            .replace("{storeCode}", self.ours.store)
            .replace("{company}", "me")
            .replace("{uuid}", id)
            .replace("{merchant_customer_id}", merchant_id)
            .replace("{address}", "1")
            .replace("{customer}", if dialect == Dialect::Kounta { number } else { id });
        let writes = matches!(method, "put" | "post");
        let body = |body: Value| if writes { body } else { Value::Null };
        match dialect {
            Dialect::OpenLoyalty => {
                let body = body(json!({"customer": {"firstName": "Taken"}}));
                self.ours.open_loyalty(method, &target, &body).await
            }
            Dialect::KunaCore => {
                let body = json!({"id": id, "firstName": "Taken"});
                self.ours.kuna_core(&target, &body).await
            }
            Dialect::Monri => {
                self.ours.monri(method, &target, &body(json!({"name": "Taken"}))).await
            }
            Dialect::Kounta => {
                let body = body(json!({"first_name": "Taken"}));
                self.ours.kounta(method, &target, &body).await
            }
        }
    }

    /// The other merchant's record, whole.
    async fn untouched(&self) -> domain::customer::Customer {
        let services = &self.ours.server.services;
        let name = domain::merchant::MerchantName::StoreCode(self.theirs.store.to_owned());
        let merchant = services.merchants.find_by_name(&name).await.unwrap().unwrap();
        services.customers.find(merchant.id, self.foreign.id.parse().unwrap()).await.unwrap()
    }
}

async fn bear(callers: &Callers<'_>, merchant_id: &str) -> Names {
    let form = json!({"customer": {
        "firstName": "Twin", "lastName": "Twin", "agreement1": true, "email": EMAIL, "phone": PHONE,
        "loyaltyCardNumber": "card-2", "labels": "a:b",
    }});
    let path = format!("/api/{}/customer/register", callers.store);
    let made = callers.open_loyalty("POST", &path, &form).await.json();
    let id = made["customerId"].as_str().unwrap().to_owned();
    let body = json!({"id": id, "externalId": "ext", "comment": "c"});
    callers.kuna_core("/v2/customer/update", &body).await.json();
    let body = json!({"merchant_customer_id": merchant_id});
    callers.monri("POST", &format!("/v2/customers/{id}"), &body).await.json();
    let list = callers.kounta("GET", "/v1/companies/me/customers.json", &Value::Null).await.json();
    let number = list.as_array().unwrap().last().unwrap()["id"].as_i64().unwrap();
    let body = json!({"mobile": MOBILE, "reference_id": "ref"});
    let path = format!("/v1/companies/me/customers/{number}.json");
    callers.kounta("PUT", &path, &body).await.json();
    Names { id, number }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_merchants_customer_is_answered_as_one_that_never_was() {
    let server = Server::start().await;
    let twins = Twins::born(&server).await;
    let before = twins.untouched().await;
    let number = twins.foreign.number.to_string();
    let foreign = [twins.foreign.id.as_str(), number.as_str(), "mc-theirs"];
    let never = ["5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10", "987654321", "mc-nobody"];
    let mut asked = 0;
    for dialect in DIALECTS {
        for (method, path) in operations(dialect, Kind::One) {
            let mut answers = Vec::new();
            for names in [foreign, never] {
                let answer = twins.ask(dialect, &method, &path, names).await;
                let answer = names.into_iter().fold(answer, Answer::masked);
                answers.push(answer);
            }
            assert_eq!(answers[0], answers[1], "{method} {path}");
            assert_eq!(answers[0].status, 404, "{method} {path}");
            asked += 1;
        }
    }
    assert_eq!(asked, 48 + 2 + 5 + 6);
    assert_eq!(twins.untouched().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_searches_give_the_callers_own_customers_only() {
    let server = Server::start().await;
    let twins = Twins::born(&server).await;
    let mut asked = BTreeSet::new();
    for (operation, answer, found) in open_loyalty_searches(&twins).await {
        no_stranger(&twins, &operation, &answer, found);
        asked.insert(operation);
    }
    for filter in [
        json!({}),
        json!({"email": EMAIL}),
        json!({"phoneNumber": PHONE}),
        json!({"fullName": "Twin Twin"}),
        json!({"externalId": "ext"}),
        json!({"comment": "c"}),
        json!({"createdFrom": "2000-01-01"}),
    ] {
        let answer = twins.ours.kuna_core("/v2/customer/find", &filter).await;
        no_stranger(&twins, "post /v2/customer/find", &answer, true);
    }
    asked.insert("post /v2/customer/find".to_owned());
    let answer = twins.ours.monri("GET", "/v2/customers?limit=1000", &Value::Null).await;
    no_stranger(&twins, "get /v2/customers", &answer, true);
    asked.insert("get /v2/customers".to_owned());
    kounta_searches(&twins).await;
    asked.insert("get /v1/companies/{company}/customers".to_owned());
    let expected = DIALECTS.into_iter().flat_map(|dialect| operations(dialect, Kind::Many));
    assert_eq!(asked, expected.map(|(method, path)| format!("{method} {path}")).collect());
}

async fn open_loyalty_searches(twins: &Twins<'_>) -> Vec<(String, Answer, bool)> {
    let mut answers = Vec::new();
    for (method, path) in operations(Dialect::OpenLoyalty, Kind::Many) {
        if method == "post" {
            answers.extend(open_loyalty_till_searches(twins, &path).await);
            continue;
        }
        for query in [
            "",
            "email=twin",
            "phone=48221112233",
            "loyaltyCardNumber=card-2",
            "emailOrPhone=twin@example.com",
            "labels[0][key]=a&labels[0][value]=b",
        ] {
            let target = format!("{}?{query}", path.replace("{storeCode}", twins.ours.store));
            let answer = twins.ours.open_loyalty(&method, &target, &Value::Null).await;
            let check = path.ends_with("/check");
            if check {
                let total = u64::from(query.starts_with("emailOrPhone"));
                assert_eq!(answer.json(), json!({"total": total}), "{target}");
            } else if !query.is_empty() {
                assert_eq!(answer.json()["total"], 1, "{target}");
            }
            answers.push((format!("{method} {path}"), answer, !check));
        }
    }
    answers
}

/// Searches send their filters in a form.
async fn open_loyalty_till_searches(twins: &Twins<'_>, path: &str) -> Vec<(String, Answer, bool)> {
    let mut answers = Vec::new();
    let target = path.replace("{storeCode}", twins.ours.store);
    for search in [
        json!({"email": "twin"}),
        json!({"phone": PHONE}),
        json!({"loyaltyCardNumber": "card-2"}),
        json!({"firstName": "Twin", "lastName": "Twin"}),
    ] {
        let body = json!({"search": search});
        let answer = twins.ours.open_loyalty("POST", &target, &body).await;
        answers.push((format!("post {path}"), answer, true));
    }
    answers
}

async fn kounta_searches(twins: &Twins<'_>) {
    let path = "/v1/companies/me/customers.json";
    for query in ["", "?start=0", "?reference_id=ref"] {
        let answer = twins.ours.kounta("GET", &format!("{path}{query}"), &Value::Null).await.json();
        let ids: Vec<i64> =
            answer.as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();
        assert!(ids.contains(&twins.own.number), "{query}: {ids:?}");
        assert!(!ids.contains(&twins.foreign.number), "{query}: {ids:?}");
    }
    for query in [
        "email=twin%40example.com",
        "mobile=0491570156",
        "first_name=Twin&last_name=Twin&phone=48221112233",
    ] {
        for (callers, names) in [(&twins.ours, &twins.own), (&twins.theirs, &twins.foreign)] {
            let location = callers.redirection(&format!("{path}?{query}")).await;
            let expected = format!("/customers/{}.json", names.number);
            assert!(location.ends_with(&expected), "{query}: {location}");
        }
    }
}

#[track_caller]
fn no_stranger(twins: &Twins<'_>, what: &str, answer: &Answer, found: bool) {
    assert!(answer.succeeded(), "{what}: {answer:?}");
    assert!(!answer.text.contains(&twins.foreign.id), "{what}: {answer:?}");
    assert_eq!(answer.text.contains(&twins.own.id), found, "{what}: {answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_or_company_of_somebody_else_is_closed() {
    let server = Server::start().await;
    let twins = Twins::born(&server).await;
    let before = twins.untouched().await;
    let body = json!({"customer": {"firstName": "Taken"}});
    for kind in [Kind::One, Kind::Many, Kind::Maker] {
        for (method, path) in operations(Dialect::OpenLoyalty, kind) {
            if !path.contains("{storeCode}") || path.ends_with("/check") {
                continue;
            }
            let path = path.replace("{customer}", &twins.foreign.id);
            let body = if method == "get" { Value::Null } else { body.clone() };
            let mut answers = Vec::new();
            for store in [twins.theirs.store, "NOWHERE"] {
                let path = path.replace("{storeCode}", store);
                answers.push(twins.ours.open_loyalty(&method, &path, &body).await);
            }
            assert_eq!(answers[0], answers[1], "{method} {path}");
            assert_eq!(answers[0].status, 404, "{method} {path}");
        }
    }
    let number = twins.foreign.number.to_string();
    let operations = listed(Dialect::Kounta).into_iter().map(|(operation, _)| operation);
    for operation in operations.filter(|operation| operation.contains("{company}")) {
        let (method, path) = operation.split_once(' ').unwrap();
        let path = path.replace("{customer}", &number).replace("{address}", "1");
        let body = if method == "get" { Value::Null } else { json!({"first_name": "Taken"}) };
        let mut answers = Vec::new();
        for company in [SECOND_COMPANY, 999_999] {
            let path = path.replace("{company}", &company.to_string());
            answers.push(twins.ours.kounta(method, &path, &body).await);
        }
        assert_eq!(answers[0], answers[1], "{operation}");
        let forbidden = r#"{"error":"Forbidden","error_description":"This application has no access to the company"}"#;
        assert_eq!((answers[0].status, answers[0].text.as_str()), (403, forbidden), "{operation}");
    }
    assert_eq!(twins.untouched().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_opens_only_its_own_merchants_customer() {
    let server = Server::start().await;
    let twins = Twins::born(&server).await;
    let foreign = twins.untouched().await;
    let actor = domain::access::Actor::Customer(foreign.id);
    let password = domain::Secret::new(demo::PASSWORD.to_owned());
    server.services.accounts.set_password(foreign.merchant, actor, password).await.unwrap();
    let body = json!({"_username": EMAIL, "_password": demo::PASSWORD});
    let answer = anonymous(&server, "POST", "/api/SECOND/customer/login_check", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    for path in ["/api/customer/login_check", "/api/DEFAULT/customer/login_check"] {
        let answer = anonymous(&server, "POST", path, &body).await;
        assert_eq!(answer.status, 401, "{path}: {answer:?}");
    }
}
