//! `cargo xtask ci`: everything that must hold before a change is merged. If this is green, so is CI.

mod advisories;

use std::time::{Duration, Instant};

use crate::chaos::rotation::{self, Rotation};
use crate::chaos::webhooks::{self, Webhooks};
use crate::cluster::Profile;
use crate::contracts::{self, Contracts};
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::openapi::{self, OpenApi};
use crate::process::run_interruptibly;
use crate::{checkout, schema, test, tidy};

/// Runs every step even when one fails, so that a single run shows all there is to mend. Tests come last.
pub(crate) async fn run() -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let mut steps = Steps::default();

    steps.run("format", cargo(&["fmt", "--all", "--check"], &mut interrupt)).await?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.run("clippy", cargo(&clippy, &mut interrupt)).await?;
    steps.run("tidy", async { tidy::run() }).await?;
    steps.run("deny", deny(&mut interrupt)).await?;
    steps.run("advisories", advisories::check(&mut interrupt)).await?;
    steps.run("documentation", documentation(&mut interrupt)).await?;
    steps.run("openapi", async { openapi::run(&OpenApi { check: true }) }).await?;
    match Server::open(Profile::Tests, &interrupt) {
        Ok(server) => {
            steps.run("schema", schema::check(&server)).await?;
            let contracts = contracts::on(&server, Contracts::BRIEF, &mut interrupt);
            steps.run("contracts", Box::pin(contracts)).await?;
            steps.run("chaos", Box::pin(webhooks::run(Webhooks::BRIEF))).await?;
            let rotation = rotation::on(&server, Rotation::BRIEF, &mut interrupt);
            steps.run("rotation", Box::pin(rotation)).await?;
            steps.run("test", test::on(&server, &[], &mut interrupt)).await?;
        }
        Err(failure) => steps.run("database", async { Err(failure) }).await?,
    }
    steps.summary()
}

/// What was run, in order.
#[derive(Debug, Default)]
struct Steps(Vec<Step>);

#[derive(Debug)]
struct Step {
    name: &'static str,
    passed: bool,
    took: Duration,
}

impl Steps {
    /// Runs a step and notes how it went; only being told to stop ends the whole.
    async fn run(
        &mut self,
        name: &'static str,
        work: impl Future<Output = Result<(), Failure>>,
    ) -> Result<(), Failure> {
        println!("\n=== {name}");
        let begun = Instant::now();
        let outcome = work.await;
        let step = Step { name, passed: outcome.is_ok(), took: begun.elapsed() };
        println!("=== {}", step.line());
        self.0.push(step);
        match outcome {
            Err(Failure::Interrupted) => Err(Failure::Interrupted),
            Err(failure) => {
                eprintln!("{failure}");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    fn summary(&self) -> Result<(), Failure> {
        println!("\n=== summary");
        for step in &self.0 {
            println!("{}", step.line());
        }
        let failed: Vec<&str> =
            self.0.iter().filter(|step| !step.passed).map(|step| step.name).collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Failure::explained(format!("failed: {}", failed.join(", "))))
        }
    }
}

impl Step {
    fn line(&self) -> String {
        let verdict = if self.passed { "ok" } else { "FAILED" };
        format!("{}: {verdict} after {:.1} s", self.name, self.took.as_secs_f64())
    }
}

async fn cargo(arguments: &[&str], interrupt: &mut Interrupt) -> Result<(), Failure> {
    let mut command = checkout::cargo();
    command.args(arguments);
    run_interruptibly(command, interrupt).await
}

/// Licences, who may use which crate, and where crates come from. Advisories are a step of their own.
async fn deny(interrupt: &mut Interrupt) -> Result<(), Failure> {
    require_cargo_deny()?;
    cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"], interrupt).await
}

fn require_cargo_deny() -> Result<(), Failure> {
    match checkout::on_path("cargo-deny") {
        Some(_) => Ok(()),
        None => {
            Err(Failure::explained("cargo-deny is missing: `cargo install --locked cargo-deny`"))
        }
    }
}

async fn documentation(interrupt: &mut Interrupt) -> Result<(), Failure> {
    let mut command = checkout::cargo();
    command.args(["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings");
    run_interruptibly(command, interrupt).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failing_step_fails_the_whole_but_the_next_still_runs() {
        let mut steps = Steps::default();
        steps.run("one", async { Err(Failure::explained("broken")) }).await.unwrap();
        steps.run("two", async { Ok(()) }).await.unwrap();

        let verdicts: Vec<_> = steps.0.iter().map(|step| (step.name, step.passed)).collect();
        assert_eq!(verdicts, [("one", false), ("two", true)]);
        assert_eq!(steps.summary().unwrap_err().to_string(), "failed: one");
    }

    #[tokio::test]
    async fn being_told_to_stop_ends_the_whole() {
        let outcome = Steps::default().run("one", async { Err(Failure::Interrupted) }).await;
        assert!(matches!(outcome, Err(Failure::Interrupted)));
    }
}
