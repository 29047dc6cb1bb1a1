//! Every message of the contract (6.3), and what passes (6.2).

use domain::customer::{LevelAssignment, Status};
use domain::level::Ladder;
use domain::merchant::{CommunicationMethod, Settings};
use domain::message::MessageKind;

use crate::shop::{Shop, file, row};

const STRUCTURE: &str = "Convert exception: XML has invalid structure";
const EMAIL: &str = "Process exception: Customer with such email already exists";
const CARD: &str = "Process exception: Customer with such loyalty card number already exists";
const PHONE: &str = "Process exception: Customer with such phone already exists.";

async fn message(changes: &[(&str, &str)]) -> String {
    Shop::new().await.messages(&row(changes)).await.remove(0)
}

#[tokio::test]
async fn what_is_required_is_missed_by_its_name() {
    for node in ["email", "firstName", "lastName", "active", "agreement1", "gender"] {
        let expected = format!("Convert exception: {node} is required node");
        assert_eq!(message(&[(node, "-")]).await, expected);
    }
}

#[tokio::test]
async fn a_birth_date_is_required_in_one_form() {
    let expected = "Convert exception: birthDate has invalid date format (Y-m-d required)";
    for date in [
        "-",
        "",
        "10.12.1990",
        "1990-12-32",
        "1990-2-1",
        "1990-12-10 10:00",
        "90-12-10",
        "0000-00-00",
    ] {
        assert_eq!(message(&[("birthDate", date)]).await, expected, "{date}");
    }
    assert_eq!(message(&[("birthDate", "2000-02-29")]).await, "");
}

#[tokio::test]
async fn a_choice_is_refused_with_what_there_is_to_choose() {
    for node in ["active", "sendActivationMail", "agreement1", "agreement2", "agreement3"] {
        for text in ["1", "yes", "TRUE"] {
            let expected = format!("Convert exception: {node} should one of (true, false)");
            assert_eq!(message(&[(node, text)]).await, expected);
        }
        for text in ["", "true", "false", " true\n"] {
            assert_eq!(message(&[(node, text)]).await, "", "{node} {text}");
        }
    }
    let expected = "Convert exception: gender should one of (male, female, not_disclosed)";
    assert_eq!(message(&[("gender", "f")]).await, expected);
    for text in ["", "male", "female", "not_disclosed"] {
        assert_eq!(message(&[("gender", text)]).await, "");
    }
}

#[tokio::test]
async fn an_id_has_the_form_of_one_and_need_not_exist() {
    for node in ["levelId", "posId", "sellerId"] {
        let expected = format!("Convert exception: {node} should be UUID");
        for text in ["not-a-uuid", "1", "9b0e2f4c11114c539d510d7c2c1e0a01"] {
            assert_eq!(message(&[(node, text)]).await, expected);
        }
        for text in ["", "9b0e2f4c-1111-4c53-9d51-0d7c2c1e0a01"] {
            assert_eq!(message(&[(node, text)]).await, "");
        }
    }
    let shop = Shop::new().await;
    let unknown = "9b0e2f4c-1111-4c53-9d51-0d7c2c1e0a01";
    let changes = [("levelId", unknown), ("posId", unknown), ("sellerId", unknown)];
    assert_eq!(shop.messages(&row(&changes)).await, [""]);
    let customer = shop.customers().await.remove(0);
    let level = unknown.parse().unwrap();
    assert_eq!(customer.level, Some(LevelAssignment { level, manual: true }));
    assert_eq!(customer.pos.map(|pos| pos.to_string()).as_deref(), Some(unknown));
    assert_eq!(customer.seller.map(|seller| seller.to_string()).as_deref(), Some(unknown));
}

