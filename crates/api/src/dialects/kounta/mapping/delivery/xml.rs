//! Records as XML (contract 3.6): elements are the keys of the JSON in the same order, numbers, truth values and dates say
//! what they are, a list holds an element per item, and between elements there is nothing.

use serde::Serialize;
use serde_json::{Map, Value};

/// Keys of dates end so.
const DATE: &str = "_at";

/// A record as a document; `None` for what is no record.
pub(super) fn document(root: &str, record: &impl Serialize) -> Option<Vec<u8>> {
    let Ok(Value::Object(members)) = serde_json::to_value(record) else { return None };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    push_container(&mut text, root, |text| push_members(text, &members));
    Some(text.into_bytes())
}

fn push_members(text: &mut String, members: &Map<String, Value>) {
    for (name, value) in members {
        push(text, name, value);
    }
}

fn push(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => text.extend(["<", name, "/>"]),
        Value::Bool(truth) => push_typed(text, name, "boolean", &truth.to_string()),
        Value::Number(number) => push_typed(text, name, "number", &number.to_string()),
        Value::String(date) if name.ends_with(DATE) => push_typed(text, name, "date", date),
        Value::String(content) => push_container(text, name, |text| push_escaped(text, content)),
        Value::Array(items) => push_container(text, name, |text| {
            let one = name.strip_suffix('s').unwrap_or(name);
            for item in items {
                push(text, one, item);
            }
        }),
        Value::Object(members) => push_container(text, name, |text| push_members(text, members)),
    }
}

fn push_container(text: &mut String, name: &str, content: impl FnOnce(&mut String)) {
    text.extend(["<", name, ">"]);
    content(text);
    text.extend(["</", name, ">"]);
}

fn push_typed(text: &mut String, name: &str, kind: &str, content: &str) {
    text.extend(["<", name, " type=\"", kind, "\">"]);
    push_escaped(text, content);
    text.extend(["</", name, ">"]);
}

/// Drops the characters that XML 1.0 has no way to write.
fn push_escaped(text: &mut String, content: &str) {
    for c in content.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' | '\n' | '\r' => text.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(record: &Value) -> String {
        let document = String::from_utf8(document("customer", record).unwrap()).unwrap();
        document.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap().to_owned()
    }

    #[test]
    fn every_kind_of_value_has_its_element() {
        for (value, element) in [
            (
                json!({"id": 9_007_199_254_740_991_i64}),
                r#"<id type="number">9007199254740991</id>"#,
            ),
            (
                json!({"on": true, "off": false}),
                r#"<on type="boolean">true</on><off type="boolean">false</off>"#,
            ),
            (
                json!({"created_at": "2026-03-02T09:15:00+11:00"}),
                r#"<created_at type="date">2026-03-02T09:15:00+11:00</created_at>"#,
            ),
            (json!({"phone": null}), "<phone/>"),
            (json!({"reference_id": ""}), "<reference_id></reference_id>"),
            (json!({"tags": []}), "<tags></tags>"),
            (json!({"tags": ["b", "a"]}), "<tags><tag>b</tag><tag>a</tag></tags>"),
            (json!({"a": {"city": "X", "zip": null}}), "<a><city>X</city><zip/></a>"),
        ] {
            assert_eq!(shown(&value), format!("<customer>{element}</customer>"));
        }
        assert_eq!(document("customer", &json!([1])), None);
    }

    #[test]
    fn text_cannot_become_markup_and_stays_well_formed() {
        let text =
            "<b a=\"c\">&amp; 'd'\t\r\n\u{0}\u{8}\u{1f}\u{fffe}\u{ffff}\u{7f}\u{85}ż\u{1f980}";
        let expected = "&lt;b a=&quot;c&quot;&gt;&amp;amp; 'd'\t\r\n\u{7f}\u{85}ż\u{1f980}";
        assert_eq!(
            shown(&json!({"name": text})),
            format!("<customer><name>{expected}</name></customer>")
        );
    }
}
