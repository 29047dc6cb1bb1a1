//! A login is renewed by one token after the other, and ends when one comes twice (contract 1.3).

use futures_util::future::join_all;
use serde_json::json;
use time::Duration;

use super::world::{Answer, Institution, World, pair};

async fn refresh(world: &World, token: &str) -> Answer {
    world.post_json("/v2/auth/refresh", &json!({"refreshToken": token})).await
}

/// Access and refresh token of a renewal.
async fn renewed(world: &World, token: &str) -> (String, String) {
    pair(&refresh(world, token).await.data())
}

async fn works(institution: &Institution<'_>, token: &str) -> bool {
    institution.post_with(token, "/v2/customer/find", &json!({})).await.status == 201
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refresh_token_wins_a_new_pair() {
    let world = World::start().await;
    let institution = world.institution().await;
    let (mut access, mut token) = institution.tokens().await;
    for _ in 0..4 {
        let (next_access, next) = renewed(&world, &token).await;
        assert!(next_access != access && next != token);
        assert!(works(&institution, &access).await && works(&institution, &next_access).await);
        (access, token) = (next_access, next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_twice_ends_its_login() {
    let world = World::start().await;
    let institution = world.institution().await;
    for used in 0..3 {
        let mut tokens = vec![institution.tokens().await.1];
        for _ in 0..3 {
            let next = renewed(&world, tokens.last().unwrap()).await.1;
            tokens.push(next);
        }
        refresh(&world, &tokens[used]).await.is_unauthorized();
        let newest = tokens.last().unwrap();
        refresh(&world, newest).await.is_unauthorized();
        refresh(&world, newest).await.is_unauthorized();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_logins_of_the_same_operator_live_on() {
    let world = World::start().await;
    let institution = world.institution().await;
    let (ended, lives) = (institution.tokens().await.1, institution.tokens().await.1);
    let next = renewed(&world, &ended).await.1;
    refresh(&world, &ended).await.is_unauthorized();
    refresh(&world, &next).await.is_unauthorized();
    let next = renewed(&world, &lives).await.1;
    renewed(&world, &next).await;
    renewed(&world, &institution.tokens().await.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_renewals_at_once_one_succeeds_and_the_login_ends() {
    let world = World::start().await;
    let institution = world.institution().await;
    for at_once in [2, 2, 2, 8] {
        let token = institution.tokens().await.1;
        let answers = join_all((0..at_once).map(|_| refresh(&world, &token))).await;
        let (won, lost): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((won.len(), lost.len()), (1, at_once - 1));
        lost.iter().for_each(Answer::is_unauthorized);
        let (access, next) = pair(&won[0].data());
        refresh(&world, &next).await.is_unauthorized();
        // An access token stands for itself and is not asked about.
        assert!(works(&institution, &access).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_token_ends_its_login_even_while_the_newest_is_renewed() {
    let world = World::start().await;
    let institution = world.institution().await;
    for _ in 0..5 {
        let used = institution.tokens().await.1;
        let newest = renewed(&world, &used).await.1;
        let (again, next) = tokio::join!(refresh(&world, &used), refresh(&world, &newest));
        again.is_unauthorized();
        if next.status == 201 {
            refresh(&world, &pair(&next.data()).1).await.is_unauthorized();
        } else {
            next.is_unauthorized();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_of_an_ended_login_works_until_it_expires() {
    let world = World::with(&[("PRINCIPAL_CACHE_SECONDS", "0")]).await;
    let institution = world.institution().await;
    let (access, token) = institution.tokens().await;
    renewed(&world, &token).await;
    refresh(&world, &token).await.is_unauthorized();
    world.clock.advance(Duration::seconds(929));
    assert!(works(&institution, &access).await);
    world.clock.advance(Duration::SECOND);
    assert!(!works(&institution, &access).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_renewal_lets_a_login_live_seven_days_more() {
    let world = World::start().await;
    let institution = world.institution().await;
    let mut token = institution.tokens().await.1;
    for _ in 0..3 {
        world.clock.advance(Duration::days(6));
        token = renewed(&world, &token).await.1;
    }
    world.clock.advance(Duration::days(7) + Duration::seconds(30));
    refresh(&world, &token).await.is_unauthorized();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_login_that_has_ended() {
    let world = World::start().await;
    let institution = world.institution().await;
    let token = institution.tokens().await.1;
    renewed(&world, &token).await;
    let rows = async || {
        let rows = world.database.rows().await;
        rows.iter().filter(|row| row.starts_with("tokens ")).count()
    };
    assert_eq!(rows().await, 1, "a login is one row however often it is renewed");
    refresh(&world, &token).await.is_unauthorized();
    assert_eq!(rows().await, 0);
}
