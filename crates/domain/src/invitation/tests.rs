//! The rules of invitations, on storage in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use crate::access::Actor;
use crate::customer::{
    CreateCustomer, Customer, CustomerError, Customers, Demands, Email, Origin, PhoneNumber,
};
use crate::id::MerchantId;
use crate::invitation::{
    Invitation, InvitationClaim, InvitationError, InvitationQuery, InvitationStatus, Invitations,
    ListedInvitation, Recipient,
};
use crate::level::Ladder;
use crate::merchant::{CommunicationMethod, Settings};
use crate::message::MessageContent;
use crate::page::PageRequest;
use crate::secret::{Fingerprint, PasswordHash, Sealed, Secret, SecretError, SecretKeeper};
use crate::storage::Storage;
use crate::testing::{FixedClock, MemoryBackend, SequentialEntropy, a_merchant, create_customer};

/// Seals nothing, and keeps what it was given last.
#[derive(Default)]
struct OpenKeeper(Mutex<Vec<u8>>);

#[async_trait]
impl SecretKeeper for OpenKeeper {
    async fn hash_password(&self, _: Secret<String>) -> Result<PasswordHash, SecretError> {
        unreachable!("invitations have no password")
    }

    async fn verify_password(
        &self,
        _: Secret<String>,
        _: Option<PasswordHash>,
    ) -> Result<bool, SecretError> {
        unreachable!("invitations have no password")
    }

    fn fingerprint(&self, secret: &str) -> Fingerprint {
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().zip(secret.bytes()) {
            *place = byte;
        }
        Fingerprint::from(bytes)
    }

    fn keyed_fingerprint(&self, secret: &str) -> Fingerprint {
        self.fingerprint(secret)
    }

    fn is_outdated(&self, _: &PasswordHash) -> bool {
        false
    }

    fn seal(&self, secret: &Secret<Vec<u8>>) -> Result<Sealed, SecretError> {
        self.0.lock().unwrap().clone_from(secret.expose());
        Ok(Sealed::new(secret.expose().clone()))
    }

    fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, SecretError> {
        Ok(Secret::new(sealed.as_bytes().to_vec()))
    }
}

struct Shop {
    storage: Storage,
    customers: Customers,
    invitations: Invitations,
    keeper: Arc<OpenKeeper>,
    merchant: MerchantId,
}

impl Shop {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        let (clock, entropy) =
            (Arc::new(FixedClock::default()), Arc::new(SequentialEntropy::default()));
        let customers =
            Customers::new(storage.clone(), Arc::clone(&clock) as _, Arc::clone(&entropy) as _);
        let keeper = Arc::new(OpenKeeper::default());
        let invitations =
            Invitations::new(storage.clone(), clock, entropy, Arc::clone(&keeper) as _);
        Self { storage, customers, invitations, keeper, merchant: merchant.id }
    }

    async fn create(&self, command: CreateCustomer) -> Result<Customer, CustomerError> {
        let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: true };
        let origin = Origin { merchant: self.merchant, actor: Actor::System, demands };
        self.customers.create(&origin, &Ladder::new(Vec::new()), command).await
    }

    async fn customer(&self, email: &str, phone: &str) -> Customer {
        let phone = PhoneNumber::try_from(phone).ok();
        self.create(CreateCustomer { phone, ..create_customer(email) }).await.unwrap()
    }

    async fn invite(
        &self,
        referrer: &Customer,
        recipient: Recipient,
    ) -> Result<Invitation, InvitationError> {
        self.invitations.invite(self.merchant, referrer.id, recipient).await
    }

    async fn follow(&self, email: &str, phone: &str, claim: InvitationClaim) -> Customer {
        let phone = PhoneNumber::try_from(phone).ok();
        let command = CreateCustomer { phone, invitation: Some(claim), ..create_customer(email) };
        self.create(command).await.unwrap()
    }

    async fn listed(&self) -> Vec<ListedInvitation> {
        let page = PageRequest { offset: 0, limit: None };
        let query = InvitationQuery { criteria: Vec::new(), page };
        self.invitations.page(self.merchant, &query).await.unwrap().items
    }

    async fn waiting(&self) -> u64 {
        self.storage.session().await.unwrap().messages().waiting().await.unwrap()
    }

    /// What the message that was queued last carries.
    fn sent(&self) -> MessageContent {
        let sealed = Sealed::new(self.keeper.0.lock().unwrap().clone());
        MessageContent::open(&sealed, &*self.keeper).unwrap()
    }

    fn claim(&self, communication: CommunicationMethod, text: &str) -> InvitationClaim {
        self.invitations.claim(&Settings { communication, ..Settings::default() }, text)
    }
}

fn email(raw: &str) -> Recipient {
    Recipient::Email(Email::try_from(raw).unwrap())
}

fn phone(raw: &str) -> Recipient {
    Recipient::Phone(PhoneNumber::try_from(raw).unwrap())
}

const EMAIL: CommunicationMethod = CommunicationMethod::Email;
const SMS: CommunicationMethod = CommunicationMethod::Sms;

#[tokio::test]
async fn an_invitation_is_stored_with_the_message_that_carries_its_token() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "481").await;
    let invitation = shop.invite(&ada, email("Tove@example.test")).await.unwrap();
    let sent = shop.sent();
    let address = sent.address.unwrap();
    assert_eq!(address.expose(), "Tove@example.test");
    assert_eq!(invitation.token, Some(shop.keeper.fingerprint(sent.secret.expose())));
    assert_eq!((invitation.referrer, invitation.status), (ada.id, InvitationStatus::Invited));
    assert_eq!(shop.waiting().await, 1);
    assert_eq!(shop.listed().await[0].invitation, invitation);
}

