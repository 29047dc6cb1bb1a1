//! Guesses by nobody in particular: a code that is shown without an account. No account can be blamed for a wrong one,
//! so the address that it came from is, and the store slows down.

use time::Duration;

use super::Codes;
use crate::budget::{ClientAddress, Drawn};
use crate::code::error::CodeError;
use crate::code::limits::{GUESS_LINE, PATIENCE, turn};
use crate::id::MerchantId;
use crate::storage::StorageError;

/// Somebody shows a code to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The store.
    pub merchant: MerchantId,
    /// Where it came from.
    pub address: ClientAddress,
}

/// When a guess may be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Now.
    Now,
    /// After so long: too many guesses at the store's codes were wrong, and the rest take turns. Worth an alarm.
    Wait(Duration),
    /// Never: too many of the address were wrong. It is answered like a wrong one.
    Never,
    /// The line is too long; after so long it is shorter. Worth an alarm.
    Busy(Duration),
}

impl Codes {
    /// Counts a guess as a wrong one, before it is looked at: guesses at the same time are counted one by one.
    pub async fn admit(&self, guess: Guess) -> Result<Pace, StorageError> {
        let now = self.clock.now();
        let (hard, store) = self.limits().guess(guess.address);
        let [minutes, hour] = hard;
        let admitted = self.storage.atomically(async |unit| {
            let drawn = unit.budgets().draw(guess.merchant, &[minutes, hour, store], now).await?;
            let Drawn::Granted(counts) = drawn else { return Err(Stop::At(Pace::Never)) };
            let Some(length) = counts.last().and_then(|count| turn(*count)) else {
                return Ok(Pace::Now);
            };
            let line = (GUESS_LINE, self.limits().store());
            let budgets = unit.budgets();
            match budgets.line_up(guess.merchant, line, length, PATIENCE, now).await? {
                Some(at) => Ok(Pace::Wait((at - now).max(Duration::ZERO))),
                None => Err(Stop::At(Pace::Busy(PATIENCE))),
            }
        });
        match admitted.await {
            Ok(pace) | Err(Stop::At(pace)) => Ok(pace),
            Err(Stop::Storage(error)) => Err(error),
        }
    }

    /// Takes the blame of a guess that was right off the address, and more than that off the store: where many codes
    /// are typed in, some are mistyped.
    pub(super) async fn absolve(&self, guess: Guess) -> Result<(), CodeError> {
        let now = self.clock.now();
        let (hard, store) = self.limits().guess(guess.address);
        let mut session = self.storage.session().await?;
        session.budgets().give_back(guess.merchant, &hard, 1, now).await?;
        Ok(session.budgets().give_back(guess.merchant, &[store], 2, now).await?)
    }
}

/// Why a guess is not counted after all.
enum Stop {
    At(Pace),
    Storage(StorageError),
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
