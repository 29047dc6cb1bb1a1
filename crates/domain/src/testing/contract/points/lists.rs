//! Lists of transfers.

use time::Duration;

use super::{NOON, credit, debit, with};
use crate::customer::{Customer, Email, LoyaltyCard, PhoneNumber};
use crate::id::TransferId;
use crate::money::Amount;
use crate::page::{PageRequest, Total};
use crate::points::{
    Booking, CreditState, SpentPoints, Transfer, TransferCriterion, TransferKind, TransferOwner,
    TransferQuery,
};
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::Tenant;

pub(super) async fn promises(storage: &Storage) {
    lists_show_the_newest_first_unless_asked_otherwise(storage).await;
    every_criterion_narrows_a_list(storage).await;
    customers_are_shown_as_they_are_unless_they_are_deleted(storage).await;
    what_was_spent_is_counted(storage).await;
}

async fn listed(
    tenant: Tenant<'_>,
    criteria: Vec<TransferCriterion>,
    oldest_first: bool,
    page: PageRequest,
) -> (Vec<TransferId>, Total) {
    let query = TransferQuery { criteria, oldest_first, page };
    let page = tenant.session().await.points().page(tenant.merchant, &query).await;
    let page = page.expect("an answer");
    (page.items.iter().map(|listed| listed.transfer.id).collect(), page.total)
}

const ALL: PageRequest = PageRequest { offset: 0, limit: None };

async fn lists_show_the_newest_first_unless_asked_otherwise(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let all = [1, 3, 2].map(|hours| credit(&customer, 1, NOON + Duration::hours(hours)));
    tenant.added(&customer, &all).await;
    let newest = [1, 2, 0].map(|at: usize| all[at].id);
    let three = Total::Exact(3);
    assert_eq!(listed(tenant, vec![], false, ALL).await, (newest.to_vec(), three));
    let oldest: Vec<_> = newest.iter().rev().copied().collect();
    assert_eq!(listed(tenant, vec![], true, ALL).await, (oldest, three));
    let part = PageRequest { offset: 1, limit: Some(1) };
    assert_eq!(listed(tenant, vec![], false, part).await, (vec![newest[1]], three));
    let beyond = PageRequest { offset: 9, limit: Some(1) };
    assert_eq!(listed(tenant, vec![], false, beyond).await, (vec![], three));
    let elsewhere = Tenant::new(storage).await;
    assert_eq!(listed(elsewhere, vec![], false, ALL).await, (vec![], Total::Exact(0)));
}

async fn every_criterion_narrows_a_list(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let other = tenant.given(tenant.customer()).await;
    let expires_at = Some(NOON + Duration::DAY);
    let at = |minutes: i64| NOON + Duration::minutes(minutes);
    let plain = credit(&customer, 1, at(1));
    let ending = with(credit(&customer, 1, at(2)), |credit| credit.expires_at = expires_at);
    let over = with(credit(&customer, 1, at(3)), |credit| {
        credit.expires_at = expires_at;
        credit.state = CreditState::Expired;
    });
    let locked = with(credit(&customer, 1, at(4)), |credit| credit.state = CreditState::Locked);
    let given = Transfer { peer: Some(other.id), ..credit(&customer, 1, at(5)) };
    let spent = debit(&customer, 1, at(6));
    let handed = Transfer { peer: Some(other.id), ..debit(&customer, 1, at(7)) };
    let all = [&plain, &ending, &over, &locked, &given, &spent, &handed];
    let transfers = all.map(Clone::clone).to_vec();
    let booking = Booking { transfers, totals: customer.points, told: Vec::new() };
    tenant.book(&customer, &booking).await.expect("the current version");
    let foreign = credit(&other, 1, at(8));
    tenant.added(&other, std::slice::from_ref(&foreign)).await;
    let kind = TransferCriterion::Kind;
    for (criteria, expected) in [
        (vec![TransferCriterion::Customer(other.id)], vec![&foreign]),
        (vec![TransferCriterion::Customer(an_id())], vec![]),
        (vec![kind(TransferKind::Adding)], vec![&plain, &ending, &over, &locked, &foreign]),
        (vec![kind(TransferKind::Spending)], vec![&spent]),
        (vec![kind(TransferKind::AddingFromCustomer)], vec![&given]),
        (vec![kind(TransferKind::SpendingToCustomer)], vec![&handed]),
        (
            vec![TransferCriterion::States(vec![CreditState::Expired, CreditState::Locked])],
            vec![&over, &locked],
        ),
        (vec![TransferCriterion::States(vec![CreditState::Canceled])], vec![]),
        (vec![TransferCriterion::ExpiresUntil(NOON + Duration::DAY)], vec![&ending]),
        (vec![TransferCriterion::ExpiresUntil(NOON)], vec![]),
        (
            vec![
                TransferCriterion::Customer(customer.id),
                TransferCriterion::States(vec![CreditState::Active]),
                kind(TransferKind::Adding),
            ],
            vec![&plain, &ending],
        ),
    ] {
        let ids: Vec<_> = expected.iter().map(|transfer| transfer.id).collect();
        let total = Total::Exact(ids.len() as u64);
        let found = listed(tenant, criteria.clone(), true, ALL).await;
        assert_eq!(found, (ids, total), "{criteria:?}");
    }
}

async fn customers_are_shown_as_they_are_unless_they_are_deleted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant
        .given(Customer {
            email: Email::try_from("ada@example.test").ok(),
            phone: PhoneNumber::try_from("+48 22 555").ok(),
            loyalty_card: LoyaltyCard::try_from("C-1").ok(),
            ..tenant.customer()
        })
        .await;
    let record = tenant.added(&customer, &[credit(&customer, 1, NOON)]).await;
    let owner = async || {
        let query = TransferQuery { criteria: vec![], oldest_first: false, page: ALL };
        let page = tenant.session().await.points().page(tenant.merchant, &query).await;
        page.expect("an answer").items.remove(0).owner
    };
    assert_eq!(owner().await, Some(TransferOwner::from(&record)));
    tenant.delete(&record).await;
    assert_eq!(owner().await, None);
}

async fn what_was_spent_is_counted(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    for (tenant, sums) in [(here, [2, 3]), (there, [10, 10])] {
        let customer = tenant.given(tenant.customer()).await;
        let mut transfers = sums.map(|sum| debit(&customer, sum, NOON)).to_vec();
        transfers.push(Transfer { peer: Some(an_id()), ..debit(&customer, 100, NOON) });
        transfers.push(credit(&customer, 1000, NOON));
        let booking = Booking { transfers, totals: customer.points, told: Vec::new() };
        tenant.book(&customer, &booking).await.expect("the current version");
    }
    let spent = here.session().await.points().spent(here.merchant).await;
    assert_eq!(spent, Ok(SpentPoints { transfers: 2, points: Amount::whole(5) }));
    let nobody = Tenant::new(storage).await;
    let spent = nobody.session().await.points().spent(nobody.merchant).await;
    assert_eq!(spent, Ok(SpentPoints::default()));
}
