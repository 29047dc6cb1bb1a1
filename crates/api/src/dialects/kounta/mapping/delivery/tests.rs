use domain::customer::{Address, Customer, Email, Name, PhoneNumber};
use domain::event::{EventKind, RecordedEvent};
use domain::id::ApplicationId;
use domain::merchant::Merchant;
use domain::subscription::{Headers, Topic};
use domain::testing::{
    CountingKeeper, a_customer, a_merchant, a_registration, a_transaction, an_event,
};
use domain::text::{Line, Text};
use domain::transaction::RecordedTransaction;
use uuid::Uuid;

use super::*;

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

fn application(n: u128) -> ApplicationId {
    ApplicationId::from(Uuid::from_u128(n))
}

fn melbourne() -> Merchant {
    Merchant {
        company_id: 5678.try_into().unwrap(),
        time_zone: line("Australia/Melbourne"),
        ..a_merchant()
    }
}

fn ayla() -> Customer {
    let mut ayla = a_customer(melbourne().id);
    ayla.number = 700_123.try_into().unwrap();
    ayla.name = Name::Divided { first: line("Ayla"), last: line("Nguyen") };
    ayla.email = Email::try_from("ayla@example.test").ok();
    ayla.mobile = PhoneNumber::try_from("0491 570 156").ok();
    ayla.references.per_application.insert(application(1), line("crm-00042"));
    ayla.tags = vec![Text::try_from("Gold <&> Member").unwrap()];
    ayla.primary_address = Some(Address {
        street: line("1 Low St"),
        city: line("Ballarat"),
        province: line("VIC"),
        postal_code: line("3350"),
        country: line("AU"),
        ..Address::default()
    });
    ayla.agreements.marketing = true;
    ayla
}

fn told(record: Customer) -> Fact {
    let event = an_event(EventKind::CustomerCreated);
    Fact::Customer(Box::new(RecordedEvent { event, record }))
}

fn target(owner: u128, format: Format) -> Target {
    let header = |name: &str, value: &str| {
        (name.to_owned().try_into().unwrap(), value.to_owned().try_into().unwrap())
    };
    let headers =
        vec![header("Authorization", "Bearer receiver-secret"), header("X-Tenant", "geelong")];
    let token = Secret::new(b"sigtok-3f9c1e77".to_vec());
    Target::Subscription {
        application: application(owner),
        number: 537.try_into().unwrap(),
        topic: Topic::CustomersUpdated,
        format,
        address: "https://hooks.example.test/kounta".to_owned().try_into().unwrap(),
        headers: Headers::new(headers).unwrap(),
        signature_token: Some(CountingKeeper::default().seal(&token).unwrap()),
    }
}

fn deliveries() -> Deliveries {
    Deliveries::new(Arc::new(CountingKeeper::default()))
}

fn body(fact: &Fact, target: &Target) -> Result<String, RenderError> {
    let merchant = melbourne();
    let order = Order { merchant: &merchant, target, fact };
    deliveries().body(order).map(|body| String::from_utf8(body).unwrap())
}

fn headers(target: &Target, body: &[u8]) -> Result<Vec<(String, String)>, SecretError> {
    let (merchant, fact) = (melbourne(), told(ayla()));
    let order = Order { merchant: &merchant, target, fact: &fact };
    let delivery = DeliveryId::from(Uuid::from_u128(7));
    let headers = deliveries().headers(order, delivery, body)?;
    let shown = |header: Rendered| (header.name.into_owned(), header.value.into_inner());
    Ok(headers.into_iter().map(shown).collect())
}

#[test]
fn the_body_in_json_is_the_customer_as_it_is_read() {
    let expected = concat!(
        r#"{"id":700123,"company_id":5678,"first_name":"Ayla","last_name":"Nguyen","#,
        r#""email":"ayla@example.test","primary_email_address":"ayla@example.test","#,
        r#""phone":null,"mobile":"0491 570 156","reference_id":"crm-00042","#,
        r#""tags":["Gold <&> Member"],"image":null,"#,
        r#""primary_address":{"address":"1 Low St","city":"Ballarat","state":"VIC","#,
        r#""postal_code":"3350","country":"AU"},"shipping_address":null,"#,
        r#""accepts_marketing":true,"created_at":"2026-03-02T19:15:00+11:00","#,
        r#""updated_at":"2026-03-02T19:15:00+11:00"}"#
    );
    assert_eq!(body(&told(ayla()), &target(1, Format::Json)).as_deref(), Ok(expected));
}

