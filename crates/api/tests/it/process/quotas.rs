//! Two processes count requests together.

use std::collections::HashMap;

use domain::demo;

use super::instance::{Instance, client, planted};

const LIMIT: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_let_through_as_many_requests_a_minute_as_one() {
    let database = planted().await;
    let limit = [("CLIENTELE_KOUNTA__BASIC_REQUESTS_PER_MINUTE", "5")];
    let first = Instance::start(database.url(), &limit).await;
    let second = Instance::start(database.url(), &limit).await;
    let client = client();
    let mut served: HashMap<String, usize> = HashMap::new();
    // A minute may end in between, once; what counts is the minute in which a request is refused.
    for turn in 0..=2 * LIMIT {
        let instance = if turn % 2 == 0 { &first } else { &second };
        let request = client
            .get(instance.url("/v1/companies/me.json"))
            .basic_auth(demo::CLIENT.0, Some(demo::CLIENT.1));
        let answer = request.send().await.unwrap();
        let reset = answer.headers()["x-ratelimit-reset"].to_str().unwrap().to_owned();
        if answer.status() == 429 {
            assert_eq!(served.get(&reset), Some(&LIMIT), "{served:?}");
            return;
        }
        assert_eq!(answer.status(), 200);
        *served.entry(reset).or_default() += 1;
    }
    panic!("nothing was refused: {served:?}");
}
