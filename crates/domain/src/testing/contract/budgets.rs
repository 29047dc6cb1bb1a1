//! Promises about budgets.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::budget::{Budget, BudgetRule, Drawn};
use crate::storage::{Storage, StorageError};
use crate::testing::a_fingerprint;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;

/// What may happen so often happens so often, however many ask at once.
pub async fn budgets(storage: &Storage) {
    a_budget_is_used_up_and_filled_again_with_its_window(storage).await;
    budgets_of_others_are_others(storage).await;
    a_refused_draw_takes_nothing(storage).await;
    a_budget_of_nothing_is_always_used_up(storage).await;
    what_is_given_back_may_be_drawn_again(storage).await;
    of_many_at_once_as_many_draw_as_may(storage).await;
    a_line_gives_one_turn_after_the_other(storage).await;
    whoever_would_wait_too_long_takes_no_place_in_the_line(storage).await;
    purging_takes_only_what_ended_before(storage).await;
}

const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00.000_001 UTC);
const WINDOW: Duration = Duration::minutes(10);

fn a_budget(limit: u32) -> Budget {
    BudgetRule { name: "test", limit, window: WINDOW }.of(a_fingerprint())
}

/// Draws in a unit of work that keeps nothing of a refused draw.
async fn draw(tenant: Tenant<'_>, budgets: &[Budget], now: OffsetDateTime) -> Drawn {
    enum Stop {
        Refused(Drawn),
        Storage(StorageError),
    }
    impl From<StorageError> for Stop {
        fn from(error: StorageError) -> Self {
            Self::Storage(error)
        }
    }
    let drawn = tenant.storage.atomically(async |unit| {
        match unit.budgets().draw(tenant.merchant, budgets, now).await? {
            drawn @ Drawn::Granted(_) => Ok(drawn),
            drawn @ Drawn::Refused(_) => Err(Stop::Refused(drawn)),
        }
    });
    match drawn.await {
        Ok(drawn) | Err(Stop::Refused(drawn)) => drawn,
        Err(Stop::Storage(error)) => panic!("an answer, not {error}"),
    }
}

async fn spent(
    tenant: Tenant<'_>,
    budgets: &[Budget],
    now: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let mut session = tenant.session().await;
    session.budgets().spent_until(tenant.merchant, budgets, now).await.expect("an answer")
}

async fn a_budget_is_used_up_and_filled_again_with_its_window(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let budget = [a_budget(2)];
    let later = NOW + Duration::minutes(9);
    assert_eq!(draw(tenant, &budget, NOW).await, Drawn::Granted(vec![1]));
    assert_eq!(spent(tenant, &budget, later).await, None);
    assert_eq!(draw(tenant, &budget, later).await, Drawn::Granted(vec![2]));
    assert_eq!(spent(tenant, &budget, later).await, Some(NOW + WINDOW));
    assert_eq!(draw(tenant, &budget, later).await, Drawn::Refused(NOW + WINDOW));
    let next = NOW + WINDOW;
    assert_eq!(spent(tenant, &budget, next).await, None);
    assert_eq!(draw(tenant, &budget, next).await, Drawn::Granted(vec![1]));
}

async fn budgets_of_others_are_others(storage: &Storage) {
    let [tenant, elsewhere] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let budget = a_budget(1);
    let other_rule = Budget { rule: BudgetRule { name: "other", ..budget.rule }, ..budget };
    let other_subject = Budget { subject: a_fingerprint(), ..budget };
    assert_eq!(draw(tenant, &[budget], NOW).await, Drawn::Granted(vec![1]));
    for other in [other_rule, other_subject] {
        assert_eq!(draw(tenant, &[other], NOW).await, Drawn::Granted(vec![1]));
    }
    assert_eq!(draw(elsewhere, &[budget], NOW).await, Drawn::Granted(vec![1]));
}

async fn a_refused_draw_takes_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (tight, wide) = (a_budget(1), a_budget(3));
    assert_eq!(draw(tenant, &[wide, tight], NOW).await, Drawn::Granted(vec![1, 1]));
    assert_eq!(draw(tenant, &[wide, tight], NOW).await, Drawn::Refused(NOW + WINDOW));
    assert_eq!(spent(tenant, &[wide, tight], NOW).await, Some(NOW + WINDOW));
    assert_eq!(draw(tenant, &[wide], NOW).await, Drawn::Granted(vec![2]));
    assert_eq!(draw(tenant, &[], NOW).await, Drawn::Granted(Vec::new()));
}

