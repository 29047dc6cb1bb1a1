//! Promises about sending: what storage and the dispatcher keep together.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::access::Actor;
use crate::clock::Clock as _;
use crate::customer::{Customer, Email, LoyaltyCard, PhoneNumber, Status};
use crate::id::CustomerId;
use crate::merchant::{CommunicationMethod, Language, Merchant, Settings};
use crate::message::{
    ATTEMPTS, Channel, Delivery, DeliveryError, Gateways, LEASE, Links, Message, MessageContent,
    MessageKind, Messages, Outcome, Template, TemplateName,
};
use crate::secret::Secret;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{
    CountingKeeper, FixedClock, Postbox, Posted, SequentialEntropy, a_customer, a_merchant,
    an_admin, an_id,
};
use crate::text::Line;

const EMAIL: &str = "ada@shop.example";
const PHONE: &str = "+48 600 500 400";
const NUMBER: &str = "+48600500400";

/// What waits is sent once, however many dispatchers work and whatever a gateway says, and never to the wrong person.
pub async fn sending(storage: &Storage) {
    codes_go_by_sms_in_the_words_of_the_contract(storage).await;
    links_go_by_mail_and_lead_to_the_panel(storage).await;
    an_account_gets_a_temporary_password_that_works(storage).await;
    a_chosen_password_is_never_replaced(storage).await;
    a_new_number_is_proved_on_that_number(storage).await;
    a_programme_writes_in_its_own_words_and_language(storage).await;
    two_dispatchers_send_a_message_once(storage).await;
    a_gateway_that_fails_is_tried_again_until_it_works(storage).await;
    a_gateway_that_never_works_is_given_up(storage).await;
    a_refused_message_goes_the_other_way_or_nowhere(storage).await;
    messages_wait_for_a_gateway_without_being_tried(storage).await;
    what_expired_is_not_sent(storage).await;
    whoever_is_shut_out_gets_nothing(storage).await;
    an_admin_is_written_to_by_mail(storage).await;
}

/// A merchant, a customer, and a dispatcher with a postbox.
struct Office<'a> {
    tenant: Tenant<'a>,
    merchant: Merchant,
    clock: Arc<FixedClock>,
    postbox: Postbox,
    messages: Messages,
    customer: Customer,
}

impl<'a> Office<'a> {
    async fn open(storage: &'a Storage, communication: CommunicationMethod) -> Self {
        let postbox = Postbox::default();
        let gateways = postbox.gateways();
        Self::with(storage, communication, postbox, gateways).await
    }

    async fn with(
        storage: &'a Storage,
        communication: CommunicationMethod,
        postbox: Postbox,
        gateways: Gateways,
    ) -> Self {
        let programme_name = Line::try_from("Bean & Co").expect("a short text");
        let settings = Settings { programme_name, communication, ..Settings::default() };
        let merchant = Merchant { settings, ..a_merchant() };
        let mut session = storage.session().await.expect("a session");
        session.merchants().insert(&merchant).await.expect("a new merchant");
        drop(session);
        let tenant = Tenant { storage, merchant: merchant.id };
        let reachable = Customer {
            email: Email::try_from(EMAIL).ok(),
            phone: PhoneNumber::try_from(PHONE).ok(),
            loyalty_card: LoyaltyCard::try_from("card-1").ok(),
            ..a_customer(merchant.id)
        };
        let customer = tenant.given(reachable).await;
        let clock = Arc::new(FixedClock::default());
        let messages = Messages::new(
            storage.clone(),
            Arc::<FixedClock>::clone(&clock),
            Arc::new(SequentialEntropy::default()),
            Arc::new(CountingKeeper::default()),
            gateways,
            Links {
                panel: "https://panel.example/{store}".to_owned(),
                activation_path: "/activate".to_owned(),
                reset: "https://panel.example/reset".to_owned(),
            },
        );
        Self { tenant, merchant, clock, postbox, messages, customer }
    }

    fn message(&self, kind: MessageKind) -> Message {
        Message {
            id: an_id(),
            merchant: self.merchant.id,
            about: Actor::Customer(self.customer.id),
            kind,
            language: None,
            content: None,
            created_at: self.clock.now(),
            expires_at: None,
        }
    }

    /// A message with a code or a token.
    fn with_secret(&self, kind: MessageKind, secret: &str, address: Option<&str>) -> Message {
        let content = MessageContent {
            secret: Secret::new(secret.to_owned()),
            number: 3,
            address: address.map(|address| Secret::new(address.to_owned())),
        };
        Message { content: content.seal(&CountingKeeper::default()).ok(), ..self.message(kind) }
    }

