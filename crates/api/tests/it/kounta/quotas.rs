//! Requests a minute (contract 1.7).

use time::Duration;

use super::answer::Answer;
use super::world::World;

/// The end of the minute at which worlds begin.
const RESET: &str = "1772403360";

fn told(answer: &Answer) -> [Option<&str>; 3] {
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
        .map(|name| answer.header(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_authenticated_answer_tells_what_is_left() {
    let world = World::with("").await;
    let program = world.company().await;
    for (rest, status, remaining) in [
        (".json", 200, "59"),
        ("/customers.json", 200, "58"),
        ("/customers/1.json", 404, "57"),
        ("/customers.json?phone=1", 400, "56"),
        ("/customers.json?email=x", 404, "55"),
    ] {
        let answer = program.get(rest).await;
        assert_eq!(answer.status, status, "{rest}");
        assert_eq!(told(&answer), [Some("60"), Some(remaining), Some(RESET)], "{rest}");
    }
    let foreign = world.ask("GET", "/v1/companies/9/customers.json", &[&program.basic], b"").await;
    assert_eq!((foreign.status, told(&foreign)[1]), (403, Some("54")));
    let stranger =
        world.ask("GET", "/v1/companies/me.json", &["Authorization: Bearer x"], b"").await;
    assert_eq!(told(&stranger), [None; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_limit_a_request_is_refused_until_the_reset() {
    let world = World::with("basic_requests_per_minute = 2\noauth_requests_per_minute = 1").await;
    let (program, other) = (world.company().await, world.company().await);
    let bearer = format!("Authorization: Bearer {}", program.access_token().await);
    world.clock.advance(Duration::seconds(40));
    for _ in 0..2 {
        assert_eq!(program.get("/customers.json").await.status, 200);
    }
    let refused = program.get("/customers.json").await;
    let sentence = "Rate limit reached, retry after the reset time";
    refused.refused(429, "Too Many Requests", sentence);
    assert_eq!(told(&refused), [Some("2"), Some("0"), Some(RESET)]);
    assert_eq!(refused.header("retry-after"), Some("20"));
    assert_eq!(other.get("/customers.json").await.status, 200);
    let target = program.path("/customers.json");
    let by_token = async || world.ask("GET", &target, &[bearer.as_str()], b"").await;
    let first = by_token().await;
    assert_eq!((first.status, told(&first)), (200, [Some("1"), Some("0"), Some(RESET)]));
    assert_eq!(by_token().await.status, 429);
    world.clock.advance(Duration::seconds(20));
    assert_eq!(program.get("/customers.json").await.status, 200);
    assert_eq!(by_token().await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_of_one_company_do_not_count_for_each_other() {
    let world = World::with("basic_requests_per_minute = 1").await;
    let first = world.company().await;
    let second = world.program(&first.merchant).await;
    assert_eq!(first.get(".json").await.status, 200);
    assert_eq!(second.get(".json").await.status, 200);
    assert_eq!(first.get(".json").await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_one_program_share_its_quota_and_the_token_endpoint_is_not_counted() {
    let world = World::with("oauth_requests_per_minute = 1").await;
    let program = world.company().await;
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let line = format!("Authorization: Bearer {}", program.access_token().await);
        statuses
            .push(world.ask("GET", "/v1/companies/me.json", &[line.as_str()], b"").await.status);
    }
    assert_eq!(statuses, [200, 429]);
    let form = format!("grant_type=client_credentials&{}", program.fields());
    assert_eq!(told(&world.token(&[], &form).await), [None; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_limit_nothing_is_told() {
    let world = World::start().await;
    let program = world.company().await;
    let answer = program.get(".json").await;
    assert_eq!((answer.status, told(&answer)), (200, [None; 3]));
}
