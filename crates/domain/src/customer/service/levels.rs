//! How a customer moves between levels (OL 5.2 and 5.3).

use time::OffsetDateTime;

use super::Customers;
use super::revision::Storing;
use crate::access::Actor;
use crate::customer::attribute::Changes;
use crate::customer::command::{LevelChoice, Origin};
use crate::customer::error::CustomerError;
use crate::customer::identifier::KeyWrites;
use crate::customer::model::{Customer, LevelAssignment};
use crate::customer::port::CustomerWrite;
use crate::event::{Event, EventKind, LevelCause, LevelDirection};
use crate::level::{Figures, Ladder, Standing, Trigger};
use crate::merchant::{Period, TierSettings};
use crate::money::Amount;

impl Customers {
    /// Puts a customer who was found a moment ago on a level by hand, be it an inactive one (OL E18). The current level
    /// again becomes one assigned by hand.
    pub async fn assign_level(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        found: Customer,
        choice: LevelChoice,
    ) -> Result<Customer, CustomerError> {
        let mut session = self.storage.session().await?;
        let change = |before: &Customer| {
            if !before.is_changeable() {
                return Err(CustomerError::NotFound);
            }
            let level = ladder.level(choice.level).ok_or(CustomerError::UnknownLevel)?;
            let assignment = LevelAssignment { level: level.id, manual: true };
            let mut after = before.clone();
            place(&mut after, Some(assignment), choice.period, self.clock.now());
            let changes = Changes::between(before, &after);
            if changes.is_empty() {
                return Ok(None);
            }
            let mut events = vec![self.event(EventKind::CustomerUpdated(changes), origin.actor)];
            events.extend(self.moved(before, &after, None, origin.actor));
            Ok(Some(revision(before, after, events)))
        };
        self.revise(&mut *session, found, Storing::Plain, change).await
    }

    /// Takes back the level that somebody assigned to a customer who was found a moment ago by hand: the customer moves to
    /// what its points are good for, or to none (OL E23).
    pub async fn remove_manual_level(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        period: Period,
        found: Customer,
    ) -> Result<Customer, CustomerError> {
        let mut session = self.storage.session().await?;
        let change = |before: &Customer| {
            if !before.is_changeable() {
                return Err(CustomerError::NotFound);
            }
            if !before.level.is_some_and(|assignment| assignment.manual) {
                return Err(CustomerError::NoManualLevel);
            }
            // The points decide whatever the levels follow from.
            let fitting = ladder.fit(Figures::of(before).points.available);
            let mut after = before.clone();
            place(&mut after, fitting.map(|level| automatic(level.id)), period, self.clock.now());
            let mut events = vec![self.event(EventKind::ManualLevelRemoved, origin.actor)];
            events.extend(self.moved(before, &after, None, origin.actor));
            Ok(Some(revision(before, after, events)))
        };
        self.revise(&mut *session, found, Storing::Plain, change).await
    }

    /// The write of the daily job for a customer whose time is over: the time begins anew, and the rules decide about the
    /// level (OL 5.3).
    pub(crate) fn recalculation(
        &self,
        before: &Customer,
        ladder: &Ladder,
        tiers: &TierSettings,
    ) -> CustomerWrite {
        let standing = Standing::of(before.level, ladder);
        let amount = Figures::of(before).deciding(tiers);
        let promotion = standing.after(Trigger::Recalculation, amount, ladder, tiers);
        let mut after = before.clone();
        begin_period(&mut after, self.clock.now());
        let mut events = Vec::new();
        if let Some(promotion) = promotion {
            after.level = Some(automatic(promotion.to.id));
            events.extend(self.moved(before, &after, Some(promotion.direction), Actor::System));
        }
        revision(before, after, events)
    }

    /// Lets the rules decide about the level of a record whose figures have changed, and tells of the move if there is one.
    pub(super) fn promote(
        &self,
        before: &Customer,
        after: &mut Customer,
        trigger: Trigger,
        (ladder, tiers): (&Ladder, &TierSettings),
        actor: Actor,
    ) -> Vec<Event> {
        let amount = Figures::of(after).deciding(tiers);
        let standing = Standing::of(before.level, ladder);
        let Some(promotion) = standing.after(trigger, amount, ladder, tiers) else {
            return Vec::new();
        };
        let level = Some(automatic(promotion.to.id));
        place(after, level, tiers.period_after_move(), self.clock.now());
        self.moved(before, after, Some(promotion.direction), actor)
    }

    /// What is told of a move; nothing where the level stayed.
    pub(super) fn moved(
        &self,
        before: &Customer,
        after: &Customer,
        direction: Option<LevelDirection>,
        actor: Actor,
    ) -> Vec<Event> {
        let level = |record: &Customer| record.level.map(|assignment| assignment.level);
        let (from, to) = (level(before), level(after));
        let cause = match after.level {
            Some(assignment) if assignment.manual => LevelCause::Manual,
            _ => LevelCause::Automatic,
        };
        if from == to {
            return Vec::new();
        }
        let changed = EventKind::LevelChanged { from, to, cause, direction };
        let moved = direction.map(|direction| EventKind::LevelMoved { to, direction });
        [Some(changed), moved].into_iter().flatten().map(|kind| self.event(kind, actor)).collect()
    }
}

/// Puts a record on a level; a move may begin the time anew after which the level is looked at again.
pub(super) fn place(
    record: &mut Customer,
    to: Option<LevelAssignment>,
    period: Period,
    now: OffsetDateTime,
) {
    let level = |assignment: Option<LevelAssignment>| assignment.map(|assignment| assignment.level);
    if level(record.level) != level(to) && period == Period::BeginsAnew {
        begin_period(record, now);
    }
    record.level = to;
}

/// Begins the time anew after which the level is looked at again: nothing was earned in it yet.
fn begin_period(record: &mut Customer, now: OffsetDateTime) {
    record.level_recalculated_at = Some(now);
    record.points.earned_since_recalculation = Amount::ZERO;
}

fn automatic(level: crate::id::LevelId) -> LevelAssignment {
    LevelAssignment { level, manual: false }
}

/// A change that touches neither keys nor the time of the last change.
pub(super) fn revision(before: &Customer, after: Customer, events: Vec<Event>) -> CustomerWrite {
    CustomerWrite {
        record: Customer { version: before.version + 1, ..after },
        keys: KeyWrites::KEEP_ALL,
        events,
        messages: Vec::new(),
    }
}
