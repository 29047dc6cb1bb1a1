//! Who may hold a key when many ask at once: decided by the database, told in each vendor's words.

use domain::PageRequest;
use domain::customer::{Criterion, Customer, CustomerQuery, Sort, SortKey, TextMatch};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::callers::{Answer, Callers};
use crate::support::{Server, ServerOptions};

/// How many ask at once.
const CROWD: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    OpenLoyalty,
    KunaCore,
    Monri,
    Kounta,
}

impl Dialect {
    const ALL: [Self; 4] = [Self::OpenLoyalty, Self::KunaCore, Self::Monri, Self::Kounta];

    /// Whether no two customers of this vendor may share an address.
    fn demands_emails(self) -> bool {
        matches!(self, Self::OpenLoyalty | Self::KunaCore)
    }

    async fn create(self, callers: &Callers<'_>, email: &str) -> Answer {
        match self {
            Self::OpenLoyalty => register(callers, &json!({"email": email})).await,
            Self::KunaCore => {
                let body = json!({
                    "email": email, "firstName": "A", "lastName": "B", "country": "UA",
                    "verificationDocumentId": "D", "residenceAddress": "R",
                });
                callers.kuna_core("/v2/customer/create", &body).await
            }
            Self::Monri => {
                callers.monri("POST", "/v2/customers", &json!({"name": "A", "email": email})).await
            }
            Self::Kounta => add(callers, &json!({"email": email})).await,
        }
    }

    /// Whether an answer is this vendor's way to say that the address is taken.
    fn conflicts(self, answer: &Answer) -> bool {
        match self {
            Self::OpenLoyalty => refuses_field(answer, "email"),
            Self::KunaCore => answer.status == 409,
            Self::Monri | Self::Kounta => false,
        }
    }
}

async fn register(callers: &Callers<'_>, fields: &Value) -> Answer {
    let mut form = json!({"firstName": "A", "lastName": "B", "agreement1": true});
    form.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    callers.open_loyalty("POST", "/api/customer/register", &json!({"customer": form})).await
}

async fn add(callers: &Callers<'_>, fields: &Value) -> Answer {
    let mut body = json!({"first_name": "A"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    callers.kounta("POST", "/v1/companies/me/customers.json", &body).await
}

/// Whether a form has errors at one field and at no other.
fn refuses_field(answer: &Answer, field: &str) -> bool {
    if answer.status != 400 {
        return false;
    }
    let body: Value = serde_json::from_str(&answer.text).unwrap();
    let children = body["form"]["children"].as_object().unwrap();
    let wrong = children.iter().filter(|(_, child)| child.get("errors").is_some());
    wrong.map(|(name, _)| name.as_str()).eq([field])
}

/// Several threads and a queue that is long enough: this is about answers, not about capacity.
async fn server() -> Server {
    let variables = vec![("WORKERS", "4"), ("DATABASE__WAIT_MILLISECONDS", "60000")];
    Server::with(ServerOptions { variables, ..ServerOptions::default() }).await
}

/// An address in one of several spellings.
fn spelt(local: &str, turn: usize) -> String {
    let mixed = local.chars().enumerate().map(|(at, letter)| {
        if (turn >> (at % 5)) & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
    });
    format!(
        "{}@{}",
        mixed.collect::<String>(),
        if turn.is_multiple_of(2) { "x.example" } else { "X.Example" }
    )
}

async fn customers_with(server: &Server, email: &str) -> Vec<Customer> {
    let query = CustomerQuery {
        criteria: vec![Criterion::Email(TextMatch::Equals(email.to_owned()))],
        sort: Sort { key: SortKey::CreatedAt, descending: true },
        page: PageRequest { offset: 0, limit: Some(1_000) },
    };
    server.services.customers.list(server.merchant.id, &query).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_customers_with_one_address_exactly_one_holds_it_whoever_asks() {
    let server = server().await;
    let callers = Callers::first(&server).await;
    for (at, one) in Dialect::ALL.into_iter().enumerate() {
        for other in Dialect::ALL.into_iter().skip(at) {
            race(&server, &callers, [one, other]).await;
        }
    }
}

async fn race(server: &Server, callers: &Callers<'_>, pair: [Dialect; 2]) {
    let local = format!("{:?}.{:?}", pair[0], pair[1]).to_ascii_lowercase();
    let creates = (0..CROWD).map(|turn| {
        let (dialect, email) = (pair[turn % 2], spelt(&local, turn));
        async move { (dialect, dialect.create(callers, &email).await) }
    });
    let answers = join_all(creates).await;
    let mut demanded = 0;
    for (dialect, answer) in &answers {
        let fair = answer.succeeded() || dialect.conflicts(answer);
        assert!(fair, "{pair:?}: {dialect:?} answered {answer:?}");
        demanded += usize::from(answer.succeeded() && dialect.demands_emails());
    }
    let made = answers.iter().filter(|(_, answer)| answer.succeeded()).count();
    assert!(demanded <= 1, "{pair:?}: {demanded} successes that demanded the address");
    if pair.into_iter().all(Dialect::demands_emails) {
        assert_eq!(demanded, 1, "{pair:?}");
    }
    let found = customers_with(server, &format!("{local}@x.example")).await;
    let holders = found.iter().filter(|customer| customer.holdings.email).count();
    assert_eq!((found.len(), holders), (made, 1), "{pair:?}");
}

/// Checks that exactly one was made and everybody else was told why not.
#[track_caller]
fn one_of(answers: &[Answer], conflicts: impl Fn(&Answer) -> bool) {
    for answer in answers {
        assert!(answer.succeeded() || conflicts(answer), "{answer:?}");
    }
    assert_eq!(answers.iter().filter(|answer| answer.succeeded()).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_or_card_of_open_loyalty_is_given_once() {
    let server = server().await;
    let callers = &Callers::first(&server).await;
    let register = |fields: fn(usize) -> Value| {
        join_all((0..CROWD).map(move |turn| async move { register(callers, &fields(turn)).await }))
    };
    let phones = register(|turn| {
        let phone = if turn % 2 == 0 { "+48221112233" } else { "48221112233" };
        json!({"email": format!("phone{turn}@x.example"), "phone": phone})
    });
    one_of(&phones.await, |answer| refuses_field(answer, "phone"));
    let cards = register(|turn| {
        let card = if turn % 2 == 0 { "card-77" } else { "CARD-77" };
        json!({"email": format!("card{turn}@x.example"), "loyaltyCardNumber": card})
    });
    one_of(&cards.await, |answer| refuses_field(answer, "loyaltyCardNumber"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mobile_number_of_kounta_is_given_once() {
    let server = server().await;
    let callers = &Callers::first(&server).await;
    let answers = join_all((0..CROWD).map(|turn| async move {
        let mobile = if turn % 2 == 0 { "0491 570 156" } else { "(0491) 570-156" };
        add(callers, &json!({"mobile": mobile})).await
    }));
    let taken = |answer: &Answer| {
        answer.status == 400 && answer.text.contains("mobile must be unique within the company")
    };
    one_of(&answers.await, taken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchants_own_id_is_given_once_by_monri() {
    let server = server().await;
    let callers = &Callers::first(&server).await;
    let answers = join_all((0..CROWD).map(|turn| async move {
        let body = json!({"merchant_customer_id": "mc-1", "name": format!("N{turn}")});
        callers.monri("POST", "/v2/customers", &body).await
    }));
    let sentence = "Merchant customer has already been taken";
    let taken = |answer: &Answer| answer.status == 400 && answer.text.contains(sentence);
    one_of(&answers.await, taken);
}
