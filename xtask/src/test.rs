//! `cargo xtask test`: all tests, on a Postgres that exists for this run only.

use std::process::Command;

use clap::Args;

use crate::checkout;
use crate::cluster::Profile;
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::process::run_interruptibly;
use crate::service::{self, Build};

/// Run all tests against the server in `DATABASE_URL`, or a private one that leaves nothing behind.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// What follows `--` goes to the test runner, and the documentation's examples are left out
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

pub(crate) async fn run(options: &Test) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let server = Server::open(Profile::Tests, &interrupt)?;
    on(&server, &options.arguments, &mut interrupt).await
}

/// Runs the tests on a server that is there already. The runner goes last, so that its closing lines end the output.
pub(crate) async fn on(
    server: &Server,
    arguments: &[String],
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let binary = service::build(Build::Debug, interrupt).await?;
    if arguments.is_empty() {
        let mut examples = checkout::cargo();
        examples.args(["test", "--workspace", "--doc"]);
        run_interruptibly(examples, interrupt).await?;
    }
    let mut runner = runner();
    runner
        .args(arguments)
        .env("CLIENTELE_TEST_DATABASE_URL", server.url())
        .env("CLIENTELE_API_BIN", binary);
    run_interruptibly(runner, interrupt).await
}

fn runner() -> Command {
    let mut cargo = checkout::cargo();
    if checkout::on_path("cargo-nextest").is_some() {
        cargo.args(["nextest", "run", "--workspace"]);
    } else {
        cargo.args(["test", "--workspace", "--all-targets"]);
    }
    cargo
}
