//! How a purchase changes a customer (OL 5.2 T).

use super::Customers;
use super::levels::revision;
use crate::access::Actor;
use crate::customer::model::{Customer, PurchaseFigures};
use crate::customer::port::CustomerWrite;
use crate::event::EventKind;
use crate::id::TransactionId;
use crate::level::{Ladder, Trigger};
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
        let mut events = vec![self.event(EventKind::TransactionAssigned { transaction }, actor)];
        let rules = (ladder, tiers);
        events.extend(self.promote(before, &mut after, Trigger::Purchase, rules, actor));
        revision(before, after, events)
    }
}
