//! The examples of the OpenAPI documents work.

use serde_json::{Value, json};

use super::callers::Callers;
use crate::support::Server;

const DOCUMENTS: [(&str, &str); 4] = [
    ("open_loyalty", include_str!("../../../../../docs/openapi/open_loyalty.json")),
    ("kuna_core", include_str!("../../../../../docs/openapi/kuna_core.json")),
    ("monri", include_str!("../../../../../docs/openapi/monri.json")),
    ("kounta", include_str!("../../../../../docs/openapi/kounta.json")),
];

fn document(name: &str) -> Value {
    let (_, text) = DOCUMENTS.into_iter().find(|(known, _)| *known == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// The example of what a `POST` to a path takes.
fn example(document: &Value, path: &str) -> Value {
    let example = example_of(document, &document["paths"][path]["post"]);
    assert!(example.is_object(), "{path}");
    example
}

/// The example of an operation's body; null if there is none.
fn example_of(document: &Value, operation: &Value) -> Value {
    let content = operation["requestBody"]["content"].as_object().unwrap();
    let schema = &content.values().next().unwrap()["schema"];
    let reference = schema["$ref"].as_str().unwrap_or_default().trim_start_matches('#');
    document.pointer(reference).unwrap()["example"].clone()
}

/// Creates what the example creates, and finds every member that it has in what is shown.
fn keeps(example: &Value, shown: &Value) {
    for (name, value) in example.as_object().unwrap() {
        if let Some(found) = shown.get(name) {
            assert_eq!(found, value, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_new_customers_become_customers() {
    let server = Server::start().await;
    let callers = Callers::first(&server).await;
    let kuna_core = document("kuna_core");
    let new = example(&kuna_core, "/v2/customer/create");
    keeps(&new, &callers.kuna_core("/v2/customer/create", &new).await.json()["data"]);
    let search = example(&kuna_core, "/v2/customer/find");
    let found = callers.kuna_core("/v2/customer/find", &search).await;
    assert_eq!(found.json()["data"].as_array().map(Vec::len), Some(1));
    let new = example(&document("monri"), "/v2/customers");
    keeps(&new, &callers.monri("POST", "/v2/customers", &new).await.json());
    let new = example(&document("kounta"), "/v1/companies/{company}/customers");
    keeps(&new, &callers.kounta("POST", "/v1/companies/me/customers.json", &new).await.json());
}

/// An example of a single member is of the type that the member has.
#[test]
fn every_example_of_a_member_fits_its_type() {
    let mut seen = 0;
    for (name, text) in DOCUMENTS {
        let document: Value = serde_json::from_str(text).unwrap();
        let mut rest = vec![&document];
        while let Some(value) = rest.pop() {
            match value {
                Value::Array(items) => rest.extend(items),
                Value::Object(members) => {
                    rest.extend(members.values());
                    if let (Some(example), Some(types)) =
                        (members.get("example"), members.get("type"))
                    {
                        let types =
                            types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
                        let own = match example {
                            Value::String(_) => json!("string"),
                            Value::Bool(_) => json!("boolean"),
                            Value::Number(number) if number.is_f64() => json!("number"),
                            Value::Number(_) => json!("integer"),
                            Value::Array(_) => json!("array"),
                            Value::Object(_) => json!("object"),
                            Value::Null => json!("null"),
                        };
                        let fits = types.contains(&own)
                            || own == "integer" && types.contains(&json!("number"));
                        assert!(fits, "{name}: {example} is no {types:?}");
                        seen += 1;
                    }
                }
                _ => {}
            }
        }
    }
    assert!(seen > 40, "{seen}");
}

/// What the examples of bodies without files come to, asked in this order of a new service with the demonstration data.
const OPEN_LOYALTY: [(&str, &str, &str, u16); 27] = [
    ("POST", "/api/admin/login_check", "", 200),
    ("POST", "/api/token/refresh", "", 401),
    ("POST", "/api/password/reset/request", "", 200),
    ("POST", "/api/password/reset", "", 404),
    ("POST", "/api/customer/customer-phone/send-sms-code", "", 400),
    ("POST", "/api/customer/self_register", "", 200),
    ("POST", "/api/customer/register", "", 200),
    ("PUT", "/api/customer/{customer}", CUSTOMER, 200),
    ("POST", "/api/customer/{customer}/level", CUSTOMER, 200),
    ("POST", "/api/customer/{customer}/pos", CUSTOMER, 200),
    ("POST", "/api/customer/{customer}/pushy-token", CUSTOMER, 204),
    ("POST", "/api/pos/search/customer", "", 200),
    ("POST", "/api/invitations/invite", "", 403),
    ("POST", "/api/points/transfer/add", "", 200),
    ("POST", "/api/points/transfer/spend", "", 200),
    ("POST", "/api/level/create", "", 200),
    ("PUT", "/api/level/{level}", LEVEL, 200),
    ("POST", "/api/level/{level}/activate", LEVEL, 204),
    ("POST", "/api/pos", "", 200),
    ("PUT", "/api/pos/{pos}", POS, 400),
    ("POST", "/api/seller/register", "", 200),
    ("PUT", "/api/seller/{seller}", POS, 404),
    ("POST", "/api/transaction", "", 200),
    ("POST", "/api/admin/transaction/customer/assign", "", 400),
    ("POST", "/api/admin/data", "", 200),
    ("PUT", "/api/admin/data", "", 200),
    ("POST", "/api/admin/password/change", "", 200),
];
const CUSTOMER: &str = "00000000-0000-474c-b092-b0dd880c07e1";
const LEVEL: &str = "e82c96cf-32a3-43bd-9034-4df343e52222";
const POS: &str = "00000000-0000-474c-1111-b0dd880c07e2";

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_forms_are_taken() {
    let server = Server::start().await;
    let callers = Callers::first(&server).await;
    let document = document("open_loyalty");
    let mut surprises = Vec::new();
    for (method, path, id, expected) in OPEN_LOYALTY {
        let operation = &document["paths"][path][method.to_lowercase()];
        let body = example_of(&document, operation);
        let placeholder = path.find('{').map_or("", |at| &path[at..=path.find('}').unwrap()]);
        let path =
            if placeholder.is_empty() { path.to_owned() } else { path.replace(placeholder, id) };
        let answer = callers.open_loyalty(method, &path, &body).await;
        if answer.status != expected {
            surprises.push(format!("{method} {path}: {answer:?}"));
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

/// Files have none, and settings are sent as they were read.
#[test]
fn every_body_has_an_example() {
    for (name, text) in DOCUMENTS {
        let document: Value = serde_json::from_str(text).unwrap();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for operation in operations.as_object().unwrap().values() {
                let content = &operation["requestBody"]["content"];
                let has_file = !content["multipart/form-data"].is_null();
                if !content.is_null() && !has_file && !path.ends_with("/settings") {
                    assert!(example_of(&document, operation).is_object(), "{name} {path}");
                }
            }
        }
    }
}
