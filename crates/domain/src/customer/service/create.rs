//! How a customer comes to be.

use std::collections::HashMap;

use super::{Customers, holders, is_newsletter_due, taken_identifiers};
use crate::access::Actor;
use crate::customer::command::{Activation, CreateCustomer, Origin, StartLevel};
use crate::customer::error::CustomerError;
use crate::customer::identifier::KeyWrites;
use crate::customer::model::{Customer, LevelAssignment};
use crate::customer::port::{CustomerWrite, Stored};
use crate::customer::profile::Status;
use crate::event::{EventKind, LevelCause};
use crate::id::{CustomerId, InvitationId, MessageId, WalletId};
use crate::invitation;
use crate::level::Ladder;
use crate::message::{Message, MessageKind};
use crate::storage::{Session, StorageError, UnitOfWork};

impl Customers {
    /// Adds a customer and announces it, or does neither. `ladder` holds the merchant's levels.
    pub async fn create(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        command: CreateCustomer,
    ) -> Result<Customer, CustomerError> {
        if command.invitation.is_some() {
            // The customer and the invitation know of each other, or neither is stored.
            let create = async |unit: &mut UnitOfWork| {
                self.create_in(&mut **unit, origin, ladder, command).await
            };
            return self.storage.atomically(create).await;
        }
        let mut session = self.storage.session().await?;
        self.create_in(&mut *session, origin, ladder, command).await
    }

    /// The same in somebody's unit of work.
    pub(crate) async fn create_in(
        &self,
        session: &mut dyn Session,
        origin: &Origin,
        ladder: &Ladder,
        command: CreateCustomer,
    ) -> Result<Customer, CustomerError> {
        let mut command = complete(session, origin, command).await?;
        let invitation = command.invitation.take();
        let level = start_level(ladder, command.start_level);
        let mut write = self.birth(origin, level.clone().unwrap_or_default(), command);
        if let Err(error) = level {
            // A taken identifier is told before a missing level (OL E10).
            let taken = taken_identifiers(session, &write).await?;
            return Err(taken.first().map_or(error, |first| CustomerError::Taken(vec![*first])));
        }
        let stored = session.customers().create(&write).await?;
        if let Some(claim) = invitation {
            let id = InvitationId::from(self.entropy.uuid());
            invitation::redeem(session, &claim, &write.record, id).await?;
        }
        Self::settle(&mut write.record, stored);
        Ok(write.record)
    }

    /// Adds many customers, each judged for itself. Points of sale and sellers are taken as they are given: whoever
    /// adds in bulk has checked them.
    pub async fn create_many(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        commands: Vec<CreateCustomer>,
    ) -> Result<Vec<Result<Customer, CustomerError>>, StorageError> {
        let mut session = self.storage.session().await?;
        self.create_many_in(&mut *session, origin, ladder, commands).await
    }

    /// The same in somebody's unit of work.
    pub(crate) async fn create_many_in(
        &self,
        session: &mut dyn Session,
        origin: &Origin,
        ladder: &Ladder,
        commands: Vec<CreateCustomer>,
    ) -> Result<Vec<Result<Customer, CustomerError>>, StorageError> {
        let (mut writes, mut misfits, mut places) =
            (Vec::with_capacity(commands.len()), HashMap::new(), HashMap::new());
        for (at, command) in commands.into_iter().enumerate() {
            let level = start_level(ladder, command.start_level);
            let write = self.birth(origin, level.clone().unwrap_or_default(), command);
            places.insert(write.record.id, at);
            match level {
                Ok(_) => writes.push(write),
                Err(error) => drop(misfits.insert(at, (write, error))),
            }
        }
        let stored = session.customers().create_many(&writes).await?;
        let mut stored = stored.into_iter().zip(writes);
        let mut results = Vec::with_capacity(places.len());
        for at in 0..places.len() {
            if let Some((write, error)) = misfits.remove(&at) {
                // As when one is added alone; who comes later in the batch was not there yet.
                let held = holders(session, &write).await?;
                let was_there = |id| places.get(id).is_none_or(|place| *place < at);
                let taken = held.iter().find(|(_, holder)| was_there(holder));
                let taken = taken.map(|(identifier, _)| CustomerError::Taken(vec![*identifier]));
                results.push(Err(taken.unwrap_or(error)));
                continue;
            }
            let missing = || StorageError::Failed("a batch lost a result".to_owned());
            let (stored, mut write) = stored.next().ok_or_else(missing)?;
            results.push(match stored {
                Ok(stored) => {
                    Self::settle(&mut write.record, stored);
                    Ok(write.record)
                }
                Err(error) => Err(error.into()),
            });
        }
        Ok(results)
    }

