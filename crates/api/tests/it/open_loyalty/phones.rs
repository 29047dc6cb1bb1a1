//! Phone numbers that wait to be proved (contract E13, reliability T13).

use domain::merchant::CommunicationMethod;
use domain::message::MessageKind::PhoneChangeCode;
use serde_json::{Value, json};
use time::Duration;

use super::answer::Answer;
use super::world::World;
use crate::support::Sent;

const OLD: &str = "48221112233";
const NEW: &str = "48600700800";

/// A programme of SMS, and an active customer of it who is logged in.
struct Mover {
    world: World,
    id: String,
    token: String,
}

impl Mover {
    async fn new() -> Self {
        // Calls of a crowd wait for the database as long as it takes.
        let patient = &[("DATABASE__WAIT_MILLISECONDS", "60000")];
        let world = World::with(patient, CommunicationMethod::Sms).await;
        let id = world.customer(json!({"phone": OLD, "email": "ada@shop.example"})).await;
        let token = world.participant(&id).await;
        Self { world, id, token }
    }

    async fn change(&self, fields: Value) -> Answer {
        let path = format!("/api/customer/{}", self.id);
        let body = json!({"customer": fields});
        self.world.put(&path).token(&self.token).json(&body).send().await
    }

    async fn code(&self) -> Sent {
        self.world.server.sent(&[PhoneChangeCode]).await.pop().unwrap()
    }

    async fn confirm(&self, token: &str, code: &str) -> Answer {
        let path = format!("/api/customer/confirm-change/{code}");
        self.world.post(&path).token(token).json(&json!({})).send().await
    }

    async fn phone(&self) -> Value {
        self.world.details(&self.id).await["phone"].clone()
    }
}

