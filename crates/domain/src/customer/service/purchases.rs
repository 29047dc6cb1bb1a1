//! How a purchase changes a customer (OL 5.2 T).

use super::Customers;
use super::levels::{automatic, place, revision};
use crate::access::Actor;
use crate::customer::model::{Customer, PurchaseFigures};
use crate::customer::port::CustomerWrite;
use crate::event::EventKind;
use crate::id::TransactionId;
use crate::level::{Figures, Ladder, Standing, Trigger};
use crate::merchant::TierSettings;

impl Customers {
    /// The write of a customer who has one more transaction: the figures become the given ones, and the rules decide about
    /// the level.
    pub(crate) fn purchase(
        &self,
        actor: Actor,
        before: &Customer,
        transaction: TransactionId,
        purchases: PurchaseFigures,
        ladder: &Ladder,
        tiers: &TierSettings,
    ) -> CustomerWrite {
        let mut after = Customer { purchases, ..before.clone() };
        let amount = Figures::of(&after).deciding(tiers);
        let standing = Standing::of(before.level, ladder);
        let mut events = vec![self.event(EventKind::TransactionAssigned { transaction }, actor)];
        if let Some(promotion) = standing.after(Trigger::Purchase, amount, ladder, tiers) {
            let (level, period) = (automatic(promotion.to.id), tiers.period_after_move());
            place(&mut after, Some(level), period, self.clock.now());
            events.extend(self.moved(before, &after, Some(promotion.direction), actor));
        }
        revision(before, after, events)
    }
}