    async fn enqueue(&self, message: &Message) {
        let mut session = self.tenant.session().await;
        session.messages().enqueue(message).await.expect("a new message");
    }

    async fn send_next(&self) -> Option<Delivery> {
        let delivery = self.messages.send_next().await.expect("storage answers");
        // What is told about a delivery is logged, so it must not tell whom it was for.
        let told = format!("{delivery:?}");
        for private in ["ada", "600", "954604", "Ada"] {
            assert!(!told.contains(private), "{told}");
        }
        delivery
    }

    /// Sends the one message that waits.
    async fn outcome(&self) -> Outcome {
        self.send_next().await.expect("a message is due").outcome
    }

    async fn is_empty(&self) -> bool {
        self.tenant.session().await.messages().waiting().await.expect("an answer") == 0
    }

    async fn password(&self) -> Option<crate::account::Password> {
        let actor = Actor::Customer(self.customer.id);
        let mut session = self.tenant.session().await;
        session.accounts().password(self.merchant.id, actor).await.expect("an answer")
    }

    async fn change(&self, change: impl FnOnce(&mut Customer)) {
        let mut after = self.customer.clone();
        change(&mut after);
        let demands = super::tenant::MODEST;
        self.tenant.update(&self.customer, after, demands).await.expect("the current version");
    }
}

async fn codes_go_by_sms_in_the_words_of_the_contract(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    for (kind, body) in [
        (MessageKind::ActivationCode, "Bean & Co activation code (no. 3): 954604"),
        (MessageKind::PasswordResetCode, "Bean & Co password reset code (no. 3): 954604"),
    ] {
        office.enqueue(&office.with_secret(kind, "954604", None)).await;
        assert_eq!(office.outcome().await, Outcome::Sent(Channel::Sms));
        let expected = Posted {
            channel: Channel::Sms,
            to: NUMBER.to_owned(),
            subject: String::new(),
            body: body.to_owned(),
        };
        assert_eq!(office.postbox.posted().last(), Some(&expected));
    }
    assert!(office.is_empty().await);
}

async fn links_go_by_mail_and_lead_to_the_panel(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Sms).await;
    let store = office.merchant.store_code.as_str();
    for (kind, subject, link) in [
        (
            MessageKind::ActivationLink,
            "Account activation",
            format!("https://panel.example/{store}/activate/c0ffee"),
        ),
        (
            MessageKind::PasswordResetLink,
            "Password reset requested",
            "https://panel.example/reset/c0ffee".to_owned(),
        ),
    ] {
        office.enqueue(&office.with_secret(kind, "c0ffee", None)).await;
        assert_eq!(office.outcome().await, Outcome::Sent(Channel::Email));
        let posted = office.postbox.posted().pop().expect("a mail");
        assert_eq!((posted.to.as_str(), posted.subject.as_str()), (EMAIL, subject));
        assert!(posted.body.lines().any(|line| line == link), "{}", posted.body);
    }
}

async fn an_account_gets_a_temporary_password_that_works(storage: &Storage) {
    for (communication, channel) in
        [(CommunicationMethod::Email, Channel::Email), (CommunicationMethod::Sms, Channel::Sms)]
    {
        let office = Office::open(storage, communication).await;
        office.enqueue(&office.message(MessageKind::AccountCreated)).await;
        assert_eq!(office.outcome().await, Outcome::Sent(channel));
        let stored = office.password().await.expect("a password");
        assert!(stored.temporary);
        // This keeper's hashes tell the passwords.
        let password = stored.hash.as_str().trim_start_matches("hash of ");
        assert_eq!(password.chars().count(), 10);
        let posted = office.postbox.posted().pop().expect("a message");
        match channel {
            Channel::Sms => {
                assert_eq!(posted.body, format!("Your Bean & Co account password is: {password}"));
            }
            Channel::Email => {
                assert_eq!(
                    (posted.to.as_str(), posted.subject.as_str()),
                    (EMAIL, "Account created")
                );
                for told in [password, EMAIL, PHONE, "card-1", "https://panel.example/"] {
                    assert!(posted.body.contains(told), "{told}: {}", posted.body);
                }
            }
        }
    }
}

async fn a_chosen_password_is_never_replaced(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    let actor = Actor::Customer(office.customer.id);
    let hash = crate::secret::PasswordHash::new("own".to_owned());
    let own = crate::account::Password { hash, temporary: false, last_login_at: None };
    let mut session = office.tenant.session().await;
    session.accounts().set_password(office.merchant.id, actor, &own).await.expect("an account");
    drop(session);
    office.enqueue(&office.message(MessageKind::AccountCreated)).await;
    assert_eq!(office.outcome().await, Outcome::Dropped("the owner chose a password".to_owned()));
    assert_eq!(office.password().await, Some(own));
    assert_eq!(office.postbox.posted(), []);
}

