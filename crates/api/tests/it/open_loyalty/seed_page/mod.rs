//! The examples of the vendor's customer page: every request as it is printed there, against the demonstration merchant,
//! and every answer compared with the printed one. Pictures and the import are left to tests of their own.

mod changes;
mod later;
mod lists;
mod parts;
mod registrations;
mod search;

use domain::access::Actor;
use domain::customer::{CreateCustomer, Customer, Demands, Email, Name, Origin, PhoneNumber};
use domain::demo;
use domain::id::CustomerId;
use domain::text::Line;
use reqwest::Method;
use serde_json::{Value, json};

use super::answer::Answer;
use crate::support::{Server, ServerOptions};

/// The customer of most examples, which the demonstration merchant has.
const KNOWN: &str = "00000000-0000-474c-b092-b0dd880c07e1";
/// Customers of other examples, whom the tests bring along.
const UPDATED: &str = "e0eb0355-8aaa-4fb1-8159-f58e81b7a25c";
const HANDLED: &str = "1cb6d205-8b77-40e1-a801-052185ed52d9";

/// The page's server.
struct Page {
    server: Server,
    admin: String,
    seller: String,
}

impl Page {
    async fn open() -> Self {
        Self::with(ServerOptions::default()).await
    }

    async fn with(options: ServerOptions) -> Self {
        let server = Server::with(options).await;
        let admin = log_in(&server, "admin", "admin").await;
        let seller = log_in(&server, "seller", "seller@example.com").await;
        Self { server, admin, seller }
    }

    /// Sends what the page prints: the headers of its examples, and every `-d` as a piece of the body.
    async fn send(
        &self,
        token: Option<&str>,
        method: Method,
        path: &str,
        pieces: &[&str],
    ) -> Answer {
        let request = self.server.client.request(method, self.server.url(path));
        let request = request
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let request = if pieces.is_empty() { request } else { request.body(pieces.join("&")) };
        Answer::of(request.send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Some(&self.admin), Method::GET, path, &[]).await
    }

    async fn post(&self, path: &str, pieces: &[&str]) -> Answer {
        self.send(Some(&self.admin), Method::POST, path, pieces).await
    }

    async fn put(&self, path: &str, pieces: &[&str]) -> Answer {
        self.send(Some(&self.admin), Method::PUT, path, pieces).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send(Some(&self.admin), Method::DELETE, path, &[]).await
    }

    async fn post_as_seller(&self, path: &str, pieces: &[&str]) -> Answer {
        self.send(Some(&self.seller), Method::POST, path, pieces).await
    }

    /// A customer whom an example speaks of.
    async fn customer(&self, id: &str, email: &str, phone: &str) -> Customer {
        let line = |text: &str| Line::try_from(text).unwrap();
        let command = CreateCustomer {
            id: Some(id.parse::<CustomerId>().unwrap()),
            name: Name::Divided { first: line("Jane"), last: line("Doe") },
            email: Email::try_from(email).ok(),
            phone: PhoneNumber::try_from(phone).ok(),
            primary_address: Some(domain::customer::Address::default()),
            ..CreateCustomer::default()
        };
        let services = &self.server.services;
        let merchant = self.server.merchant.id;
        let ladder = services.directory.ladder(merchant).await.unwrap();
        let origin = Origin { merchant, actor: Actor::System, demands: Demands::default() };
        services.customers.create(&origin, &ladder, command).await.unwrap()
    }
}

async fn log_in(server: &Server, kind: &str, name: &str) -> String {
    let body = json!({"_username": name, "_password": demo::PASSWORD});
    let url = server.url(&format!("/api/{kind}/login_check"));
    let answer = Answer::of(server.client.post(url).json(&body).send().await.unwrap()).await;
    answer.ok()["token"].as_str().unwrap().to_owned()
}

/// Checks an answer without content.
#[track_caller]
fn no_content(answer: &Answer, status: u16) {
    assert_eq!((answer.status, answer.text.as_str()), (status, ""));
}

/// Checks that an answer has the printed keys in the printed order with values of the printed kinds. Keys that this
/// contract shows besides are named; whatever the printed lists hold shows the kind of their elements.
#[track_caller]
fn same_shape(printed: &Value, answered: &Value, besides: &[&str]) {
    match (printed, answered) {
        (Value::Object(printed), Value::Object(answered)) => {
            let known: Vec<&String> =
                answered.keys().filter(|key| !besides.contains(&key.as_str())).collect();
            assert_eq!(known, printed.keys().collect::<Vec<_>>());
            printed.iter().for_each(|(key, value)| same_shape(value, &answered[key], besides));
        }
        (Value::Array(printed), Value::Array(answered)) => {
            let kinds = printed.iter().cycle();
            kinds.zip(answered).for_each(|(kind, item)| same_shape(kind, item, besides));
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{answered} where {printed} was printed"),
    }
}