#[test]
fn the_body_in_xml_says_the_same() {
    let expected = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        r#"<customer><id type="number">700123</id><company_id type="number">5678</company_id>"#,
        "<first_name>Ayla</first_name><last_name>Nguyen</last_name>",
        "<email>ayla@example.test</email>",
        "<primary_email_address>ayla@example.test</primary_email_address>",
        "<phone/><mobile>0491 570 156</mobile><reference_id></reference_id>",
        "<tags><tag>Gold &lt;&amp;&gt; Member</tag></tags><image/>",
        "<primary_address><address>1 Low St</address><city>Ballarat</city><state>VIC</state>",
        "<postal_code>3350</postal_code><country>AU</country></primary_address>",
        r#"<shipping_address/><accepts_marketing type="boolean">true</accepts_marketing>"#,
        r#"<created_at type="date">2026-03-02T19:15:00+11:00</created_at>"#,
        r#"<updated_at type="date">2026-03-02T19:15:00+11:00</updated_at></customer>"#
    );
    // The owner of this webhook has no value of its own for the customer.
    assert_eq!(body(&told(ayla()), &target(2, Format::Xml)).as_deref(), Ok(expected));
}

#[test]
fn what_is_no_customer_and_who_is_no_program_are_not_written_to() {
    let record = a_transaction(melbourne().id, "B-1");
    let bought = RecordedTransaction { event: a_registration(), record };
    let bought = Fact::Transaction(Box::new(bought));
    assert_eq!(body(&bought, &target(1, Format::Json)), Err(RenderError));
    let programme = Target::Settings {
        address: "https://hooks.example.test/".to_owned().try_into().unwrap(),
        header: None,
        levels: std::collections::BTreeMap::new(),
    };
    assert_eq!(body(&told(ayla()), &programme), Err(RenderError));
    assert_eq!(headers(&programme, b""), Ok(Vec::new()));
}

#[test]
fn the_head_names_the_webhook_and_carries_what_was_added() {
    let expected = |kind: &str, signature: &str| {
        [
            ("Content-Type", kind),
            ("User-Agent", "Kounta-Webhooks/1.0"),
            ("X-Kounta-Signature", signature),
            ("X-Kounta-Topic", "customers/updated"),
            ("X-Kounta-Company-Id", "5678"),
            ("X-Kounta-Webhook-Id", "537"),
            ("X-Kounta-Delivery-Id", "00000000-0000-0000-0000-000000000007"),
            ("Authorization", "Bearer receiver-secret"),
            ("X-Tenant", "geelong"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    let json = br#"{"id":700123,"company_id":5678,"first_name":"Ayla","last_name":"Nguyen","email":"ayla@example.test"}"#;
    let signature = "c0756f90bd9965e94d837a697d1809d24326c3b7edc814c5121903c32bc2d167";
    assert_eq!(
        headers(&target(1, Format::Json), json),
        Ok(expected("application/json", signature))
    );
    let xml = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<customer><id type=\"number\">700123</id><first_name>Ayla</first_name></customer>";
    let signature = "3fd9123327be878494b524b5ae38ea5ef2bf3c09e3e4385aeac057ae81e5d5c2";
    assert_eq!(headers(&target(1, Format::Xml), xml), Ok(expected("application/xml", signature)));
}

#[test]
fn a_program_without_a_token_gets_no_signature() {
    let Target::Subscription {
        application, number, topic, format, address, headers: added, ..
    } = target(1, Format::Json)
    else {
        panic!("not a subscription");
    };
    let unsigned = Target::Subscription {
        application,
        number,
        topic,
        format,
        address,
        headers: added,
        signature_token: None,
    };
    let shown = headers(&unsigned, b"{}").unwrap();
    assert!(shown.iter().all(|(name, _)| name != "X-Kounta-Signature"), "{shown:?}");
    assert_eq!(shown.len(), 8);
}