async fn a_new_number_is_proved_on_that_number(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    let kind = MessageKind::PhoneChangeCode;
    office.enqueue(&office.with_secret(kind, "954604", Some("+48111222333"))).await;
    assert_eq!(office.outcome().await, Outcome::Sent(Channel::Sms));
    let posted = office.postbox.posted().pop().expect("an SMS");
    assert_eq!(posted.to, "+48111222333");
    assert_eq!(posted.body, "Confirm your phone change in Bean & Co (no. 3): 954604");
    office.enqueue(&office.with_secret(kind, "954604", None)).await;
    let nowhere = Outcome::Dropped("there is no address to send it to".to_owned());
    assert_eq!(office.outcome().await, nowhere);
    assert!(office.is_empty().await);
}

async fn a_programme_writes_in_its_own_words_and_language(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    let language = |code| Language::try_from(code).expect("a language");
    let (kind, channel) = (MessageKind::ActivationCode, Channel::Sms);
    let name = TemplateName { kind, channel, language: language("en") };
    let template = Template::new("", "{{code}} it is").expect("a template");
    office.messages.set_template(office.merchant.id, &name, &template).await.expect("stored");
    for (asked, body) in [
        (None, "954604 it is"),
        (Some("en"), "954604 it is"),
        (Some("pl"), "Kod aktywacyjny Bean & Co (nr 3): 954604"),
        // Not one of the programme's languages.
        (Some("de"), "954604 it is"),
    ] {
        let language = asked.map(language);
        office.enqueue(&Message { language, ..office.with_secret(kind, "954604", None) }).await;
        assert_eq!(office.outcome().await, Outcome::Sent(Channel::Sms));
        assert_eq!(office.postbox.posted().pop().expect("an SMS").body, body, "{asked:?}");
    }
}

async fn two_dispatchers_send_a_message_once(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    for code in 0..6 {
        let code = format!("10000{code}");
        office.enqueue(&office.with_secret(MessageKind::ActivationCode, &code, None)).await;
    }
    let work =
        async || while office.messages.send_next().await.expect("storage answers").is_some() {};
    all_at_once([work(), work()]).await;
    let mut bodies: Vec<_> =
        office.postbox.posted().into_iter().map(|posted| posted.body).collect();
    bodies.sort();
    let expected: Vec<_> =
        (0..6).map(|code| format!("Bean & Co activation code (no. 3): 10000{code}")).collect();
    assert_eq!(bodies, expected);
    assert!(office.is_empty().await);
    office.clock.advance(LEASE * 2);
    assert_eq!(office.send_next().await, None);
}

fn failed() -> DeliveryError {
    DeliveryError::Failed("x".into())
}

fn due(outcome: &Outcome) -> OffsetDateTime {
    match outcome {
        Outcome::PutOff { until, .. } => *until,
        Outcome::Sent(_) | Outcome::Dropped(_) => panic!("not put off: {outcome:?}"),
    }
}

async fn a_gateway_that_fails_is_tried_again_until_it_works(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    office.enqueue(&office.message(MessageKind::AccountCreated)).await;
    office.postbox.answer(None, Some(failed()));
    for _ in 0..3 {
        let until = due(&office.outcome().await);
        assert_eq!(office.send_next().await, None);
        office.clock.advance(until - office.clock.now());
    }
    office.postbox.answer(None, None);
    let delivery = office.send_next().await.expect("a message is due");
    assert_eq!((delivery.attempt, delivery.outcome), (4, Outcome::Sent(Channel::Email)));
    let posted = office.postbox.posted();
    assert_eq!((posted.len(), office.postbox.asked()), (1, 4));
    let stored = office.password().await.expect("a password");
    assert!(posted[0].body.contains(stored.hash.as_str().trim_start_matches("hash of ")));
    assert!(office.is_empty().await);
}

async fn a_gateway_that_never_works_is_given_up(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    office.enqueue(&office.with_secret(MessageKind::ActivationCode, "954604", None)).await;
    office.postbox.answer(None, Some(failed()));
    for _ in 1..ATTEMPTS {
        let until = due(&office.outcome().await);
        office.clock.advance(until - office.clock.now());
    }
    assert_eq!(office.outcome().await, Outcome::Dropped("given up, failed: x".to_owned()));
    assert!(office.is_empty().await);
    let expires_at = Some(office.clock.now() + Duration::SECOND);
    let message = office.with_secret(MessageKind::ActivationCode, "954604", None);
    office.enqueue(&Message { expires_at, ..message }).await;
    assert_eq!(office.outcome().await, Outcome::Dropped("given up, failed: x".to_owned()));
    assert!(office.is_empty().await);
}

