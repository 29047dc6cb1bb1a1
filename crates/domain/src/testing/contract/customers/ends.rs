//! Who is shut out, anonymized or erased leaves as little as was promised.

use time::macros::datetime;

use crate::access::Actor;
use crate::account::Password;
use crate::customer::{
    Address, Customer, CustomerWrite, Email, KeyWrites, Lookup, Status, WriteError,
};
use crate::event::EventKind;
use crate::id::CustomerId;
use crate::message::{Message, MessageKind};
use crate::secret::{Fingerprint, PasswordHash};
use crate::storage::Storage;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant};
use crate::testing::{a_change, a_fingerprint, a_removal, an_event, an_id};
use crate::token::{Scopes, Token, TokenPurpose};

pub(super) async fn promises(storage: &Storage) {
    whoever_is_shut_out_has_no_sessions(storage).await;
    nothing_personal_is_left_of_whoever_is_anonymized(storage).await;
    nothing_personal_is_left_of_whoever_is_erased(storage).await;
    what_belongs_to_others_stays(storage).await;
    a_stale_end_changes_nothing(storage).await;
}

const PURPOSES: [TokenPurpose; 3] =
    [TokenPurpose::Access, TokenPurpose::Refresh, TokenPurpose::AuthorizationCode];

/// What a customer has besides the record.
struct Belongings {
    owner: Actor,
    tokens: Vec<(TokenPurpose, Fingerprint)>,
}

impl Belongings {
    async fn given(tenant: Tenant<'_>, customer: CustomerId) -> Self {
        let (merchant, owner) = (tenant.merchant, Actor::Customer(customer));
        let hash = PasswordHash::new("$argon2id$v=19$hash".to_owned());
        let password = Password { hash, temporary: true, last_login_at: None };
        let mut session = tenant.session().await;
        session.accounts().set_password(merchant, owner, &password).await.expect("a new password");
        let mut tokens = Vec::new();
        for purpose in PURPOSES {
            let token = Token {
                fingerprint: a_fingerprint(),
                purpose,
                merchant,
                actor: owner,
                scopes: Scopes::default(),
                redirect_uri: None,
                expires_at: None,
            };
            session.tokens().insert(&token).await.expect("a new token");
            tokens.push((purpose, token.fingerprint));
        }
        let message = Message {
            id: an_id(),
            merchant,
            about: owner,
            kind: MessageKind::AccountCreated,
            language: None,
            content: None,
            created_at: datetime!(2026-03-02 08:15 UTC),
            expires_at: None,
        };
        session.messages().enqueue(&message).await.expect("a new message");
        Self { owner, tokens }
    }

    /// Whether there is a password, and the purposes of the tokens that are left.
    async fn left(&self, tenant: Tenant<'_>) -> (bool, Vec<TokenPurpose>) {
        let mut session = tenant.session().await;
        let password = session.accounts().password(tenant.merchant, self.owner).await;
        let mut left = Vec::new();
        for (purpose, fingerprint) in &self.tokens {
            if session.tokens().find(*purpose, *fingerprint).await.expect("an answer").is_some() {
                left.push(*purpose);
            }
        }
        (password.expect("an answer").is_some(), left)
    }
}

async fn waiting(tenant: Tenant<'_>) -> u64 {
    tenant.session().await.messages().waiting().await.expect("an answer")
}

/// The write that makes a customer nobody.
fn an_anonymization(before: &Customer) -> CustomerWrite {
    CustomerWrite {
        record: Customer {
            version: before.version + 1,
            status: Status::Anonymized,
            primary_address: Some(Address::default()),
            ..before.stripped()
        },
        keys: KeyWrites::RELEASE_ALL,
        events: vec![an_event(EventKind::CustomerAnonymized)],
        messages: Vec::new(),
    }
}

/// The write that erases a customer.
fn an_erasure(before: &Customer) -> CustomerWrite {
    let removal = a_removal(before);
    CustomerWrite { record: removal.record.stripped(), ..removal }
}

/// A customer with a value in every field and one change behind it, and what it has besides.
async fn somebody(tenant: Tenant<'_>) -> (Customer, Belongings) {
    let created = tenant.created(tenant.full().await, DEMANDING).await;
    let changed = Customer { status: Status::Active, ..created.clone() };
    let changed = tenant.update(&created, changed, MODEST).await.expect("the current version");
    let belongings = Belongings::given(tenant, created.id).await;
    (changed, belongings)
}

async fn whoever_is_shut_out_has_no_sessions(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (before, belongings) = somebody(tenant).await;
    let blocked = Customer { status: Status::Blocked, ..before.clone() };
    let write = a_change(&before, blocked.clone(), MODEST);
    tenant.session().await.customers().shut_out(&write).await.expect("the current version");
    let expected = Customer { version: before.version + 1, ..blocked };
    assert_eq!(tenant.find(before.id).await, Some(expected));
    assert_eq!(belongings.left(tenant).await, (true, vec![TokenPurpose::AuthorizationCode]));
    assert_eq!(tenant.events(before.id).await.len(), 3);
}