#[tokio::test]
async fn nobody_is_invited_twice_by_whomever() {
    let shop = Shop::new().await;
    let [ada, bob] = [
        shop.customer("ada@example.test", "481").await,
        shop.customer("bob@example.test", "482").await,
    ];
    shop.invite(&ada, email("tove@example.test")).await.unwrap();
    shop.invite(&ada, phone("+48 600")).await.unwrap();
    for (referrer, recipient) in [
        (&ada, email("Tove@example.test")),
        (&bob, email("tove@example.test")),
        (&bob, phone("48600")),
    ] {
        assert_eq!(shop.invite(referrer, recipient).await, Err(InvitationError::Exists));
    }
    assert_eq!((shop.listed().await.len(), shop.waiting().await), (2, 2));
}

#[tokio::test]
async fn no_customer_is_invited() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "+481").await;
    let mobile = PhoneNumber::try_from("+48 7").ok();
    shop.create(CreateCustomer { mobile, ..create_customer("bob@example.test") }).await.unwrap();
    for recipient in
        [email("ADA@example.test"), email("bob@example.test"), phone("481"), phone("487")]
    {
        assert_eq!(shop.invite(&ada, recipient).await, Err(InvitationError::Exists));
    }
    assert_eq!((shop.listed().await.len(), shop.waiting().await), (0, 0));
}

#[tokio::test]
async fn whoever_registers_with_a_token_is_tied_to_its_invitation() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "481").await;
    shop.invite(&ada, email("tove@example.test")).await.unwrap();
    let token = shop.sent().secret.into_inner();
    // The address need not be the one that was invited.
    let tove = shop.follow("other@example.test", "482", shop.claim(EMAIL, &token)).await;
    let followed = &shop.listed().await[0].invitation;
    assert_eq!((followed.customer, followed.status), (Some(tove.id), InvitationStatus::Registered));
    shop.follow("late@example.test", "483", shop.claim(EMAIL, &token)).await;
    assert_eq!(shop.listed().await[0].invitation.customer, Some(tove.id));
}

#[tokio::test]
async fn a_token_that_nobody_was_sent_is_ignored() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "481").await;
    shop.invite(&ada, email("tove@example.test")).await.unwrap();
    for (at, text) in ["unknown", "", "481", "a\0b"].into_iter().enumerate() {
        let name = format!("tove{at}@example.test");
        let tove = shop.follow(&name, "", shop.claim(EMAIL, text)).await;
        assert_eq!(shop.customers.find(shop.merchant, tove.id).await, Ok(tove));
    }
    assert_eq!(shop.listed().await[0].invitation.status, InvitationStatus::Invited);
}

#[tokio::test]
async fn a_registration_that_fails_follows_no_invitation() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "481").await;
    shop.invite(&ada, email("tove@example.test")).await.unwrap();
    let token = shop.sent().secret.into_inner();
    let command = CreateCustomer {
        invitation: Some(shop.claim(EMAIL, &token)),
        ..create_customer("ada@example.test")
    };
    assert!(matches!(shop.create(command).await, Err(CustomerError::Taken(_))));
    assert_eq!(shop.listed().await[0].invitation.status, InvitationStatus::Invited);
}

#[tokio::test]
async fn where_messages_go_to_phones_the_referrers_number_is_a_token() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "+481").await;
    shop.invite(&ada, phone("482")).await.unwrap();
    let tove = shop.follow("tove@example.test", "+482", shop.claim(SMS, "+481")).await;
    let listed = shop.listed().await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].invitation.customer, Some(tove.id));
}

#[tokio::test]
async fn who_names_a_referrer_without_having_been_invited_is_listed_as_registered() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test", "+481").await;
    let tove = shop.follow("tove@example.test", "+482", shop.claim(SMS, "+481")).await;
    let listed = shop.listed().await;
    let invitation = &listed[0].invitation;
    assert_eq!((invitation.referrer, invitation.customer), (ada.id, Some(tove.id)));
    assert_eq!(invitation.status, InvitationStatus::Registered);
    assert_eq!((&invitation.recipient, invitation.token), (&Some(phone("+482")), None));
    assert_eq!(shop.waiting().await, 0);
}

#[tokio::test]
async fn nobody_refers_himself_or_by_a_number_that_is_nobodys() {
    let shop = Shop::new().await;
    shop.customer("ada@example.test", "+481").await;
    shop.follow("tove@example.test", "+482", shop.claim(SMS, "+482")).await;
    shop.follow("eve@example.test", "+483", shop.claim(SMS, "481")).await;
    shop.follow("joe@example.test", "+484", shop.claim(SMS, "")).await;
    assert_eq!(shop.listed().await, []);
}

#[tokio::test]
async fn an_invited_customer_who_buys_is_noted() {
    let shop = Shop::new().await;
    shop.customer("ada@example.test", "+481").await;
    let tove = shop.follow("tove@example.test", "+482", shop.claim(SMS, "+481")).await;
    shop.invitations.purchased(shop.merchant, tove.id).await.unwrap();
    assert_eq!(shop.listed().await[0].invitation.status, InvitationStatus::MadePurchase);
}
