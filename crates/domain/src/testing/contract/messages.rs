//! Promises about messages that wait.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::access::Actor;
use crate::id::CustomerId;
use crate::merchant::Language;
use crate::message::{Channel, Claim, Message, MessageKind, Template, TemplateName};
use crate::secret::Sealed;
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;

const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);
const LEASE: Duration = Duration::minutes(5);

/// A message is taken on by one at a time, and goes when it is done with or when its owner does.
pub async fn messages(storage: &Storage) {
    a_message_survives_storage(storage).await;
    the_one_that_is_due_longest_comes_first(storage).await;
    a_message_is_taken_on_once_until_its_lease_ends(storage).await;
    two_at_once_never_take_on_the_same(storage).await;
    what_is_put_off_is_due_again_later(storage).await;
    who_lost_a_message_can_neither_finish_it_nor_put_it_off(storage).await;
    messages_about_an_account_are_forgotten_with_it(storage).await;
    an_erased_customer_is_written_to_no_more(storage).await;
    a_merchants_own_text_is_its_own(storage).await;
}

fn a_message(tenant: Tenant<'_>) -> Message {
    Message {
        id: an_id(),
        merchant: tenant.merchant,
        about: Actor::Customer(an_id()),
        kind: MessageKind::ActivationCode,
        language: None,
        content: None,
        created_at: NOW,
        expires_at: None,
    }
}

async fn enqueue(tenant: Tenant<'_>, message: &Message) {
    tenant.session().await.messages().enqueue(message).await.expect("a new message");
}

async fn claim(storage: &Storage, now: OffsetDateTime) -> Option<Claim> {
    let mut session = storage.session().await.expect("a session");
    session.messages().claim(now, now + LEASE).await.expect("an answer")
}

async fn finish(storage: &Storage, claim: &Claim) {
    let mut session = storage.session().await.expect("a session");
    session.messages().finish(claim).await.expect("done");
}

async fn put_off(storage: &Storage, claim: &Claim, until: OffsetDateTime, attempts: u32) {
    let mut session = storage.session().await.expect("a session");
    session.messages().put_off(claim, until, attempts).await.expect("done");
}

async fn waiting(storage: &Storage) -> u64 {
    storage.session().await.expect("a session").messages().waiting().await.expect("an answer")
}

/// Whoever left a message behind would disturb the next promise.
async fn nothing_is_left(storage: &Storage) {
    assert_eq!(waiting(storage).await, 0);
}

async fn a_message_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let sealed = |bytes: &[u8]| Some(Sealed::new(bytes.to_vec()));
    let full = Message {
        about: Actor::Seller(an_id()),
        language: Language::try_from("pl").ok(),
        content: sealed(&[0, 255, b'\\']),
        created_at: datetime!(2026-03-02 08:15:00.000_001 UTC),
        expires_at: Some(datetime!(2026-03-02 09:15:00.999_999 UTC)),
        ..a_message(tenant)
    };
    let system = Message { about: Actor::System, ..a_message(tenant) };
    let kinds = MessageKind::ALL.iter().map(|kind| Message { kind: *kind, ..a_message(tenant) });
    for message in kinds.chain([full, system]) {
        enqueue(tenant, &message).await;
        let later = NOW + Duration::SECOND;
        let claim = claim(storage, later).await.expect("a message");
        assert_eq!(claim, Claim { message, attempt: 1 });
        finish(storage, &claim).await;
    }
    nothing_is_left(storage).await;
}

async fn the_one_that_is_due_longest_comes_first(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let at = |tenant, seconds| {
        let created_at = NOW + Duration::seconds(seconds);
        Message { created_at, ..a_message(tenant) }
    };
    let (late, early, future) = (at(here, 2), at(there, 1), at(here, 4));
    for message in [&late, &early, &future] {
        enqueue(here, message).await;
    }
    let now = NOW + Duration::seconds(3);
    for expected in [Some(early.id), Some(late.id), None] {
        let claimed = claim(storage, now).await;
        assert_eq!(claimed.as_ref().map(|claim| claim.message.id), expected);
        if let Some(claim) = claimed {
            finish(storage, &claim).await;
        }
    }
    let rest = claim(storage, now + Duration::SECOND).await.expect("a message");
    assert_eq!(rest.message.id, future.id);
    finish(storage, &rest).await;
    nothing_is_left(storage).await;
}

async fn a_message_is_taken_on_once_until_its_lease_ends(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let message = a_message(tenant);
    enqueue(tenant, &message).await;
    assert_eq!(claim(storage, NOW).await, Some(Claim { message: message.clone(), attempt: 1 }));
    assert_eq!(claim(storage, NOW + LEASE - Duration::MICROSECOND).await, None);
    assert_eq!(waiting(storage).await, 1);
    let again = claim(storage, NOW + LEASE).await.expect("a message");
    assert_eq!(again, Claim { message, attempt: 2 });
    finish(storage, &again).await;
    nothing_is_left(storage).await;
}

