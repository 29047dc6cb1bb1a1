//! Who looked at whom.

use std::cmp::Reverse;

use async_trait::async_trait;
use uuid::Uuid;

use super::session::MemorySession;
use super::state::State;
use crate::access::Actor;
use crate::audit::{AuditCriterion, AuditEntry, AuditKind, AuditQuery, AuditRepository, View};
use crate::id::{CustomerId, MerchantId};
use crate::page::Page;
use crate::storage::StorageError;

#[async_trait]
impl AuditRepository for MemorySession {
    async fn note_views(&mut self, views: &[View]) -> Result<(), StorageError> {
        let note = |state: &mut State| {
            for view in views {
                if !state.views.iter().any(|noted| noted.id == view.id) {
                    state.views.push(*view);
                }
            }
        };
        self.write(note).await;
        Ok(())
    }

    async fn views(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<View>, StorageError> {
        let is_meant = |view: &&View| (view.merchant, view.customer) == (merchant, customer);
        let list = |state: &State| {
            let mut views: Vec<_> = state.views.iter().filter(is_meant).copied().collect();
            views.sort_by_key(|view| (view.at, view.id));
            views
        };
        Ok(self.read(list).await)
    }

    async fn log(
        &mut self,
        merchant: MerchantId,
        query: &AuditQuery,
    ) -> Result<Page<AuditEntry>, StorageError> {
        let list = |state: &State| {
            let all = state.looks(merchant).chain(state.changes(merchant));
            let fits = |entry: &AuditEntry| query.criteria.iter().all(|it| admits(it, entry));
            let mut entries: Vec<_> = all.filter(fits).collect();
            entries.sort_by_key(|entry| Reverse((entry.at, entry.id)));
            Page::cut(entries, query.page)
        };
        Ok(self.read(list).await)
    }
}

fn admits(criterion: &AuditCriterion, entry: &AuditEntry) -> bool {
    match criterion {
        AuditCriterion::Kind(kind) => entry.kind == *kind,
        AuditCriterion::Customer(customer) => entry.customer == *customer,
        AuditCriterion::Entry(id) => entry.id == *id,
        AuditCriterion::From(at) => entry.at >= *at,
        AuditCriterion::To(at) => entry.at <= *at,
        AuditCriterion::Username(name) => {
            let shown = entry.username.as_ref().map(|shown| shown.to_lowercase());
            shown == Some(name.to_lowercase())
        }
        AuditCriterion::Nobody => entry.actor == Actor::System,
    }
}

impl State {
    fn looks(&self, merchant: MerchantId) -> impl Iterator<Item = AuditEntry> {
        let of_merchant = self.views.iter().filter(move |view| view.merchant == merchant);
        of_merchant.map(move |view| AuditEntry {
            id: Uuid::from(view.id).into(),
            kind: AuditKind::Viewed,
            at: view.at,
            customer: view.customer,
            actor: view.actor,
            username: self.username(merchant, view.actor),
            change: None,
        })
    }

    fn changes(&self, merchant: MerchantId) -> impl Iterator<Item = AuditEntry> {
        let of_merchant = self.events.iter().filter(move |((owner, _), _)| *owner == merchant);
        let told = of_merchant.flat_map(|(_, events)| events);
        told.filter_map(move |told| {
            Some(AuditEntry {
                id: Uuid::from(told.event.id).into(),
                kind: AuditKind::of(&told.event.kind)?,
                at: told.event.at,
                customer: told.record.id,
                actor: told.event.actor,
                username: self.username(merchant, told.event.actor),
                change: Some(told.clone()),
            })
        })
    }

    fn username(&self, merchant: MerchantId, actor: Actor) -> Option<String> {
        match actor {
            Actor::Admin(id) => {
                self.admins.get(&(merchant, id)).map(|admin| admin.username.to_string())
            }
            Actor::Seller(id) => {
                self.sellers.get(&(merchant, id)).map(|seller| seller.email.as_str().to_owned())
            }
            Actor::Customer(id) => {
                let customer = self.customers.get(&(merchant, id))?;
                customer.email.as_ref().map(|email| email.as_str().to_owned())
            }
            Actor::Operator(id) => {
                self.operators.get(&(merchant, id)).map(|operator| operator.email.to_string())
            }
            Actor::Application(id) => {
                let application = self.applications.get(&(merchant, id))?;
                Some(application.name.to_string())
            }
            Actor::System => None,
        }
    }
}
