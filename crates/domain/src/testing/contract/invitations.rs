//! Promises about invitations.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::customer::{Customer, Email, Name, PhoneNumber};
use crate::id::{CustomerId, InvitationId};
use crate::invitation::{
    Invitation, InvitationCriterion, InvitationQuery, InvitationStatus, ListedInvitation, Recipient,
};
use crate::page::PageRequest;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_fingerprint, an_id};
use crate::text::Line;

/// Invitations are stored whole, sent to an address once, followed once, listed with the people they are about, and
/// forgotten.
pub async fn invitations(storage: &Storage) {
    an_invitation_survives_storage(storage).await;
    an_address_is_invited_once_per_merchant(storage).await;
    an_invitation_is_followed_once(storage).await;
    an_invitation_is_found_by_referrer_and_address(storage).await;
    a_purchase_is_noted_for_those_who_were_invited(storage).await;
    addresses_are_forgotten_and_ids_stay(storage).await;
    lists_show_the_newest_first_and_people_as_they_are(storage).await;
    every_criterion_narrows_a_list(storage).await;
    another_merchants_invitations_are_invisible(storage).await;
}

const NOON: OffsetDateTime = datetime!(2026-01-01 12:00:00.000_001 UTC);

fn email(raw: &str) -> Recipient {
    Recipient::Email(Email::try_from(raw).expect("a short address"))
}

fn phone(raw: &str) -> Recipient {
    Recipient::Phone(PhoneNumber::try_from(raw).expect("a short number"))
}

impl Tenant<'_> {
    fn invitation(&self, recipient: Recipient) -> Invitation {
        Invitation {
            merchant: self.merchant,
            id: an_id(),
            referrer: an_id(),
            recipient: Some(recipient),
            token: Some(a_fingerprint()),
            customer: None,
            status: InvitationStatus::Invited,
            created_at: NOON,
        }
    }

    async fn invite(&self, invitation: &Invitation) -> bool {
        self.session().await.invitations().insert(invitation).await.expect("an answer")
    }

    async fn invited(&self, recipient: Recipient) -> Invitation {
        let invitation = self.invitation(recipient);
        assert!(self.invite(&invitation).await, "{invitation:?}");
        invitation
    }

    async fn accept(&self, invitation: &Invitation, customer: CustomerId) -> bool {
        let token = invitation.token.expect("a token");
        let mut session = self.session().await;
        session.invitations().accept(self.merchant, token, customer).await.expect("an answer")
    }

    async fn accept_from(&self, referrer: CustomerId, customer: &Customer) -> bool {
        let mut session = self.session().await;
        session.invitations().accept_from(referrer, customer).await.expect("an answer")
    }

    async fn invitations(&self, criteria: Vec<InvitationCriterion>) -> Vec<ListedInvitation> {
        let mut session = self.session().await;
        let total = session.invitations().count(self.merchant, &criteria).await;
        let query = InvitationQuery { criteria, page: PageRequest { offset: 0, limit: None } };
        let listed = session.invitations().list(self.merchant, &query).await.expect("an answer");
        assert_eq!(total, Ok(listed.len() as u64));
        listed
    }

    async fn stored(&self, id: InvitationId) -> Invitation {
        let all = self.invitations(Vec::new()).await;
        let found = all.into_iter().find(|one| one.invitation.id == id);
        found.expect("a stored invitation").invitation
    }
}

async fn an_invitation_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let bare = Invitation {
        recipient: None,
        token: None,
        customer: Some(an_id()),
        status: InvitationStatus::MadePurchase,
        ..tenant.invitation(email("a@example.test"))
    };
    for invitation in [
        tenant.invitation(email(" Zoë@Example.test ")),
        tenant.invitation(phone("+48 (22) 1")),
        bare,
    ] {
        assert!(tenant.invite(&invitation).await);
        assert_eq!(tenant.stored(invitation.id).await, invitation);
    }
}