async fn two_at_once_never_take_on_the_same(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for _ in 0..8 {
        enqueue(tenant, &a_message(tenant)).await;
    }
    let work = async || {
        let mut own = Vec::new();
        while let Some(claim) = claim(storage, NOW).await {
            own.push(claim);
        }
        own
    };
    let all = all_at_once([work(), work()]).await.concat();
    assert!(all.iter().all(|claim| claim.attempt == 1), "{all:?}");
    assert_eq!(all.len(), 8);
    for claim in &all {
        finish(storage, claim).await;
    }
    nothing_is_left(storage).await;
}

async fn what_is_put_off_is_due_again_later(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    enqueue(tenant, &a_message(tenant)).await;
    let first = claim(storage, NOW).await.expect("a message");
    let (later, much_later) = (NOW + Duration::hours(1), NOW + Duration::hours(2));
    put_off(storage, &first, later, first.attempt).await;
    assert_eq!(claim(storage, later - Duration::MICROSECOND).await, None);
    let second = claim(storage, later).await.expect("a message");
    assert_eq!(second.attempt, 2);
    put_off(storage, &second, much_later, 0).await;
    let third = claim(storage, much_later).await.expect("a message");
    assert_eq!(third.attempt, 1);
    finish(storage, &third).await;
    nothing_is_left(storage).await;
}

async fn who_lost_a_message_can_neither_finish_it_nor_put_it_off(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    enqueue(tenant, &a_message(tenant)).await;
    let slow = claim(storage, NOW).await.expect("a message");
    let quick = claim(storage, NOW + LEASE).await.expect("the lease ended");
    finish(storage, &slow).await;
    put_off(storage, &slow, NOW, 0).await;
    assert_eq!(waiting(storage).await, 1);
    assert_eq!(claim(storage, NOW + LEASE).await, None);
    finish(storage, &quick).await;
    nothing_is_left(storage).await;
}

async fn messages_about_an_account_are_forgotten_with_it(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let owner: CustomerId = an_id();
    let about = |tenant, about| Message { about, ..a_message(tenant) };
    let kept = [
        about(here, Actor::Customer(an_id())),
        about(here, Actor::Seller(uuid::Uuid::from(owner).into())),
        about(there, Actor::Customer(owner)),
        about(here, Actor::System),
    ];
    for message in &kept {
        enqueue(here, message).await;
    }
    for _ in 0..2 {
        enqueue(here, &about(here, Actor::Customer(owner))).await;
    }
    let claimed = claim(storage, NOW).await.expect("a message");
    for about in [Actor::Customer(owner), Actor::System] {
        let mut session = here.session().await;
        session.messages().forget(here.merchant, about).await.expect("forgotten");
    }
    let mut left = Vec::new();
    while let Some(claim) = claim(storage, NOW + LEASE).await {
        finish(storage, &claim).await;
        left.push(claim.message);
    }
    left.sort_by_key(|message| message.id);
    assert_eq!(left, kept[..3]);
    finish(storage, &claimed).await;
    nothing_is_left(storage).await;
}

async fn an_erased_customer_is_written_to_no_more(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let gone = tenant.given(tenant.customer()).await;
    let stays = tenant.given(tenant.customer()).await;
    for customer in [&gone, &stays] {
        let about = Actor::Customer(customer.id);
        enqueue(tenant, &Message { about, ..a_message(tenant) }).await;
    }
    tenant.erase(&gone).await.expect("the current version");
    let claim = claim(storage, NOW).await.expect("a message");
    assert_eq!(claim.message.about, Actor::Customer(stays.id));
    finish(storage, &claim).await;
    nothing_is_left(storage).await;
}

async fn a_merchants_own_text_is_its_own(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let language = |code| Language::try_from(code).expect("a language");
    let (kind, channel) = (MessageKind::Invitation, Channel::Email);
    let name = TemplateName { kind, channel, language: language("pl") };
    let template = |body| Template::new("{{program_name}}", body).expect("a template");
    let find = async |tenant: Tenant<'_>, name: &TemplateName| {
        let mut session = tenant.session().await;
        session.messages().find_template(tenant.merchant, name).await.expect("an answer")
    };
    for body in ["Zażółć {{code}}\nx", "inny"] {
        let mut session = here.session().await;
        session.messages().set_template(here.merchant, &name, &template(body)).await.expect("set");
        drop(session);
        assert_eq!(find(here, &name).await, Some(template(body)));
    }
    assert_eq!(find(there, &name).await, None);
    for other in [
        TemplateName { kind: MessageKind::AccountCreated, ..name.clone() },
        TemplateName { channel: Channel::Sms, ..name.clone() },
        TemplateName { language: language("en"), ..name.clone() },
    ] {
        assert_eq!(find(here, &other).await, None, "{other:?}");
    }
}
