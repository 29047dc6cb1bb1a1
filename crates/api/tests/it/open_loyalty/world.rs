//! Two merchants with their people and without customers, on a server of their own.

use api::services::Services;
use domain::Secret;
use domain::access::Actor;
use domain::account::{Admin, Role};
use domain::customer::{Customer, CustomerWrite, KeyWrites};
use domain::event::RecordedEvent;
use domain::id::{CustomerId, LevelId};
use domain::level::Level;
use domain::merchant::{CommunicationMethod, Merchant, Settings};
use domain::pos::PointOfSale;
use domain::seller::Seller;
use domain::testing::{a_level, a_merchant, a_point_of_sale, a_seller, an_admin};
use domain::text::Line;
use reqwest::Method;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::answer::Answer;
use crate::support::{Server, ServerOptions};

/// Everybody's password.
pub(super) const PASSWORD: &str = "correct horse";

/// A merchant and its people.
pub(super) struct Shop {
    pub(super) merchant: Merchant,
    pub(super) admin: Admin,
    pub(super) reporter: Admin,
    pub(super) seller: Seller,
    pub(super) pos: PointOfSale,
    /// From 0, with 5 percent.
    pub(super) start: Level,
    /// From 20, with 1234 percent.
    pub(super) gold: Level,
    /// Not active.
    pub(super) retired: Level,
}

/// A running server.
pub(super) struct World {
    pub(super) server: Server,
    /// The default store.
    pub(super) shop: Shop,
    /// Another store.
    pub(super) other: Shop,
}

impl World {
    /// A server with the default settings and programmes that write e-mails.
    pub(super) async fn start() -> Self {
        Self::with(&[], CommunicationMethod::Email).await
    }

    /// A server with other settings.
    pub(super) async fn with(
        settings: &[(&'static str, &'static str)],
        communication: CommunicationMethod,
    ) -> Self {
        let programme = Settings { communication, ..Settings::default() };
        Self::of(settings, programme).await
    }

    /// A server with the default settings and programmes that work in a way of their own.
    pub(super) async fn programme(settings: Settings) -> Self {
        Self::of(&[], settings).await
    }

    async fn of(settings: &[(&'static str, &'static str)], programme: Settings) -> Self {
        let mut variables = vec![("OPEN_LOYALTY__DEFAULT_STORE", "SHOP")];
        variables.extend(settings);
        let server = Server::with(ServerOptions { variables, ..ServerOptions::default() }).await;
        Self::on(server, programme).await
    }

    /// The merchants on a server of the test's own making, whose default store must be `SHOP`.
    pub(super) async fn on(server: Server, programme: Settings) -> Self {
        let shop = settle(&server.services, "SHOP", programme.clone()).await;
        let other = settle(&server.services, "OTHER", programme).await;
        Self { server, shop, other }
    }

    /// What the server does its work with.
    pub(super) fn services(&self) -> &Services {
        &self.server.services
    }

    /// Lets time pass for the server.
    pub(super) fn advance(&self, by: time::Duration) {
        self.server.clock.advance(by);
    }

    /// The server's time.
    pub(super) fn now(&self) -> OffsetDateTime {
        self.services().ports.clock.now()
    }

    /// The names of what happened to a customer, oldest first.
    pub(super) async fn events(&self, id: &str) -> Vec<RecordedEvent> {
        let customers = &self.services().customers;
        customers.events(self.shop.merchant.id, customer_id(id)).await.unwrap()
    }

    /// A request, not sent yet.
    pub(super) fn call(&self, method: Method, path: &str) -> Call {
        Call(self.server.client.request(method, self.server.url(path)))
    }

