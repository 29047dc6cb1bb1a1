//! How often a password may be wrong (reliability A17). Only failures are counted, by the name as typed: known and
//! unknown names cost the same, and a good login writes no more than it would without.

use time::Duration;

use super::model::Login;
use crate::access::Actor;
use crate::budget::{Budget, BudgetRule, ClientAddress, Drawn};
use crate::clock::Clock;
use crate::id::MerchantId;
use crate::secret::SecretKeeper;
use crate::storage::{Storage, StorageError};

const WINDOW: Duration = Duration::minutes(15);
/// One name from one address.
const PAIR: BudgetRule = BudgetRule { name: "login_name_address", limit: 5, window: WINDOW };
/// One name from anywhere: enough for its owner to get in beside somebody who guesses.
const NAME: BudgetRule = BudgetRule { name: "login_name", limit: 30, window: WINDOW };
/// Any names from one address, behind which there may be many people.
const ADDRESS: BudgetRule = BudgetRule { name: "login_address", limit: 50, window: WINDOW };

/// What the failures of one login are counted against.
pub(super) struct Throttle {
    merchant: MerchantId,
    budgets: [Budget; 3],
}

/// How long to wait.
pub(super) struct Spent(pub(super) Duration);

impl Throttle {
    /// The throttle of a login of some kind.
    pub(super) fn of_login(keeper: &dyn SecretKeeper, kind: &str, login: &Login<'_>) -> Self {
        let name = login.name.trim().to_lowercase();
        Self::new(keeper, login.merchant, &format!("{kind} {name}"), login.address)
    }

    /// The throttle of an account whose owner is asked for his password again.
    pub(super) fn of_account(
        keeper: &dyn SecretKeeper,
        merchant: MerchantId,
        actor: Actor,
        address: ClientAddress,
    ) -> Self {
        Self::new(keeper, Some(merchant), &format!("{actor:?}"), address)
    }

    fn new(
        keeper: &dyn SecretKeeper,
        merchant: Option<MerchantId>,
        name: &str,
        address: ClientAddress,
    ) -> Self {
        let subject = |text: String| keeper.keyed_fingerprint(&text);
        let budgets = [
            PAIR.of(subject(format!("login {address} {name}"))),
            NAME.of(subject(format!("login {name}"))),
            ADDRESS.of(subject(format!("login {address}"))),
        ];
        // An unknown merchant is nobody's: its failures are counted like those of a known one.
        let merchant = merchant.unwrap_or_else(|| MerchantId::from(uuid::Uuid::nil()));
        Self { merchant, budgets }
    }

    /// Whether another try is allowed.
    pub(super) async fn check(
        &self,
        storage: &Storage,
        clock: &dyn Clock,
    ) -> Result<Result<(), Spent>, StorageError> {
        let now = clock.now();
        let mut session = storage.session().await?;
        let until = session.budgets().spent_until(self.merchant, &self.budgets, now).await?;
        Ok(until.map_or(Ok(()), |until| Err(Spent(until - now))))
    }

    /// Counts a failure. Of many at the same time, those beyond the limit learn that and nothing else.
    pub(super) async fn count(
        &self,
        storage: &Storage,
        clock: &dyn Clock,
    ) -> Result<Result<(), Spent>, StorageError> {
        let now = clock.now();
        let counted = storage.atomically(async |unit| {
            match unit.budgets().draw(self.merchant, &self.budgets, now).await? {
                Drawn::Granted(_) => Ok(()),
                Drawn::Refused(until) => Err(Stop::Spent(Spent(until - now))),
            }
        });
        match counted.await {
            Ok(()) => Ok(Ok(())),
            Err(Stop::Spent(spent)) => Ok(Err(spent)),
            Err(Stop::Storage(error)) => Err(error),
        }
    }
}

enum Stop {
    Spent(Spent),
    Storage(StorageError),
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
