//! Which way to a list is the short one.
//!
//! A filter that many meet is met by somebody soon, so the list is walked in its order. A filter that few meet has an
//! index that finds them, and few are quickly sorted. Which of the two a filter is, a sample tells.

use domain::StorageError;
use domain::customer::{Criterion, Customer, CustomerQuery};
use domain::id::{CustomerId, MerchantId};
use domain::page::{COUNTED, Page, Total};

use super::query::{self, Access, Counted, Filter, Found, Order, Part, Ranked, Sampled};
use crate::session::{PgSession, read};

/// Merchants with so many customers have all of them looked at.
const SMALL: u64 = 10_000;
/// Of filters that fewer meet, all who do are found and sorted.
const FEW: u64 = 4_000;
/// How many customers a walk passes before it is given up.
const BUDGET: u32 = 20_000;
/// What it takes to find and sort one who fits, in steps of a walk.
const SORTING: u64 = 4;

impl PgSession {
    pub(super) async fn count_live(&mut self, merchant: MerchantId) -> Result<u64, StorageError> {
        let live: Option<Counted> =
            read!(self, |connection| query::count_live(merchant).row(connection).await)?;
        Ok(live.map_or(0, |live| live.0))
    }

    /// One part of a list, and its size; `None` when the list tables do not have that list.
    pub(super) async fn listed_page(
        &mut self,
        merchant: MerchantId,
        wanted: &CustomerQuery,
    ) -> Result<Option<Page<Customer>>, StorageError> {
        let Some(filters) = query::filters(&wanted.criteria) else { return Ok(None) };
        if filters.is_empty() {
            return self.page_of_everyone(merchant, wanted).await.map(Some);
        }
        let Some(order) = Order::of(wanted.sort, &filters) else { return Ok(None) };
        let list = List { merchant, filters, order, part: wanted.page.into() };
        let (ids, total) = self.fitting(&list).await?;
        let items = self.records(merchant, &ids).await?;
        Ok(Some(Page { items, total }))
    }

    /// All who fit, unless they are more than `most`.
    pub(super) async fn listed_search(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
        most: u64,
    ) -> Result<Option<Vec<Customer>>, StorageError> {
        let Some(filters) = query::filters(criteria) else {
            return Err(StorageError::Failed("no list has such a search".to_owned()));
        };
        let mut by = None;
        let live = self.count_live(merchant).await?;
        if live > SMALL {
            let sampled = self.sample(merchant, live, &filters).await?;
            if sampled.shows_more_than(most, live) {
                return Ok(None);
            }
            by = sampled.narrowest(&filters);
        }
        let ranked = Ranked::by(&filters, by);
        let found: Option<Found> =
            read!(self, |connection| query::search(merchant, &ranked, most).row(connection).await)?;
        match found {
            Some(found) if found.count > most => Ok(None),
            found => {
                let ids = found.map(|found| found.ids).unwrap_or_default();
                self.records(merchant, &ids).await.map(Some)
            }
        }
    }

    async fn page_of_everyone(
        &mut self,
        merchant: MerchantId,
        wanted: &CustomerQuery,
    ) -> Result<Page<Customer>, StorageError> {
        let total = self.count_live(merchant).await?;
        let items = if total > wanted.page.offset {
            self.part(merchant, wanted).await?
        } else {
            Vec::new()
        };
        Ok(Page { items, total: Total::Exact(total) })
    }

    async fn records(
        &mut self,
        merchant: MerchantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Customer>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        read!(self, |connection| query::records(merchant, ids).rows(connection).await)
    }

