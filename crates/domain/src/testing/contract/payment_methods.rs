//! Promises about saved payment methods.

use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

use crate::customer::{Customer, CustomerWrite, KeyWrites, Status};
use crate::event::EventKind;
use crate::id::CustomerId;
use crate::page::PageRequest;
use crate::payment_method::{Expiry, KeptToken, PaymentMethod, PaymentMethodError};
use crate::secret::Sealed;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_fingerprint, a_removal, an_event, an_id};

/// Methods are kept once, told by customer and merchant in a total order, and gone with their customer.
pub async fn payment_methods(storage: &Storage) {
    a_payment_method_survives_storage(storage).await;
    a_token_names_one_method_of_a_merchant(storage).await;
    of_many_who_attach_a_card_at_once_all_get_the_same(storage).await;
    the_youngest_are_listed_first_and_pages_neither_repeat_nor_skip(storage).await;
    another_merchants_methods_are_invisible(storage).await;
    methods_go_with_their_customer(storage).await;
}

const NOON: OffsetDateTime = datetime!(2026-03-02 12:00:00.000_001 UTC);
const ALL: PageRequest = PageRequest { offset: 0, limit: None };

fn a_method(tenant: Tenant<'_>, customer: CustomerId) -> PaymentMethod {
    PaymentMethod {
        merchant: tenant.merchant,
        id: an_id(),
        customer,
        number: "411111******1111".parse().expect("a masked number"),
        expiry: Expiry::try_from(date!(2034 - 12 - 31)).expect("a last day"),
        keep_until: None,
        token: KeptToken { fingerprint: a_fingerprint(), sealed: Sealed::new(vec![0, 255, 92]) },
        created_at: NOON,
        updated_at: NOON,
    }
}

async fn attach(
    tenant: Tenant<'_>,
    method: &PaymentMethod,
) -> Result<PaymentMethod, PaymentMethodError> {
    tenant.session().await.payment_methods().attach(method).await
}

async fn attached(tenant: Tenant<'_>, method: PaymentMethod) -> PaymentMethod {
    let stored = attach(tenant, &method).await;
    assert_eq!(stored.as_ref(), Ok(&method));
    method
}

async fn of_customer(
    tenant: Tenant<'_>,
    customer: CustomerId,
    page: PageRequest,
) -> Vec<PaymentMethod> {
    let mut session = tenant.session().await;
    let list = session.payment_methods().list_of_customer(tenant.merchant, customer, page).await;
    list.expect("an answer")
}

async fn list(tenant: Tenant<'_>, page: PageRequest) -> Vec<PaymentMethod> {
    let mut session = tenant.session().await;
    session.payment_methods().list(tenant.merchant, page).await.expect("an answer")
}

async fn a_payment_method_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = an_id();
    let full = PaymentMethod {
        number: "630490*********4321".parse().expect("a masked number"),
        expiry: Expiry::try_from(date!(2028 - 02 - 29)).expect("a last day"),
        keep_until: Some(datetime!(2034-12-31 00:00:00.999_999 UTC)),
        updated_at: NOON + Duration::HOUR,
        ..a_method(tenant, customer)
    };
    let full = attached(tenant, full).await;
    assert_eq!(of_customer(tenant, customer, ALL).await, [full]);
}

async fn a_token_names_one_method_of_a_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let first = attached(here, a_method(here, an_id())).await;
    let later = NOON + Duration::HOUR;
    let again = PaymentMethod {
        id: an_id(),
        token: KeptToken { sealed: Sealed::new(vec![7]), ..first.token.clone() },
        created_at: later,
        updated_at: later,
        ..first.clone()
    };
    assert_eq!(attach(here, &again).await.as_ref(), Ok(&first), "nothing is new");
    let number = "555555******4444".parse().expect("a masked number");
    let expiry = Expiry::try_from(date!(2040 - 01 - 31)).expect("a last day");
    let mut expected = first.clone();
    for (changed, at) in [
        (PaymentMethod { number, ..again.clone() }, later),
        (PaymentMethod { number, expiry, ..again.clone() }, later + Duration::HOUR),
        (
            PaymentMethod { number, expiry, keep_until: Some(later), ..again.clone() },
            later + Duration::DAY,
        ),
        (PaymentMethod { number, expiry, ..again.clone() }, later + Duration::WEEK),
    ] {
        let changed = PaymentMethod { updated_at: at, ..changed };
        expected = PaymentMethod {
            number: changed.number,
            expiry: changed.expiry,
            keep_until: changed.keep_until,
            updated_at: at,
            ..expected
        };
        assert_eq!(attach(here, &changed).await.as_ref(), Ok(&expected));
    }
    let elsewhere = PaymentMethod { customer: an_id(), ..again.clone() };
    assert_eq!(attach(here, &elsewhere).await, Err(PaymentMethodError::TokenTaken));
    assert_eq!(list(here, ALL).await, [expected]);
    let foreign = PaymentMethod { merchant: there.merchant, ..again };
    attached(there, foreign).await;
}