#[tokio::test]
async fn the_first_thing_that_is_wrong_counts() {
    let everything = [
        ("levelId", "x", "Convert exception: levelId should be UUID"),
        ("gender", "x", "Convert exception: gender should one of (male, female, not_disclosed)"),
        ("agreement3", "x", "Convert exception: agreement3 should one of (true, false)"),
        ("agreement1", "-", "Convert exception: agreement1 is required node"),
        ("birthDate", "x", "Convert exception: birthDate has invalid date format (Y-m-d required)"),
        (
            "sendActivationMail",
            "x",
            "Convert exception: sendActivationMail should one of (true, false)",
        ),
        ("active", "x", "Convert exception: active should one of (true, false)"),
        ("lastName", "-", "Convert exception: lastName is required node"),
        ("firstName", "-", "Convert exception: firstName is required node"),
        ("email", "-", "Convert exception: email is required node"),
    ];
    for count in 1..=everything.len() {
        let wrong: Vec<_> =
            everything[..count].iter().map(|(node, text, _)| (*node, *text)).collect();
        assert_eq!(message(&wrong).await, everything[count - 1].2);
    }
}

#[tokio::test]
async fn what_is_taken_is_told_in_an_order_and_the_first_of_a_file_has_it() {
    let shop = Shop::new().await;
    let person = |email, card, phone| {
        row(&[("email", email), ("loyaltyCardNumber", card), ("phone", phone)])
    };
    let rows = [
        person("a@x.example", "c1", "+481"),
        person("A@X.example", "c1", "481"),
        person("b@x.example", "C1", "481"),
        person("b@x.example", "c2", "481"),
        // Nobody of them was stored, so their address is free.
        person("b@x.example", "c2", "482"),
    ];
    assert_eq!(shop.messages(&rows.concat()).await, ["", EMAIL, CARD, PHONE, ""]);
    assert_eq!(shop.messages(&person("c@x.example", "c2", "483")).await, [CARD]);
    assert_eq!(shop.customers().await.len(), 2);
}

#[tokio::test]
async fn an_empty_address_is_as_good_as_taken() {
    assert_eq!(message(&[("email", "")]).await, EMAIL);
    assert_eq!(message(&[("email", " ")]).await, EMAIL);
    // No other check is made of it.
    assert_eq!(message(&[("email", "nobody")]).await, "");
}

#[tokio::test]
async fn without_a_start_level_a_level_must_be_given() {
    let shop = Shop { ladder: Ladder::new(Vec::new()), ..Shop::new().await };
    let level = ("levelId", "9b0e2f4c-1111-4c53-9d51-0d7c2c1e0a01");
    let rows = [row(&[]), row(&[level]), row(&[])];
    let expected =
        "Process exception: Neither level is not available as start level for this customer.";
    assert_eq!(shop.messages(&rows.concat()).await, [expected, "", EMAIL]);
}

