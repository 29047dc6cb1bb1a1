//! Codes and budgets.

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::session::MemorySession;
use super::state::{BudgetKey, CodeRow, Count, State};
use crate::access::Actor;
use crate::budget::{Budget, BudgetRepository, Drawn};
use crate::code::{CodePurpose, CodeRepository, NewCode, Put, Redeemed};
use crate::id::MerchantId;
use crate::secret::Fingerprint;
use crate::storage::StorageError;

#[async_trait]
impl CodeRepository for MemorySession {
    async fn put(
        &mut self,
        code: &NewCode,
        unless_after: Option<OffsetDateTime>,
    ) -> Result<Put, StorageError> {
        let put = |state: &mut State| {
            let key = (code.merchant, code.holder, code.purpose);
            let own = state.codes.get(&key);
            let number = own.map_or(1, |own| own.number + 1);
            let too_young = |own: &CodeRow| {
                !own.used && unless_after.is_some_and(|after| own.code.issued_at > after)
            };
            let reads_same =
                |row: &CodeRow| row.outstanding && row.code.fingerprint == code.fingerprint;
            let rows = state.codes_of(code.merchant, code.purpose);
            if rows.into_iter().any(reads_same) {
                return Put::Occupied;
            }
            if own.is_some_and(too_young) {
                return Put::TooSoon;
            }
            let row =
                CodeRow { code: code.clone(), number, tries: 0, used: false, outstanding: true };
            state.codes.insert(key, row);
            Put::Numbered(number)
        };
        Ok(self.write(put).await)
    }

    async fn redeem(
        &mut self,
        merchant: MerchantId,
        purpose: CodePurpose,
        fingerprint: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Redeemed>, StorageError> {
        let redeem = |state: &mut State| {
            let mut rows = state.codes.iter_mut().filter(|(key, row)| {
                (key.0, key.2) == (merchant, purpose)
                    && row.works(now)
                    && row.code.fingerprint == fingerprint
            });
            rows.next().map(|(_, row)| row.redeem())
        };
        Ok(self.write(redeem).await)
    }

    async fn redeem_of(
        &mut self,
        merchant: MerchantId,
        holder: Actor,
        purpose: CodePurpose,
        guess: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Redeemed>, StorageError> {
        let redeem = |state: &mut State| {
            let row = state.codes.get_mut(&(merchant, holder, purpose))?;
            if !row.works(now) {
                return None;
            }
            if row.code.fingerprint == guess {
                return Some(row.redeem());
            }
            row.tries += 1;
            row.outstanding = row.tries < CodePurpose::TRIES;
            None
        };
        Ok(self.write(redeem).await)
    }

    async fn holder(
        &mut self,
        merchant: MerchantId,
        purpose: CodePurpose,
        fingerprint: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Actor>, StorageError> {
        let find = |state: &State| {
            let rows = state.codes_of(merchant, purpose).into_iter();
            let mut rows = rows.filter(|row| {
                row.outstanding && row.code.expires_at > now && row.code.fingerprint == fingerprint
            });
            rows.next().map(|row| row.code.holder)
        };
        Ok(self.read(find).await)
    }

    async fn revoke(&mut self, merchant: MerchantId, holder: Actor) -> Result<(), StorageError> {
        let revoke = |state: &mut State| {
            let own =
                state.codes.iter_mut().filter(|(key, _)| (key.0, key.1) == (merchant, holder));
            own.for_each(|(_, row)| row.outstanding = false);
        };
        self.write(revoke).await;
        Ok(())
    }

    async fn purge(&mut self, expired_before: OffsetDateTime) -> Result<u64, StorageError> {
        let purge = |state: &mut State| {
            let before = state.codes.len();
            state.codes.retain(|_, row| row.code.expires_at >= expired_before);
            before - state.codes.len()
        };
        counted(self.write(purge).await)
    }
}

#[async_trait]
impl BudgetRepository for MemorySession {
    async fn draw(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Drawn, StorageError> {
        let draw = |state: &mut State| {
            let until: Vec<_> = budgets
                .iter()
                .filter_map(|budget| state.spent_until(merchant, budget, now))
                .collect();
            if let Some(until) = until.into_iter().max() {
                return Drawn::Refused(until);
            }
            let counts = budgets.iter().map(|budget| {
                let fresh = Count { used: 0, ends_at: now + budget.rule.window };
                let count = state.budgets.entry(key(merchant, budget)).or_insert(fresh);
                if count.ends_at <= now {
                    *count = fresh;
                }
                count.used += 1;
                count.used
            });
            Drawn::Granted(counts.collect())
        };
        Ok(self.write(draw).await)
    }

    async fn spent_until(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let ask = |state: &State| {
            budgets.iter().filter_map(|budget| state.spent_until(merchant, budget, now)).max()
        };
        Ok(self.read(ask).await)
    }

    async fn give_back(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        draws: u32,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let give = |state: &mut State| {
            for budget in budgets {
                if let Some(count) = state.budgets.get_mut(&key(merchant, budget))
                    && count.ends_at > now
                {
                    count.used = count.used.saturating_sub(draws);
                }
            }
        };
        self.write(give).await;
        Ok(())
    }

    async fn line_up(
        &mut self,
        merchant: MerchantId,
        (name, subject): (&'static str, Fingerprint),
        length: Duration,
        patience: Duration,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let line_up = |state: &mut State| {
            let line = state.budgets.entry((merchant, name, subject));
            let line = line.or_insert(Count { used: 0, ends_at: now });
            if line.ends_at > now + patience {
                return None;
            }
            let begins = line.ends_at.max(now);
            line.ends_at = begins + length;
            Some(begins)
        };
        Ok(self.write(line_up).await)
    }

    async fn purge(&mut self, ended_before: OffsetDateTime) -> Result<u64, StorageError> {
        let purge = |state: &mut State| {
            let before = state.budgets.len();
            state.budgets.retain(|_, count| count.ends_at >= ended_before);
            before - state.budgets.len()
        };
        counted(self.write(purge).await)
    }
}

fn key(merchant: MerchantId, budget: &Budget) -> BudgetKey {
    (merchant, budget.rule.name, budget.subject)
}

fn counted(gone: usize) -> Result<u64, StorageError> {
    u64::try_from(gone).map_err(|error| StorageError::Failed(error.to_string()))
}

impl CodeRow {
    fn works(&self, now: OffsetDateTime) -> bool {
        self.outstanding && !self.used && self.code.expires_at > now
    }

    fn redeem(&mut self) -> Redeemed {
        self.used = true;
        self.outstanding = self.code.purpose.is_remembered();
        Redeemed { holder: self.code.holder, phone: self.code.phone.clone() }
    }
}

impl State {
    fn codes_of(&self, merchant: MerchantId, purpose: CodePurpose) -> Vec<&CodeRow> {
        let own = self.codes.iter().filter(|(key, _)| (key.0, key.2) == (merchant, purpose));
        own.map(|(_, row)| row).collect()
    }

    /// When a budget is no longer used up; `None` if it is not.
    fn spent_until(
        &self,
        merchant: MerchantId,
        budget: &Budget,
        now: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        if budget.rule.limit == 0 {
            return Some(now + budget.rule.window);
        }
        let count = self.budgets.get(&key(merchant, budget))?;
        (count.ends_at > now && count.used >= budget.rule.limit).then_some(count.ends_at)
    }
}
