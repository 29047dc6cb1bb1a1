//! Who gets in, and what whoever does not get in learns.

use std::net::IpAddr;
use std::sync::Arc;

use time::Duration;
use time::macros::datetime;

use super::{
    Accounts, Admin, Login, LoginError, NameTaken, Password, PasswordChangeError, PasswordRule,
    Role,
};
use crate::access::{Actor, Permissions};
use crate::budget::ClientAddress;
use crate::clock::Clock;
use crate::customer::{Customer, Demands, Email, LoyaltyCard, PhoneNumber, Status};
use crate::id::{CustomerId, MerchantId};
use crate::secret::{PasswordHash, Secret};
use crate::seller::Seller;
use crate::storage::Storage;
use crate::testing::{
    CountingKeeper, FixedClock, MemoryBackend, OLD_HASH, a_birth, a_customer, a_merchant,
    a_removal, a_seller, an_admin, an_id, an_operator,
};

struct Door {
    storage: Storage,
    clock: Arc<FixedClock>,
    keeper: Arc<CountingKeeper>,
    accounts: Accounts,
    merchant: MerchantId,
}

const RIGHT: &str = "correct horse";

fn right() -> Secret<String> {
    Secret::new(RIGHT.to_owned())
}

fn wrong() -> Secret<String> {
    Secret::new("battery staple".to_owned())
}

fn address(last: u8) -> ClientAddress {
    ClientAddress::from(IpAddr::from([192, 0, 2, last]))
}

impl Door {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let (clock, keeper) = (Arc::new(FixedClock::default()), Arc::<CountingKeeper>::default());
        let accounts =
            Accounts::new(storage.clone(), Arc::clone(&clock) as _, Arc::clone(&keeper) as _);
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        Self { storage, clock, keeper, accounts, merchant: merchant.id }
    }

    async fn admin(&self, admin: Admin) -> Admin {
        self.accounts.add_admin(&admin, right()).await.unwrap();
        admin
    }

    async fn seller(&self, seller: Seller) -> Seller {
        self.storage.session().await.unwrap().sellers().insert(&seller).await.unwrap();
        let actor = Actor::Seller(seller.id);
        self.accounts.set_password(self.merchant, actor, right()).await.unwrap();
        seller
    }

    /// A customer with an e-mail address, a card and a phone, and a password.
    async fn customer(&self, status: Status) -> Customer {
        let record = Customer {
            email: Email::try_from("Ada@example.test").ok(),
            loyalty_card: LoyaltyCard::try_from("Card-1").ok(),
            phone: PhoneNumber::try_from("+48 123").ok(),
            status,
            ..a_customer(self.merchant)
        };
        let write = a_birth(record, Demands::default());
        self.storage.session().await.unwrap().customers().create(&write).await.unwrap();
        let actor = Actor::Customer(write.record.id);
        self.accounts.set_password(self.merchant, actor, right()).await.unwrap();
        write.record
    }

    /// A login at the merchant's own door.
    fn login<'a>(&self, name: &'a str, password: Secret<String>) -> Login<'a> {
        let (merchant, address) = (Some(self.merchant), address(1));
        Login { merchant, admits_others: false, address, name, password }
    }

    async fn log_in_customer(&self, name: &str) -> Result<CustomerId, LoginError> {
        let outcome = self.accounts.log_in_customer(self.login(name, right())).await?;
        match outcome.actor {
            Actor::Customer(id) => Ok(id),
            other => panic!("{other:?} is no customer"),
        }
    }
}

#[tokio::test]
async fn an_admin_logs_in_by_either_name_whatever_the_letter_case() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    for name in [admin.username.as_str().to_uppercase(), format!(" {} ", admin.email)] {
        let outcome = door.accounts.log_in_admin(door.login(&name, right())).await.unwrap();
        assert_eq!((outcome.merchant, outcome.actor), (door.merchant, Actor::Admin(admin.id)));
        assert_eq!(outcome.username, admin.username.as_str());
    }
}

#[tokio::test]
async fn an_admins_role_decides_what_it_may_do() {
    let door = Door::new().await;
    for (role, permissions, master) in [
        (Role::Master, Permissions::all(), true),
        (Role::Full, Permissions::all(), false),
        (Role::Reporter, Permissions::view_all(), false),
    ] {
        let admin = door.admin(Admin { role, ..an_admin(door.merchant) }).await;
        let outcome =
            door.accounts.log_in_admin(door.login(admin.username.as_str(), right())).await.unwrap();
        assert_eq!((outcome.permissions, outcome.master), (permissions, master));
        let again = door.accounts.readmit(door.merchant, outcome.actor).await.unwrap().unwrap();
        assert_eq!((again.permissions, again.master), (permissions, master));
    }
}

