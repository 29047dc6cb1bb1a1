//! Everything a developer or operator runs on Clientele: `cargo xtask help`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool speaks on its standard streams"
)]

mod backend;
mod bench;
mod chaos;
mod checkout;
mod ci;
mod cluster;
mod contracts;
mod database;
mod demo;
mod dev;
mod exchange;
mod failure;
mod http;
mod import;
mod interrupt;
mod key;
mod ledger;
mod migrate;
mod openapi;
mod proc;
mod process;
mod schema;
mod seed;
mod service;
mod sink;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

use crate::failure::Failure;

/// Everything a developer or operator runs on Clientele
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    Dev(dev::Dev),
    Migrate(migrate::Migrate),
    Seed(seed::Seed),
    CheckLedger(ledger::CheckLedger),
    Import(import::Import),
    Schema(schema::Schema),
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
    Contracts(contracts::Contracts),
    /// Check the rules of the repository that no compiler checks
    Tidy,
    Test(test::Test),
    Bench(bench::Bench),
    Chaos(chaos::Chaos),
    /// Check everything that must hold before a change is merged
    Ci,
}

fn main() -> ExitCode {
    let command = Command::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return report(&Failure::io("start")(error)),
    };
    let outcome = runtime.block_on(run(command));
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure),
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Dev(options) => dev::run(&options).await,
        Command::Migrate(options) => migrate::run(&options).await,
        Command::Seed(options) => seed::run(&options).await,
        Command::CheckLedger(options) => ledger::run(&options).await,
        Command::Import(options) => import::run(&options).await,
        Command::Schema(options) => schema::run(&options).await,
        Command::OpenApi(options) => openapi::run(&options),
        Command::Contracts(options) => contracts::run(&options).await,
        Command::Tidy => tidy::run(),
        Command::Test(options) => test::run(&options).await,
        Command::Bench(options) => bench::run(&options).await,
        Command::Chaos(options) => chaos::run(&options).await,
        Command::Ci => ci::run().await,
    }
}

fn report(failure: &Failure) -> ExitCode {
    eprintln!("xtask: {failure}");
    ExitCode::from(failure.exit_code())
}
