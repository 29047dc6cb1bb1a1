//! Customers, their keys and their events.

use std::collections::BTreeMap;

use async_trait::async_trait;
use time::OffsetDateTime;
use uuid::Uuid;

use super::session::MemorySession;
use super::state::{State, Waiting};
use super::{criteria, lookups, order};
use crate::access::Actor;
use crate::customer::{
    Criterion, Customer, CustomerQuery, CustomerRepository, CustomerWrite, Holdings, Identifier,
    KeyWrite, Lookup, Stored, WriteError,
};
use crate::delivery::Subject;
use crate::event::RecordedEvent;
use crate::id::{CustomerId, CustomerNumber, LevelId, MerchantId};
use crate::level::period_began;
use crate::page::{Page, Total};
use crate::picture::PicturePath;
use crate::points::Transfer;
use crate::storage::StorageError;
use crate::token::{Token, TokenPurpose};

#[async_trait]
impl CustomerRepository for MemorySession {
    async fn create(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        self.write(|state| state.create(write)).await
    }

    async fn create_many(
        &mut self,
        writes: &[CustomerWrite],
    ) -> Result<Vec<Result<Stored, WriteError>>, StorageError> {
        Ok(self.write(|state| writes.iter().map(|write| state.create(write)).collect()).await)
    }

    async fn update(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        self.write(|state| state.update(write)).await
    }

    async fn shut_out(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        self.write(|state| state.shut_out(write)).await
    }

    async fn anonymize(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        self.write(|state| state.anonymize(write)).await
    }

