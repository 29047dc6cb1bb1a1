//! However many spend at once, nobody spends more than there is.

use std::sync::Arc;

use super::Universal;
use crate::access::Actor;
use crate::level::Ladder;
use crate::money::Amount;
use crate::points::{NewPoints, NotEnough, Points, PointsError, PointsProgramme};
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{FixedClock, SequentialEntropy, a_merchant};

/// How many spend at once.
const CROWD: usize = 16;

pub(super) async fn promises(storage: &Storage) {
    of_many_who_spend_one_account_no_more_succeed_than_it_has_points_for(storage).await;
}

async fn of_many_who_spend_one_account_no_more_succeed_than_it_has_points_for(storage: &Storage) {
    let merchant = a_merchant();
    let mut session = storage.session().await.expect("a session");
    session.merchants().insert(&merchant).await.expect("a new merchant");
    drop(session);
    let tenant = Tenant { storage, merchant: merchant.id };
    let customer = tenant.given(tenant.customer()).await;
    let points = service(storage);
    let ladder = Ladder::default();
    let programme = PointsProgramme { merchant: &merchant, ladder: &ladder };
    let amount = |whole| NewPoints { value: Amount::whole(whole), valid_days: None, comment: None };
    // In pieces, so that the spenders meet over one of them.
    for whole in [7, 7, 7, 4] {
        let found = tenant.find(customer.id).await.expect("the customer");
        let added = points.add(programme, Actor::System, found, amount(whole)).await;
        assert!(added.is_ok(), "{added:?}");
    }
    // All of them found the customer at the same moment.
    let found = tenant.find(customer.id).await.expect("the customer");
    let spenders =
        (0..CROWD).map(|_| points.spend(programme, Actor::System, found.clone(), amount(3)));
    let outcomes = all_at_once(spenders).await;
    let refused = Err(PointsError::NotEnough(NotEnough));
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == refused).count(), CROWD - 8);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 8, "{outcomes:?}");
    let left = tenant.find(customer.id).await.expect("the customer").points;
    assert_eq!((left.available, left.used), (Amount::whole(1), Amount::whole(24)));
    assert_eq!(points.imbalances(merchant.id).await, Ok(Vec::new()));
    let spent = points.spent(merchant.id).await.expect("an answer");
    assert_eq!((spent.transfers, spent.points), (8, Amount::whole(24)));
}

fn service(storage: &Storage) -> Points {
    let clock = Arc::new(FixedClock::default());
    let entropy = Arc::new(SequentialEntropy::default());
    Points::new(storage.clone(), clock, entropy, Arc::new(Universal))
}
