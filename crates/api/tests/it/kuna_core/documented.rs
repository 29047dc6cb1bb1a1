//! The examples of `docs/dialects/kuna_core.md`, in the order in which they stand there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::{JSON, World};

const DOCUMENT: &str = include_str!("../../../../../docs/dialects/kuna_core.md");

/// What names such as `<id>` stand for, once an answer told.
type Meanings = BTreeMap<String, String>;

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_answered_as_it_is_printed() {
    let world = World::start().await;
    let mut meanings = Meanings::new();
    let mut tried = 0;
    for example in DOCUMENT.split("```http\n").skip(1) {
        let (request, rest) = example.split_once("\n```\n```json\n").unwrap();
        let (printed, _) = rest.split_once("\n```").unwrap();
        let request = meant(request, &meanings);
        let (head, body) = request.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let target = lines.next().unwrap().strip_prefix("POST ").unwrap();
        let headers: Vec<_> =
            lines.map(|line| line.split_once(": ").unwrap()).chain([JSON]).collect();
        let answer = world.post(target, &headers, body).await;
        let expected = serde_json::from_str(printed).unwrap();
        learn(&expected, &serde_json::from_str(&answer.text).unwrap(), &mut meanings);
        assert_eq!(answer.text, meant(printed, &meanings), "{target}");
        tried += 1;
    }
    assert_eq!(tried, 6);
}

fn meant(text: &str, meanings: &Meanings) -> String {
    meanings.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Notes what stands where a name was printed for the first time.
fn learn(printed: &Value, answered: &Value, meanings: &mut Meanings) {
    match (printed, answered) {
        (Value::String(name), Value::String(value)) if name.starts_with('<') => {
            meanings.entry(name.clone()).or_insert_with(|| value.clone());
        }
        (Value::Array(printed), Value::Array(answered)) => {
            printed.iter().zip(answered).for_each(|(one, other)| learn(one, other, meanings));
        }
        (Value::Object(printed), Value::Object(answered)) => {
            for (name, value) in printed {
                learn(value, answered.get(name).unwrap_or(&Value::Null), meanings);
            }
        }
        _ => {}
    }
}