async fn a_budget_of_nothing_is_always_used_up(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let nothing = [a_budget(0)];
    assert_eq!(draw(tenant, &nothing, NOW).await, Drawn::Refused(NOW + WINDOW));
    assert_eq!(spent(tenant, &nothing, NOW).await, Some(NOW + WINDOW));
}

async fn what_is_given_back_may_be_drawn_again(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let budget = [a_budget(2)];
    let give_back = async |draws, now| {
        let mut session = tenant.session().await;
        session.budgets().give_back(tenant.merchant, &budget, draws, now).await.expect("an answer");
    };
    give_back(1, NOW).await;
    draw(tenant, &budget, NOW).await;
    draw(tenant, &budget, NOW).await;
    give_back(1, NOW + WINDOW).await;
    assert_eq!(draw(tenant, &budget, NOW).await, Drawn::Refused(NOW + WINDOW));
    give_back(1, NOW).await;
    assert_eq!(draw(tenant, &budget, NOW).await, Drawn::Granted(vec![2]));
    give_back(7, NOW).await;
    assert_eq!(draw(tenant, &budget, NOW).await, Drawn::Granted(vec![1]));
}

async fn of_many_at_once_as_many_draw_as_may(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (tight, wide) = (a_budget(5), a_budget(100));
    let tries = (0..32).map(async |at| {
        let both = if at % 2 == 0 { [tight, wide] } else { [wide, tight] };
        draw(tenant, &both, NOW).await
    });
    let drawn = all_at_once(tries).await;
    let granted = drawn.iter().filter(|drawn| matches!(drawn, Drawn::Granted(_))).count();
    assert_eq!(granted, 5);
    assert_eq!(draw(tenant, &[wide], NOW).await, Drawn::Granted(vec![6]));
}

async fn a_line_gives_one_turn_after_the_other(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let line = ("line", a_fingerprint());
    let turn = Duration::seconds(3);
    let line_up = async |now| {
        let mut session = tenant.session().await;
        session.budgets().line_up(tenant.merchant, line, turn, Duration::HOUR, now).await
    };
    let begun = all_at_once((0..8).map(|_| line_up(NOW))).await;
    let mut begun: Vec<_> = begun.into_iter().map(|place| place.expect("a turn")).collect();
    begun.sort();
    assert_eq!(begun, (0..8).map(|at| Some(NOW + turn * at)).collect::<Vec<_>>());
    let much_later = NOW + Duration::HOUR;
    assert_eq!(line_up(much_later).await, Ok(Some(much_later)));
}

async fn whoever_would_wait_too_long_takes_no_place_in_the_line(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let line = ("line", a_fingerprint());
    let (turn, patience) = (Duration::seconds(3), Duration::seconds(4));
    let mut session = tenant.session().await;
    let budgets = session.budgets();
    for begins in [Some(NOW), Some(NOW + turn), None, None] {
        let place = budgets.line_up(tenant.merchant, line, turn, patience, NOW).await;
        assert_eq!(place, Ok(begins));
    }
    let later = NOW + Duration::seconds(2);
    let place = budgets.line_up(tenant.merchant, line, turn, patience, later).await;
    assert_eq!(place, Ok(Some(NOW + turn * 2)));
}

async fn purging_takes_only_what_ended_before(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    // Long before any other window of a shared database ends, so that the figure is this promise's own.
    let moment = datetime!(1999-01-01 00:00:00 UTC);
    let purge = async || tenant.session().await.budgets().purge(moment).await.expect("an answer");
    purge().await;
    let [gone, kept] = [a_budget(2), a_budget(2)];
    draw(tenant, &[gone], moment - WINDOW - Duration::SECOND).await;
    draw(tenant, &[kept], moment - WINDOW).await;
    assert_eq!(purge().await, 1);
    let then = moment - Duration::minutes(2);
    assert_eq!(draw(tenant, &[gone], then).await, Drawn::Granted(vec![1]));
    assert_eq!(draw(tenant, &[kept], then).await, Drawn::Granted(vec![2]));
}