    async fn sample(
        &mut self,
        merchant: MerchantId,
        live: u64,
        filters: &[Filter<'_>],
    ) -> Result<Sampled, StorageError> {
        let sampled: Option<Sampled> =
            read!(self, |connection| query::sample(merchant, live, filters).row(connection).await)?;
        Ok(sampled.unwrap_or(Sampled {
            seen: 0,
            fit: 0,
            hits: vec![0; filters.len()],
            has_texts: false,
        }))
    }

    /// Those of the part, and how many fit in all.
    async fn fitting(&mut self, list: &List<'_>) -> Result<(Vec<CustomerId>, Total), StorageError> {
        let live = self.count_live(list.merchant).await?;
        if live <= SMALL {
            return self.select(list, &Ranked::by(&list.filters, None)).await;
        }
        let sampled = self.sample(list.merchant, live, &list.filters).await?;
        let ranked = Ranked::by(&list.filters, sampled.narrowest(&list.filters));
        let few = sampled.share_of(live) < FEW;
        let unsure = !sampled.shows_more_than(COUNTED, live);
        if few || (unsure && self.are_counted(list, &ranked).await?) {
            return self.select(list, &ranked).await;
        }
        let way = list.way(&sampled, live);
        if way == Way::Budget
            && let Some(found) = self.walk(list, &sampled, live, Some(BUDGET)).await?
        {
            return Ok(found);
        }
        if way != Way::Walk && sampled.share_of(live).saturating_mul(SORTING) < live {
            return self.select(list, &ranked).await;
        }
        let found = self.walk(list, &sampled, live, None).await?;
        found.ok_or_else(|| StorageError::Failed("a walk without end has ended".to_owned()))
    }

    /// Whether no more fit than are always counted.
    async fn are_counted(
        &mut self,
        list: &List<'_>,
        ranked: &Ranked<'_>,
    ) -> Result<bool, StorageError> {
        let count: Option<Counted> =
            read!(self, |connection| query::count_up_to(list.merchant, ranked, COUNTED + 1)
                .row(connection)
                .await)?;
        Ok(count.is_some_and(|count| count.0 <= COUNTED))
    }

    async fn select(
        &mut self,
        list: &List<'_>,
        ranked: &Ranked<'_>,
    ) -> Result<(Vec<CustomerId>, Total), StorageError> {
        let found: Option<Found> =
            read!(self, |connection| query::select(list.merchant, ranked, list.order, list.part)
                .row(connection)
                .await)?;
        let found = found.unwrap_or(Found { count: 0, ids: Vec::new() });
        Ok((found.ids, Total::Exact(found.count)))
    }

    /// `None` when the budget was used up before the part was whole.
    async fn walk(
        &mut self,
        list: &List<'_>,
        sampled: &Sampled,
        live: u64,
        budget: Option<u32>,
    ) -> Result<Option<(Vec<CustomerId>, Total)>, StorageError> {
        let found: Option<Found> = read!(self, |connection| query::walk(
            list.merchant,
            &list.filters,
            list.order,
            list.part,
            budget
        )
        .row(connection)
        .await)?;
        let found = found.unwrap_or(Found { count: 0, ids: Vec::new() });
        let wanted = list.part.wanted();
        Ok(if found.count >= wanted {
            let total = sampled.estimate(live).max(wanted).max(COUNTED + 1);
            Some((found.ids, Total::Estimate(total)))
        } else if budget.is_none() {
            // The walk has come to the end, so it has met everyone.
            Some((found.ids, Total::Exact(found.count)))
        } else {
            None
        })
    }
}

/// What is asked for, once it is known that the list tables have it.
struct List<'a> {
    merchant: MerchantId,
    filters: Vec<Filter<'a>>,
    order: Order,
    part: Part,
}

/// How to go about a list that many fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Walk, but not for long: whoever fits may all be at the end of the list.
    Budget,
    /// Walk as far as it takes.
    Walk,
    /// Find all and sort them.
    Select,
}

impl List<'_> {
    fn way(&self, sampled: &Sampled, live: u64) -> Way {
        let steps = self.part.wanted().saturating_mul(sampled.seen) / sampled.fit.max(1);
        if steps <= u64::from(BUDGET) / 2 {
            Way::Budget
        } else if steps < sampled.share_of(live).saturating_mul(SORTING) {
            Way::Walk
        } else {
            Way::Select
        }
    }
}

impl Sampled {
    /// The place of the filter with an index that the fewest meet.
    fn narrowest(&self, filters: &[Filter<'_>]) -> Option<usize> {
        let places = filters.iter().zip(&self.hits).enumerate();
        let usable = places.filter(|(_, (filter, _))| match filter.access {
            Access::Index => true,
            Access::Trigrams | Access::Pieces => self.has_texts,
            Access::Nothing => false,
        });
        usable.min_by_key(|(_, (_, hits))| **hits).map(|(place, _)| place)
    }

    /// As many of `live` as of the sample.
    fn share_of(&self, live: u64) -> u64 {
        live.saturating_mul(self.fit) / self.seen.max(1)
    }

    /// Whether more than `most` of `live` fit. Where no more do, one sample in 10¹⁰ says so.
    fn shows_more_than(&self, most: u64, live: u64) -> bool {
        let expected = most.saturating_mul(self.seen) / live.max(1);
        self.fit > expected + 6 * expected.isqrt() + 8
    }

    /// What `share_of` says, and thrice what chance makes of it on top: it is too low for one list in a thousand.
    fn estimate(&self, live: u64) -> u64 {
        let most = self.fit + 3 * self.fit.isqrt();
        (live.saturating_mul(most) / self.seen.max(1)).min(live)
    }
}
