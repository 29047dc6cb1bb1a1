//! Who is in charge of a programme, and what becomes of admins.

use std::sync::Arc;

use super::{AdminError, AdminTerms, Admins, MasterLoss, OwnTerms};
use crate::access::Actor;
use crate::account::{Accounts, Admin, LoginError, Role};
use crate::id::{AdminId, MerchantId};
use crate::secret::Secret;
use crate::storage::Storage;
use crate::testing::{
    CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, a_merchant, an_admin, an_id,
};
use crate::text::Line;

struct Office {
    accounts: Accounts,
    admins: Admins,
    merchant: MerchantId,
}

impl Office {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SequentialEntropy::default());
        let keeper = Arc::new(CountingKeeper::default());
        let accounts =
            Accounts::new(storage.clone(), Arc::clone(&clock) as _, Arc::clone(&keeper) as _);
        let admins = Admins::new(storage.clone(), clock, entropy, keeper);
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        Self { accounts, admins, merchant: merchant.id }
    }

    async fn admin(&self, role: Role) -> Admin {
        let admin = Admin { role, ..an_admin(self.merchant) };
        self.accounts.add_admin(&admin, secret("old")).await.unwrap();
        admin
    }

    async fn find(&self, id: AdminId) -> Admin {
        self.admins.find(self.merchant, id).await.unwrap()
    }
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// Terms that change nothing.
fn as_is(admin: &Admin) -> AdminTerms {
    AdminTerms {
        first_name: admin.first_name.clone(),
        last_name: admin.last_name.clone(),
        phone: admin.phone.clone(),
        email: admin.email.clone(),
        role: Some(admin.role),
        active: admin.active,
        external: admin.api_key.is_some(),
        api_key: None,
        password: None,
    }
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

#[tokio::test]
async fn the_last_person_in_charge_stays_in_charge() {
    let office = Office::new().await;
    let master = office.admin(Role::Master).await;
    office.admin(Role::Full).await;
    let (admins, merchant) = (&office.admins, office.merchant);
    let program = AdminTerms { external: true, api_key: Some(secret("k")), ..as_is(&master) };
    let losses = [
        (AdminTerms { active: false, ..as_is(&master) }, MasterLoss::SwitchedOff),
        (AdminTerms { role: Some(Role::Full), ..as_is(&master) }, MasterLoss::Demoted),
        (program.clone(), MasterLoss::Program),
    ];
    for (terms, loss) in losses {
        let refused = admins.replace(merchant, master.id, terms).await;
        assert_eq!(refused, Err(AdminError::NobodyLeft(loss)));
    }
    let own = OwnTerms {
        first_name: None,
        last_name: None,
        phone: None,
        email: master.email.clone(),
        role: Some(Role::Reporter),
    };
    let refused = admins.replace_own(merchant, master.id, own).await;
    assert_eq!(refused, Err(AdminError::NobodyLeft(MasterLoss::Demoted)));
    assert_eq!(office.find(master.id).await, master);
    office.admin(Role::Master).await;
    assert_eq!(admins.replace(merchant, master.id, program).await, Ok(()));
}

#[tokio::test]
async fn whoever_logs_in_by_the_address_goes_on_to_do_so_when_it_changes() {
    let office = Office::new().await;
    let named = office.admin(Role::Master).await;
    let terms = AdminTerms { email: line("new@example.test"), ..as_is(&named) };
    let id = office
        .admins
        .create(office.merchant, AdminTerms { password: Some(secret("first")), ..terms })
        .await
        .unwrap();
    let made = office.find(id).await;
    assert_eq!(
        (made.username.as_str(), made.email.as_str()),
        ("new@example.test", "new@example.test")
    );
    let moved = AdminTerms { email: line("other@example.test"), ..as_is(&made) };
    office.admins.replace(office.merchant, id, moved).await.unwrap();
    let log_in = async |name: &str| {
        let login = crate::account::Login {
            merchant: Some(office.merchant),
            admits_others: true,
            address: std::net::IpAddr::from([192, 0, 2, 1]).into(),
            name,
            password: secret("first"),
        };
        office.accounts.log_in_admin(login).await.map(|outcome| outcome.actor)
    };
    assert_eq!(log_in("other@example.test").await, Ok(Actor::Admin(id)));
    assert_eq!(log_in("new@example.test").await, Err(LoginError::BadCredentials));
    let moved = AdminTerms { email: line("third@example.test"), ..as_is(&named) };
    office.admins.replace(office.merchant, named.id, moved).await.unwrap();
    assert_eq!(office.find(named.id).await.username, named.username);
}

#[tokio::test]
async fn a_name_or_key_of_somebody_else_is_refused_and_changes_nothing() {
    let office = Office::new().await;
    let first = office.admin(Role::Master).await;
    let (admins, merchant) = (&office.admins, office.merchant);
    let program = |email: &str| AdminTerms {
        email: line(email),
        external: true,
        api_key: Some(secret("key-1")),
        role: None,
        ..as_is(&first)
    };
    let id = admins.create(merchant, program("program@example.test")).await.unwrap();
    assert_eq!(office.find(id).await.role, Role::Master);
    let late = admins.create(merchant, program("late@example.test")).await;
    assert_eq!(late, Err(AdminError::KeyTaken));
    let late = AdminTerms { api_key: Some(secret("key-2")), ..program(first.email.as_str()) };
    assert_eq!(admins.create(merchant, late.clone()).await, Err(AdminError::NameTaken));
    assert_eq!(admins.replace(merchant, id, late).await, Err(AdminError::NameTaken));
    let kept = AdminTerms { api_key: None, ..program("program@example.test") };
    admins.replace(merchant, id, kept).await.unwrap();
    let key = office.find(id).await.api_key.unwrap();
    assert_eq!(admins.reveal(&key), Ok(secret("key-1")));
}

#[tokio::test]
async fn a_program_needs_a_key_and_a_person_a_password() {
    let office = Office::new().await;
    let master = office.admin(Role::Master).await;
    let (admins, merchant) = (&office.admins, office.merchant);
    let terms = AdminTerms { email: line("x@example.test"), ..as_is(&master) };
    let keyless = AdminTerms { external: true, ..terms.clone() };
    assert_eq!(admins.create(merchant, keyless.clone()).await, Err(AdminError::KeyMissing));
    assert_eq!(admins.create(merchant, terms.clone()).await, Err(AdminError::PasswordMissing));
    let keyed = AdminTerms { api_key: Some(secret("k")), ..keyless };
    let id = admins.create(merchant, keyed).await.unwrap();
    let refused = admins.replace(merchant, id, terms.clone()).await;
    assert_eq!(refused, Err(AdminError::PasswordMissing));
    let person = AdminTerms { password: Some(secret("own")), ..terms };
    admins.replace(merchant, id, person.clone()).await.unwrap();
    assert_eq!(office.find(id).await.api_key, None);
    let keyless = AdminTerms { external: true, password: None, ..person };
    assert_eq!(admins.replace(merchant, id, keyless).await, Err(AdminError::KeyMissing));
}

#[tokio::test]
async fn another_merchants_admin_is_nobody() {
    let office = Office::new().await;
    let master = office.admin(Role::Master).await;
    let missing = Err(AdminError::NotFound);
    assert_eq!(office.admins.replace(an_id(), master.id, as_is(&master)).await, missing);
    assert_eq!(office.admins.find(an_id(), master.id).await, Err(AdminError::NotFound));
}
