use time::Duration;

use super::{Shop, email};
use crate::access::Actor;
use crate::change::Change;
use crate::customer::{
    Activation, Address, Agreements, CreateCustomer, Customer, CustomerError, Deletion,
    LevelChoice, Lookup, Origin, Status, UpdateCustomer,
};
use crate::event::EventKind;
use crate::merchant::Period;
use crate::testing::{an_id, create_customer};

fn by(shop: &Shop, actor: Actor) -> Origin {
    Origin { actor, ..shop.demanding() }
}

fn admin(shop: &Shop) -> Origin {
    by(shop, Actor::Admin(an_id()))
}

/// A customer who waits for activation.
async fn pending(shop: &Shop, marketing: bool) -> Customer {
    let command = CreateCustomer {
        activation: Activation::Pending,
        agreements: Agreements { marketing, ..Agreements::default() },
        ..create_customer("ada@example.test")
    };
    shop.create(command).await.unwrap()
}

async fn count(shop: &Shop, customer: &Customer, kind: &EventKind) -> usize {
    shop.history(customer).await.iter().filter(|told| *told == kind).count()
}

#[tokio::test]
async fn activating_moves_the_status_and_not_the_time() {
    let shop = Shop::new().await;
    let before = pending(&shop, false).await;
    shop.clock.advance(Duration::HOUR);
    let after = shop.customers.activate(&admin(&shop), before.clone()).await.unwrap();
    let expected = Customer { status: Status::Active, version: 2, ..before };
    assert_eq!(after, expected);
    assert_eq!(shop.find(&expected).await, Ok(expected.clone()));
    assert_eq!(shop.history(&after).await.last(), Some(&EventKind::CustomerActivated));
}

#[tokio::test]
async fn a_repeated_step_is_no_second_event() {
    let shop = Shop::new().await;
    let before = pending(&shop, true).await;
    let origin = admin(&shop);
    let active = shop.customers.activate(&origin, before.clone()).await.unwrap();
    for found in [before.clone(), active.clone()] {
        assert_eq!(shop.customers.activate(&origin, found).await, Ok(active.clone()));
    }
    let blocked = shop.customers.deactivate(&origin, active.clone()).await.unwrap();
    assert_eq!(blocked, Customer { status: Status::Blocked, version: 3, ..active.clone() });
    for found in [active, blocked.clone()] {
        assert_eq!(shop.customers.deactivate(&origin, found).await, Ok(blocked.clone()));
    }
    assert_eq!(count(&shop, &before, &EventKind::CustomerActivated).await, 1);
    assert_eq!(count(&shop, &before, &EventKind::CustomerDeactivated).await, 1);
    let again = shop.customers.activate(&origin, blocked).await.unwrap();
    assert_eq!((again.status, again.version), (Status::Active, 4));
}

#[tokio::test]
async fn of_many_steps_at_once_one_is_told() {
    let shop = Shop::new().await;
    let before = pending(&shop, true).await;
    let steps: Vec<_> = (0..16)
        .map(|_| {
            let (customers, origin, found) = (shop.customers.clone(), admin(&shop), before.clone());
            tokio::spawn(async move { customers.activate(&origin, found).await })
        })
        .collect();
    for step in steps {
        assert_eq!(step.await.unwrap().unwrap().status, Status::Active);
    }
    assert_eq!(count(&shop, &before, &EventKind::CustomerActivated).await, 1);
    assert_eq!(count(&shop, &before, &EventKind::NewsletterAnnounced).await, 1);
}