async fn a_refused_message_goes_the_other_way_or_nowhere(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    let refused = || Some(DeliveryError::Refused("y".into()));
    office.postbox.answer(Some(Channel::Email), refused());
    office.enqueue(&office.message(MessageKind::AccountCreated)).await;
    assert_eq!(office.outcome().await, Outcome::Sent(Channel::Sms));
    assert_eq!(office.postbox.posted().pop().expect("an SMS").to, NUMBER);
    office.postbox.answer(None, refused());
    office.enqueue(&office.with_secret(MessageKind::ActivationLink, "c0ffee", None)).await;
    assert_eq!(office.outcome().await, Outcome::Dropped("refused: y".to_owned()));
    assert!(office.is_empty().await);
}

async fn messages_wait_for_a_gateway_without_being_tried(storage: &Storage) {
    let postbox = Postbox::default();
    let gateways = Gateways { texter: None, ..postbox.gateways() };
    let office = Office::with(storage, CommunicationMethod::Sms, postbox, gateways).await;
    // An account's first message takes the way that there is.
    office.enqueue(&office.message(MessageKind::AccountCreated)).await;
    assert_eq!(office.outcome().await, Outcome::Sent(Channel::Email));
    let kind = MessageKind::PhoneChangeCode;
    office.enqueue(&office.with_secret(kind, "954604", Some("+48111222333"))).await;
    for _ in 0..=ATTEMPTS {
        let delivery = office.send_next().await.expect("a message is due");
        assert_eq!(delivery.attempt, 1);
        office.clock.advance(due(&delivery.outcome) - office.clock.now());
    }
    assert!(!office.is_empty().await);
    let mut session = office.tenant.session().await;
    let about = Actor::Customer(office.customer.id);
    session.messages().forget(office.merchant.id, about).await.expect("forgotten");
}

async fn what_expired_is_not_sent(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Email).await;
    let expires_at = Some(office.clock.now() + Duration::minutes(10));
    let message = office.with_secret(MessageKind::ActivationCode, "954604", None);
    office.enqueue(&Message { expires_at, ..message }).await;
    office.clock.advance(Duration::minutes(10));
    assert_eq!(office.outcome().await, Outcome::Dropped("it expired".to_owned()));
    assert!(office.is_empty().await);
    assert_eq!(office.postbox.asked(), 0);
}

async fn whoever_is_shut_out_gets_nothing(storage: &Storage) {
    let dropped = Outcome::Dropped("its owner is gone or shut out".to_owned());
    let shut_out = async |office: &Office<'_>| {
        for kind in MessageKind::ALL {
            office.enqueue(&office.with_secret(*kind, "954604", Some(PHONE))).await;
            assert_eq!(office.outcome().await, dropped, "{kind:?}");
        }
        assert_eq!((office.postbox.asked(), office.password().await), (0, None));
    };
    for status in [Status::Blocked, Status::Anonymized] {
        let office = Office::open(storage, CommunicationMethod::Email).await;
        office.change(|customer| customer.status = status).await;
        shut_out(&office).await;
    }
    let office = Office::open(storage, CommunicationMethod::Email).await;
    office.tenant.delete(&office.customer).await;
    shut_out(&office).await;
    let office = Office::open(storage, CommunicationMethod::Email).await;
    office.tenant.erase(&office.customer).await.expect("the current version");
    shut_out(&office).await;
    let nobody = Actor::Customer(an_id::<CustomerId>());
    office.enqueue(&Message { about: nobody, ..office.message(MessageKind::AccountCreated) }).await;
    assert_eq!(office.outcome().await, dropped);
}

async fn an_admin_is_written_to_by_mail(storage: &Storage) {
    let office = Office::open(storage, CommunicationMethod::Sms).await;
    let admin = an_admin(office.merchant.id);
    let insert = storage.atomically(async |unit| unit.accounts().insert_admin(&admin).await);
    insert.await.expect("a new admin");
    let message = office.with_secret(MessageKind::PasswordResetLink, "c0ffee", None);
    office.enqueue(&Message { about: Actor::Admin(admin.id), ..message }).await;
    assert_eq!(office.outcome().await, Outcome::Sent(Channel::Email));
    assert_eq!(office.postbox.posted().pop().expect("a mail").to, admin.email.as_str());
}
