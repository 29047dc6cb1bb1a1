//! How a customer changes.

use super::levels::place;
use super::revision::Storing;
use super::{Customers, is_newsletter_due, taken_identifiers};
use crate::customer::attribute::Changes;
use crate::customer::command::{Origin, Requirement, UpdateCustomer};
use crate::customer::error::CustomerError;
use crate::customer::identifier::{Identifier, KeyWrites};
use crate::customer::model::{Customer, LevelAssignment};
use crate::customer::port::CustomerWrite;
use crate::customer::profile::{Wallet, WalletAuthority, WalletStatus};
use crate::event::EventKind;
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
        let found = session.customers().find(origin.merchant, id).await?;
        let found = found.ok_or(CustomerError::NotFound)?;
        self.update_with(&mut *session, origin, ladder, found, &command).await
    }

    /// The same of a customer who was found a moment ago: who looked already need not look again.
    pub async fn update_found(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        found: Customer,
        command: UpdateCustomer,
    ) -> Result<Customer, CustomerError> {
        let mut session = self.storage.session().await?;
        self.update_with(&mut *session, origin, ladder, found, &command).await
    }

    async fn update_with(
        &self,
        session: &mut dyn Session,
        origin: &Origin,
        ladder: &Ladder,
        found: Customer,
        command: &UpdateCustomer,
    ) -> Result<Customer, CustomerError> {
        check_targets(session, origin, command).await?;
        let change = |before: &Customer| self.change(origin, ladder, before, command);
        self.revise(session, found, Storing::Plain, change).await
    }

    /// The same in somebody's unit of work, which a refusal ends: only the first identifier that is taken is told.
    pub(crate) async fn update_in(
        &self,
        session: &mut dyn Session,
        origin: &Origin,
        ladder: &Ladder,
        id: CustomerId,
        command: UpdateCustomer,
    ) -> Result<Customer, CustomerError> {
        check_targets(session, origin, &command).await?;
        let found = session.customers().find(origin.merchant, id).await?;
        let found = found.ok_or(CustomerError::NotFound)?;
        let change = |before: &Customer| self.change(origin, ladder, before, &command);
        self.revise_in(session, found, Storing::Plain, change).await
    }

    /// The identifiers that would stand against a change.
    pub(crate) async fn conflicts(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        before: &Customer,
        command: &UpdateCustomer,
    ) -> Result<Vec<Identifier>, CustomerError> {
        let Some(write) = self.change(origin, ladder, before, command)? else {
            return Ok(Vec::new());
        };
        let mut session = self.storage.session().await?;
        Ok(taken_identifiers(&mut *session, &write).await?)
    }

    /// The write that a command means for a record; none if it changes nothing.
    fn change(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        before: &Customer,
        command: &UpdateCustomer,
    ) -> Result<Option<CustomerWrite>, CustomerError> {
        if !before.is_changeable() {
            return Err(CustomerError::NotFound);
        }
        let now = self.clock.now();
        let mut after = before.clone();
        command.clone().apply_values(&mut after)?;
        after.wallet = changed_wallet(before.wallet, command.wallet_status)?;
        if let Some(choice) = command.level
            && before.level.is_none_or(|current| current.level != choice.level)
        {
            let level = ladder.active(choice.level).ok_or(CustomerError::UnknownLevel)?;
            let assignment = LevelAssignment { level: level.id, manual: true };
            place(&mut after, Some(assignment), choice.period, now);
        }
        meets(&after, command.requirement)?;
        let changes = Changes::between(before, &after);
        // An emptied mobile number, say, may differ in its spelling only: the record is told apart as a whole.
        let is_respelt = changes.is_empty() && after != *before;
        if command.touch || is_respelt || changes.move_the_time() {
            after.updated_at = now;
        }
        // Nothing asked for is nothing agreed to.
        let is_asked = *command != UpdateCustomer::default();
        let newsletter = is_asked && is_newsletter_due(&after, origin.actor);
        after.newsletter_announced |= newsletter;
        if after == *before && !command.touch {
            return Ok(None);
        }
        after.version = before.version + 1;
        let mut events = self.announcements(origin, before, &after, changes);
        if newsletter {
            events.push(self.event(EventKind::NewsletterAnnounced, origin.actor));
        }
        let keys = KeyWrites::for_change(before, &after, origin.demands);
        Ok(Some(CustomerWrite { events, record: after, keys, messages: Vec::new() }))
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
        events.extend(self.moved(before, after, None, origin.actor));
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
