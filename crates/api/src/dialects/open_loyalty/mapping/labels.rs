//! Labels as clients write them (contract 3.2): `key:value;key:value`, or a list of objects.

use domain::customer::Label;
use domain::text::Line;

use super::form::Field;
use super::reader::{Given, Reader};
use crate::http::form::FormValue;

const WRONG_TYPE: &str =
    "Type of the labels field value is incorrect. The correct type is labels as a string.";
const WRONG_DATA: &str = "Customer labels invalid data";

/// Labels of one customer at most.
const MOST: usize = 200;

/// Reads the labels; an empty text means none.
pub(super) fn labels(reader: &mut Reader<'_>) -> Given<Vec<Label>> {
    let outcome = match reader.raw(Field::Labels) {
        None => return Given::Absent,
        Some(FormValue::Null) => return Given::Empty,
        Some(FormValue::Text(text)) => from_text(text.trim()),
        Some(FormValue::Map(entries)) => from_entries(entries),
        Some(FormValue::Bool(_) | FormValue::Number(_)) => Err(WRONG_TYPE),
    };
    match outcome {
        Ok(labels) if labels.is_empty() => Given::Empty,
        Ok(labels) => Given::Value(labels),
        Err(message) => {
            reader.note(Field::Labels, message);
            Given::Wrong
        }
    }
}

fn from_text(text: &str) -> Result<Vec<Label>, &'static str> {
    let pairs = text.split(';').filter_map(|entry| entry.split_once(':'));
    bounded(pairs.map(|(key, value)| label(key, value)))
}

fn from_entries(entries: &[(String, FormValue)]) -> Result<Vec<Label>, &'static str> {
    bounded(entries.iter().map(|(_, entry)| match (entry, entry.get("key"), entry.get("value")) {
        (FormValue::Map(_), key, value) => label(part(key)?, part(value)?),
        _ => Err(WRONG_TYPE),
    }))
}

fn part(value: Option<&FormValue>) -> Result<&str, &'static str> {
    match value {
        Some(FormValue::Text(text)) => Ok(text),
        None | Some(FormValue::Null) => Ok(""),
        Some(FormValue::Bool(_) | FormValue::Number(_) | FormValue::Map(_)) => Err(WRONG_TYPE),
    }
}

fn label(key: &str, value: &str) -> Result<Label, &'static str> {
    if key.is_empty() {
        return Err(WRONG_DATA);
    }
    let line = |text: &str| Line::try_from(text).map_err(|_| WRONG_DATA);
    Ok(Label { key: line(key)?, value: line(value)? })
}

fn bounded(
    labels: impl Iterator<Item = Result<Label, &'static str>>,
) -> Result<Vec<Label>, &'static str> {
    let labels: Vec<Label> = labels.take(MOST + 1).collect::<Result<_, _>>()?;
    if labels.len() > MOST { Err(WRONG_DATA) } else { Ok(labels) }
}

#[cfg(test)]
mod tests {
    use domain::access::Actor;
    use serde_json::{Value, json};

    use super::*;
    use crate::dialects::open_loyalty::mapping::form::Form;

    fn read(value: &Value) -> Result<Vec<(String, String)>, &'static str> {
        let root = FormValue::from(json!({"labels": value}));
        let mut reader = Reader::new(&Form::edit(Actor::System), &root);
        let given = labels(&mut reader);
        reader.finish().map_err(|errors| errors[0].1)?;
        let pair = |label: Label| (label.key.into_string(), label.value.into_string());
        Ok(given.value().unwrap_or_default().into_iter().map(pair).collect())
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_text_form_splits_at_semicolons_and_first_colons() {
        for (text, expected) in [
            ("", &[][..]),
            ("a", &[]),
            ("a:", &[("a", "")]),
            ("a:b;;c:d", &[("a", "b"), ("c", "d")]),
            ("a:b:c; x :y ;a:b", &[("a", "b:c"), (" x ", "y "), ("a", "b")]),
        ] {
            assert_eq!(read(&json!(text)), Ok(pairs(expected)), "{text}");
        }
        assert_eq!(read(&json!(":b")), Err(WRONG_DATA));
        assert_eq!(read(&json!("a:b\0")), Err(WRONG_DATA));
    }

    #[test]
    fn a_list_of_objects_is_read_too() {
        assert_eq!(
            read(&json!([{"key": "a", "value": "b"}, {"key": "c"}])),
            Ok(pairs(&[("a", "b"), ("c", "")]))
        );
        assert_eq!(read(&json!([{"value": "b"}])), Err(WRONG_DATA));
    }

    #[test]
    fn any_other_type_is_refused() {
        for value in [json!(7), json!(true), json!(["a"]), json!([{"key": 1}])] {
            assert_eq!(read(&value), Err(WRONG_TYPE));
        }
    }

    #[test]
    fn two_hundred_labels_are_the_most() {
        let text = |count: usize| json!("k:v;".repeat(count));
        assert_eq!(read(&text(200)).map(|labels| labels.len()), Ok(200));
        assert_eq!(read(&text(201)), Err(WRONG_DATA));
    }
}
