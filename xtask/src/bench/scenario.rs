//! One thing a caller does over and over, each time with another customer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::crowd::{self, Person};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Get,
    Update,
    Create,
    /// A creation by a seller, the activation message included.
    Register,
    LogIn,
    Status,
    Sale,
    Spend,
    FirstPage,
    DeepPage,
    LookUp,
}

impl Kind {
    /// Whether pgbench could do a part of it only: a password hash outweighs all statements, and what a ledger writes
    /// follows from what it reads.
    pub(super) fn is_more_than_statements(self) -> bool {
        matches!(self, Self::LogIn | Self::Sale | Self::Spend)
    }

    /// Whether each request makes another customer.
    pub(super) fn adds_somebody(self) -> bool {
        matches!(self, Self::Create | Self::Register)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Update => "update",
            Self::Create => "create",
            Self::Register => "registration by a seller",
            Self::LogIn => "login",
            Self::Status => "status",
            Self::Sale => "sale registered",
            Self::Spend => "points spent",
            Self::FirstPage => "first page",
            Self::DeepPage => "deep page",
            Self::LookUp => "by e-mail",
        }
    }
}

type Request = Arc<dyn Fn(&Person) -> Vec<u8> + Send + Sync>;

/// A kind of request in one dialect.
#[derive(Clone)]
pub(super) struct Scenario {
    dialect: &'static str,
    pub(super) kind: Kind,
    /// The status of a good answer.
    pub(super) expected: u16,
    request: Request,
}

impl Scenario {
    pub(super) fn new(
        dialect: &'static str,
        kind: Kind,
        expected: u16,
        request: impl Fn(&Person) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self { dialect, kind, expected, request: Arc::new(request) }
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.dialect, self.kind.name())
    }

    /// The request about a person.
    pub(super) fn about(&self, person: &Person) -> Vec<u8> {
        (self.request)(person)
    }

    /// Somebody new for a creation, else somebody among the `customers`.
    pub(super) fn somebody(&self, customers: u32, dice: &mut Dice) -> Person {
        match self.kind {
            kind if kind.adds_somebody() => Person::newcomer(),
            _ => crowd::member(u32::try_from(dice.below(customers.into())).unwrap_or(0)),
        }
    }

    /// Endless requests about different people.
    pub(super) fn requests(
        &self,
        customers: u32,
    ) -> impl FnMut(usize, u64) -> Vec<u8> + Send + 'static {
        let scenario = self.clone();
        let mut dice = Dice::new();
        move |_, _| scenario.about(&scenario.somebody(customers, &mut dice))
    }
}

/// A `SplitMix64` that begins elsewhere than every other of this program.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new() -> Self {
        static BEGUN: AtomicU64 = AtomicU64::new(0);
        Self(BEGUN.fetch_add(1, Ordering::Relaxed) << 32)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creation_is_never_about_the_same_person_twice() {
        let scenario = Scenario::new("x", Kind::Create, 200, |person| person.email().into_bytes());
        let mut requests = scenario.requests(5);
        assert_ne!(requests(0, 0), requests(0, 1));
    }

    #[test]
    fn a_reading_is_about_somebody_who_is_there() {
        let scenario = Scenario::new("x", Kind::Get, 200, |_| Vec::new());
        let mut dice = Dice::new();
        for _ in 0..50 {
            assert!(scenario.somebody(3, &mut dice).number < Some(crowd::FIRST_NUMBER + 3));
        }
    }
}