    async fn erase(&mut self, write: &CustomerWrite) -> Result<(), WriteError> {
        self.write(|state| state.erase(write)).await
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StorageError> {
        Ok(self.read(|state| state.customers.get(&(merchant, id)).cloned()).await)
    }

    async fn look_up(
        &mut self,
        merchant: MerchantId,
        lookup: &Lookup,
    ) -> Result<Option<Customer>, StorageError> {
        Ok(self.read(|state| lookups::find(state.live(merchant), lookup).cloned()).await)
    }

    async fn list(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Vec<Customer>, StorageError> {
        Ok(self.read(|state| state.part(merchant, query)).await)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Page<Customer>, StorageError> {
        let page = |state: &State| Page {
            items: state.part(merchant, query),
            total: Total::Exact(state.fitting(merchant, &query.criteria).count() as u64),
        };
        Ok(self.read(page).await)
    }

    async fn search(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
        most: u64,
    ) -> Result<Option<Vec<Customer>>, StorageError> {
        let search = |state: &State| {
            let found = order::by_name(state.fitting(merchant, criteria).collect());
            (found.len() as u64 <= most).then(|| found.into_iter().cloned().collect())
        };
        Ok(self.read(search).await)
    }

    async fn count_by_level(
        &mut self,
        merchant: MerchantId,
    ) -> Result<BTreeMap<LevelId, u64>, StorageError> {
        let count = |state: &State| {
            let mut counts = BTreeMap::new();
            for level in state.live(merchant).filter_map(|customer| customer.level) {
                *counts.entry(level.level).or_default() += 1;
            }
            counts
        };
        Ok(self.read(count).await)
    }

    async fn count(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
    ) -> Result<u64, StorageError> {
        Ok(self.read(|state| state.fitting(merchant, criteria).count() as u64).await)
    }

    async fn list_due_for_recalculation(
        &mut self,
        merchant: MerchantId,
        at_or_before: OffsetDateTime,
        most: u32,
    ) -> Result<Vec<Customer>, StorageError> {
        let is_due = |customer: &&Customer| {
            customer.is_changeable() && period_began(customer) <= at_or_before
        };
        let list = |state: &State| {
            let mut due: Vec<_> = state.live(merchant).filter(is_due).cloned().collect();
            due.sort_by_key(|customer| (period_began(customer), customer.id));
            due.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            due
        };
        Ok(self.read(list).await)
    }

    async fn list_unwarned(
        &mut self,
        merchant: MerchantId,
        at_or_before: OffsetDateTime,
        behind: (OffsetDateTime, CustomerId),
        most: u32,
    ) -> Result<Vec<Customer>, StorageError> {
        let place = |customer: &Customer| (period_began(customer), customer.id);
        let is_due = |customer: &&Customer| {
            customer.is_changeable()
                && period_began(customer) <= at_or_before
                && customer.level_warned_at.is_none_or(|at| at < period_began(customer))
                && place(customer) > behind
        };
        let list = |state: &State| {
            let mut due: Vec<_> = state.live(merchant).filter(is_due).cloned().collect();
            due.sort_by_key(place);
            due.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            due
        };
        Ok(self.read(list).await)
    }

    async fn count_created(
        &mut self,
        merchant: MerchantId,
        bounds: &[OffsetDateTime],
    ) -> Result<Vec<u64>, StorageError> {
        let count = |state: &State, from: OffsetDateTime, to: OffsetDateTime| {
            let between = |one: &&Customer| from <= one.created_at && one.created_at < to;
            state.live(merchant).filter(between).map(|_| 1).sum()
        };
        let pairs = bounds.windows(2);
        Ok(self.read(|state| pairs.map(|pair| count(state, pair[0], pair[1])).collect()).await)
    }

    async fn events(
        &mut self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Vec<RecordedEvent>, StorageError> {
        Ok(self.read(|state| state.events.get(&(merchant, id)).cloned().unwrap_or_default()).await)
    }
}

impl State {
    fn live(&self, merchant: MerchantId) -> impl Iterator<Item = &Customer> {
        let all = (merchant, CustomerId::from(Uuid::nil()))..=(merchant, Uuid::max().into());
        self.customers.range(all).map(|(_, customer)| customer).filter(|one| one.is_live())
    }

    fn fitting(
        &self,
        merchant: MerchantId,
        criteria: &[Criterion],
    ) -> impl Iterator<Item = &Customer> {
        self.live(merchant).filter(|customer| criteria::all_meet(customer, criteria))
    }

    fn part(&self, merchant: MerchantId, query: &CustomerQuery) -> Vec<Customer> {
        let fitting = self.fitting(merchant, &query.criteria).collect();
        let sorted = order::sorted(self, fitting, query.sort);
        let from = usize::try_from(query.page.offset).unwrap_or(usize::MAX);
        let most = query.page.limit.and_then(|limit| usize::try_from(limit).ok());
        sorted.into_iter().skip(from).take(most.unwrap_or(usize::MAX)).cloned().collect()
    }

    fn create(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let key = (write.record.merchant, write.record.id);
        if self.customers.contains_key(&key) {
            return Err(StorageError::Failed("the customer's id is in use".to_owned()).into());
        }
        let holdings = self.holdings_after(write, Holdings::default())?;
        let number = CustomerNumber::try_from(self.numbered + 1)
            .map_err(|error| StorageError::Failed(error.to_string()))?;
        self.numbered += 1;
        let record = Customer { number, holdings, ..write.record.clone() };
        self.record_events(write, &record);
        self.messages.extend(write.messages.iter().map(Waiting::from));
        self.customers.insert(key, record);
        Ok(Stored { number, holdings })
    }

    pub(super) fn update(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let before = self.current(write)?;
        let holdings = self.holdings_after(write, before.holdings)?;
        let number = before.number;
        let record = Customer { number, holdings, ..write.record.clone() };
        if !record.is_live() {
            self.forget_payment_methods(&record);
        }
        self.record_events(write, &record);
        self.messages.extend(write.messages.iter().map(Waiting::from));
        self.customers.insert((record.merchant, record.id), record);
        Ok(Stored { number, holdings })
    }

    fn erase(&mut self, write: &CustomerWrite) -> Result<(), WriteError> {
        let before = self.current(write)?;
        self.forget_person(&before);
        self.transfers.retain(|_, transfer| !is_of(transfer, &before));
        self.record_events(write, &Customer { number: before.number, ..write.record.clone() });
        self.customers.remove(&(before.merchant, before.id));
        Ok(())
    }

    fn shut_out(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let stored = self.update(write)?;
        let out = (write.record.merchant, Actor::Customer(write.record.id));
        let is_session = |token: &Token| {
            matches!(token.purpose, TokenPurpose::Access | TokenPurpose::Refresh)
                && (token.merchant, token.actor) == out
        };
        self.tokens.retain(|_, token| !is_session(token));
        Ok(stored)
    }

    fn anonymize(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let before = self.current(write)?;
        self.forget_person(&before);
        self.update(write)
    }

    /// Takes away what is stored of a person besides the record, and strips what its events tell so far.
    fn forget_person(&mut self, record: &Customer) {
        let (merchant, person) = (record.merchant, Actor::Customer(record.id));
        self.passwords.remove(&(merchant, person));
        self.tokens.retain(|_, token| (token.merchant, token.actor) != (merchant, person));
        self.forget_messages(merchant, person);
        self.forget_payment_methods(record);
        let avatar = record.avatar.as_ref();
        if let Some(path) =
            avatar.and_then(|avatar| PicturePath::try_from(avatar.path.as_str()).ok())
        {
            self.strays.insert((merchant, path), OffsetDateTime::UNIX_EPOCH);
        }
        self.codes.retain(|(owner, holder, _), _| (*owner, *holder) != (merchant, person));
        for transfer in self.transfers.values_mut().filter(|transfer| is_of(transfer, record)) {
            transfer.comment = None;
        }
        for told in self.events.entry((merchant, record.id)).or_default() {
            told.record = told.record.stripped();
        }
        self.strip_deliveries(merchant, Subject::Customer(record.id));
    }

    /// The stored record that a write was made from.
    fn current(&self, write: &CustomerWrite) -> Result<Customer, WriteError> {
        let stored = self.customers.get(&(write.record.merchant, write.record.id));
        let current = stored.filter(|stored| stored.version + 1 == write.record.version);
        current.cloned().ok_or(WriteError::Stale)
    }

    fn record_events(&mut self, write: &CustomerWrite, record: &Customer) {
        let record = Customer { holdings: Holdings::default(), ..record.clone() };
        let recorded = write
            .events
            .iter()
            .map(|event| RecordedEvent { event: event.clone(), record: record.clone() });
        self.events.entry((record.merchant, record.id)).or_default().extend(recorded);
        let subject = Subject::Customer(record.id);
        self.note_in_feed(record.merchant, subject, record.version, write.events.len());
    }

    /// What the customer holds after a write, in the order in which clashes are told.
    fn holdings_after(
        &self,
        write: &CustomerWrite,
        held: Holdings,
    ) -> Result<Holdings, WriteError> {
        let keys = &write.keys;
        let after = |identifier, key: &KeyWrite| match key {
            KeyWrite::Keep => Ok(held.include(identifier)),
            KeyWrite::Release => Ok(false),
            KeyWrite::Offer(key) => Ok(!self.is_held(&write.record, identifier, key)),
            KeyWrite::Demand(key) if self.is_held(&write.record, identifier, key) => {
                Err(WriteError::Taken(identifier))
            }
            KeyWrite::Demand(_) => Ok(true),
        };
        let holdings = Holdings {
            email: after(Identifier::Email, &keys.email)?,
            loyalty_card: after(Identifier::LoyaltyCard, &keys.loyalty_card)?,
            phone: after(Identifier::Phone, &keys.phone)?,
            mobile: after(Identifier::Mobile, &keys.mobile)?,
        };
        let own = Identifier::MerchantCustomerId;
        match write.record.key(own) {
            Some(id) if write.record.is_live() && self.is_held(&write.record, own, &id) => {
                Err(WriteError::Taken(own))
            }
            _ => Ok(holdings),
        }
    }

    /// Whether another live customer holds a key.
    fn is_held(&self, record: &Customer, identifier: Identifier, key: &str) -> bool {
        self.live(record.merchant).any(|other| {
            other.id != record.id
                && other.holdings.include(identifier)
                && other.key(identifier).as_deref() == Some(key)
        })
    }
}

fn is_of(transfer: &Transfer, customer: &Customer) -> bool {
    (transfer.merchant, transfer.customer) == (customer.merchant, customer.id)
}