    pub(super) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(super) fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub(super) fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    pub(super) fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Logs somebody in and gives the access token.
    pub(super) async fn log_in(&self, path: &str, name: &str) -> String {
        let body = json!({"_username": name, "_password": PASSWORD});
        let answer = self.post(path).json(&body).send().await.ok();
        answer["token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn admin(&self) -> String {
        self.log_in("/api/admin/login_check", self.shop.admin.username.as_str()).await
    }

    pub(super) async fn reporter(&self) -> String {
        self.log_in("/api/admin/login_check", self.shop.reporter.username.as_str()).await
    }

    pub(super) async fn seller(&self) -> String {
        self.log_in("/api/seller/login_check", self.shop.seller.email.as_str()).await
    }

    /// Gives a customer a password and logs it in.
    pub(super) async fn participant(&self, id: &str) -> String {
        let actor = Actor::Customer(id.parse().unwrap());
        let password = Secret::new(PASSWORD.to_owned());
        self.services()
            .accounts
            .set_password(self.shop.merchant.id, actor, password)
            .await
            .unwrap();
        self.log_in("/api/customer/login_check", id).await
    }

    /// Registers a customer in the default store and gives its id.
    pub(super) async fn customer(&self, fields: Value) -> String {
        let token = self.admin().await;
        let answer = self.post("/api/customer/register").token(&token).json(&a_form(&fields));
        answer.send().await.ok()["customerId"].as_str().unwrap().to_owned()
    }

    /// The record as it is stored.
    pub(super) async fn record(&self, id: &str) -> Customer {
        let mut session = self.services().storage.session().await.unwrap();
        let merchant = self.shop.merchant.id;
        session.customers().find(merchant, customer_id(id)).await.unwrap().unwrap()
    }

    /// Stores another state of a record behind the API's back.
    pub(super) async fn store(&self, record: Customer) {
        let write = CustomerWrite {
            record: Customer { version: record.version + 1, ..record },
            keys: KeyWrites::KEEP_ALL,
            events: Vec::new(),
            messages: Vec::new(),
        };
        let mut session = self.services().storage.session().await.unwrap();
        session.customers().update(&write).await.unwrap();
    }

    /// The customer as the API shows it.
    pub(super) async fn details(&self, id: &str) -> Value {
        let token = self.admin().await;
        self.get(&format!("/api/customer/{id}")).token(&token).send().await.ok()
    }
}

/// A registration form that is complete but for what a test is about.
pub(super) fn a_form(fields: &Value) -> Value {
    let mut form = json!({"firstName": "Ada", "lastName": "Byron", "agreement1": true});
    let given = fields.as_object().unwrap().clone();
    form.as_object_mut().unwrap().extend(given);
    json!({"customer": form})
}

/// A request, not sent yet.
pub(super) struct Call(reqwest::RequestBuilder);

impl Call {
    pub(super) fn token(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    pub(super) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub(super) fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// A form as it goes over the wire.
    pub(super) fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// A form in parts, of which each is a head and a content.
    pub(super) fn parts(self, parts: &[(&str, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (head, content) in parts {
            let head = format!("--x!x\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        body.extend(b"--x!x--\r\n");
        self.raw_parts(body)
    }

    /// A form in parts as it goes over the wire, with the boundary `x!x`.
    pub(super) fn raw_parts(self, body: Vec<u8>) -> Self {
        Self(self.0.header("content-type", "multipart/form-data; boundary=\"x!x\"").body(body))
    }

    pub(super) fn body(self, body: &str) -> Self {
        Self(self.0.body(body.to_owned()))
    }

    pub(super) async fn send(self) -> Answer {
        Answer::of(self.0.send().await.unwrap()).await
    }
}

/// The id of a customer, for the domain.
pub(super) fn customer_id(id: &str) -> CustomerId {
    id.parse().unwrap()
}

async fn settle(services: &Services, code: &str, settings: Settings) -> Shop {
    let line = |text: &str| Line::try_from(text).unwrap();
    let merchant = Merchant { store_code: line(code), settings, ..a_merchant() };
    services.merchants.add(&merchant).await.unwrap();
    let level = |level: Level| Level { merchant: merchant.id, ..level };
    let (start, gold) = (level(a_level(0, 5)), level(a_level(20, 1234)));
    let retired = Level { active: false, ..level(a_level(0, 50)) };
    for level in [&start, &gold, &retired] {
        services.levels.add(level).await.unwrap();
    }
    let pos = PointOfSale { identifier: line("pos1"), ..a_point_of_sale(merchant.id) };
    services.points_of_sale.add(&pos).await.unwrap();
    let seller = Seller { pos: Some(pos.id), ..a_seller(merchant.id, "tove@shop.example") };
    services.sellers.add(&seller).await.unwrap();
    let admin = Admin { role: Role::Master, ..an_admin(merchant.id) };
    let reporter = Admin { role: Role::Reporter, ..an_admin(merchant.id) };
    let password = || Secret::new(PASSWORD.to_owned());
    for admin in [&admin, &reporter] {
        services.accounts.add_admin(admin, password()).await.unwrap();
    }
    let actor = Actor::Seller(seller.id);
    services.accounts.set_password(merchant.id, actor, password()).await.unwrap();
    Shop { merchant, admin, reporter, seller, pos, start, gold, retired }
}

/// Some level that no store has.
pub(super) fn unknown_level() -> LevelId {
    "9b0e2f4c-1111-4c53-9d51-0d7c2c1e0a01".parse().unwrap()
}