#[tokio::test]
async fn an_anonymized_customer_keeps_figures_and_level_and_nothing_else() {
    let shop = Shop::new().await;
    let before = shop.customer("ada@example.test").await;
    shop.clock.advance(Duration::HOUR);
    let origin = admin(&shop);
    let after = shop.customers.anonymize(&origin, before.clone()).await.unwrap();
    let expected = Customer {
        status: Status::Anonymized,
        version: 2,
        updated_at: before.updated_at + Duration::HOUR,
        primary_address: Some(Address::default()),
        ..before.stripped()
    };
    assert_eq!(after, expected);
    assert_eq!((after.level, after.created_at), (before.level, before.created_at));
    assert_eq!(shop.customers.anonymize(&origin, before.clone()).await, Ok(expected.clone()));
    assert_eq!(shop.customers.anonymize(&origin, after).await, Ok(expected));
    assert_eq!(count(&shop, &before, &EventKind::CustomerAnonymized).await, 1);
    let lookup = Lookup::Email("ada@example.test".to_owned());
    let found = shop.customers.look_up(shop.merchant, &lookup).await;
    assert_eq!(found, Err(CustomerError::NotFound));
    assert!(shop.customer("ada@example.test").await.holdings.email);
}

#[tokio::test]
async fn nothing_changes_an_anonymized_customer_but_its_removal() {
    let shop = Shop::new().await;
    let before = shop.customer("ada@example.test").await;
    let origin = admin(&shop);
    let nobody = shop.customers.anonymize(&origin, before.clone()).await.unwrap();
    let refused = Err(CustomerError::NotFound);
    let level = LevelChoice { level: nobody.level.unwrap().level, period: Period::GoesOn };
    assert_eq!(shop.customers.activate(&origin, nobody.clone()).await, refused);
    // Whoever found it before is refused as well.
    for found in [before, nobody.clone()] {
        assert_eq!(shop.customers.deactivate(&origin, found.clone()).await, refused);
        let renamed =
            UpdateCustomer { email: Change::Set(email("b@c.de")), ..UpdateCustomer::default() };
        assert_eq!(shop.update(&found, renamed.clone()).await, refused);
        let customers = &shop.customers;
        let updated = customers.update_found(&origin, &shop.ladder, found.clone(), renamed).await;
        assert_eq!(updated, refused);
        let moved = customers.assign_level(&origin, &shop.ladder, found.clone(), level).await;
        assert_eq!(moved, refused);
    }
    let (found, period) = (nobody.clone(), Period::GoesOn);
    let removed = shop.customers.remove_manual_level(&origin, &shop.ladder, period, found).await;
    assert_eq!(removed, refused);
    assert_eq!(shop.find(&nobody).await, Ok(nobody.clone()));
    shop.customers.delete(&origin, nobody.id, Deletion::Erasure).await.unwrap();
    assert_eq!(shop.find(&nobody).await, refused);
}

#[tokio::test]
async fn an_anonymization_wins_over_changes_at_the_same_time() {
    let shop = Shop::new().await;
    let before = shop.customer("ada@example.test").await;
    let changes: Vec<_> = (0..16)
        .map(|n| {
            let (customers, origin, ladder) =
                (shop.customers.clone(), admin(&shop), shop.ladder.clone());
            let found = before.clone();
            let command = UpdateCustomer {
                email: Change::Set(email(&format!("ada{n}@example.test"))),
                ..UpdateCustomer::default()
            };
            tokio::spawn(
                async move { customers.update_found(&origin, &ladder, found, command).await },
            )
        })
        .collect();
    shop.customers.anonymize(&admin(&shop), before.clone()).await.unwrap();
    for change in changes {
        let outcome = change.await.unwrap();
        assert!(matches!(outcome, Ok(_) | Err(CustomerError::NotFound)), "{outcome:?}");
    }
    let left = shop.find(&before).await.unwrap();
    assert_eq!((left.status, left.email), (Status::Anonymized, None));
    let told = shop.customers.events(shop.merchant, before.id).await.unwrap();
    assert!(told.iter().all(|told| told.record.email.is_none()));
}

#[tokio::test]
async fn nobody_who_is_gone_takes_a_step() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let origin = admin(&shop);
    shop.customers.delete(&origin, ada.id, Deletion::Soft).await.unwrap();
    let refused = Err(CustomerError::NotFound);
    assert_eq!(shop.customers.deactivate(&origin, ada.clone()).await, refused);
    assert_eq!(shop.customers.anonymize(&origin, ada).await, refused);
}

