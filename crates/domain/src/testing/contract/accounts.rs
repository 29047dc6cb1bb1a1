//! Promises about accounts.

use time::macros::datetime;

use crate::access::Actor;
use crate::account::{Admin, NameTaken, Operator, Password, Role};
use crate::secret::PasswordHash;
use crate::storage::Storage;
use crate::testing::contract::admins;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_seller, an_admin, an_id, an_operator};
use crate::text::Line;

/// Accounts are found by names that nobody else logs in by, and keep one password each.
pub async fn accounts(storage: &Storage) {
    an_admin_survives_storage(storage).await;
    an_admin_is_found_by_both_names_in_lower_case(storage).await;
    names_of_admins_are_taken_once_over_all_merchants(storage).await;
    an_admin_may_use_one_name_twice(storage).await;
    admins::promises(storage).await;
    an_operator_survives_storage(storage).await;
    an_address_of_an_operator_is_taken_once_per_merchant(storage).await;
    another_merchants_accounts_are_invisible(storage).await;
    an_erased_customer_has_no_password(storage).await;
    every_account_has_a_password_of_its_own(storage).await;
    a_login_is_noted_and_outlives_the_password(storage).await;
    a_temporary_password_replaces_no_other(storage).await;
    an_account_remembers_when_its_sessions_ended(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

fn hashed(hash: &str) -> Password {
    let hash = PasswordHash::new(hash.to_owned());
    Password { hash, temporary: false, last_login_at: None }
}

async fn insert_admin(tenant: Tenant<'_>, admin: &Admin) -> Result<(), NameTaken> {
    tenant.storage.atomically(async |unit| unit.accounts().insert_admin(admin).await).await
}

async fn insert_operator(tenant: Tenant<'_>, operator: &Operator) -> Result<(), NameTaken> {
    tenant.session().await.accounts().insert_operator(operator).await
}

async fn admin_by_name(tenant: Tenant<'_>, name: &str) -> Option<Admin> {
    tenant.session().await.accounts().find_admin_by_name(name).await.expect("an answer")
}

async fn operator_by_email(tenant: Tenant<'_>, email: &str) -> Option<Operator> {
    let mut session = tenant.session().await;
    session.accounts().find_operator_by_email(tenant.merchant, email).await.expect("an answer")
}

async fn password(tenant: Tenant<'_>, actor: Actor) -> Option<Password> {
    tenant.session().await.accounts().password(tenant.merchant, actor).await.expect("an answer")
}

async fn an_admin_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let admins = [(Role::Master, true), (Role::Full, false), (Role::Reporter, true)];
    for (role, active) in admins {
        let admin = Admin { role, active, ..an_admin(tenant.merchant) };
        insert_admin(tenant, &admin).await.expect("a new admin");
        let found = tenant.session().await.accounts().find_admin(tenant.merchant, admin.id).await;
        assert_eq!(found, Ok(Some(admin)));
    }
    let found = tenant.session().await.accounts().find_admin(tenant.merchant, an_id()).await;
    assert_eq!(found, Ok(None));
}

async fn an_admin_is_found_by_both_names_in_lower_case(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let plain = an_admin(tenant.merchant);
    let (username, email) = (plain.username.as_str(), plain.email.as_str());
    let admin = Admin {
        username: line(&username.to_uppercase()),
        email: line(&email.to_uppercase()),
        ..plain.clone()
    };
    insert_admin(tenant, &admin).await.expect("a new admin");
    for name in [username, email] {
        assert_eq!(admin_by_name(tenant, name).await.as_ref(), Some(&admin), "{name}");
    }
    assert_eq!(admin_by_name(tenant, "nobody").await, None);
}

async fn names_of_admins_are_taken_once_over_all_merchants(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let first = an_admin(here.merchant);
    insert_admin(here, &first).await.expect("a new admin");
    let upper = |name: &Line| line(&name.as_str().to_uppercase());
    for tenant in [here, there] {
        let late = [
            Admin { username: upper(&first.username), ..an_admin(tenant.merchant) },
            Admin { email: upper(&first.email), ..an_admin(tenant.merchant) },
            Admin { username: first.email.clone(), ..an_admin(tenant.merchant) },
            Admin { email: first.username.clone(), ..an_admin(tenant.merchant) },
        ];
        for admin in late {
            assert_eq!(insert_admin(tenant, &admin).await, Err(NameTaken::Taken));
            let mut session = tenant.session().await;
            let found = session.accounts().find_admin(tenant.merchant, admin.id).await;
            assert_eq!(found, Ok(None));
        }
    }
    assert_eq!(admin_by_name(here, first.email.as_str()).await, Some(first));
}

async fn an_admin_may_use_one_name_twice(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let plain = an_admin(tenant.merchant);
    let admin = Admin { username: plain.email.clone(), ..plain };
    insert_admin(tenant, &admin).await.expect("a new admin");
    assert_eq!(admin_by_name(tenant, admin.email.as_str()).await.as_ref(), Some(&admin));
}

async fn an_operator_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let operator = an_operator(tenant.merchant, "olga@example.test");
    insert_operator(tenant, &operator).await.expect("a new operator");
    let mut session = tenant.session().await;
    let found = session.accounts().find_operator(tenant.merchant, operator.id).await;
    assert_eq!(found.as_ref(), Ok(&Some(operator.clone())));
    drop(session);
    assert_eq!(operator_by_email(tenant, "olga@example.test").await, Some(operator));
    assert_eq!(operator_by_email(tenant, "olga").await, None);
}