async fn an_address_is_invited_once_per_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    here.invited(email("Tove@example.test")).await;
    assert!(!here.invite(&here.invitation(email("tOVE@example.test"))).await);
    here.invited(phone("+48 1")).await;
    assert!(!here.invite(&here.invitation(phone("481"))).await);
    there.invited(email("tove@example.test")).await;
    assert_eq!(here.invitations(Vec::new()).await.len(), 2);
    let race = (0..8).map(async |_| here.invite(&here.invitation(phone("48222"))).await);
    let stored = all_at_once(race).await.into_iter().filter(|stored| *stored).count();
    assert_eq!(stored, 1);
}

async fn an_invitation_is_followed_once(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let invitation = tenant.invited(email("tove@example.test")).await;
    let [first, second] = [an_id(), an_id()];
    assert!(!tenant.accept(&tenant.invitation(email("x@example.test")), first).await);
    assert!(tenant.accept(&invitation, first).await);
    assert!(!tenant.accept(&invitation, second).await);
    let followed = Invitation {
        customer: Some(first),
        status: InvitationStatus::Registered,
        ..invitation.clone()
    };
    assert_eq!(tenant.stored(invitation.id).await, followed);
}

async fn an_invitation_is_found_by_referrer_and_address(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let invitation = tenant.invited(phone("+48 600")).await;
    let customer = tenant.phoned("48600");
    let mobile = tenant.mobile("4 8 6 0 0");
    assert!(!tenant.accept_from(an_id(), &customer).await);
    assert!(!tenant.accept_from(invitation.referrer, &tenant.phoned("48601")).await);
    assert!(!tenant.accept_from(invitation.referrer, &tenant.customer()).await);
    assert!(tenant.accept_from(invitation.referrer, &mobile).await);
    assert!(!tenant.accept_from(invitation.referrer, &customer).await);
    assert_eq!(tenant.stored(invitation.id).await.customer, Some(mobile.id));
    let invitation = tenant.invited(email("Ada@example.test")).await;
    assert!(tenant.accept_from(invitation.referrer, &tenant.mailed("ada@EXAMPLE.test")).await);
}

async fn a_purchase_is_noted_for_those_who_were_invited(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [followed, open] =
        [tenant.invited(email("a@x.test")).await, tenant.invited(email("b@x.test")).await];
    let customer = an_id();
    assert!(tenant.accept(&followed, customer).await);
    for buyer in [customer, an_id()] {
        let mut session = tenant.session().await;
        session.invitations().purchased(tenant.merchant, buyer).await.expect("an answer");
    }
    assert_eq!(tenant.stored(followed.id).await.status, InvitationStatus::MadePurchase);
    assert_eq!(tenant.stored(open.id).await.status, InvitationStatus::Invited);
}

async fn addresses_are_forgotten_and_ids_stay(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = Customer {
        email: Email::try_from("Ada@example.test").ok(),
        mobile: PhoneNumber::try_from("+48 600").ok(),
        ..tenant.customer()
    };
    let sent = Invitation { referrer: customer.id, ..tenant.invitation(email("x@example.test")) };
    assert!(tenant.invite(&sent).await);
    let followed = tenant.invited(email("old@example.test")).await;
    assert!(tenant.accept(&followed, customer.id).await);
    let [mailed, called, other] = [
        tenant.invited(email("ada@example.test")).await,
        tenant.invited(phone("48600")).await,
        tenant.invited(email("other@example.test")).await,
    ];
    tenant.session().await.invitations().forget(&customer).await.expect("an answer");
    for forgotten in [&sent, &followed, &mailed, &called] {
        let left = tenant.stored(forgotten.id).await;
        assert_eq!((&left.recipient, left.token), (&None, None));
        assert_eq!(left.referrer, forgotten.referrer);
    }
    assert_eq!(tenant.stored(followed.id).await.customer, Some(customer.id));
    assert_eq!(tenant.stored(other.id).await, other);
    assert!(!tenant.accept(&mailed, an_id()).await);
    tenant.invited(email("ada@example.test")).await;
}