#[tokio::test]
async fn the_newsletter_is_announced_once_for_ever() {
    let shop = Shop::new().await;
    let origin = admin(&shop);
    let agreeing = |email: &str| CreateCustomer {
        agreements: Agreements { marketing: true, ..Agreements::default() },
        ..create_customer(email)
    };
    let ada = shop.customers.create(&origin, &shop.ladder, agreeing("a@b.cd")).await.unwrap();
    assert!(ada.newsletter_announced);
    for accepts in [false, true, false, true] {
        let command =
            UpdateCustomer { accepts_marketing: Some(accepts), ..UpdateCustomer::default() };
        shop.customers.update(&origin, &shop.ladder, ada.id, command).await.unwrap();
    }
    let found = shop.find(&ada).await.unwrap();
    let blocked = shop.customers.deactivate(&origin, found).await.unwrap();
    shop.customers.activate(&origin, blocked).await.unwrap();
    assert_eq!(count(&shop, &ada, &EventKind::NewsletterAnnounced).await, 1);
}

#[tokio::test]
async fn a_registration_by_admin_or_seller_announces_an_agreement_and_one_by_others_does_not() {
    let shop = Shop::new().await;
    for (actor, announced) in [
        (Actor::Admin(an_id()), true),
        (Actor::Application(an_id()), false),
        (Actor::Operator(an_id()), false),
        (Actor::System, false),
    ] {
        for marketing in [true, false] {
            let command = CreateCustomer {
                agreements: Agreements { marketing, ..Agreements::default() },
                ..CreateCustomer::default()
            };
            let origin = by(&shop, actor);
            let born = shop.customers.create(&origin, &shop.ladder, command).await.unwrap();
            assert_eq!(born.newsletter_announced, announced && marketing, "{actor:?}");
            let told = count(&shop, &born, &EventKind::NewsletterAnnounced).await;
            assert_eq!(told, usize::from(announced && marketing), "{actor:?}");
        }
    }
}

#[tokio::test]
async fn an_activation_announces_an_agreement_whoever_activates() {
    let shop = Shop::new().await;
    for (marketing, expected) in [(true, 1), (false, 0)] {
        let waiting = pending(&shop, marketing).await;
        assert_eq!(count(&shop, &waiting, &EventKind::NewsletterAnnounced).await, 0);
        let active = shop.customers.activate(&shop.modest(), waiting).await.unwrap();
        assert_eq!(count(&shop, &active, &EventKind::NewsletterAnnounced).await, expected);
        shop.customers.delete(&shop.modest(), active.id, Deletion::Erasure).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_that_leaves_the_agreement_announces_it_and_moves_no_time() {
    let shop = Shop::new().await;
    let command = CreateCustomer {
        agreements: Agreements { marketing: true, ..Agreements::default() },
        ..create_customer("ada@example.test")
    };
    // As another vendor's client creates it.
    let ada = shop.create(command).await.unwrap();
    shop.clock.advance(Duration::HOUR);
    let nothing = UpdateCustomer::default();
    let origin = by(&shop, Actor::Customer(ada.id));
    let same = shop.customers.update(&origin, &shop.ladder, ada.id, nothing).await;
    assert_eq!(same, Ok(ada.clone()));
    let left = UpdateCustomer { accepts_marketing: Some(true), ..UpdateCustomer::default() };
    let by_program = by(&shop, Actor::Application(an_id()));
    let same = shop.customers.update(&by_program, &shop.ladder, ada.id, left.clone()).await;
    assert_eq!(same, Ok(ada.clone()));
    let told = shop.customers.update(&origin, &shop.ladder, ada.id, left).await.unwrap();
    assert_eq!(told, Customer { newsletter_announced: true, version: 2, ..ada });
    assert_eq!(shop.history(&told).await.last(), Some(&EventKind::NewsletterAnnounced));
}