async fn an_address_of_an_operator_is_taken_once_per_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let first = an_operator(here.merchant, "olga@example.test");
    insert_operator(here, &first).await.expect("a new operator");
    let late = an_operator(here.merchant, "OLGA@example.test");
    assert_eq!(insert_operator(here, &late).await, Err(NameTaken::Taken));
    let namesake = an_operator(there.merchant, "olga@example.test");
    insert_operator(there, &namesake).await.expect("another merchant");
    assert_eq!(operator_by_email(here, "olga@example.test").await, Some(first));
    assert_eq!(operator_by_email(there, "olga@example.test").await, Some(namesake));
}

async fn another_merchants_accounts_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let admin = an_admin(owner.merchant);
    let operator = an_operator(owner.merchant, "olga@example.test");
    insert_admin(owner, &admin).await.expect("a new admin");
    insert_operator(owner, &operator).await.expect("a new operator");
    let mut session = owner.session().await;
    for actor in [Actor::Admin(admin.id), Actor::Operator(operator.id)] {
        session.accounts().set_password(owner.merchant, actor, &hashed("x")).await.expect("set");
        let found = session.accounts().password(stranger.merchant, actor).await;
        assert_eq!(found, Ok(None));
    }
    let found = session.accounts().find_admin(stranger.merchant, admin.id).await;
    assert_eq!(found, Ok(None));
    let found = session.accounts().find_operator(stranger.merchant, operator.id).await;
    assert_eq!(found, Ok(None));
    drop(session);
    assert_eq!(operator_by_email(stranger, "olga@example.test").await, None);
}

/// One stored account of each kind that logs in.
async fn everyone(tenant: Tenant<'_>) -> [Actor; 4] {
    let admin = an_admin(tenant.merchant);
    let operator = an_operator(tenant.merchant, "olga@example.test");
    let seller = a_seller(tenant.merchant, "tove@example.test");
    insert_admin(tenant, &admin).await.expect("a new admin");
    insert_operator(tenant, &operator).await.expect("a new operator");
    tenant.session().await.sellers().insert(&seller).await.expect("a new seller");
    let customer = tenant.given(tenant.customer()).await;
    [
        Actor::Admin(admin.id),
        Actor::Operator(operator.id),
        Actor::Seller(seller.id),
        Actor::Customer(customer.id),
    ]
}

async fn an_erased_customer_has_no_password(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let actor = Actor::Customer(customer.id);
    let mut session = tenant.session().await;
    let set = session.accounts().set_password(tenant.merchant, actor, &hashed("x")).await;
    set.expect("an account");
    drop(session);
    tenant.erase(&customer).await.expect("the current version");
    assert_eq!(password(tenant, actor).await, None);
}

