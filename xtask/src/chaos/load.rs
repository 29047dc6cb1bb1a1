//! Changes of customers through every dialect, some of which are to fail at the last moment.

use std::fmt;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use domain::demo;

use crate::database;
use crate::exchange::{KOUNTA_BASIC, exchange, monri_bearer, open_loyalty_bearer, request};
use crate::failure::Failure;
use crate::seed::dice::Dice;

/// How many ask at the same time.
const CALLERS: u32 = 6;
/// One of so many changes is to be dropped.
const DROPPED: u64 = 10;
/// How long to try to log in while those who answer come and go.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long to leave alone who does not answer.
const BREATH: Duration = Duration::from_millis(50);

/// What became of what was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    accepted: u32,
    refused: u32,
    unknown: u32,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, refused, unknown } = self;
        write!(f, "{accepted} changes accepted, {refused} refused, {unknown} without an answer")
    }
}

/// A customer that there is.
struct Known {
    id: String,
    number: String,
}

/// Everything a caller needs.
struct Caller<'a> {
    servers: [SocketAddr; 2],
    admin: &'a str,
    gateway: &'a str,
    known: &'a [Known],
    dice: Dice,
}

/// Asks for so many changes: a fifth of them new customers, then changes and removals of those.
pub(super) fn run(
    url: &str,
    servers: [SocketAddr; 2],
    changes: u32,
    seed: u64,
) -> Result<Tally, Failure> {
    let admin = insist(|| open_loyalty_bearer(servers[0], "/api/admin/login_check", "admin"))?;
    let gateway = insist(|| monri_bearer(servers[1]))?;
    let (admin, gateway) = (format!("{admin}\r\n"), format!("{gateway}\r\n"));
    let births = changes / 5;
    let born = crowd(
        births,
        |caller| Caller {
            servers,
            admin: &admin,
            gateway: &gateway,
            known: &[],
            dice: Dice::of(seed, caller),
        },
        Caller::create,
    );
    let known = known(url)?;
    let later = crowd(
        changes - births,
        |caller| {
            let dice = Dice::of(!seed, caller);
            Caller { servers, admin: &admin, gateway: &gateway, known: &known, dice }
        },
        Caller::change,
    );
    Ok(Tally {
        accepted: born.accepted + later.accepted,
        refused: born.refused + later.refused,
        unknown: born.unknown + later.unknown,
    })
}

/// Several callers at once share the changes.
fn crowd<'a>(
    changes: u32,
    caller: impl Fn(u32) -> Caller<'a> + Sync,
    change: impl Fn(&mut Caller<'a>, u32) -> Vec<u8> + Sync,
) -> Tally {
    thread::scope(|scope| {
        let (caller, change) = (&caller, &change);
        let all: Vec<_> = (1..=CALLERS)
            .map(|number| {
                scope.spawn(move || {
                    let (mut own, mut tally) = (caller(number), Tally::default());
                    for turn in (number..changes).step_by(CALLERS as usize) {
                        let request = change(&mut own, turn);
                        own.send(&request, &mut tally);
                    }
                    tally
                })
            })
            .collect();
        all.into_iter().filter_map(|one| one.join().ok()).fold(Tally::default(), |sum, one| Tally {
            accepted: sum.accepted + one.accepted,
            refused: sum.refused + one.refused,
            unknown: sum.unknown + one.unknown,
        })
    })
}

impl Caller<'_> {
    /// A new customer, through one dialect or another.
    fn create(&mut self, turn: u32) -> Vec<u8> {
        let (email, phone) = (format!("c{turn}@chaos.test"), 700_000_000 + turn);
        let name = self.name(turn);
        match turn % 4 {
            0 => request(
                "POST",
                "/api/customer/register",
                self.admin,
                &format!(
                    r#"{{"customer":{{"firstName":"{name}","lastName":"Byron","email":"{email}","phone":"+48{phone}","agreement1":true}}}}"#
                ),
            ),
            1 => request(
                "POST",
                "/v2/customer/create",
                &api_key(),
                &format!(
                    r#"{{"email":"{email}","phoneNumber":"+48{phone}","firstName":"{name}","lastName":"Smith","country":"UA","verificationDocumentId":"AA{turn}","residenceAddress":"Kyiv, Street 1"}}"#
                ),
            ),
            2 => request(
                "POST",
                "/v2/customers",
                self.gateway,
                &format!(
                    r#"{{"merchant_customer_id":"chaos-{turn}","name":"Ana Anić","email":"{email}","phone":"+387{phone}","city":"Mostar","country":"BA"}}"#
                ),
            ),
            _ => request(
                "POST",
                "/v1/companies/5678/customers.json",
                KOUNTA_BASIC,
                &format!(
                    r#"{{"first_name":"{name}","last_name":"Nguyen","email":"{email}","mobile":"+61{phone}"}}"#
                ),
            ),
        }
    }

    /// A change of a customer that there is, or was; seldom its removal.
    fn change(&mut self, turn: u32) -> Vec<u8> {
        let Known { id, number } = &self.known[self.dice.place(self.known.len())];
        let name = self.name(turn);
        if self.dice.below(50) == 0 {
            let target = format!("/v1/companies/5678/customers/{number}.json");
            return request("DELETE", &target, KOUNTA_BASIC, "");
        }
        match self.dice.below(4) {
            0 => request(
                "PUT",
                &format!("/api/customer/{id}"),
                self.admin,
                &format!(r#"{{"customer":{{"firstName":"{name}"}}}}"#),
            ),
            1 => request(
                "POST",
                "/v2/customer/update",
                &api_key(),
                &format!(r#"{{"id":"{id}","firstName":"{name}"}}"#),
            ),
            2 => request(
                "POST",
                &format!("/v2/customers/{id}"),
                self.gateway,
                &format!(r#"{{"name":"Ana {turn}"}}"#),
            ),
            _ => request(
                "PUT",
                &format!("/v1/companies/5678/customers/{number}.json"),
                KOUNTA_BASIC,
                &format!(r#"{{"first_name":"{name}"}}"#),
            ),
        }
    }

    /// A new name; that of a change that is dropped, now and then.
    fn name(&mut self, turn: u32) -> String {
        let start = if self.dice.below(DROPPED) == 0 { "Rollback" } else { "Ada" };
        format!("{start}{turn}")
    }

    fn send(&mut self, request: &[u8], tally: &mut Tally) {
        let server = self.servers[self.dice.place(self.servers.len())];
        match exchange(server, request) {
            Ok((200..=299, _)) => tally.accepted += 1,
            Ok(_) => tally.refused += 1,
            Err(_) => {
                tally.unknown += 1;
                thread::sleep(BREATH);
            }
        }
    }
}

fn api_key() -> String {
    format!("Api-Key: {}\r\n", demo::API_KEY)
}

/// Tries until it works.
fn insist<T>(work: impl Fn() -> Result<T, Failure>) -> Result<T, Failure> {
    let began = Instant::now();
    loop {
        match work() {
            Err(failure) if began.elapsed() > PATIENCE => return Err(failure),
            Err(_) => thread::sleep(BREATH),
            done => return done,
        }
    }
}

/// The customers that were made.
fn known(url: &str) -> Result<Vec<Known>, Failure> {
    let rows = database::query(
        url,
        "SELECT id, number FROM customers WHERE email LIKE '%@chaos.test' ORDER BY number",
    )?;
    let known: Vec<Known> = rows
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(id, number)| Known { id: id.to_owned(), number: number.to_owned() })
        .collect();
    if known.is_empty() {
        return Err(Failure::explained("no customer could be made"));
    }
    Ok(known)
}
