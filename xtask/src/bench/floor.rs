//! The floor under all other scenarios: a request that only asks the database whether it is there.

use std::time::Duration;

use super::comparison::compare;
use super::load::Load;
use super::pgbench::Script;
use super::stage::Stage;
use super::{Effort, WARM_UP};
use crate::failure::Failure;

const PATH: &str = "/readyz";

pub(super) fn run(stage: &Stage, effort: Effort) -> Result<String, Failure> {
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: {}\r\n\r\n", stage.address).into_bytes();
    let load = Load {
        address: stage.address,
        connections: effort.connections as usize,
        warm_up: WARM_UP,
        duration: Duration::from_secs(effort.seconds.into()),
        expected: 200,
    };
    let script = Script {
        url: stage.url.clone(),
        sql: "SELECT :one;\n",
        variables: vec![("one", "1".to_owned())],
        clients: effort.connections,
        seconds: effort.seconds,
    };
    let requests = || {
        let request = request.clone();
        move |_, _| request.clone()
    };
    compare(stage, effort.pairs, load, requests, &script)
}