async fn every_account_has_a_password_of_its_own(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let accounts = everyone(tenant).await;
    let set = async |actor: Actor, password: &Password| {
        let mut session = tenant.session().await;
        let set = session.accounts().set_password(tenant.merchant, actor, password).await;
        set.expect("an account");
    };
    for actor in accounts {
        assert_eq!(password(tenant, actor).await, None);
        set(actor, &hashed(&format!("$hash${actor:?}"))).await;
    }
    for actor in accounts {
        assert_eq!(password(tenant, actor).await, Some(hashed(&format!("$hash${actor:?}"))));
    }
    let newer = Password { temporary: true, ..hashed("$hash$newer") };
    set(accounts[0], &newer).await;
    assert_eq!(password(tenant, accounts[0]).await, Some(newer));
}

async fn a_login_is_noted_and_outlives_the_password(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [admin, operator, ..] = everyone(tenant).await;
    let moment = datetime!(2026-03-02 08:15:00.000_001 UTC);
    let mut session = tenant.session().await;
    for actor in [admin, operator] {
        let set = session.accounts().set_password(tenant.merchant, actor, &hashed("x")).await;
        set.expect("an account");
    }
    session.accounts().note_login(tenant.merchant, admin, moment).await.expect("noted");
    drop(session);
    let noted = |hash| Some(Password { last_login_at: Some(moment), ..hashed(hash) });
    assert_eq!(password(tenant, admin).await, noted("x"));
    assert_eq!(password(tenant, operator).await, Some(hashed("x")));
    let mut session = tenant.session().await;
    let set = session.accounts().set_password(tenant.merchant, admin, &hashed("y")).await;
    set.expect("an account");
    drop(session);
    assert_eq!(password(tenant, admin).await, noted("y"));
}

async fn a_temporary_password_replaces_no_other(storage: &Storage) {
    let [tenant, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let customer = tenant.given(tenant.customer()).await;
    let actor = Actor::Customer(customer.id);
    let offer = async |tenant: Tenant<'_>, hash: &str| {
        let hash = PasswordHash::new(hash.to_owned());
        let mut session = tenant.session().await;
        let accounts = session.accounts();
        accounts.set_temporary_password(tenant.merchant, customer.id, &hash).await.expect("told")
    };
    let temporary = |hash| Some(Password { temporary: true, ..hashed(hash) });
    assert!(!offer(stranger, "x").await);
    for hash in ["one", "two"] {
        assert!(offer(tenant, hash).await);
        assert_eq!(password(tenant, actor).await, temporary(hash));
    }
    let mut session = tenant.session().await;
    let set = session.accounts().set_password(tenant.merchant, actor, &hashed("own")).await;
    set.expect("an account");
    drop(session);
    assert!(!offer(tenant, "three").await);
    assert_eq!(password(tenant, actor).await, Some(hashed("own")));
    let gone = tenant.given(tenant.customer()).await;
    tenant.delete(&gone).await;
    let mut session = tenant.session().await;
    let hash = PasswordHash::new("x".to_owned());
    let set = session.accounts().set_temporary_password(tenant.merchant, gone.id, &hash).await;
    assert_eq!(set, Ok(false));
}

async fn an_account_remembers_when_its_sessions_ended(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [actor, other] = [Actor::Seller(an_id()), Actor::Seller(an_id())];
    let at = datetime!(2026-03-02 08:15:00.000_001 UTC);
    let mut session = tenant.session().await;
    let accounts = session.accounts();
    for actor in [actor, other] {
        accounts.set_password(tenant.merchant, actor, &hashed("a")).await.expect("an answer");
    }
    assert_eq!(accounts.sessions_since(tenant.merchant, actor).await, Ok(None));
    accounts.end_sessions(tenant.merchant, actor, at).await.expect("an answer");
    accounts.set_password(tenant.merchant, actor, &hashed("b")).await.expect("an answer");
    assert_eq!(accounts.sessions_since(tenant.merchant, actor).await, Ok(Some(at)));
    assert_eq!(accounts.sessions_since(tenant.merchant, other).await, Ok(None));
    assert_eq!(accounts.sessions_since(tenant.merchant, Actor::Admin(an_id())).await, Ok(None));
}