#[tokio::test]
async fn where_sms_are_sent_a_row_is_known_by_its_phone() {
    let settings = Settings { communication: CommunicationMethod::Sms, ..Settings::default() };
    let shop = Shop::with(settings).await;
    let rows = [
        row(&[("email", "-"), ("phone", "+48600500400")]),
        row(&[("phone", "-")]),
        row(&[("phone", "")]),
        row(&[("email", "-"), ("phone", "48600500400")]),
    ];
    let outcomes = shop.outcomes(&file(&rows.concat())).await;
    let told: Vec<_> = outcomes
        .iter()
        .map(|told| (told.identifier.as_str(), told.result.as_ref().err().map_or("", |m| m)))
        .collect();
    let missing = "Convert exception: phone is required node";
    let expected = [("+48600500400", ""), ("", missing), ("", PHONE), ("48600500400", PHONE)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_known_by_the_one_before_it() {
    let broken = [
        "<customer><email>x@y.example &unknown;</email></customer>",
        "<customer><email>&#0;</email></customer>",
        "<customer><email>&#x110000;</email></customer>",
        "<customer><email>&#xD800;</email></customer>",
        "<customer><email>&#1;</email></customer>",
        "<customer><email>\u{1}</email></customer>",
    ];
    for broken in broken {
        let shop = Shop::new().await;
        let next = row(&[("email", "next@shop.example")]);
        let rows = [broken, row(&[]).as_str(), broken, next.as_str()].concat();
        let outcomes = shop.outcomes(&file(&rows)).await;
        let told: Vec<_> = outcomes
            .iter()
            .map(|told| (told.identifier.as_str(), told.result.as_ref().err().map(String::as_str)))
            .collect();
        let expected = [
            ("", Some(STRUCTURE)),
            ("ada@shop.example", None),
            ("ada@shop.example", Some(STRUCTURE)),
            ("next@shop.example", None),
        ];
        assert_eq!(told, expected, "{broken}");
    }
}

#[tokio::test]
async fn what_would_not_fit_is_refused_by_its_name() {
    let long = "x".repeat(256);
    for node in ["firstName", "lastName", "email", "loyaltyCardNumber"] {
        let expected = format!("Convert exception: {node} is too long");
        assert_eq!(message(&[(node, &long)]).await, expected);
    }
    assert_eq!(message(&[("phone", &long)]).await, "Convert exception: phone is too long");
    let label = "<label><key>k</key><value>v</value></label>";
    assert_eq!(message(&[("labels", &label.repeat(200))]).await, "");
    assert_eq!(
        message(&[("labels", &label.repeat(201))]).await,
        "Convert exception: labels is too long"
    );
}

#[tokio::test]
async fn entities_sections_and_strange_nodes_are_read_as_xml_has_them() {
    let shop = Shop::new().await;
    let rows = [
        row(&[
            ("firstName", "A&amp;B &lt;&#65;&#x17b;&gt; <![CDATA[<i> & ]]>&quot;<!-- no -->&apos;"),
            ("lastName", "first</lastName><lastName>second"),
            ("company", "<name>half</name>"),
            ("labels", "<label><value>no key</value></label><label><key>k</key></label>"),
            ("unknown", "<customer><email>nested@shop.example</email></customer>"),
        ]),
        "<other><customer/></other>".to_owned(),
        "<group>".to_owned() + &row(&[("email", "deep@shop.example")]) + "</group>",
    ];
    let expected = ["", "Convert exception: email is required node", ""];
    assert_eq!(shop.messages(&rows.concat()).await, expected);
    let ada = shop.customers().await.remove(0);
    assert_eq!(ada.name.first(), "A&B <AŻ> <i> & \"'");
    assert_eq!(ada.name.last(), "first");
    assert_eq!(ada.company, None);
    assert_eq!(ada.labels.len(), 1);
}

#[tokio::test]
async fn who_is_not_active_waits_and_is_told_how_to_become_so() {
    let shop = Shop::new().await;
    let rows = [
        row(&[("sendActivationMail", "true")]),
        row(&[("email", "b@x.example"), ("active", "false")]),
        row(&[("email", "c@x.example"), ("active", ""), ("sendActivationMail", "true")]),
    ];
    assert_eq!(shop.messages(&rows.concat()).await, ["", "", ""]);
    let statuses: Vec<_> =
        shop.customers().await.into_iter().map(|customer| customer.status).collect();
    assert_eq!(statuses, [Status::Active, Status::New, Status::New]);
    let mut kinds = Vec::new();
    let mut session = shop.storage.session().await.unwrap();
    let now = time::macros::datetime!(2026-03-02 09:00 UTC);
    while let Some(claim) =
        session.messages().claim(now, now + time::Duration::hours(1)).await.unwrap()
    {
        kinds.push(claim.message.kind);
    }
    let accounts = kinds.iter().filter(|kind| **kind == MessageKind::AccountCreated).count();
    let links = kinds.iter().filter(|kind| **kind == MessageKind::ActivationLink).count();
    assert_eq!((accounts, links, kinds.len()), (3, 1, 4));
}