    fn birth(
        &self,
        origin: &Origin,
        level: Option<LevelAssignment>,
        command: CreateCustomer,
    ) -> CustomerWrite {
        let mut events = vec![self.event(EventKind::CustomerCreated, origin.actor)];
        let notices = command.notices.clone();
        let announces = command.announces_newsletter && command.agreements.marketing;
        if let Some(assignment) = level {
            let cause = if assignment.manual { LevelCause::Manual } else { LevelCause::Automatic };
            let (from, to, direction) = (None, Some(assignment.level), None);
            let moved = EventKind::LevelChanged { from, to, cause, direction };
            events.push(self.event(moved, origin.actor));
        }
        let mut record = self.newborn(origin, level, command);
        if announces || is_newsletter_due(&record, origin.actor) {
            record.newsletter_announced = true;
            events.push(self.event(EventKind::NewsletterAnnounced, origin.actor));
        }
        let keys = KeyWrites::for_new(&record, origin.demands);
        let messages = notices.into_iter().map(|kind| self.notice(&record, kind)).collect();
        CustomerWrite { record, keys, events, messages }
    }

    /// A message that says nothing that is not known when it is sent.
    fn notice(&self, record: &Customer, kind: MessageKind) -> Message {
        Message {
            id: MessageId::from(self.entropy.uuid()),
            merchant: record.merchant,
            about: Actor::Customer(record.id),
            kind,
            language: None,
            content: None,
            created_at: self.clock.now(),
            expires_at: None,
        }
    }

    fn newborn(
        &self,
        origin: &Origin,
        level: Option<LevelAssignment>,
        command: CreateCustomer,
    ) -> Customer {
        let id = command.id.unwrap_or_else(|| CustomerId::from(self.entropy.uuid()));
        let wallet_id = WalletId::from(self.entropy.uuid());
        let now = self.clock.now();
        Customer {
            email: command.email,
            phone: command.phone,
            mobile: command.mobile,
            loyalty_card: command.loyalty_card,
            references: command.references,
            primary_address: command.primary_address,
            shipping_address: command.shipping_address,
            company: command.company,
            gender: command.gender,
            birth_date: command.birth_date,
            labels: command.labels,
            tags: command.tags,
            metadata: command.metadata,
            description: command.description,
            comment: command.comment,
            agreements: command.agreements,
            verification: command.verification,
            image_url: command.image_url,
            status: match command.activation {
                Activation::Immediate => Status::Active,
                Activation::Pending => Status::New,
            },
            level,
            pos: command.pos,
            seller: command.seller,
            created_at: command.created_at.unwrap_or(now),
            ..Customer::bare(origin.merchant, id, wallet_id, command.name, now)
        }
    }

    pub(super) fn settle(record: &mut Customer, stored: Stored) {
        record.number = stored.number;
        record.holdings = stored.holdings;
    }
}

/// Checks what the command points at, and gives a customer of a till its seller and point of sale (OL E32).
async fn complete(
    session: &mut dyn Session,
    origin: &Origin,
    mut command: CreateCustomer,
) -> Result<CreateCustomer, CustomerError> {
    if let Actor::Seller(seller) = origin.actor {
        command.seller = Some(seller);
    }
    if let Some(pos) = command.pos
        && session.points_of_sale().find_many(origin.merchant, &[pos]).await?.is_empty()
    {
        return Err(CustomerError::UnknownPointOfSale);
    }
    if let Some(seller) = command.seller {
        let seller = session.sellers().find(origin.merchant, seller).await?;
        let seller = seller
            .filter(|seller| seller.deleted_at.is_none())
            .ok_or(CustomerError::UnknownSeller)?;
        if matches!(origin.actor, Actor::Seller(_)) {
            command.pos = command.pos.or(seller.pos);
        }
    }
    Ok(command)
}

fn start_level(
    ladder: &Ladder,
    choice: StartLevel,
) -> Result<Option<LevelAssignment>, CustomerError> {
    let automatic =
        || ladder.start().map(|level| LevelAssignment { level: level.id, manual: false });
    match choice {
        StartLevel::IfAny => Ok(automatic()),
        StartLevel::Required => automatic().map(Some).ok_or(CustomerError::NoStartLevel),
        StartLevel::Manual(id) => {
            let level = ladder.active(id).ok_or(CustomerError::UnknownLevel)?;
            Ok(Some(LevelAssignment { level: level.id, manual: true }))
        }
        StartLevel::AsGiven(level) => Ok(Some(LevelAssignment { level, manual: true })),
    }
}
