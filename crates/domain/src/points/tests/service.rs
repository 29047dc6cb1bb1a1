use super::{EVENING, World, tiered, whole};
use crate::access::Actor;
use crate::customer::{Customer, Demands, Status};
use crate::event::{EventKind, PointsCause};
use crate::merchant::{PointSettings, TierSettings};
use crate::money::Amount;
use crate::points::{
    Credit, CreditState, Movement, NewPoints, NotCancelable, NotEnough, PointTotals, PointsError,
};
use crate::testing::{a_change, a_removal, an_id};
use crate::text::Note;

#[tokio::test]
async fn added_points_can_be_spent_at_once_and_are_told() {
    let world = World::of(PointSettings::default()).await;
    let comment = Note::try_from("for the long wait").ok();
    let points = NewPoints { comment: comment.clone(), ..whole(12) };
    let actor = Actor::Seller(an_id());
    let id = world.points.add(world.programme(), actor, world.ada().await, points).await.unwrap();
    let transfer = world.transfer(id).await;
    assert_eq!((transfer.value, transfer.comment), (Amount::whole(12), comment));
    assert_eq!((transfer.actor, transfer.created_at, transfer.peer), (actor, EVENING, None));
    let credit = transfer.movement;
    assert!(matches!(credit, Movement::Adding(Credit { state: CreditState::Active, .. })));
    let twelve = Amount::whole(12);
    let expected = PointTotals {
        available: twelve,
        earned: twelve,
        earned_since_recalculation: twelve,
        ..PointTotals::default()
    };
    let ada = world.ada().await;
    assert_eq!((ada.points, ada.version), (expected, 2));
    assert_eq!(ada.updated_at, world.merchant.updated_at.max(ada.updated_at));
    let cause = PointsCause::Added;
    let changed = EventKind::PointsChanged { amount: twelve, change: twelve, cause };
    assert_eq!(world.told().await, [changed]);
}

#[tokio::test]
async fn the_oldest_points_are_spent_first() {
    let world = World::of(PointSettings::default()).await;
    let first = world.add(whole(5)).await.unwrap();
    world.clock.advance(time::Duration::HOUR);
    let second = world.add(whole(5)).await.unwrap();
    world.spend(whole(7)).await.unwrap();
    let left = async |id| world.transfer(id).await.credit().unwrap().remaining;
    assert_eq!((left(first).await, left(second).await), (Amount::ZERO, Amount::whole(3)));
    let points = world.ada().await.points;
    assert_eq!((points.available, points.used), (Amount::whole(3), Amount::whole(7)));
    let cause = PointsCause::Spent;
    let (amount, change) = (Amount::whole(3), Amount::whole(-7));
    let last = world.told().await.pop();
    assert_eq!(last, Some(EventKind::PointsChanged { amount, change, cause }));
}

#[tokio::test]
async fn more_than_there_is_cannot_be_spent() {
    let world = World::of(PointSettings::default()).await;
    world.add(whole(5)).await.unwrap();
    let slightly_more = NewPoints { value: Amount::from_ten_thousandths(50_001), ..whole(5) };
    let refused = Err(PointsError::NotEnough(NotEnough));
    assert_eq!(world.spend(slightly_more).await, refused);
    assert_eq!(world.ada().await.version, 2);
    world.spend(whole(5)).await.unwrap();
    assert_eq!(world.spend(whole(1)).await, refused);
    assert_eq!(world.ada().await.points.available, Amount::ZERO);
}

#[tokio::test]
async fn only_statuses_that_the_programme_lists_earn_and_spend() {
    let statuses = [Status::New, Status::Active, Status::Blocked];
    for (earning, spending) in [(vec![Status::Active], vec![Status::New, Status::Blocked])] {
        let settings = PointSettings { earning, spending, ..PointSettings::default() };
        let world = World::of(settings.clone()).await;
        world.add(whole(100)).await.unwrap();
        for status in statuses {
            let before = world.ada().await;
            let after = Customer { status, ..before.clone() };
            let mut session = world.storage.session().await.unwrap();
            let change = a_change(&before, after, Demands::default());
            session.customers().update(&change).await.unwrap();
            drop(session);
            let [added, spent] = [world.add(whole(1)).await, world.spend(whole(1)).await];
            let refused = Err(PointsError::NotAllowed);
            assert_eq!(added != refused, settings.earning.contains(&status), "{status:?}");
            assert_eq!(spent != refused, settings.spending.contains(&status), "{status:?}");
        }
    }
}

