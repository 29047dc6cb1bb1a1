//! How a customer comes to be.

use super::{Customers, taken_identifiers};
use crate::access::Actor;
use crate::customer::command::{Activation, CreateCustomer, Origin, StartLevel};
use crate::customer::error::CustomerError;
use crate::customer::identifier::{Holdings, KeyWrites};
use crate::customer::model::{Customer, LevelAssignment, PurchaseFigures};
use crate::customer::port::{CustomerWrite, Stored};
use crate::customer::profile::{Status, Wallet};
use crate::event::{EventKind, LevelCause};
use crate::id::{CustomerId, CustomerNumber, InvitationId, WalletId};
use crate::invitation::{self, InvitationClaim};
use crate::level::Ladder;
use crate::storage::{StorageError, UnitOfWork};

impl Customers {
    /// Adds a customer and announces it, or does neither. `ladder` holds the merchant's levels.
    pub async fn create(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        command: CreateCustomer,
    ) -> Result<Customer, CustomerError> {
        let mut command = self.complete(origin, command).await?;
        let invitation = command.invitation.take();
        let level = start_level(ladder, command.start_level);
        let mut write = self.birth(origin, level.clone().unwrap_or_default(), command);
        let mut session = self.storage.session().await?;
        if let Err(error) = level {
            // A taken identifier is told before a missing level (OL E10).
            let taken = taken_identifiers(&mut *session, &write).await?;
            return Err(taken.first().map_or(error, |first| CustomerError::Taken(vec![*first])));
        }
        let stored = match invitation {
            None => session.customers().create(&write).await?,
            Some(claim) => {
                drop(session);
                self.create_invited(&write, &claim).await?
            }
        };
        Self::settle(&mut write.record, stored);
        Ok(write.record)
    }

    /// Stores a customer who follows an invitation: both know of each other, or neither is stored.
    async fn create_invited(
        &self,
        write: &CustomerWrite,
        claim: &InvitationClaim,
    ) -> Result<Stored, CustomerError> {
        let id = InvitationId::from(self.entropy.uuid());
        let create = async |unit: &mut UnitOfWork| {
            let stored = unit.customers().create(write).await?;
            invitation::redeem(unit, claim, &write.record, id).await?;
            Ok(stored)
        };
        self.storage.atomically(create).await
    }

    /// Adds many customers, each judged for itself. Points of sale and sellers are taken as they are given: whoever
    /// adds in bulk has checked them.
    pub async fn create_many(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        commands: Vec<CreateCustomer>,
    ) -> Result<Vec<Result<Customer, CustomerError>>, StorageError> {
        let births: Vec<_> = commands
            .into_iter()
            .map(|command| {
                let level = start_level(ladder, command.start_level)?;
                Ok::<_, CustomerError>(self.birth(origin, level, command))
            })
            .collect();
        let writes: Vec<_> =
            births.iter().filter_map(|birth| birth.as_ref().ok().cloned()).collect();
        let mut stored =
            self.storage.session().await?.customers().create_many(&writes).await?.into_iter();
        let settled = births.into_iter().map(|birth| {
            let mut record = birth?.record;
            let missing =
                || CustomerError::Storage(StorageError::Failed("a batch lost a result".to_owned()));
            Self::settle(&mut record, stored.next().ok_or_else(missing)??);
            Ok(record)
        });
        Ok(settled.collect())
    }

    /// Checks what the command points at, and gives a customer of a till its seller and point of sale (OL E32).
    async fn complete(
        &self,
        origin: &Origin,
        mut command: CreateCustomer,
    ) -> Result<CreateCustomer, CustomerError> {
        if let Actor::Seller(seller) = origin.actor {
            command.seller = Some(seller);
        }
        if command.pos.is_none() && command.seller.is_none() {
            return Ok(command);
        }
        let mut session = self.storage.session().await?;
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

    fn birth(
        &self,
        origin: &Origin,
        level: Option<LevelAssignment>,
        command: CreateCustomer,
    ) -> CustomerWrite {
        let mut events = vec![self.event(EventKind::CustomerCreated, origin.actor)];
        if let Some(assignment) = level {
            let cause = if assignment.manual { LevelCause::Manual } else { LevelCause::Automatic };
            let moved = EventKind::LevelChanged { from: None, to: Some(assignment.level), cause };
            events.push(self.event(moved, origin.actor));
        }
        let record = self.newborn(origin, level, command);
        let keys = KeyWrites::for_new(&record, origin.demands);
        CustomerWrite { record, keys, events, messages: Vec::new() }
    }

    fn newborn(
        &self,
        origin: &Origin,
        level: Option<LevelAssignment>,
        command: CreateCustomer,
    ) -> Customer {
        let now = self.clock.now();
        Customer {
            merchant: origin.merchant,
            id: command.id.unwrap_or_else(|| CustomerId::from(self.entropy.uuid())),
            number: CustomerNumber::UNASSIGNED,
            wallet_id: WalletId::from(self.entropy.uuid()),
            version: 1,
            name: command.name,
            email: command.email,
            phone: command.phone,
            mobile: command.mobile,
            loyalty_card: command.loyalty_card,
            holdings: Holdings::default(),
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
            wallet: Wallet::default(),
            image_url: command.image_url,
            avatar: None,
            status: match command.activation {
                Activation::Immediate => Status::Active,
                Activation::Pending => Status::New,
            },
            level,
            level_recalculated_at: None,
            pos: command.pos,
            seller: command.seller,
            push_tokens: Vec::new(),
            purchases: PurchaseFigures::default(),
            created_at: command.created_at.unwrap_or(now),
            updated_at: now,
            deleted_at: None,
        }
    }

    pub(super) fn settle(record: &mut Customer, stored: Stored) {
        record.number = stored.number;
        record.holdings = stored.holdings;
    }
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
    }
}
