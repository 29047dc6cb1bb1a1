//! The search at the till (Open Loyalty E33), asked of the domain itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::customer::{Criterion, SearchError, TextMatch};
use domain::demo;
use domain::merchant::MerchantName;
use tokio::task::JoinSet;

use super::super::histogram::Histogram;
use super::Quantiles;
use crate::backend::{Domain, explained};
use crate::failure::Failure;
use crate::key::MasterKey;

/// A search; what it looks for differs by a number.
pub(super) struct Search {
    pub(super) name: &'static str,
    criteria: fn(u64) -> Vec<Criterion>,
}

fn part(text: &str) -> TextMatch {
    TextMatch::Contains(text.to_owned())
}

/// Searches that find few, none, and too many.
pub(super) fn all() -> [Search; 7] {
    [
        Search {
            name: "search: card",
            criteria: |number| vec![Criterion::LoyaltyCard(part(&number.to_string()))],
        },
        Search {
            name: "search: phone",
            criteria: |number| vec![Criterion::Phone(part(&number.to_string()))],
        },
        Search {
            name: "search: names",
            criteria: |_| {
                vec![Criterion::FirstName(part("żan")), Criterion::LastName(part("wisov"))]
            },
        },
        Search {
            name: "search: name and city",
            criteria: |_| vec![Criterion::LastName(part("wisovez")), Criterion::City(part("cork"))],
        },
        Search {
            name: "search: postcode",
            criteria: |_| vec![Criterion::PostalCode(part("00123"))],
        },
        Search { name: "search: too many", criteria: |_| vec![Criterion::LastName(part("kowal"))] },
        Search { name: "search: city", criteria: |_| vec![Criterion::City(part("geelong"))] },
    ]
}

impl Search {
    /// Runs it for a while, and says how long it took and how many it found.
    pub(super) fn run(
        &self,
        url: &str,
        key: &MasterKey,
        clients: usize,
        duration: Duration,
    ) -> Result<(Quantiles, String), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::io("start the searches"))?;
        runtime.block_on(self.search(&Domain::open(url, key)?, clients, duration))
    }

    async fn search(
        &self,
        domain: &Domain,
        clients: usize,
        duration: Duration,
    ) -> Result<(Quantiles, String), Failure> {
        let name = MerchantName::StoreCode(demo::STORE.to_owned());
        let merchant = domain.merchants().find_by_name(&name).await.map_err(explained)?;
        let merchant = merchant.ok_or_else(|| explained("no merchant"))?.id;
        let customers = Arc::new(domain.customers());
        let mut working = JoinSet::new();
        for client in 0..clients as u64 {
            let (customers, criteria) = (Arc::clone(&customers), self.criteria);
            working.spawn(async move {
                let end = Instant::now() + duration;
                let (mut latencies, mut found) = (Histogram::new(), None);
                // The first ones open connections and prepare statements.
                for turn in 0.. {
                    let criteria = criteria(10_000 + (turn * 8 + client) * 7_919 % 90_000);
                    let begun = Instant::now();
                    found = match customers.search(merchant, &criteria).await {
                        Ok(found) => Some(found),
                        Err(SearchError::TooMany) => None,
                        Err(SearchError::Storage(error)) => return Err(error),
                    };
                    if turn >= 3 {
                        latencies.record(begun.elapsed());
                    }
                    if turn >= 3 && Instant::now() >= end {
                        break;
                    }
                }
                Ok::<_, domain::StorageError>((latencies, found.map(|found| found.len())))
            });
        }
        let (mut all, mut shown) = (Histogram::new(), String::new());
        while let Some(done) = working.join_next().await {
            let (latencies, found) = done.map_err(explained)?.map_err(explained)?;
            all.merge(&latencies);
            shown = found.map_or_else(|| "too many".to_owned(), |found| found.to_string());
        }
        Ok(((all.quantile(0.5), all.quantile(0.99)), shown))
    }
}
