//! Promises about the audit.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::access::Actor;
use crate::account::Admin;
use crate::audit::{AuditCriterion, AuditEntry, AuditKind, AuditQuery, View};
use crate::customer::{Attribute, Customer, CustomerWrite, KeyWrites};
use crate::event::{Event, EventKind, LevelCause};
use crate::id::AuditId;
use crate::page::{Page, PageRequest, Total};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{an_admin, an_event, an_id};

/// Looks are kept once, and told by customer and merchant.
pub async fn audit(storage: &Storage) {
    looks_are_told_oldest_first(storage).await;
    a_batch_that_is_tried_again_is_kept_once(storage).await;
    another_merchants_looks_are_invisible(storage).await;
    the_log_tells_changes_and_looks_newest_first(storage).await;
    the_log_is_asked_by_everything_that_it_tells(storage).await;
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

/// A customer to whom everything happened that can, one hour after the other, by somebody else each time.
struct Story<'a> {
    tenant: Tenant<'a>,
    admin: Admin,
    customer: Customer,
    events: Vec<Event>,
    look: View,
}

const BEGIN: OffsetDateTime = datetime!(2026-03-02 08:15 UTC);

impl<'a> Story<'a> {
    async fn new(storage: &'a Storage) -> Self {
        let tenant = Tenant::new(storage).await;
        let admin = an_admin(tenant.merchant);
        let stored = storage.atomically(async |unit| unit.accounts().insert_admin(&admin).await);
        stored.await.expect("a new admin");
        let changed = |attributes: &[Attribute]| {
            EventKind::CustomerUpdated(attributes.iter().copied().collect())
        };
        let moved = EventKind::LevelChanged {
            from: None,
            to: None,
            cause: LevelCause::Manual,
            direction: None,
        };
        let kinds = [
            EventKind::CustomerCreated,
            changed(&[Attribute::Email]),
            changed(&[Attribute::Agreements, Attribute::AcceptsMarketing]),
            changed(&[Attribute::PointOfSale]),
            EventKind::NewsletterAnnounced,
            changed(&[Attribute::Status, Attribute::Level]),
            changed(&[Attribute::Purchases]),
            EventKind::CustomerActivated,
            EventKind::CustomerDeactivated,
            moved,
            EventKind::CustomerAnonymized,
            EventKind::CustomerDeleted,
        ];
        let actors = [Actor::System, Actor::Admin(admin.id)];
        let events: Vec<_> = kinds
            .into_iter()
            .zip(0_i64..)
            .zip(actors.into_iter().cycle())
            .map(|((kind, hours), actor)| Event {
                actor,
                at: BEGIN + Duration::hours(hours),
                ..an_event(kind)
            })
            .collect();
        let customer = tenant.mailed("ada@shop.example");
        let write = CustomerWrite {
            record: customer.clone(),
            keys: KeyWrites::KEEP_ALL,
            events: events.clone(),
            messages: Vec::new(),
        };
        tenant.session().await.customers().create(&write).await.expect("a new customer");
        let at = BEGIN + Duration::hours(20);
        let (id, actor) = (an_id(), Actor::Customer(customer.id));
        let look = View { id, merchant: tenant.merchant, customer: customer.id, actor, at };
        note(tenant, &[look]).await;
        Self { tenant, admin, customer, events, look }
    }

    async fn page(&self, criteria: Vec<AuditCriterion>, page: PageRequest) -> Page<AuditEntry> {
        let query = AuditQuery { criteria, page };
        let mut session = self.tenant.session().await;
        session.audit().log(self.tenant.merchant, &query).await.expect("an answer")
    }

    async fn kinds(&self, criteria: Vec<AuditCriterion>) -> Vec<AuditKind> {
        let page = self.page(criteria, PageRequest::first(100)).await;
        assert_eq!(page.total, Total::Exact(page.items.len() as u64));
        page.items.iter().map(|entry| entry.kind).collect()
    }

