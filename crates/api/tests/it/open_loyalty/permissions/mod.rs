//! Every caller against every operation: whoever may is let through, whoever may not is told so in the contract's words
//! (2.6 to 2.8).

mod table;

use std::collections::BTreeSet;

use api::config::Dialect;
use api::directory::Session;
use domain::access::{Actor, Permissions, Principal};
use domain::account::{Admin, Role};
use domain::customer::Demands;
use domain::id::CustomerId;
use domain::level::Level;
use domain::merchant::CommunicationMethod;
use domain::seller::Seller;
use domain::testing::{a_birth, a_customer, a_level, a_seller, an_admin, an_id};
use domain::token::Scopes;
use reqwest::Method;
use serde_json::json;

use self::table::{ROLES, ROWS};
use super::answer::Answer;
use super::world::World;

/// The cells of the roles that are told apart below.
const BARE: usize = 2;
const SELLER: usize = 3;
const OWN: usize = 4;
const ANONYMOUS: usize = 6;

const UNAUTHENTICATED: &str = r#"{"message":"Authentication Required"}"#;
const FORBIDDEN: &str = r#"{"error":{"code":403,"message":"Forbidden"}}"#;
/// The text by which the admin without permissions is known; the server remembers who that is.
const BARE_TOKEN: &str = "an-admin-without-permissions";

/// The operations of the document, without their store; parameters have no names.
fn served() -> BTreeSet<String> {
    let document = serde_json::to_value(api::dialects::openapi(Dialect::OpenLoyalty)).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, verbs)| {
        let below = path.strip_prefix("/api/{storeCode}").or_else(|| path.strip_prefix("/api"));
        let below = below.unwrap().trim_start_matches('/');
        verbs.as_object().unwrap().keys().map(move |verb| nameless(&format!("{verb} {below}")))
    });
    operations.collect()
}

