//! How much is sent, and to whom (reliability P14 and T14).

use domain::merchant::CommunicationMethod;
use domain::message::MessageKind::{ActivationCode, PhoneChangeCode};
use serde_json::json;
use time::Duration;

use super::activation::{STRONG, waiting};
use super::world::{World, a_form};

async fn pumped() -> World {
    World::with(&[("TRUSTED_PROXIES", "127.0.0.1")], CommunicationMethod::Sms).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_numbers_of_one_prefix_are_sent_no_more_than_its_budget() {
    let world = pumped().await;
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    for batch in 0..20 {
        let register = (0..50).map(|at| {
            let number = batch * 50 + at;
            let fields = json!({"phone": format!("4822555{number:04}"), "plainPassword": STRONG});
            let address = format!("203.0.113.{at}");
            let request = world.post("/api/customer/self_register");
            let request = request.header("x-forwarded-for", &address).json(&a_form(&fields));
            tokio::spawn(request.send())
        });
        let register: Vec<_> = register.collect();
        for answer in register {
            *statuses.entry(answer.await.unwrap().status).or_default() += 1;
        }
    }
    let sent = world.server.sent(&[ActivationCode]).await.len();
    assert_eq!(sent, 20);
    assert_eq!(statuses.remove(&200), Some(20));
    // A password hasher that is asked too much says so; nothing is sent for that either.
    assert!(statuses.keys().all(|status| [429, 503].contains(status)), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_number_is_sent_one_message_a_minute_three_in_ten_minutes_and_ten_a_day() {
    let world = pumped().await;
    let (id, _) = waiting(&world, "48221112233").await;
    let admin = world.admin().await;
    let path = format!("/api/admin/customer/{id}/send-sms-code");
    let send = async || world.post(&path).token(&admin).send().await;
    let refused = send().await;
    refused.http_error(429, "Too Many Requests");
    assert_eq!(refused.header("retry-after"), Some("60"));
    for _ in 0..2 {
        world.advance(Duration::minutes(1));
        assert_eq!(send().await.status, 200);
    }
    world.advance(Duration::minutes(1));
    let refused = send().await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("420")));
    for _ in 0..7 {
        world.advance(Duration::minutes(10));
        assert_eq!(send().await.status, 200);
    }
    world.advance(Duration::minutes(10));
    assert_eq!(send().await.status, 429);
    assert_eq!(world.server.sent(&[ActivationCode]).await.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_wishes_at_once_for_one_number_send_one_message() {
    let world = pumped().await;
    let (id, _) = waiting(&world, "48221112233").await;
    world.advance(Duration::minutes(2));
    let admin = world.admin().await;
    let path = format!("/api/admin/customer/{id}/send-sms-code");
    let calls = (0..100).map(|_| tokio::spawn(world.post(&path).token(&admin).send()));
    let calls: Vec<_> = calls.collect();
    let mut sent = 0;
    for call in calls {
        let answer = call.await.unwrap();
        assert!([200, 429].contains(&answer.status), "{answer:?}");
        sent += u32::from(answer.status == 200);
    }
    assert_eq!(sent, 1);
    assert_eq!(world.server.sent(&[ActivationCode]).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_asks_for_ten_messages_an_hour() {
    let world = pumped().await;
    let ask = async |address: &str, at: u32| {
        let fields = json!({"phone": format!("4{at:03}1112233"), "plainPassword": STRONG});
        let request = world.post("/api/customer/self_register").json(&a_form(&fields));
        request.header("x-forwarded-for", address).send().await.status
    };
    for at in 0..10 {
        assert_eq!(ask("203.0.113.1", at).await, 200);
    }
    assert_eq!(ask("203.0.113.1", 10).await, 429);
    assert_eq!(ask("203.0.113.2", 10).await, 200);
    world.advance(Duration::HOUR);
    assert_eq!(ask("203.0.113.1", 11).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_somebody_who_is_no_proxy_gives_no_further_budget() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let mut statuses = Vec::new();
    for at in 0..12 {
        let fields = json!({"phone": format!("4{at:03}1112233"), "plainPassword": STRONG});
        let request = world.post("/api/customer/self_register").json(&a_form(&fields));
        let address = format!("203.0.113.{at}");
        statuses.push(request.header("x-forwarded-for", &address).send().await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_sends_no_more_in_a_day_than_its_settings_say() {
    let world = pumped().await;
    let document = r#"UPDATE merchants SET settings = settings || '{"daily_sms": 2}'"#;
    world.server.database.execute(document).await;
    let mut statuses = Vec::new();
    for at in 0..3 {
        let fields = json!({"phone": format!("4{at:03}1112233"), "plainPassword": STRONG});
        let request = world.post("/api/customer/self_register").json(&a_form(&fields));
        statuses.push(request.send().await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(world.server.sent(&[ActivationCode, PhoneChangeCode]).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_registers_no_more_than_sixty_customers_an_hour() {
    let world = World::start().await;
    let document =
        r#"UPDATE merchants SET settings = settings || '{"activation_required": false}'"#;
    world.server.database.execute(document).await;
    let mut statuses = Vec::new();
    for at in 0..61 {
        let fields = json!({"email": format!("c{at}@shop.example"), "plainPassword": STRONG});
        let request = world.post("/api/customer/self_register").json(&a_form(&fields));
        statuses.push(request.send().await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 60);
    assert_eq!(statuses.last(), Some(&429));
}