    /// The ids of what the log tells, the newest first.
    fn told(&self) -> Vec<AuditId> {
        let told = self.events.iter().rev().filter(|event| AuditKind::of(&event.kind).is_some());
        let changes = told.map(|event| Uuid::from(event.id).into());
        std::iter::once(Uuid::from(self.look.id).into()).chain(changes).collect()
    }
}

async fn the_log_tells_changes_and_looks_newest_first(storage: &Storage) {
    let story = Story::new(storage).await;
    let all = story.page(Vec::new(), PageRequest::first(100)).await;
    assert_eq!(all.items.iter().map(|entry| entry.id).collect::<Vec<_>>(), story.told());
    assert_eq!(all.total, Total::Exact(10));
    let (newest, oldest) = (&all.items[0], &all.items[9]);
    assert_eq!(
        (newest.kind, newest.at, newest.actor),
        (AuditKind::Viewed, story.look.at, story.look.actor)
    );
    assert_eq!(newest.username.as_deref(), Some("ada@shop.example"));
    assert_eq!(newest.change, None);
    assert_eq!(
        (oldest.kind, oldest.at, oldest.username.as_deref()),
        (AuditKind::Registered, BEGIN, None)
    );
    let told = oldest.change.as_ref().expect("a change");
    assert_eq!((&told.event, told.record.id), (&story.events[0], story.customer.id));
    assert_eq!(all.items[8].username.as_deref(), Some(story.admin.username.as_str()));
    assert!(all.items.iter().all(|entry| entry.customer == story.customer.id));

    let part = story.page(Vec::new(), PageRequest { offset: 2, limit: Some(3) }).await;
    assert_eq!((part.items.as_slice(), part.total), (&all.items[2..5], Total::Exact(10)));
    let beyond = story.page(Vec::new(), PageRequest { offset: 10, limit: Some(3) }).await;
    assert_eq!((beyond.items.len(), beyond.total), (0, Total::Exact(10)));
    let stranger = Story { tenant: Tenant::new(storage).await, ..story };
    assert_eq!(stranger.kinds(Vec::new()).await, []);
}

async fn the_log_is_asked_by_everything_that_it_tells(storage: &Storage) {
    let story = Story::new(storage).await;
    for kind in AuditKind::ALL {
        assert_eq!(story.kinds(vec![AuditCriterion::Kind(kind)]).await, [kind]);
    }
    for id in story.told() {
        let page = story.page(vec![AuditCriterion::Entry(id)], PageRequest::first(9)).await;
        assert_eq!(page.items.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id]);
    }
    let of = AuditCriterion::Customer;
    assert_eq!(story.kinds(vec![of(story.customer.id)]).await.len(), 10);
    assert_eq!(story.kinds(vec![of(an_id())]).await, []);
    let (from, to) = (BEGIN + Duration::HOUR, BEGIN + Duration::hours(2));
    let within = vec![AuditCriterion::From(from), AuditCriterion::To(to)];
    assert_eq!(story.kinds(within).await, [AuditKind::AgreementsUpdated, AuditKind::Updated]);
    let named = |name: &str| vec![AuditCriterion::Username(name.to_owned())];
    let by_admin = [
        AuditKind::Deleted,
        AuditKind::LevelMoved,
        AuditKind::Activated,
        AuditKind::PosAssigned,
        AuditKind::Updated,
    ];
    let name = story.admin.username.as_str().to_uppercase();
    assert_eq!(story.kinds(named(&name)).await, by_admin);
    assert_eq!(story.kinds(named("ada@shop.example")).await, [AuditKind::Viewed]);
    assert_eq!(story.kinds(named("nobody")).await, []);
    let by_nobody = [
        AuditKind::Anonymized,
        AuditKind::Deactivated,
        AuditKind::AgreementsUpdated,
        AuditKind::Registered,
    ];
    assert_eq!(story.kinds(vec![AuditCriterion::Nobody]).await, by_nobody);
    let mut all = named(&name);
    all.extend([AuditCriterion::Kind(AuditKind::Updated), of(story.customer.id)]);
    assert_eq!(story.kinds(all).await, [AuditKind::Updated]);
}
