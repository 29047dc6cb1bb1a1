//! `cargo xtask schema`: the Diesel tables, read from a database that the migrations have just built.

mod catalog;
mod render;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use clap::Args;

use crate::backend;
use crate::checkout;
use crate::cluster::Profile;
use crate::database::{self, Server};
use crate::failure::Failure;
use crate::interrupt::Interrupt;

const FILE: &str = "crates/postgres/src/schema.rs";

/// Write the Diesel tables from the migrations.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Only say whether the file is up to date
    #[arg(long)]
    check: bool,
}

pub(crate) async fn run(options: &Schema) -> Result<(), Failure> {
    let server = Server::open(Profile::Tests, &Interrupt::listen()?)?;
    if options.check { check(&server).await } else { write(&server).await }
}

/// Fails when the file differs from what the migrations say.
pub(crate) async fn check(server: &Server) -> Result<(), Failure> {
    let generated = generate(server).await?;
    if fs::read_to_string(checkout::root().join(FILE)).is_ok_and(|written| written == generated) {
        println!("{FILE} is up to date");
        return Ok(());
    }
    Err(Failure::explained(format!("{FILE} differs from the migrations: run `cargo xtask schema`")))
}

async fn write(server: &Server) -> Result<(), Failure> {
    let generated = generate(server).await?;
    fs::write(checkout::root().join(FILE), generated)
        .map_err(Failure::io(format!("write {FILE}")))?;
    println!("wrote {FILE}");
    Ok(())
}

async fn generate(server: &Server) -> Result<String, Failure> {
    let scratch = server.scratch("schema")?;
    backend::migrate(&scratch.url).await?;
    let tables = catalog::tables(&database::query(&scratch.url, catalog::QUERY)?)?;
    format(&render::file(&tables))
}

/// The generated text in the style of the repository, so that `cargo fmt --check` agrees.
fn format(text: &str) -> Result<String, Failure> {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--emit", "stdout"]).current_dir(checkout::root());
    let mut child = rustfmt
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Failure::io("run rustfmt"))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).map_err(Failure::io("write to rustfmt"))?;
    }
    let output = child.wait_with_output().map_err(Failure::io("wait for rustfmt"))?;
    match String::from_utf8(output.stdout) {
        Ok(formatted) if output.status.success() => Ok(formatted),
        _ => Err(Failure::explained(format!("rustfmt refuses the generated tables:\n{text}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_rust_is_not_written() {
        assert!(format("struct {").is_err());
    }
}
