//! How a customer changes.

use super::{Customers, TRIES, storm, taken_identifiers};
use crate::customer::attribute::{Attribute, Changes};
use crate::customer::command::{Origin, Requirement, UpdateCustomer};
use crate::customer::error::CustomerError;
use crate::customer::identifier::KeyWrites;
use crate::customer::model::{Customer, LevelAssignment};
use crate::customer::port::{CustomerWrite, WriteError};
use crate::customer::profile::{Wallet, WalletAuthority, WalletStatus};
use crate::event::{EventKind, LevelCause};
use crate::id::CustomerId;
use crate::level::Ladder;
use crate::storage::Session;

impl Customers {
    /// Changes a live customer and announces it, or does neither. Equal values change nothing and announce nothing.
    /// All identifiers that are taken are told at once.
    pub async fn update(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        id: CustomerId,
        command: UpdateCustomer,
    ) -> Result<Customer, CustomerError> {
        let mut session = self.storage.session().await?;
        check_targets(&mut *session, origin, &command).await?;
        for _ in 0..TRIES {
            let found = session.customers().find(origin.merchant, id).await?;
            let before = found.filter(Customer::is_live).ok_or(CustomerError::NotFound)?;
            let Some(mut write) = self.change(origin, ladder, &before, command.clone())? else {
                return Ok(before);
            };
            match session.customers().update(&write).await {
                Ok(stored) => {
                    Self::settle(&mut write.record, stored);
                    return Ok(write.record);
                }
                Err(WriteError::Stale) => {}
                Err(WriteError::Taken(first)) => {
                    let mut taken = taken_identifiers(&mut *session, &write).await?;
                    // Whoever held it may have let go by now; the write failed on it all the same.
                    if !taken.contains(&first) {
                        taken.push(first);
                    }
                    return Err(CustomerError::Taken(taken));
                }
                Err(WriteError::Storage(error)) => return Err(error.into()),
            }
        }
        Err(storm().into())
    }

    /// The write that a command means for a record; none if it changes nothing.
    fn change(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        before: &Customer,
        command: UpdateCustomer,
    ) -> Result<Option<CustomerWrite>, CustomerError> {
        let (requirement, touch, wallet, level) =
            (command.requirement, command.touch, command.wallet_status, command.level);
        let mut after = before.clone();
        command.apply_values(&mut after)?;
        after.wallet = changed_wallet(before.wallet, wallet)?;
        if let Some(choice) = level
            && before.level.is_none_or(|current| current.level != choice.0)
        {
            let level = ladder.active(choice.0).ok_or(CustomerError::UnknownLevel)?;
            after.level = Some(LevelAssignment { level: level.id, manual: true });
        }
        meets(&after, requirement)?;
        let changes = Changes::between(before, &after);
        // An emptied mobile number, say, may differ in its spelling only: the record is told apart as a whole.
        if after == *before && !touch {
            return Ok(None);
        }
        after.version = before.version + 1;
        after.updated_at = self.clock.now();
        let keys = KeyWrites::for_change(before, &after, origin.demands);
        Ok(Some(CustomerWrite {
            events: self.announcements(origin, before, &after, changes),
            record: after,
            keys,
            messages: Vec::new(),
        }))
    }

    pub(super) fn announcements(
        &self,
        origin: &Origin,
        before: &Customer,
        after: &Customer,
        changes: Changes,
    ) -> Vec<crate::event::Event> {
        let mut events = Vec::new();
        if !changes.is_empty() {
            events.push(self.event(EventKind::CustomerUpdated(changes), origin.actor));
        }
        if changes.contains(Attribute::Level) {
            let (from, to) =
                (before.level.map(|level| level.level), after.level.map(|level| level.level));
            let cause = match after.level {
                Some(assignment) if assignment.manual => LevelCause::Manual,
                _ => LevelCause::Automatic,
            };
            events.push(self.event(EventKind::LevelChanged { from, to, cause }, origin.actor));
        }
        events
    }
}

async fn check_targets(
    session: &mut dyn Session,
    origin: &Origin,
    command: &UpdateCustomer,
) -> Result<(), CustomerError> {
    if let Some(pos) = command.pos
        && session.points_of_sale().find_many(origin.merchant, &[pos]).await?.is_empty()
    {
        return Err(CustomerError::UnknownPointOfSale);
    }
    if let Some(id) = command.seller {
        let seller = session.sellers().find(origin.merchant, id).await?;
        if seller.is_none_or(|seller| seller.deleted_at.is_some()) {
            return Err(CustomerError::UnknownSeller);
        }
    }
    Ok(())
}

/// What the operator of the service decided, an institution cannot undo (KC 2.4).
fn changed_wallet(before: Wallet, status: Option<WalletStatus>) -> Result<Wallet, CustomerError> {
    match status {
        None => Ok(before),
        Some(status) if status == before.status => Ok(before),
        Some(_)
            if before.set_by == WalletAuthority::Operator
                && before.status != WalletStatus::Active =>
        {
            Err(CustomerError::WalletLocked)
        }
        Some(status) => Ok(Wallet { status, set_by: WalletAuthority::Institution }),
    }
}

fn meets(record: &Customer, requirement: Requirement) -> Result<(), CustomerError> {
    let reachable = record.email.as_ref().is_some_and(|email| !email.as_str().is_empty())
        || [&record.phone, &record.mobile]
            .iter()
            .any(|number| number.as_ref().is_some_and(|number| !number.is_empty()));
    match requirement {
        Requirement::FirstNameAndContact if record.name.first().is_empty() || !reachable => {
            Err(CustomerError::Incomplete)
        }
        Requirement::FirstNameAndContact | Requirement::None => Ok(()),
    }
}