#[tokio::test]
async fn an_admin_who_is_switched_off_looks_unknown() {
    let door = Door::new().await;
    let idle = door.admin(Admin { active: false, ..an_admin(door.merchant) }).await;
    let refused = door.accounts.log_in_admin(door.login(idle.username.as_str(), right())).await;
    assert_eq!(refused, Err(LoginError::BadCredentials));
    assert_eq!(door.accounts.readmit(door.merchant, Actor::Admin(idle.id)).await, Ok(None));
}

#[tokio::test]
async fn a_taken_name_leaves_the_password_of_its_owner_alone() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    let late = Admin { id: an_id(), ..admin.clone() };
    assert_eq!(door.accounts.add_admin(&late, wrong()).await, Err(NameTaken::Taken));
    let name = admin.username.as_str();
    assert!(door.accounts.log_in_admin(door.login(name, right())).await.is_ok());
    let refused = door.accounts.log_in_admin(door.login(name, wrong())).await;
    assert_eq!(refused, Err(LoginError::BadCredentials));
}

#[tokio::test]
async fn a_seller_logs_in_by_address_or_id() {
    let door = Door::new().await;
    let seller = door.seller(a_seller(door.merchant, "Tove@example.test")).await;
    for name in ["TOVE@example.test".to_owned(), seller.id.to_string()] {
        let outcome = door.accounts.log_in_seller(door.login(&name, right())).await.unwrap();
        assert_eq!(outcome.actor, Actor::Seller(seller.id));
        assert_eq!(outcome.permissions, Permissions::NONE);
        let elsewhere = door
            .accounts
            .log_in_seller(Login { merchant: Some(an_id()), ..door.login(&name, right()) })
            .await;
        assert_eq!(elsewhere, Err(LoginError::BadCredentials));
    }
}

#[tokio::test]
async fn a_seller_who_is_switched_off_is_told_so_and_a_removed_one_is_unknown() {
    let door = Door::new().await;
    let idle = Seller { active: false, ..a_seller(door.merchant, "idle@example.test") };
    let idle = door.seller(idle).await;
    let deleted_at = Some(datetime!(2026-01-01 00:00:00 UTC));
    let removed = Seller { deleted_at, ..a_seller(door.merchant, "gone@example.test") };
    let removed = door.seller(removed).await;
    for password in [right(), wrong()] {
        let name = "idle@example.test";
        let refused = door.accounts.log_in_seller(door.login(name, password.clone())).await;
        assert_eq!(refused, Err(LoginError::Inactive));
        for name in ["gone@example.test".to_owned(), removed.id.to_string()] {
            let refused = door.accounts.log_in_seller(door.login(&name, password.clone())).await;
            assert_eq!(refused, Err(LoginError::BadCredentials));
        }
    }
    for seller in [idle, removed] {
        let again = door.accounts.readmit(door.merchant, Actor::Seller(seller.id)).await;
        assert_eq!(again, Ok(None));
    }
}

#[tokio::test]
async fn a_customer_logs_in_by_address_id_card_or_phone_as_typed() {
    let door = Door::new().await;
    let ada = door.customer(Status::Active).await;
    let id = ada.id.to_string();
    for name in ["ADA@example.test", &id, "card-1", "+48 123", " Ada@example.test "] {
        assert_eq!(door.log_in_customer(name).await, Ok(ada.id), "{name}");
    }
    for name in ["48123", "ada", ""] {
        assert_eq!(door.log_in_customer(name).await, Err(LoginError::BadCredentials), "{name}");
    }
}

#[tokio::test]
async fn only_active_customers_get_in() {
    for status in [Status::New, Status::Blocked, Status::Anonymized] {
        let door = Door::new().await;
        let ada = door.customer(status).await;
        for name in ["ada@example.test", "card-1", "+48 123", &ada.id.to_string()] {
            let refused = door.log_in_customer(name).await;
            assert_eq!(refused, Err(LoginError::BadCredentials), "{status:?} {name}");
        }
        let again = door.accounts.readmit(door.merchant, Actor::Customer(ada.id)).await;
        assert_eq!(again, Ok(None));
    }
}

#[tokio::test]
async fn a_deleted_customer_gets_in_no_more() {
    let door = Door::new().await;
    let ada = door.customer(Status::Active).await;
    let actor = Actor::Customer(ada.id);
    assert!(door.accounts.readmit(door.merchant, actor).await.unwrap().is_some());
    let mut session = door.storage.session().await.unwrap();
    session.customers().update(&a_removal(&ada)).await.unwrap();
    for name in ["ada@example.test", "card-1", "+48 123", &ada.id.to_string()] {
        assert_eq!(door.log_in_customer(name).await, Err(LoginError::BadCredentials), "{name}");
    }
    assert_eq!(door.accounts.readmit(door.merchant, actor).await, Ok(None));
}

