//! What a booking of points does to a customer (OL 5.2), and how a customer is told that a level ends.

use super::Customers;
use super::levels::revision;
use crate::access::Actor;
use crate::customer::model::Customer;
use crate::customer::port::CustomerWrite;
use crate::event::{EventKind, LevelDirection};
use crate::level::{Figures, Ladder, Standing, Trigger, period_began};
use crate::merchant::TierSettings;
use crate::points::Booking;

impl Customers {
    /// The write of a booking: the totals, what is told of them, and a move between levels where the points are good for one.
    /// Of whoever is deleted or nobody any more only the totals change.
    pub(crate) fn booked(
        &self,
        before: &Customer,
        booking: &Booking,
        actor: Actor,
        ladder: &Ladder,
        tiers: &TierSettings,
    ) -> CustomerWrite {
        let mut after = Customer { points: booking.totals, ..before.clone() };
        let mut events = Vec::new();
        if before.is_changeable() {
            events.extend(booking.told.iter().map(|told| self.event(told.clone(), actor)));
            let rules = (ladder, tiers);
            events.extend(self.promote(before, &mut after, Trigger::Points, rules, actor));
        }
        revision(before, after, events)
    }

    /// The same together with another change, which has decided about the level already.
    pub(crate) fn and_booked(&self, mut write: CustomerWrite, booking: &Booking) -> CustomerWrite {
        write.record.points = booking.totals;
        write
            .events
            .extend(booking.told.iter().map(|told| self.event(told.clone(), Actor::System)));
        write
    }

    /// The write that tells a customer that it will fall when its level is looked at again, should nothing happen until then;
    /// none if it stays.
    pub(crate) fn level_warning(
        &self,
        before: &Customer,
        ladder: &Ladder,
        tiers: &TierSettings,
    ) -> Option<CustomerWrite> {
        let standing = Standing::of(before.level, ladder);
        let amount = Figures::of(before).deciding(tiers);
        let fall = standing
            .after(Trigger::Recalculation, amount, ladder, tiers)
            .filter(|promotion| promotion.direction == LevelDirection::Down)?;
        let warning = EventKind::LevelExpiring {
            level: standing.current?.id,
            future: fall.to.id,
            at: period_began(before).saturating_add(tiers.period()),
        };
        let after = Customer { level_warned_at: Some(self.clock.now()), ..before.clone() };
        Some(revision(before, after, vec![self.event(warning, Actor::System)]))
    }
}
