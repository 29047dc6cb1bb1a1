use serde_json::json;

use super::*;

const LIMITS: FormLimits = FormLimits { depth: 5, keys: 1_000 };

fn read(text: &str) -> Result<FormValue, FormError> {
    parse(text.as_bytes(), LIMITS)
}

/// The tree as JSON would have made it, for short expectations.
fn tree(value: serde_json::Value) -> FormValue {
    value.into()
}

#[test]
fn brackets_name_places_in_a_tree() {
    for (text, expected) in [
        ("", json!({})),
        ("a=1&b=2", json!({"a": "1", "b": "2"})),
        (
            "customer[address][street]=x&customer[firstName]=y",
            json!({"customer": {"address": {"street": "x"}, "firstName": "y"}}),
        ),
        ("customer%5Bname%5D=x", json!({"customer": {"name": "x"}})),
        (
            "l[0][key]=k&l[0][value]=v&l[1][key]=m",
            json!({"l": [{"key": "k", "value": "v"}, {"key": "m"}]}),
        ),
        ("s[]=a&s[]=b", json!({"s": ["a", "b"]})),
        ("s[][k]=a&s[][k]=b", json!({"s": [{"k": "a"}, {"k": "b"}]})),
        ("s[5]=a&s[]=b&s[2]=c", json!({"s": {"5": "a", "6": "b", "2": "c"}})),
        ("s[01]=a&s[x]=b&s[-3]=c&s[]=d", json!({"s": {"01": "a", "x": "b", "-3": "c", "0": "d"}})),
        ("a[][][]=x", json!({"a": [[["x"]]]})),
    ] {
        assert_eq!(read(text), Ok(tree(expected)), "{text}");
    }
}

#[test]
fn the_last_value_for_a_place_wins() {
    for (text, expected) in [
        ("a=1&a=2", json!({"a": "2"})),
        ("a[b]=1&a[b]=2", json!({"a": {"b": "2"}})),
        ("a=1&a[b]=2", json!({"a": {"b": "2"}})),
        ("a[b]=1&a=2", json!({"a": "2"})),
        ("a[0]=1&a[]=2&a[0]=3", json!({"a": ["3", "2"]})),
    ] {
        assert_eq!(read(text), Ok(tree(expected)), "{text}");
    }
}

#[test]
fn odd_names_are_read_as_php_reads_them() {
    for (text, expected) in [
        ("a", json!({"a": ""})),
        ("a=", json!({"a": ""})),
        ("a=b=c", json!({"a": "b=c"})),
        ("&&a=1&&", json!({"a": "1"})),
        ("=x&a=1", json!({"a": "1"})),
        ("a[b]c=1", json!({"a": {"b": "1"}})),
        ("a[b]c[d]=1", json!({"a": {"b": "1"}})),
        ("a[b=1", json!({"a[b": "1"})),
        ("a[b][c=1", json!({"a": {"b": "1"}})),
        ("a]b=1", json!({"a]b": "1"})),
        ("[a]=1", json!({"[a]": "1"})),
        ("a[[b]]=1", json!({"a": {"[b": "1"}})),
    ] {
        assert_eq!(read(text), Ok(tree(expected)), "{text}");
    }
}

#[test]
fn escapes_and_plus_signs_are_decoded_once() {
    assert_eq!(
        read("n+a=%2B48+5%255&u=%C5%BC%c5%bc"),
        Ok(tree(json!({"n a": "+48 5%5", "u": "żż"})))
    );
}

#[test]
fn broken_encoding_is_malformed() {
    for text in
        ["a=%", "a=%2", "a=%zz", "a=%+1", "%=1", "a=%ff", "a=%c0%af", "a=%ed%a0%80", "%ff=a"]
    {
        assert_eq!(read(text), Err(FormError::Malformed), "{text}");
    }
    assert_eq!(parse(b"a=\xff", LIMITS), Err(FormError::Malformed));
}

#[test]
fn depth_is_allowed_up_to_the_limit_and_no_further() {
    assert!(read("a[1][2][3][4][5]=x").is_ok());
    assert_eq!(read("a[1][2][3][4][5][6]=x"), Err(FormError::TooDeep));
    assert_eq!(read(&format!("a{}=x", "[]".repeat(100_000))), Err(FormError::TooDeep));
}

#[test]
fn keys_are_allowed_up_to_the_limit_and_no_further() {
    assert!(
        read(&"a[]=x&".repeat(1_000))
            .is_ok_and(|form| form.get("a").is_some_and(|list| list.entries().len() == 1_000))
    );
    assert_eq!(read(&"a[]=x&".repeat(1_001)), Err(FormError::TooManyKeys));
    assert_eq!(read(&"a=x&".repeat(1_001)), Err(FormError::TooManyKeys));
}

#[test]
fn a_highest_index_does_not_overflow() {
    let form = read("a[4294967295]=x&a[]=y&a[99999999999999999999]=z").unwrap();
    let keys: Vec<&str> =
        form.get("a").unwrap().entries().iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["4294967295", "4294967296", "99999999999999999999"]);
}

#[test]
fn json_keeps_what_a_form_cannot_say() {
    let form = FormValue::from(json!({"n": null, "b": true, "i": 3, "l": ["x"], "o": {}}));
    assert_eq!(form.get("n"), Some(&FormValue::Null));
    assert_eq!(form.get("b"), Some(&FormValue::Bool(true)));
    assert_eq!(form.get("i"), Some(&FormValue::Number(3.into())));
    assert_eq!(
        form.get("l").and_then(|list| list.get("0")),
        Some(&FormValue::Text("x".to_owned()))
    );
    assert_eq!(form.get("o"), Some(&FormValue::Map(Vec::new())));
    assert_eq!(form.get("missing"), None);
    assert_eq!(form.get("n").and_then(|null| null.get("x")), None);
}
