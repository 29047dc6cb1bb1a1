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
    let content = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
    let reference = content["schema"]["$ref"].as_str().unwrap().trim_start_matches('#');
    let example = document.pointer(reference).unwrap()["example"].clone();
    assert!(example.is_object(), "{path}");
    example
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
