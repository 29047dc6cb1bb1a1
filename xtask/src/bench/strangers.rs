//! `cargo xtask bench strangers`: whether the time of an answer tells who has an account (reliability T12).
//!
//! Known and unknown names are asked about in turns, so that whatever else the machine does meets both.

use std::net::Ipv4Addr;
use std::time::Instant;

use super::crowd::Person;
use super::report::{self, median};
use super::scenario::{Dice, Kind, Scenario};
use super::stage::Stage;
use crate::exchange::{ask, request};
use crate::failure::Failure;

/// How often each question is asked about either.
const PAIRS: u32 = 2_000;
/// Where addresses for tests begin; each request comes from another, so that none is over its budget.
const FIRST_ADDRESS: u32 = Ipv4Addr::new(198, 18, 0, 1).to_bits();

/// Somebody asks something under a name.
struct Question {
    name: &'static str,
    path: &'static str,
    /// The status, the same for everybody.
    expected: u16,
    body: fn(&str) -> String,
}

const QUESTIONS: [Question; 2] = [
    Question {
        name: "login with a wrong password",
        path: "/api/customer/login_check",
        expected: 401,
        body: |name| format!(r#"{{"_username":"{name}","_password":"wrong"}}"#),
    },
    Question {
        name: "request for a new password",
        path: "/api/customer/password/reset/request",
        expected: 200,
        body: |name| format!(r#"{{"username":"{name}"}}"#),
    },
];

/// Asks everything and shows what the times tell.
pub(super) fn measure(stage: &Stage) -> Result<String, Failure> {
    let mut dice = Dice::new();
    let mut address = FIRST_ADDRESS;
    let rows = QUESTIONS.iter().map(|question| {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        let somebody = Scenario::new("", Kind::LogIn, question.expected, |_| Vec::new());
        for _ in 0..PAIRS {
            let member = somebody.somebody(stage.customers, &mut dice);
            for (person, times) in [(member, &mut known), (Person::newcomer(), &mut unknown)] {
                address += 1;
                times.push(question.ask(stage, &person, Ipv4Addr::from_bits(address))?);
            }
        }
        Ok(vec![
            question.name.to_owned(),
            format!("{:.2}", median(known.iter().copied()).unwrap_or_default()),
            format!("{:.2}", median(unknown.iter().copied()).unwrap_or_default()),
            format!("{:.2}", slower(&known, &unknown)),
        ])
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    Ok(report::table(
        &[
            "median ms",
            "known name",
            "unknown name",
            "share of pairs in which the known took longer",
        ],
        &rows,
    ))
}

impl Question {
    /// How many milliseconds the answer takes.
    fn ask(&self, stage: &Stage, person: &Person, address: Ipv4Addr) -> Result<f64, Failure> {
        let from = format!("X-Forwarded-For: {address}\r\n");
        let question = request("POST", self.path, &from, &(self.body)(&person.email()));
        let begun = Instant::now();
        ask(stage.address, &question, self.expected)?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    }
}

/// In which share of all pairs the one is greater: one half when nothing tells them apart.
fn slower(one: &[f64], other: &[f64]) -> f64 {
    let greater = one.iter().map(|one| other.iter().filter(|other| one > other).count());
    let pairs = one.len() * other.len();
    #[expect(clippy::cast_precision_loss, reason = "some million pairs")]
    let share = greater.sum::<usize>() as f64 / pairs.max(1) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_differ_always_tell_everything_and_like_times_nothing() {
        assert!((slower(&[3.0, 4.0], &[1.0, 2.0]) - 1.0).abs() < 1e-9);
        assert!((slower(&[1.0, 3.0], &[0.0, 2.0]) - 0.75).abs() < 1e-9);
        assert!((slower(&[1.0, 4.0], &[2.0, 3.0]) - 0.5).abs() < 1e-9);
    }
}
