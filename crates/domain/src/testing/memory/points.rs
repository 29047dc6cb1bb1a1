//! The points ledger.

use async_trait::async_trait;
use time::OffsetDateTime;
use uuid::Uuid;

use super::session::MemorySession;
use super::state::State;
use crate::customer::{Customer, CustomerWrite, Stored, WriteError};
use crate::id::{CustomerId, MerchantId, TransferId};
use crate::money::Amount;
use crate::page::Page;
use crate::points::{
    Credit, CreditState, Due, Imbalance, ListedTransfer, PointTotals, PointsRepository,
    SpentPoints, Transfer, TransferCriterion, TransferKind, TransferOwner, TransferQuery,
};
use crate::storage::StorageError;

#[async_trait]
impl PointsRepository for MemorySession {
    async fn book(
        &mut self,
        write: &CustomerWrite,
        transfers: &[Transfer],
    ) -> Result<Stored, WriteError> {
        let book = |state: &mut State| {
            let stored = state.update(write)?;
            for transfer in transfers {
                state.transfers.insert((transfer.merchant, transfer.id), transfer.clone());
            }
            Ok(stored)
        };
        self.write(book).await
    }

    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[TransferId],
    ) -> Result<Vec<Transfer>, StorageError> {
        let find = |state: &State| {
            ids.iter().filter_map(|id| state.transfers.get(&(merchant, *id)).cloned()).collect()
        };
        Ok(self.read(find).await)
    }

    async fn oldest_active(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        amount: Amount,
    ) -> Result<Vec<Transfer>, StorageError> {
        let list = |state: &State| {
            let mut active: Vec<_> = state.spendable(merchant, customer).collect();
            active.sort_by_key(|(transfer, _)| (transfer.created_at, transfer.id));
            let mut found = Vec::new();
            let mut sum = Amount::ZERO;
            for (transfer, credit) in active {
                if sum >= amount {
                    break;
                }
                sum = sum.plus(credit.remaining);
                found.push(transfer.clone());
            }
            found
        };
        Ok(self.read(list).await)
    }

    async fn expiring(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        after: OffsetDateTime,
    ) -> Result<Vec<(OffsetDateTime, Amount)>, StorageError> {
        let sums = |state: &State| {
            let mut sums = std::collections::BTreeMap::new();
            for (_, credit) in state.spendable(merchant, customer) {
                if let Some(at) = credit.expires_at.filter(|at| *at > after) {
                    let sum = sums.entry(at).or_insert(Amount::ZERO);
                    *sum = credit.remaining.plus(*sum);
                }
            }
            sums.into_iter().collect()
        };
        Ok(self.read(sums).await)
    }

    async fn list_due(
        &mut self,
        merchant: MerchantId,
        due: Due,
        most: u32,
    ) -> Result<Vec<Transfer>, StorageError> {
        let list = |state: &State| {
            let due = state.ledger(merchant).filter_map(|transfer| {
                Some((due_at(&transfer.credit()?, due)?, transfer.id, transfer.clone()))
            });
            let mut due: Vec<_> = due.collect();
            due.sort_by_key(|(at, id, _)| (*at, *id));
            due.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            due.into_iter().map(|(_, _, transfer)| transfer).collect()
        };
        Ok(self.read(list).await)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &TransferQuery,
    ) -> Result<Page<ListedTransfer>, StorageError> {
        let page = |state: &State| {
            let fits = |transfer: &&Transfer| query.criteria.iter().all(|one| meets(transfer, one));
            let mut fitting: Vec<_> = state.ledger(merchant).filter(fits).collect();
            fitting.sort_by_key(|transfer| (transfer.created_at, transfer.id));
            if !query.oldest_first {
                fitting.reverse();
            }
            let listed = fitting.into_iter().map(|transfer| state.listed_transfer(transfer));
            Page::cut(listed.collect(), query.page)
        };
        Ok(self.read(page).await)
    }

    async fn spent(&mut self, merchant: MerchantId) -> Result<SpentPoints, StorageError> {
        let sum = |state: &State| {
            let spending =
                |transfer: &&Transfer| TransferKind::of(transfer) == TransferKind::Spending;
            let all = state.ledger(merchant).filter(spending);
            all.fold(SpentPoints::default(), |spent, transfer| SpentPoints {
                transfers: spent.transfers + 1,
                points: spent.points.plus(transfer.value),
            })
        };
        Ok(self.read(sum).await)
    }

    async fn imbalances(&mut self, merchant: MerchantId) -> Result<Vec<Imbalance>, StorageError> {
        let compare = |state: &State| {
            let of_merchant = state.customers.values().filter(|one| one.merchant == merchant);
            of_merchant.filter_map(|customer| state.imbalance(customer)).collect()
        };
        Ok(self.read(compare).await)
    }
}

impl State {
    fn ledger(&self, merchant: MerchantId) -> impl Iterator<Item = &Transfer> {
        let all = (merchant, TransferId::from(Uuid::nil()))..=(merchant, Uuid::max().into());
        self.transfers.range(all).map(|(_, transfer)| transfer)
    }

    fn spendable(
        &self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> impl Iterator<Item = (&Transfer, Credit)> {
        let own = self.ledger(merchant).filter(move |transfer| transfer.customer == customer);
        own.filter_map(|transfer| {
            let credit = transfer.credit()?;
            let spendable = credit.state == CreditState::Active && credit.remaining > Amount::ZERO;
            spendable.then_some((transfer, credit))
        })
    }

    fn listed_transfer(&self, transfer: &Transfer) -> ListedTransfer {
        let owner = self.customers.get(&(transfer.merchant, transfer.customer));
        let owner = owner.filter(|owner| owner.is_live()).map(TransferOwner::from);
        ListedTransfer { transfer: transfer.clone(), owner }
    }

    fn imbalance(&self, customer: &Customer) -> Option<Imbalance> {
        let own =
            self.ledger(customer.merchant).filter(|transfer| transfer.customer == customer.id);
        let ledger = own.fold(PointTotals::default(), |totals, transfer| {
            totals.plus(PointTotals::of(transfer, customer))
        });
        let record = customer.points;
        (record != ledger).then_some(Imbalance { customer: customer.id, record, ledger })
    }
}

/// When a transfer became due, if it is.
fn due_at(credit: &Credit, due: Due) -> Option<OffsetDateTime> {
    match due {
        Due::Unlocking(now) if credit.state == CreditState::Locked => {
            credit.locked_until.filter(|until| *until <= now)
        }
        Due::Expiring(now) if credit.state == CreditState::Active => {
            credit.expires_at.filter(|at| *at < now)
        }
        Due::Warning(until)
            if credit.state == CreditState::Active
                && credit.remaining > Amount::ZERO
                && !credit.warned =>
        {
            credit.expires_at.filter(|at| *at < until)
        }
        Due::Unlocking(_) | Due::Expiring(_) | Due::Warning(_) => None,
    }
}

fn meets(transfer: &Transfer, criterion: &TransferCriterion) -> bool {
    match criterion {
        TransferCriterion::Customer(id) => transfer.customer == *id,
        TransferCriterion::Kind(kind) => TransferKind::of(transfer) == *kind,
        TransferCriterion::States(states) => states.contains(&transfer.state()),
        TransferCriterion::ExpiresUntil(moment) => transfer.credit().is_some_and(|credit| {
            credit.state == CreditState::Active && credit.expires_at.is_some_and(|at| at <= *moment)
        }),
    }
}
