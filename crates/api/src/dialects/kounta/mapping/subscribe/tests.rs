use serde_json::json;

use super::*;

fn body(value: Value) -> WriteWebhook {
    serde_json::from_value(value).unwrap()
}

fn minimal() -> Value {
    json!({"topic": "customers/updated", "address": "https://hooks.example.test/kounta"})
}

/// The minimal body with one more key.
fn with(key: &str, value: Value) -> WriteWebhook {
    let mut whole = minimal();
    whole[key] = value;
    body(whole)
}

fn refusal(key: &str, value: &Value) -> String {
    let new = new_webhook(with(key, value.clone())).expect_err("must be refused");
    let patch = webhook_patch(body(json!({key: value}))).expect_err("must be refused");
    assert_eq!(new, patch, "{key} {value}");
    new.to_string()
}

#[test]
fn topic_and_address_are_enough_for_a_new_webhook() {
    let new = new_webhook(body(minimal())).unwrap();
    assert_eq!(new.topic, Topic::CustomersUpdated);
    assert_eq!(new.address.as_str(), "https://hooks.example.test/kounta");
    assert_eq!((new.format, new.headers, new.filter), Default::default());
}

#[test]
fn a_new_webhook_needs_topic_and_address_and_a_change_needs_nothing() {
    for (sent, rule) in [
        (json!({}), WebhookRule::TopicRequired),
        (json!({"address": "https://hooks.example.test/"}), WebhookRule::TopicRequired),
        (json!({"topic": "customers/updated"}), WebhookRule::AddressRequired),
    ] {
        assert_eq!(new_webhook(body(sent)), Err(rule.into()));
    }
    assert_eq!(webhook_patch(body(json!({}))), Ok(SubscriptionPatch::default()));
    assert_eq!(
        webhook_patch(body(json!({"id": 5, "other": [1]}))),
        Ok(SubscriptionPatch::default())
    );
}

#[test]
fn each_rule_has_its_sentence() {
    let many = |count: usize| -> Value {
        (0..count).map(|n| (format!("X-{n}"), json!("v"))).collect::<Map<_, _>>().into()
    };
    for (key, value, sentence) in [
        ("topic", json!(null), "topic is required"),
        ("topic", json!(" "), "topic is required"),
        ("topic", json!("customers/*"), "topic must be one of the supported topics"),
        ("topic", json!(5), "topic must be a string"),
        ("address", json!(null), "address is required"),
        ("address", json!(""), "address is required"),
        ("address", json!({}), "address must be a string"),
        ("address", json!("hooks.test"), "address must be an absolute http or https URL"),
        ("address", json!("http://u:p@a.test/"), "address must be an absolute http or https URL"),
        (
            "address",
            json!(format!("http://a.test/{}", "x".repeat(2048))),
            "address must be at most 2048 characters",
        ),
        ("address", json!("http://a.test/\0"), "address must not contain the null character"),
        ("format", json!("JSON"), "format must be json or xml"),
        ("format", json!(""), "format must be json or xml"),
        ("format", json!(true), "format must be a string"),
        ("headers", json!("x"), "headers must be an object"),
        ("headers", json!([1]), "headers must be an object"),
        (
            "headers",
            json!({"Host": "a"}),
            "headers may only contain Authorization or X-* names other than X-Kounta*",
        ),
        (
            "headers",
            json!({"x-kOUNTA-topic": "a"}),
            "headers may only contain Authorization or X-* names other than X-Kounta*",
        ),
        ("headers", json!({"X-A": 5}), "headers must have strings as values"),
        ("headers", json!({"X-A": null}), "headers must have strings as values"),
        (
            "headers",
            json!({"X-A": "a\r\nHost: b"}),
            "headers must not have control characters in values",
        ),
        (
            "headers",
            json!({"X-A": "a".repeat(1025)}),
            "headers must have values of at most 1024 characters",
        ),
        ("headers", json!({"X-A": "1", "x-a": "1"}), "headers must not repeat a name"),
        ("headers", many(21), "headers must be at most 20 entries"),
        ("filter", json!("x"), "filter must be an object"),
        ("filter", json!([1]), "filter must be an object"),
        ("filter", json!({"attributes": "name"}), "filter.attributes must be an array of strings"),
        (
            "filter",
            json!({"attributes": ["name", "first_name"]}),
            "filter.attributes may only contain name, phone, mobile, email, address, tags, image or accepts_marketing",
        ),
        ("filter", json!({"site_ids": ["1"]}), "filter.site_ids must be an array of numbers"),
        ("filter", json!({"site_ids": [1.5]}), "filter.site_ids must be an array of numbers"),
        ("filter", json!({"site_ids": 1}), "filter.site_ids must be an array of numbers"),
        (
            "filter",
            json!({"site_ids": vec![1; 1001]}),
            "filter.site_ids must be at most 1000 entries",
        ),
        ("filter", json!({"x": "y".repeat(4096)}), "filter must be at most 4096 characters"),
    ] {
        assert_eq!(refusal(key, &value), sentence, "{key}");
    }
    assert!(new_webhook(with("headers", many(20))).is_ok());
}

#[test]
fn what_is_null_or_without_items_is_not_there() {
    for value in [json!(null), json!([]), json!({})] {
        for key in ["headers", "filter"] {
            assert_eq!(new_webhook(with(key, value.clone())), new_webhook(body(minimal())));
        }
        let patch = webhook_patch(body(json!({"headers": value, "filter": value}))).unwrap();
        assert_eq!(
            (patch.headers, patch.filter),
            (Some(Headers::default()), Some(Filter::default()))
        );
    }
    let sent = json!({"site_ids": null, "attributes": [], "other": null, "more": []});
    assert_eq!(new_webhook(with("filter", sent)).unwrap().filter, Filter::default());
    assert_eq!(new_webhook(with("format", json!(null))).unwrap().format, Format::Json);
}

#[test]
fn a_filter_keeps_what_is_not_understood() {
    let sent = json!({"b": {"c": [1.50, null]}, "attributes": ["tags", "name", "tags"], "site_ids": [9], "a": "\u{0}"});
    let filter = new_webhook(with("filter", sent)).unwrap().filter;
    assert_eq!(filter.watched(), [Watch::Tags, Watch::Name]);
    assert_eq!(filter.sites(), [9]);
    assert_eq!(filter.others().as_str(), r#"{"b":{"c":[1.5,null]},"a":"\u0000"}"#);
}

#[test]
fn of_several_broken_rules_the_first_is_told() {
    let sent = json!({"topic": "x", "address": "x", "format": "x", "headers": {"Host": 1}});
    assert_eq!(new_webhook(body(sent)), Err(WebhookRule::UnknownTopic.into()));
    let sent = json!({"address": "x", "format": 5});
    assert_eq!(webhook_patch(body(sent)), Err(Violation::WrongType("format", Kind::String)));
}