#[tokio::test]
async fn whoever_is_deleted_or_nobody_neither_earns_nor_spends() {
    let everyone = vec![Status::New, Status::Active, Status::Blocked, Status::Anonymized];
    let settings =
        PointSettings { earning: everyone.clone(), spending: everyone, ..PointSettings::default() };
    for deleted in [true, false] {
        let world = World::of(settings.clone()).await;
        let id = world.add(whole(5)).await.unwrap();
        let before = world.ada().await;
        let nobody = Customer { status: Status::Anonymized, ..before.clone() };
        let write = if deleted {
            a_removal(&before)
        } else {
            a_change(&before, nobody, Demands::default())
        };
        let mut session = world.storage.session().await.unwrap();
        session.customers().update(&write).await.unwrap();
        drop(session);
        assert_eq!(world.add(whole(1)).await, Err(PointsError::NotAllowed));
        assert_eq!(world.spend(whole(1)).await, Err(PointsError::NotAllowed));
        let expected = if deleted { Err(PointsError::NotFound) } else { Ok(()) };
        assert_eq!(world.cancel(id).await, expected);
    }
}

#[tokio::test]
async fn unused_points_are_taken_back_whole() {
    let locked = PointSettings { locked_days: Some(3), ..PointSettings::default() };
    for (settings, told) in [(PointSettings::default(), 2), (locked, 0)] {
        let world = World::of(settings).await;
        let id = world.add(whole(5)).await.unwrap();
        world.cancel(id).await.unwrap();
        assert_eq!(world.transfer(id).await.state(), CreditState::Canceled);
        assert_eq!(world.ada().await.points, PointTotals::default());
        assert_eq!(world.told().await.len(), told);
        assert_eq!(world.cancel(id).await, Err(PointsError::NotCancelable(NotCancelable)));
    }
}

#[tokio::test]
async fn what_is_spent_expired_or_a_spending_stays() {
    let world = World::of(PointSettings::default()).await;
    let refused = Err(PointsError::NotCancelable(NotCancelable));
    let id = world.add(whole(5)).await.unwrap();
    let spending = world.spend(whole(1)).await.unwrap();
    assert_eq!(world.cancel(id).await, refused);
    assert_eq!(world.cancel(spending).await, refused);
    let late = world.add(whole(5)).await.unwrap();
    world.pass(32).await;
    assert_eq!(world.cancel(late).await, refused);
    assert_eq!(world.cancel(an_id()).await, Err(PointsError::NotFound));
}

#[tokio::test]
async fn a_customer_who_changed_meanwhile_is_booked_as_it_is_now() {
    let world = World::of(PointSettings::default()).await;
    world.add(whole(5)).await.unwrap();
    let found = world.ada().await;
    world.spend(whole(4)).await.unwrap();
    let (programme, actor) = (world.programme(), Actor::System);
    let spent = world.points.spend(programme, actor, found.clone(), whole(2)).await;
    assert_eq!(spent, Err(PointsError::NotEnough(NotEnough)));
    let spent = world.points.spend(programme, actor, found, whole(1)).await;
    assert!(spent.is_ok());
    assert_eq!(world.ada().await.points.available, Amount::ZERO);
}

#[tokio::test]
async fn sellers_are_trusted_by_name() {
    let world = World::with(tiered(TierSettings::default()), "Europe/Warsaw", &[]).await;
    let seller = |email, allow_point_transfer| crate::seller::Seller {
        allow_point_transfer,
        ..crate::testing::a_seller(world.merchant.id, email)
    };
    let [trusted, plain] = [seller("a@shop.example", true), seller("b@shop.example", false)];
    let mut session = world.storage.session().await.unwrap();
    for seller in [&trusted, &plain] {
        session.sellers().insert(seller).await.unwrap();
    }
    drop(session);
    let merchant = world.merchant.id;
    assert_eq!(world.points.trusts(merchant, trusted.id).await, Ok(true));
    assert_eq!(world.points.trusts(merchant, plain.id).await, Ok(false));
    assert_eq!(world.points.trusts(merchant, an_id()).await, Ok(false));
    assert_eq!(world.points.trusts(an_id(), trusted.id).await, Ok(false));
}