#[tokio::test]
async fn an_operator_logs_in_to_the_own_institution() {
    let door = Door::new().await;
    let operator = an_operator(door.merchant, "olga@example.test");
    door.accounts.add_operator(&operator, right()).await.unwrap();
    let log_in = async |merchant, name, password| {
        door.accounts
            .log_in_operator(Login { merchant, ..door.login(name, password) })
            .await
            .map(|outcome| outcome.actor)
    };
    let actor = Actor::Operator(operator.id);
    let known = Some(door.merchant);
    assert_eq!(log_in(known, " OLGA@example.test", right()).await, Ok(actor));
    let refused = Err(LoginError::BadCredentials);
    assert_eq!(log_in(known, "olga@example.test", wrong()).await, refused);
    assert_eq!(log_in(Some(an_id()), "olga@example.test", right()).await, refused);
    assert_eq!(log_in(None, "olga@example.test", right()).await, refused);
    let again = door.accounts.readmit(door.merchant, actor).await.unwrap().unwrap();
    assert_eq!(again.username, "olga@example.test");
}

#[tokio::test]
async fn whoever_is_unknown_costs_as_many_checks_as_whoever_is_known() {
    let door = Door::new().await;
    door.admin(an_admin(door.merchant)).await;
    door.customer(Status::Blocked).await;
    let olga = an_operator(door.merchant, "olga@example.test");
    door.accounts.add_operator(&olga, right()).await.unwrap();
    door.seller(a_seller(door.merchant, "tove@example.test")).await;
    let tries = [
        door.accounts.log_in_admin(door.login("nobody", wrong())).await,
        door.accounts.log_in_seller(door.login("nobody", wrong())).await,
        door.accounts.log_in_seller(door.login("tove@example.test", wrong())).await,
        door.accounts.log_in_customer(door.login("nobody", wrong())).await,
        door.accounts.log_in_customer(door.login("ada@example.test", wrong())).await,
        door.accounts.log_in_operator(door.login("nobody", wrong())).await,
        door.accounts.log_in_operator(door.login("olga@example.test", wrong())).await,
        door.accounts
            .log_in_operator(Login { merchant: None, ..door.login("olga@example.test", wrong()) })
            .await,
    ];
    assert!(tries.iter().all(|outcome| *outcome == Err(LoginError::BadCredentials)));
    assert_eq!(door.keeper.checks(), tries.len());
}

#[tokio::test]
async fn without_a_password_nobody_gets_in() {
    let door = Door::new().await;
    let seller = a_seller(door.merchant, "tove@example.test");
    door.storage.session().await.unwrap().sellers().insert(&seller).await.unwrap();
    let refused = door.accounts.log_in_seller(door.login("tove@example.test", right())).await;
    assert_eq!(refused, Err(LoginError::BadCredentials));
    assert_eq!(door.keeper.checks(), 1);
}

#[tokio::test]
async fn a_login_tells_when_the_one_before_was() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    let name = admin.username.as_str();
    let log_in = async || door.accounts.log_in_admin(door.login(name, right())).await.unwrap();
    assert_eq!(log_in().await.last_login_at, None);
    let first = door.clock.now();
    door.clock.advance(Duration::HOUR);
    let refused = door.accounts.log_in_admin(door.login(name, wrong())).await;
    assert_eq!(refused, Err(LoginError::BadCredentials));
    door.accounts.set_password(door.merchant, Actor::Admin(admin.id), right()).await.unwrap();
    assert_eq!(log_in().await.last_login_at, Some(first));
    assert_eq!(log_in().await.last_login_at, Some(door.clock.now()));
}

#[tokio::test]
async fn programs_and_the_service_itself_are_not_let_in_again() {
    let door = Door::new().await;
    for actor in [Actor::System, Actor::Application(an_id()), Actor::Admin(an_id())] {
        assert_eq!(door.accounts.readmit(door.merchant, actor).await, Ok(None));
    }
}

#[tokio::test]
async fn an_admin_of_another_merchant_gets_in_only_where_others_are_admitted() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    let name = admin.username.as_str();
    let elsewhere = || Login { merchant: Some(an_id()), ..door.login(name, right()) };
    let refused = door.accounts.log_in_admin(elsewhere()).await;
    assert_eq!(refused, Err(LoginError::BadCredentials));
    assert_eq!(door.keeper.checks(), 1);
    let admitted = Login { admits_others: true, ..elsewhere() };
    let first = door.accounts.log_in_admin(admitted).await.unwrap();
    assert_eq!(first.last_login_at, None, "the refused login was not noted");
}