fn another(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_new_number_counts_when_its_code_came_back() {
    let mover = Mover::new().await;
    mover.change(json!({"phone": NEW, "firstName": "Augusta"})).await.ok();
    let details = mover.world.details(&mover.id).await;
    assert_eq!((&details["phone"], &details["firstName"]), (&json!(OLD), &json!("Augusta")));
    let code = mover.code().await;
    assert_eq!(code.address().as_deref(), Some(NEW));
    assert_eq!((code.about.as_str(), code.number()), (mover.id.as_str(), 1));
    let confirmed = mover.confirm(&mover.token, &code.secret()).await;
    assert_eq!((confirmed.status, confirmed.text.as_str()), (204, ""));
    assert_eq!(mover.phone().await, NEW);
    mover.confirm(&mover.token, &code.secret()).await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_others_set_or_that_reads_the_same_counts_at_once() {
    let mover = Mover::new().await;
    mover.change(json!({"phone": format!("+{OLD}")})).await.ok();
    assert_eq!(mover.phone().await, format!("+{OLD}"));
    for (token, phone) in
        [(mover.world.admin().await, "48111111111"), (mover.world.seller().await, "48222222222")]
    {
        let path = format!("/api/customer/{}", mover.id);
        let body = json!({"customer": {"phone": phone}});
        mover.world.put(&path).token(&token).json(&body).send().await.ok();
        assert_eq!(mover.phone().await, phone);
    }
    assert!(mover.world.server.sent(&[PhoneChangeCode]).await.is_empty());
    let world = World::start().await;
    let id = world.customer(json!({"phone": OLD, "email": "ada@shop.example"})).await;
    let (token, body) = (world.participant(&id).await, json!({"customer": {"phone": NEW}}));
    world.put(&format!("/api/customer/{id}")).token(&token).json(&body).send().await.ok();
    assert_eq!(world.details(&id).await["phone"], NEW);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_refused_sends_nothing_and_changes_nothing() {
    let mover = Mover::new().await;
    mover.world.customer(json!({"phone": NEW, "email": "b@shop.example"})).await;
    let fields = json!({"phone": NEW, "email": "b@shop.example", "firstName": "Augusta"});
    assert_eq!(
        mover.change(fields).await.form_errors(),
        [
            "email: Customer with such email already exists.",
            "phone: Customer with such phone already exists.",
        ]
    );
    assert_eq!(mover.world.details(&mover.id).await["firstName"], "Ada");
    assert!(mover.world.server.sent(&[PhoneChangeCode]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_wish_takes_the_place_of_the_older_one() {
    let mover = Mover::new().await;
    mover.change(json!({"phone": NEW})).await.ok();
    let first = mover.code().await;
    mover.world.advance(Duration::minutes(1));
    mover.change(json!({"phone": "48600700900"})).await.ok();
    let second = mover.code().await;
    assert_eq!(second.number(), 2);
    if first.secret() != second.secret() {
        mover.confirm(&mover.token, &first.secret()).await.http_error(404, "Not Found");
    }
    assert_eq!(mover.confirm(&mover.token, &second.secret()).await.status, 204);
    assert_eq!(mover.phone().await, "48600700900");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_one_customer_is_unknown_to_another_and_waits_on() {
    let mover = Mover::new().await;
    let other = mover.world.customer(json!({"phone": "48999888777"})).await;
    let other = mover.world.participant(&other).await;
    mover.change(json!({"phone": NEW})).await.ok();
    let code = mover.code().await.secret();
    mover.confirm(&other, &code).await.http_error(404, "Not Found");
    assert_eq!(mover.phone().await, OLD);
    let anonymous = mover.world.post(&format!("/api/customer/confirm-change/{code}")).send().await;
    assert_eq!(anonymous.status, 401);
    let reporter = mover.world.reporter().await;
    mover.confirm(&reporter, &code).await.http_error(403, "Forbidden");
    assert_eq!(mover.confirm(&mover.token, &code).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_or_an_admin_may_type_the_customers_code_in() {
    for at in 0..2 {
        let mover = Mover::new().await;
        let token = if at == 0 { mover.world.admin().await } else { mover.world.seller().await };
        mover.change(json!({"phone": NEW})).await.ok();
        let code = mover.code().await.secret();
        mover.confirm(&token, another(&code)).await.http_error(404, "Not Found");
        assert_eq!(mover.confirm(&token, &code).await.status, 204);
        assert_eq!(mover.phone().await, NEW);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_somebody_took_in_between_is_an_error_of_the_field() {
    let mover = Mover::new().await;
    mover.change(json!({"phone": NEW})).await.ok();
    mover.world.customer(json!({"phone": NEW})).await;
    let errors = mover.confirm(&mover.token, &mover.code().await.secret()).await.form_errors();
    assert_eq!(errors, ["phone: Customer with such phone already exists."]);
    assert_eq!(mover.phone().await, OLD);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_thousand_guesses_at_once_five_are_looked_at_and_the_right_code_comes_too_late() {
    let mover = Mover::new().await;
    mover.change(json!({"phone": NEW})).await.ok();
    let code = mover.code().await.secret();
    for _ in 0..5 {
        mover.confirm(&mover.token, another(&code)).await.http_error(404, "Not Found");
    }
    mover.confirm(&mover.token, &code).await.http_error(404, "Not Found");
    // A new code, and everybody at once: each guess another number, the right one among the last.
    mover.world.advance(Duration::HOUR);
    mover.change(json!({"phone": NEW})).await.ok();
    let code = mover.code().await.secret();
    let right: u32 = code.parse().unwrap();
    let mut looked_at = 0;
    for clients in 0..32 {
        let guesses = (0..64).map(|at| {
            let guess = 100_000 + (right - 100_000 + 1 + clients * 64 + at) % 900_000;
            let path = format!("/api/customer/confirm-change/{guess}");
            tokio::spawn(mover.world.post(&path).token(&mover.token).send())
        });
        let guesses: Vec<_> = guesses.collect();
        for guess in guesses {
            guess.await.unwrap().http_error(404, "Not Found");
        }
        let query = "SELECT attempts::text AS text FROM codes WHERE purpose = 'phone_change'";
        looked_at = mover.world.server.database.texts(query).await[0].parse::<u32>().unwrap();
    }
    assert_eq!(looked_at, 5);
    mover.confirm(&mover.token, &code).await.http_error(404, "Not Found");
    assert_eq!(mover.phone().await, OLD);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_code_shown_twice_at_once_counts_once() {
    let mover = Mover::new().await;
    mover.change(json!({"phone": NEW})).await.ok();
    let code = mover.code().await.secret();
    let (one, two) =
        tokio::join!(mover.confirm(&mover.token, &code), mover.confirm(&mover.token, &code));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404]);
    assert_eq!(mover.phone().await, NEW);
}