async fn lists_show_the_newest_first_and_people_as_they_are(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let line = |raw: &str| Line::try_from(raw).expect("a short text");
    let name = |first: &str, last: &str| Name::Divided { first: line(first), last: line(last) };
    let referrer = Customer { name: name("Ada", "Byron"), ..tenant.mailed("ada@example.test") };
    let referrer = tenant.given(referrer).await;
    let friend = tenant.given(Customer { name: name("", "Tove"), ..tenant.phoned("48600") }).await;
    let by_ada = |recipient, minutes| Invitation {
        referrer: referrer.id,
        created_at: NOON + Duration::minutes(minutes),
        ..tenant.invitation(recipient)
    };
    let first = Invitation { customer: Some(friend.id), ..by_ada(email("a@x.test"), 0) };
    let [second, third] = [by_ada(email("b@x.test"), 1), tenant.invitation(email("c@x.test"))];
    let third = Invitation { created_at: NOON + Duration::minutes(2), ..third };
    for invitation in [&second, &third, &first] {
        assert!(tenant.invite(invitation).await);
    }
    let listed = tenant.invitations(Vec::new()).await;
    let expected = ListedInvitation {
        invitation: first.clone(),
        referrer_email: Some("ada@example.test".to_owned()),
        referrer_name: Some("Ada Byron".to_owned()),
        customer_name: Some("Tove".to_owned()),
    };
    assert_eq!(listed[2], expected);
    assert_eq!(listed[0].referrer_name, None);
    let order: Vec<_> = listed.iter().map(|one| one.invitation.id).collect();
    assert_eq!(order, [third.id, second.id, first.id]);
    let page = PageRequest { offset: 1, limit: Some(1) };
    let query = InvitationQuery { criteria: Vec::new(), page };
    let part = tenant.session().await.invitations().list(tenant.merchant, &query).await;
    assert_eq!(part.expect("an answer"), listed[1..2]);
}

async fn every_criterion_narrows_a_list(storage: &Storage) {
    use InvitationCriterion as By;
    let tenant = Tenant::new(storage).await;
    let [ada, bob] = [
        tenant.given(tenant.mailed("Ada@example.test")).await,
        tenant.given(Customer { name: Name::default(), ..tenant.phoned("1") }).await,
    ];
    let followed = Invitation {
        referrer: ada.id,
        customer: Some(ada.id),
        status: InvitationStatus::Registered,
        ..tenant.invitation(email("Tove_1@x.test"))
    };
    let open = Invitation { referrer: bob.id, ..tenant.invitation(phone("+48600")) };
    for invitation in [&followed, &open] {
        assert!(tenant.invite(invitation).await);
    }
    let text = |raw: &str| raw.to_owned();
    for (criterion, expected) in [
        (By::Referrer(ada.id), Some(&followed)),
        (By::Referrer(an_id()), None),
        (By::ReferrerEmail(text("ADA@")), Some(&followed)),
        (By::ReferrerName(text(&ada.name.first().to_uppercase())), Some(&followed)),
        (By::Customer(ada.id), Some(&followed)),
        (By::CustomerName(text(ada.name.last())), Some(&followed)),
        (By::RecipientEmail(text("tove_")), Some(&followed)),
        (By::RecipientEmail(text("to%")), None),
        (By::RecipientPhone(text("+486")), Some(&open)),
        (By::Status(InvitationStatus::Invited), Some(&open)),
        (By::Status(InvitationStatus::Registered), Some(&followed)),
        (By::Status(InvitationStatus::MadePurchase), None),
    ] {
        let found = tenant.invitations(vec![criterion.clone()]).await;
        let found: Vec<_> = found.into_iter().map(|one| one.invitation).collect();
        assert_eq!(found, expected.cloned().into_iter().collect::<Vec<_>>(), "{criterion:?}");
    }
    let both = vec![By::Referrer(ada.id), By::Status(InvitationStatus::Invited)];
    assert_eq!(tenant.invitations(both).await, []);
}

async fn another_merchants_invitations_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let invitation = owner.invited(email("tove@example.test")).await;
    let customer = stranger.mailed("tove@example.test");
    assert_eq!(stranger.invitations(Vec::new()).await, []);
    assert!(!stranger.accept(&invitation, customer.id).await);
    assert!(!stranger.accept_from(invitation.referrer, &customer).await);
    let mut session = stranger.session().await;
    session.invitations().forget(&customer).await.expect("an answer");
    let forger = Customer { id: invitation.referrer, ..customer };
    session.invitations().forget(&forger).await.expect("an answer");
    drop(session);
    assert_eq!(owner.stored(invitation.id).await, invitation);
}