#[tokio::test]
async fn the_sixth_wrong_password_from_one_address_has_to_wait_and_so_has_the_right_one() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    for name in [admin.username.as_str(), "nobody"] {
        for _ in 0..5 {
            let refused = door.accounts.log_in_admin(door.login(name, wrong())).await;
            assert_eq!(refused, Err(LoginError::BadCredentials), "{name}");
        }
        let checks = door.keeper.checks();
        for password in [wrong(), right()] {
            let refused = door.accounts.log_in_admin(door.login(name, password)).await;
            let retry_after = Duration::minutes(15);
            assert_eq!(refused, Err(LoginError::TooMany { retry_after }), "{name}");
        }
        assert_eq!(door.keeper.checks(), checks, "nothing was looked at");
    }
    let name = admin.username.as_str();
    let elsewhere = Login { address: address(2), ..door.login(name, right()) };
    assert!(door.accounts.log_in_admin(elsewhere).await.is_ok(), "the owner is not shut out");
    door.clock.advance(Duration::minutes(15));
    assert!(door.accounts.log_in_admin(door.login(name, right())).await.is_ok());
}

#[tokio::test]
async fn a_good_login_between_bad_ones_gives_no_further_tries() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    let name = admin.username.as_str();
    for _ in 0..4 {
        door.accounts.log_in_admin(door.login(name, wrong())).await.unwrap_err();
    }
    door.accounts.log_in_admin(door.login(name, right())).await.unwrap();
    door.accounts.log_in_admin(door.login(name, wrong())).await.unwrap_err();
    let refused = door.accounts.log_in_admin(door.login(name, right())).await;
    assert!(matches!(refused, Err(LoginError::TooMany { .. })), "{refused:?}");
}

#[tokio::test]
async fn one_name_is_guessed_at_thirty_times_from_anywhere_and_one_address_guesses_fifty_times() {
    let door = Door::new().await;
    let from = async |last: u8, name: &str| {
        let login = Login { address: address(last), ..door.login(name, wrong()) };
        door.accounts.log_in_customer(login).await.unwrap_err()
    };
    let names: Vec<_> = (0..50).map(|at| format!("name-{at}")).collect();
    let mut refused = Vec::new();
    for last in 0..50 {
        refused.push(from(last, "ada@example.test").await);
    }
    let looked_at = refused.iter().filter(|error| **error == LoginError::BadCredentials).count();
    assert_eq!(looked_at, 30);
    for name in &names {
        assert_eq!(from(99, name).await, LoginError::BadCredentials);
    }
    assert!(matches!(from(99, "one-more").await, LoginError::TooMany { .. }));
}

#[tokio::test]
async fn an_older_hash_is_replaced_at_the_first_good_login() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    let actor = Actor::Admin(admin.id);
    let hash = PasswordHash::new(format!("{OLD_HASH}{RIGHT}"));
    let old = Password { hash, temporary: true, last_login_at: None };
    let stored = async || {
        let mut session = door.storage.session().await.unwrap();
        session.accounts().password(door.merchant, actor).await.unwrap().unwrap()
    };
    let mut session = door.storage.session().await.unwrap();
    session.accounts().set_password(door.merchant, actor, &old).await.unwrap();
    drop(session);
    let name = admin.username.as_str();
    door.accounts.log_in_admin(door.login(name, wrong())).await.unwrap_err();
    assert_eq!(stored().await.hash, old.hash);
    door.accounts.log_in_admin(door.login(name, right())).await.unwrap();
    let renewed = stored().await;
    assert_eq!(renewed.hash.as_str(), format!("hash of {RIGHT}"));
    assert!(renewed.temporary);
    door.accounts.log_in_admin(door.login(name, right())).await.unwrap();
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_current_one() {
    let door = Door::new().await;
    let admin = door.admin(an_admin(door.merchant)).await;
    let actor = Actor::Admin(admin.id);
    let new = || Secret::new("New-secret-1".to_owned());
    let change = async |current, new| {
        door.accounts.change_password(door.merchant, actor, (current, new), address(1)).await
    };
    assert_eq!(change(wrong(), new()).await, Err(PasswordChangeError::Wrong));
    let weak = Secret::new("short".to_owned());
    let broken =
        vec![PasswordRule::Length, PasswordRule::Case, PasswordRule::Number, PasswordRule::Special];
    assert_eq!(change(right(), weak).await, Err(PasswordChangeError::Weak(broken)));
    let again = async || door.accounts.readmit(door.merchant, actor).await.unwrap().unwrap();
    assert_eq!(again().await.sessions_since, None);
    assert_eq!(change(right(), new()).await, Ok(()));
    assert_eq!(again().await.sessions_since, Some(door.clock.now()));
    let name = admin.username.as_str();
    door.accounts.log_in_admin(door.login(name, right())).await.unwrap_err();
    door.accounts.log_in_admin(door.login(name, new())).await.unwrap();
    for _ in 0..4 {
        assert_eq!(change(right(), new()).await, Err(PasswordChangeError::Wrong));
    }
    let retry_after = Duration::minutes(15);
    assert_eq!(change(new(), new()).await, Err(PasswordChangeError::TooMany { retry_after }));
}