async fn of_many_who_attach_a_card_at_once_all_get_the_same(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let method = a_method(tenant, an_id());
    let tries = (0..8).map(async |_| {
        attach(tenant, &PaymentMethod { id: an_id(), ..method.clone() }).await.expect("a method")
    });
    let stored = all_at_once(tries).await;
    assert!(stored.iter().all(|one| *one == stored[0]));
    assert_eq!(list(tenant, ALL).await, [stored[0].clone()]);
}

async fn the_youngest_are_listed_first_and_pages_neither_repeat_nor_skip(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (customer, other) = (an_id(), an_id());
    let mut all = Vec::new();
    for hours in [1, 0, 2, 1, 1] {
        let at = NOON + Duration::hours(hours);
        let method = PaymentMethod { created_at: at, updated_at: at, ..a_method(tenant, customer) };
        all.push(attached(tenant, method).await);
    }
    let of_other = PaymentMethod { created_at: NOON - Duration::DAY, ..a_method(tenant, other) };
    let of_other = attached(tenant, of_other).await;
    all.sort_by_key(|method| std::cmp::Reverse((method.created_at, method.id)));
    assert_eq!(of_customer(tenant, customer, ALL).await, all);
    all.push(of_other);
    assert_eq!(list(tenant, ALL).await, all);
    for (offset, limit) in [(0, 2), (2, 2), (4, 2), (6, 2), (1, 0), (u64::MAX, 3), (0, u64::MAX)] {
        let page = PageRequest { offset, limit: Some(limit) };
        let bound = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let part = |from: &[PaymentMethod]| -> Vec<_> {
            from.iter().skip(bound(offset)).take(bound(limit)).cloned().collect()
        };
        assert_eq!(list(tenant, page).await, part(&all), "{page:?}");
        assert_eq!(of_customer(tenant, customer, page).await, part(&all[..5]), "{page:?}");
    }
}

async fn another_merchants_methods_are_invisible(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let method = attached(here, a_method(here, an_id())).await;
    assert_eq!(list(there, ALL).await, []);
    assert_eq!(of_customer(there, method.customer, ALL).await, []);
    assert_eq!(of_customer(here, an_id(), ALL).await, []);
}

async fn methods_go_with_their_customer(storage: &Storage) {
    let [tenant, elsewhere] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let mut customers = Vec::new();
    for _ in 0..4 {
        let customer = tenant.given(tenant.customer()).await;
        for _ in 0..2 {
            attached(tenant, a_method(tenant, customer.id)).await;
        }
        attached(elsewhere, a_method(elsewhere, customer.id)).await;
        customers.push(customer);
    }
    let deleted = tenant.delete(&customers[0]).await;
    tenant.erase(&customers[1]).await.expect("the current version");
    let mut session = tenant.session().await;
    let anonymization = an_anonymization(&customers[2]);
    session.customers().anonymize(&anonymization).await.expect("the current version");
    let stale = an_anonymization(&customers[2]);
    session.customers().anonymize(&stale).await.expect_err("another version");
    drop(session);
    assert!(!deleted.is_live());
    for gone in &customers[..3] {
        assert_eq!(of_customer(tenant, gone.id, ALL).await, []);
    }
    let changed = Customer { status: Status::Blocked, ..customers[3].clone() };
    let demands = crate::testing::contract::tenant::MODEST;
    tenant.update(&customers[3], changed, demands).await.expect("the current version");
    assert_eq!(of_customer(tenant, customers[3].id, ALL).await.len(), 2);
    assert_eq!(list(tenant, ALL).await.len(), 2);
    assert_eq!(list(elsewhere, ALL).await.len(), 4);
}

fn an_anonymization(before: &Customer) -> CustomerWrite {
    let removal = a_removal(before);
    let record =
        Customer { status: Status::Anonymized, deleted_at: None, ..removal.record.stripped() };
    let events = vec![an_event(EventKind::CustomerAnonymized)];
    CustomerWrite { record, keys: KeyWrites::RELEASE_ALL, events, messages: Vec::new() }
}
