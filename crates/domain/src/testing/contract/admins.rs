//! Promises about admins beyond logging in.

use time::Duration;

use crate::account::{Admin, ApiKey, NameTaken, Role};
use crate::customer::PhoneNumber;
use crate::secret::Sealed;
use crate::storage::{Storage, StorageError};
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_fingerprint, an_admin};
use crate::text::Line;

/// Admins are listed, changed as a whole, and found by the key that a program shows.
pub(super) async fn promises(storage: &Storage) {
    an_admin_changes_as_a_whole(storage).await;
    names_and_keys_that_an_admin_gives_up_are_free(storage).await;
    names_and_keys_of_others_are_refused(storage).await;
    a_program_is_found_by_its_key(storage).await;
    admins_are_listed_as_they_came(storage).await;
    changes_of_a_merchants_admins_wait_for_each_other(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

fn a_key() -> ApiKey {
    ApiKey { fingerprint: a_fingerprint(), sealed: Sealed::new(vec![1, 2, 3]) }
}

async fn insert(tenant: Tenant<'_>, admin: &Admin) -> Result<(), NameTaken> {
    tenant.storage.atomically(async |unit| unit.accounts().insert_admin(admin).await).await
}

async fn update(tenant: Tenant<'_>, admin: &Admin) -> Result<(), NameTaken> {
    tenant.storage.atomically(async |unit| unit.accounts().update_admin(admin).await).await
}

async fn stored(tenant: Tenant<'_>) -> Admin {
    let admin = an_admin(tenant.merchant);
    insert(tenant, &admin).await.expect("a new admin");
    admin
}

async fn find(tenant: Tenant<'_>, admin: &Admin) -> Option<Admin> {
    let mut session = tenant.session().await;
    session.accounts().find_admin(tenant.merchant, admin.id).await.expect("an answer")
}

async fn by_name(tenant: Tenant<'_>, name: &Line) -> Option<Admin> {
    let name = name.as_str().to_lowercase();
    tenant.session().await.accounts().find_admin_by_name(&name).await.expect("an answer")
}

async fn by_key(tenant: Tenant<'_>, key: &ApiKey) -> Option<Admin> {
    let mut session = tenant.session().await;
    session.accounts().find_admin_by_api_key(&key.fingerprint).await.expect("an answer")
}

/// An admin with something in every field.
fn full(admin: &Admin) -> Admin {
    Admin {
        first_name: Some(line("Ada")),
        last_name: Some(line("Byron")),
        phone: PhoneNumber::try_from("+48123123123").ok(),
        role: Role::Reporter,
        active: false,
        api_key: Some(a_key()),
        ..admin.clone()
    }
}

async fn an_admin_changes_as_a_whole(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let admin = stored(here).await;
    let changed = full(&admin);
    update(here, &changed).await.expect("a change");
    assert_eq!(find(here, &admin).await, Some(changed.clone()));
    update(here, &admin).await.expect("a change back");
    assert_eq!(find(here, &admin).await, Some(admin.clone()));
    let born_full = full(&an_admin(there.merchant));
    insert(there, &born_full).await.expect("a new admin");
    assert_eq!(find(there, &born_full).await, Some(born_full));
}

async fn names_and_keys_that_an_admin_gives_up_are_free(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let before = full(&an_admin(here.merchant));
    insert(here, &before).await.expect("a new admin");
    let fresh = an_admin(here.merchant);
    let after =
        Admin { username: fresh.username, email: fresh.email, api_key: None, ..before.clone() };
    update(here, &after).await.expect("a change");
    for name in [&before.username, &before.email] {
        assert_eq!(by_name(here, name).await, None);
    }
    for name in [&after.username, &after.email] {
        assert_eq!(by_name(here, name).await, Some(after.clone()));
    }
    let heir = Admin { merchant: there.merchant, id: an_admin(there.merchant).id, ..before };
    insert(there, &heir).await.expect("free names and a free key");
}

async fn names_and_keys_of_others_are_refused(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let holder = full(&an_admin(here.merchant));
    insert(here, &holder).await.expect("a new admin");
    for tenant in [here, there] {
        let admin = stored(tenant).await;
        for (changed, refusal) in [
            (Admin { username: holder.email.clone(), ..admin.clone() }, NameTaken::Taken),
            (Admin { email: holder.email.clone(), ..admin.clone() }, NameTaken::Taken),
            (Admin { api_key: holder.api_key.clone(), ..admin.clone() }, NameTaken::KeyTaken),
        ] {
            assert_eq!(update(tenant, &changed).await, Err(refusal));
            assert_eq!(find(tenant, &admin).await.as_ref(), Some(&admin));
            assert_eq!(by_name(tenant, &admin.email).await.as_ref(), Some(&admin));
        }
        let late = Admin { api_key: holder.api_key.clone(), ..an_admin(tenant.merchant) };
        assert_eq!(insert(tenant, &late).await, Err(NameTaken::KeyTaken));
        assert_eq!(by_name(tenant, &late.email).await, None);
    }
}

async fn a_program_is_found_by_its_key(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let program = full(&an_admin(tenant.merchant));
    insert(tenant, &program).await.expect("a new admin");
    let first = program.api_key.clone().expect("a key");
    assert_eq!(by_key(tenant, &first).await.as_ref(), Some(&program));
    let second = a_key();
    let changed = Admin { api_key: Some(second.clone()), ..program };
    update(tenant, &changed).await.expect("a change");
    assert_eq!(by_key(tenant, &first).await, None);
    assert_eq!(by_key(tenant, &second).await, Some(changed));
}

async fn admins_are_listed_as_they_came(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let late = an_admin(here.merchant);
    let late = Admin { created_at: late.created_at + Duration::HOUR, ..late };
    insert(here, &late).await.expect("a new admin");
    let early = stored(here).await;
    stored(there).await;
    let expected = vec![early, late];
    let listed = here.session().await.accounts().admins(here.merchant).await;
    assert_eq!(listed.as_ref(), Ok(&expected));
    let held =
        here.storage.atomically(async |unit| unit.accounts().admins_to_change(here.merchant).await);
    assert_eq!(held.await, Ok(expected));
}

async fn changes_of_a_merchants_admins_wait_for_each_other(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let admins = [stored(tenant).await, stored(tenant).await];
    // Each goes unless it is the last one.
    let leave = async |admin: &Admin| {
        let left = storage.atomically(async |unit| {
            let all = unit.accounts().admins_to_change(tenant.merchant).await?;
            let others = all.iter().filter(|other| other.id != admin.id && other.active).count();
            if others > 0 {
                let gone = Admin { active: false, ..admin.clone() };
                unit.accounts().update_admin(&gone).await.expect("a change");
            }
            Ok::<_, StorageError>(())
        });
        left.await.expect("an answer");
    };
    all_at_once(admins.iter().map(leave)).await;
    let left = tenant.session().await.accounts().admins(tenant.merchant).await.expect("a list");
    assert_eq!(left.iter().filter(|admin| admin.active).count(), 1);
}
