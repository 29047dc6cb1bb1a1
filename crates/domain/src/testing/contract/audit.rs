//! Promises about the audit.

use time::Duration;
use time::macros::datetime;

use crate::access::Actor;
use crate::audit::View;
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::Tenant;

/// Looks are kept once, and told by customer and merchant.
pub async fn audit(storage: &Storage) {
    looks_are_told_oldest_first(storage).await;
    a_batch_that_is_tried_again_is_kept_once(storage).await;
    another_merchants_looks_are_invisible(storage).await;
}

fn a_view(tenant: Tenant<'_>, actor: Actor) -> View {
    let at = datetime!(2026-03-02 08:15 UTC);
    View { id: an_id(), merchant: tenant.merchant, customer: an_id(), actor, at }
}

async fn note(tenant: Tenant<'_>, views: &[View]) {
    tenant.session().await.audit().note_views(views).await.expect("looks");
}

async fn views(tenant: Tenant<'_>, view: &View) -> Vec<View> {
    let mut session = tenant.session().await;
    session.audit().views(tenant.merchant, view.customer).await.expect("an answer")
}

async fn looks_are_told_oldest_first(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = a_view(tenant, Actor::Admin(an_id()));
    let later =
        |actor, hours| View { id: an_id(), actor, at: first.at + Duration::hours(hours), ..first };
    let second = later(Actor::Seller(an_id()), 1);
    let third = later(Actor::Customer(first.customer), 2);
    let fourth = later(Actor::System, 3);
    let of_somebody_else = a_view(tenant, Actor::Admin(an_id()));
    note(tenant, &[fourth, second, of_somebody_else]).await;
    note(tenant, &[third, first]).await;
    assert_eq!(views(tenant, &first).await, [first, second, third, fourth]);
    assert_eq!(views(tenant, &of_somebody_else).await, [of_somebody_else]);
}

async fn a_batch_that_is_tried_again_is_kept_once(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let view = a_view(tenant, Actor::Admin(an_id()));
    let next = View { id: an_id(), ..view };
    note(tenant, &[]).await;
    note(tenant, &[view]).await;
    note(tenant, &[view, next]).await;
    assert_eq!(views(tenant, &view).await.len(), 2);
}

async fn another_merchants_looks_are_invisible(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let view = a_view(here, Actor::Admin(an_id()));
    note(here, &[view]).await;
    assert_eq!(views(there, &view).await, []);
}