/// An operation with its parameters' names left out: they are nobody's contract.
fn nameless(operation: &str) -> String {
    let segments = operation.split('/').map(|segment| match segment.split_once('{') {
        Some((before, _)) => format!("{before}{{}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn every_operation_has_a_row_of_permissions() {
    let rows: BTreeSet<String> = ROWS.iter().map(|(operation, _)| nameless(operation)).collect();
    assert_eq!(rows.len(), ROWS.len(), "no operation has two rows");
    let missing: Vec<_> = served().into_iter().filter(|served| !rows.contains(served)).collect();
    assert_eq!(missing, [""; 0]);
    assert!(ROWS.iter().all(|(_, cells)| cells.len() == ROLES.len()));
}

#[test]
fn every_row_of_permissions_is_served() {
    let served = served();
    let operations = ROWS.iter().map(|(operation, _)| *operation);
    let unserved: Vec<_> =
        operations.filter(|operation| !served.contains(&nameless(operation))).collect();
    assert_eq!(unserved, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_may_do_what_the_contract_says_and_nothing_else() {
    let remembering = [("PRINCIPAL_CACHE_SECONDS", "3600")];
    let world = World::with(&remembering, CommunicationMethod::Email).await;
    let stage = Stage::set(&world).await;
    let (served, mut wrong, mut checked) = (served(), Vec::new(), 0);
    for (operation, cells) in ROWS.iter().filter(|(row, _)| served.contains(&nameless(row))) {
        for (role, cell) in cells.bytes().enumerate() {
            let answer = stage.ask(operation, role, cell == b'1').await;
            if let Err(reason) = judged(operation, role, cell == b'1', &answer) {
                wrong.push(format!("{operation} by {}: {reason}: {}", ROLES[role], answer.text));
            }
            checked += 1;
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(checked >= 20 * ROLES.len(), "{checked} cells");
}

fn judged(operation: &str, role: usize, may: bool, answer: &Answer) -> Result<(), &'static str> {
    let refusal = if role == ANONYMOUS { (401, UNAUTHENTICATED) } else { (403, FORBIDDEN) };
    if !may {
        let refused = (answer.status, answer.text.as_str()) == refusal;
        return if refused { Ok(()) } else { Err("is not refused as the contract says") };
    }
    // Names and passwords of nobody are refused by the logins themselves; tokens of nobody, pictures that were never
    // stored and transfers that were never made are not there.
    let by_login = answer.text.contains("Bad credentials");
    let absent =
        ["{token}", "{transfer}", "avatar", "photo"].iter().any(|part| operation.contains(part));
    match answer.status {
        401 | 403 if !by_login => Err("is refused"),
        404 if !absent => Err("is not found"),
        500.. => Err("fails"),
        _ => Ok(()),
    }
}

/// The callers and what they call for.
struct Stage<'w> {
    world: &'w World,
    /// One token for each role but the last.
    tokens: Vec<String>,
    own: CustomerId,
    bare: Admin,
}

impl<'w> Stage<'w> {
    async fn set(world: &'w World) -> Self {
        let (own, other) = (customer(world).await, customer(world).await);
        let bare = Admin { role: Role::Reporter, ..an_admin(world.shop.merchant.id) };
        let password = domain::Secret::new(super::world::PASSWORD.to_owned());
        world.services().accounts.add_admin(&bare, password).await.unwrap();
        let tokens = vec![
            world.admin().await,
            world.reporter().await,
            BARE_TOKEN.to_owned(),
            world.seller().await,
            world.participant(&own.to_string()).await,
            world.participant(&other.to_string()).await,
        ];
        Self { world, tokens, own, bare }
    }

    async fn ask(&self, operation: &str, role: usize, may: bool) -> Answer {
        let (method, path) = operation.split_once(' ').unwrap();
        let method: Method = method.to_uppercase().parse().unwrap();
        let path = format!("/api/SHOP/{}", self.filled(path, role, may).await);
        let mut call = self.world.call(method.clone(), &path);
        if role == BARE {
            self.introduce_the_bare_admin();
        }
        if let Some(token) = self.tokens.get(role) {
            call = call.token(token);
        }
        if matches!(method, Method::POST | Method::PUT) {
            call = call.json(&json!({}));
        }
        call.send().await
    }

    /// The path with something in the place of every parameter. Whoever may change a thing gets one of its own, so that
    /// no call stands in the way of another.
    async fn filled(&self, path: &str, role: usize, may: bool) -> String {
        let mut path = path
            .replace("{token}", "954604")
            .replace("{type}", "language")
            .replace("{transfer}", &self.own.to_string())
            .replace("{identifier}", self.world.shop.pos.identifier.as_str())
            .replace("{pos}", &self.world.shop.pos.id.to_string());
        if path.contains("{customer}") {
            let target = if may && role != OWN { customer(self.world).await } else { self.own };
            path = path.replace("{customer}", &target.to_string());
        }
        if path.contains("{level}") {
            path = path.replace("{level}", &self.level().await);
        }
        if path.contains("{seller}") {
            let itself = self.world.shop.seller.id.to_string();
            let target = if role == SELLER { itself } else { self.seller().await };
            path = path.replace("{seller}", &target);
        }
        if path.contains("{admin}") {
            path = path.replace("{admin}", &self.admin().await);
        }
        path
    }

    /// The server does not ask who it is as long as it remembers.
    fn introduce_the_bare_admin(&self) {
        let services = self.world.services();
        let fingerprint = services.ports.keeper.fingerprint(&format!("open_loyalty {BARE_TOKEN}"));
        let merchant = self.world.shop.merchant.clone();
        let principal = Principal {
            merchant: merchant.id,
            actor: Actor::Admin(self.bare.id),
            permissions: Permissions::NONE,
        };
        let session = Session {
            principal,
            merchant: merchant.into(),
            scopes: Scopes::default(),
            expires_at: None,
        };
        services.directory.remember(fingerprint, session);
    }

    async fn level(&self) -> String {
        let level = Level { merchant: self.world.shop.merchant.id, ..a_level(500, 5) };
        self.world.services().levels.add(&level).await.unwrap();
        level.id.to_string()
    }

    async fn seller(&self) -> String {
        let email = format!("{}@shop.example", an_id::<CustomerId>());
        let seller = Seller {
            pos: Some(self.world.shop.pos.id),
            ..a_seller(self.world.shop.merchant.id, &email)
        };
        self.world.services().sellers.add(&seller).await.unwrap();
        seller.id.to_string()
    }

    async fn admin(&self) -> String {
        let admin = an_admin(self.world.shop.merchant.id);
        let password = domain::Secret::new(super::world::PASSWORD.to_owned());
        self.world.services().accounts.add_admin(&admin, password).await.unwrap();
        admin.id.to_string()
    }
}

/// A stored customer whom nothing tells apart from others.
async fn customer(world: &World) -> CustomerId {
    let write = a_birth(a_customer(world.shop.merchant.id), Demands::default());
    let mut session = world.services().storage.session().await.unwrap();
    session.customers().create(&write).await.unwrap();
    write.record.id
}