async fn nothing_personal_is_left_of_whoever_is_anonymized(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (before, belongings) = somebody(tenant).await;
    let messages = waiting(tenant).await;
    let told = tenant.events(before.id).await;
    let write = an_anonymization(&before);
    tenant.session().await.customers().anonymize(&write).await.expect("the current version");
    let left = Customer { number: before.number, ..write.record.clone() };
    assert_eq!(tenant.find(before.id).await, Some(left.clone()));
    assert_eq!(belongings.left(tenant).await, (false, vec![]));
    assert_eq!(waiting(tenant).await, messages - 1);
    let recorded = tenant.events(before.id).await;
    assert_eq!(recorded.len(), told.len() + 1);
    for (recorded, told) in recorded.iter().zip(&told) {
        assert_eq!(recorded.event, told.event);
        assert_eq!(recorded.record, told.record.stripped());
    }
    let last = recorded.last().expect("the event of the anonymization");
    assert_eq!((&last.event, &last.record), (&write.events[0], &left));
    let email = before.email.as_ref().and_then(Email::key).expect("an address");
    assert_eq!(tenant.look_up(Lookup::Email(email)).await, None);
    let again = Customer { id: an_id(), wallet_id: an_id(), version: 1, ..before };
    let again = tenant.created(again, DEMANDING).await;
    assert!(again.holdings.email && again.holdings.phone && again.holdings.loyalty_card);
}

async fn nothing_personal_is_left_of_whoever_is_erased(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (before, belongings) = somebody(tenant).await;
    let messages = waiting(tenant).await;
    let told = tenant.events(before.id).await;
    let write = an_erasure(&before);
    tenant.session().await.customers().erase(&write).await.expect("the current version");
    assert_eq!(tenant.find(before.id).await, None);
    assert_eq!(belongings.left(tenant).await, (false, vec![]));
    assert_eq!(waiting(tenant).await, messages - 1);
    let recorded = tenant.events(before.id).await;
    assert_eq!(recorded.len(), told.len() + 1);
    for (recorded, told) in recorded.iter().zip(&told) {
        assert_eq!(recorded.event, told.event);
        assert_eq!(recorded.record, told.record.stripped());
    }
    let last = recorded.last().expect("the event of the erasure");
    assert_eq!((&last.event, &last.record), (&write.events[0], &write.record));
}

async fn what_belongs_to_others_stays(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let (gone, _) = somebody(here).await;
    let neighbour = here.created(here.mailed("neighbour@example.test"), MODEST).await;
    let namesake =
        there.created(Customer { id: gone.id, ..there.mailed("namesake@example.test") }, MODEST);
    let namesake = namesake.await;
    let belongings = Belongings::given(here, neighbour.id).await;
    let namesakes = Belongings::given(there, namesake.id).await;
    let before = (here.events(neighbour.id).await, there.events(namesake.id).await);
    let messages = waiting(here).await;
    let write = an_anonymization(&gone);
    here.session().await.customers().anonymize(&write).await.expect("the current version");
    let gone = Customer { number: gone.number, ..write.record };
    here.session().await.customers().erase(&an_erasure(&gone)).await.expect("the next version");
    assert_eq!(here.find(neighbour.id).await, Some(neighbour.clone()));
    assert_eq!(there.find(namesake.id).await, Some(namesake.clone()));
    assert_eq!(belongings.left(here).await, (true, PURPOSES.to_vec()));
    assert_eq!(namesakes.left(there).await, (true, PURPOSES.to_vec()));
    assert_eq!((here.events(neighbour.id).await, there.events(namesake.id).await), before);
    assert_eq!(waiting(here).await, messages - 1);
}

async fn a_stale_end_changes_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (before, belongings) = somebody(tenant).await;
    let (told, messages) = (tenant.events(before.id).await, waiting(tenant).await);
    let ahead = Customer { version: before.version + 1, ..before.clone() };
    let mut session = tenant.session().await;
    let shut_out = session.customers().shut_out(&a_change(&ahead, ahead.clone(), MODEST)).await;
    assert_eq!(shut_out, Err(WriteError::Stale));
    let anonymized = session.customers().anonymize(&an_anonymization(&ahead)).await;
    assert_eq!(anonymized, Err(WriteError::Stale));
    let erased = session.customers().erase(&an_erasure(&ahead)).await;
    assert_eq!(erased, Err(WriteError::Stale));
    drop(session);
    assert_eq!(tenant.find(before.id).await, Some(before.clone()));
    assert_eq!(belongings.left(tenant).await, (true, PURPOSES.to_vec()));
    assert_eq!(tenant.events(before.id).await, told);
    assert_eq!(waiting(tenant).await, messages);
}
