//! How much may be sent and how often may be guessed (reliability P13 and P14).

use time::Duration;

use crate::access::Actor;
use crate::budget::{Budget, BudgetRule, ClientAddress};
use crate::customer::PhoneNumber;
use crate::merchant::Merchant;
use crate::secret::{Fingerprint, SecretKeeper};

const NUMBER_MINUTE: BudgetRule = rule("sms_number_minute", 1, Duration::seconds(60));
const NUMBER_MINUTES: BudgetRule = rule("sms_number_ten_minutes", 3, Duration::minutes(10));
const NUMBER_DAY: BudgetRule = rule("sms_number_day", 10, Duration::DAY);
const PREFIX_HOUR: BudgetRule = rule("sms_prefix_hour", 20, Duration::HOUR);
const ADDRESS_HOUR: BudgetRule = rule("message_address_hour", 10, Duration::HOUR);
const REGISTRATION_HOUR: BudgetRule = rule("registration_address_hour", 60, Duration::HOUR);

const GUESS_ACCOUNT: BudgetRule = rule("guess_account_hour", 10, Duration::HOUR);
const GUESS_ADDRESS_MINUTES: BudgetRule =
    rule("guess_address_ten_minutes", 5, Duration::minutes(10));
const GUESS_ADDRESS_HOUR: BudgetRule = rule("guess_address_hour", 10, Duration::HOUR);
/// Only counted: a store slows down and is never shut.
const GUESS_STORE: BudgetRule = rule("guess_store_day", i32::MAX.cast_unsigned(), Duration::DAY);

/// The line in which guesses at a store's codes wait for each other.
pub(super) const GUESS_LINE: &str = "guess_line";
/// How long a guess may wait for its turn.
pub(super) const PATIENCE: Duration = Duration::seconds(20);
/// Wrong guesses of a day at a store's codes that cost nobody time. Right ones outweigh wrong ones.
const FREE_GUESSES: u32 = 50;
/// After so many more, the turns become twice as long.
const GUESSES_PER_STEP: u32 = 5;
/// The longest turn. With codes that live ten minutes and ten of them a day for one number, somebody who never stops
/// guesses about 225 times, of 900,000 codes (P13: at most 0.03 %).
const LONGEST_TURN: Duration = Duration::seconds(40);

const fn rule(name: &'static str, limit: u32, window: Duration) -> BudgetRule {
    BudgetRule { name, limit, window }
}

/// How long the turn of a guess is, after so many guesses of the day, this one included; none for the free ones.
pub(super) fn turn(guesses: u32) -> Option<Duration> {
    let step = guesses.checked_sub(FREE_GUESSES + 1)? / GUESSES_PER_STEP;
    let length = Duration::seconds(1 << step.min(16));
    Some(length.min(LONGEST_TURN))
}

/// Makes the subjects of budgets.
pub(super) struct Limits<'k>(pub(super) &'k dyn SecretKeeper);

impl Limits<'_> {
    /// What an SMS to a number draws on; `None` for a number that no SMS reaches. Whoever is known to the programme
    /// answers for what he sends: his address is not counted.
    pub(super) fn sms(
        &self,
        merchant: &Merchant,
        phone: &PhoneNumber,
        address: Option<ClientAddress>,
    ) -> Option<Vec<Budget>> {
        let number = phone.key()?;
        let whole = self.subject("number", &number);
        let prefix = self.subject("prefix", &number[..number.len().saturating_sub(4)]);
        let daily = rule("sms_merchant_day", merchant.settings.tokens.daily_sms, Duration::DAY);
        let mut budgets: Vec<_> =
            [NUMBER_MINUTE, NUMBER_MINUTES, NUMBER_DAY].map(|rule| rule.of(whole)).to_vec();
        budgets.push(PREFIX_HOUR.of(prefix));
        budgets.push(daily.of(self.subject("merchant", "")));
        budgets.extend(self.request(address));
        Some(budgets)
    }

    /// What asking for a message draws on.
    pub(super) fn request(&self, address: Option<ClientAddress>) -> Option<Budget> {
        address.map(|address| ADDRESS_HOUR.of(self.address(address)))
    }

    /// What registering oneself draws on.
    pub(super) fn registration(&self, address: ClientAddress) -> Budget {
        REGISTRATION_HOUR.of(self.address(address))
    }

    /// What a guess by a known account draws on.
    pub(super) fn guess_of(&self, actor: Actor) -> Budget {
        GUESS_ACCOUNT.of(self.subject("account", &format!("{actor:?}")))
    }

    /// What a guess by nobody in particular draws on: two budgets that end it, and one that only counts.
    pub(super) fn guess(&self, address: ClientAddress) -> ([Budget; 2], Budget) {
        let address = self.address(address);
        let hard = [GUESS_ADDRESS_MINUTES, GUESS_ADDRESS_HOUR].map(|rule| rule.of(address));
        (hard, GUESS_STORE.of(self.store()))
    }

    /// The subject that a whole store is.
    pub(super) fn store(&self) -> Fingerprint {
        self.subject("store", "")
    }

    fn address(&self, address: ClientAddress) -> Fingerprint {
        self.subject("address", &address.to_string())
    }

    fn subject(&self, kind: &str, value: &str) -> Fingerprint {
        self.0.keyed_fingerprint(&format!("budget {kind} {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_free_at_first_and_then_ever_slower_up_to_an_end() {
        for (guesses, seconds) in [
            (1, None),
            (50, None),
            (51, Some(1)),
            (55, Some(1)),
            (56, Some(2)),
            (71, Some(16)),
            (76, Some(32)),
            (81, Some(40)),
            (u32::MAX, Some(40)),
        ] {
            assert_eq!(turn(guesses), seconds.map(Duration::seconds), "{guesses}");
        }
    }
}
