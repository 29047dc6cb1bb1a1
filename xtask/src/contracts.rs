//! `cargo xtask contracts`: the service against its own OpenAPI documents. Schemathesis makes requests up, good ones and
//! bad ones, and looks whether every answer is one that the document promises.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use domain::demo;

use crate::checkout;
use crate::cluster::Profile;
use crate::database::Server;
use crate::demo::OPS_KEY;
use crate::exchange::{monri_bearer, open_loyalty_bearer};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::openapi::{self, DIALECTS, OPS};
use crate::process::run_interruptibly;
use crate::service::{self, Build, Service};

const PROGRAM: &str = "schemathesis";
/// What every answer is held to: no defect, and no status, media type, header or body that the document does not have.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

/// How many customers there are to be found.
const CUSTOMERS: u32 = 20;

/// Hold the service to its OpenAPI documents.
///
/// Needs Schemathesis: `pip install -r xtask/python.txt`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Contracts {
    /// How many requests are made up for each operation
    #[arg(long, default_value_t = 20)]
    pub(crate) examples: u32,
    /// How long each document may take, in seconds
    #[arg(long, default_value_t = 90)]
    pub(crate) seconds: u32,
    /// Only this document
    #[arg(long, default_value = "")]
    pub(crate) only: String,
}

impl Contracts {
    /// As much as a gate has time for.
    pub(crate) const BRIEF: &Self = &Self { examples: 6, seconds: 40, only: String::new() };
}

pub(crate) async fn run(options: &Contracts) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let server = Server::open(Profile::Tests, &interrupt)?;
    on(&server, options, &mut interrupt).await
}

/// Asks a service of its own on a new database.
pub(crate) async fn on(
    server: &Server,
    options: &Contracts,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let program = program()?;
    let binary = service::build(Build::Debug, interrupt).await?;
    let scratch = server.scratch("contracts")?;
    let folder = std::env::temp_dir().join(format!("clientele-contracts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(Failure::io("make a folder for what is asked"))?;
    let (mut command, address) = Service::on_demo(binary, &scratch.url, CUSTOMERS).await?;
    command
        .env("CLIENTELE_OBJECTS__FOLDER", folder.join("objects"))
        .env("CLIENTELE_MESSAGES__DEV_OUTBOX", "true")
        .env("CLIENTELE_LOG__FILTER", "error")
        .env("CLIENTELE_OPS__KEY", OPS_KEY)
        .env("CLIENTELE_KOUNTA__BASIC_REQUESTS_PER_MINUTE", "0")
        .env("CLIENTELE_KOUNTA__OAUTH_REQUESTS_PER_MINUTE", "0");
    let mut service = Service::start(command, address)?;
    let outcome = async {
        service.becomes_ready().await?;
        let mut broken = Vec::new();
        let documents = DIALECTS.into_iter().chain([OPS]);
        for document in documents.filter(|document| document.contains(&options.only)) {
            println!("{document}");
            let asking = ask(&program, &folder, (document, address), options)?;
            match run_interruptibly(asking, interrupt).await {
                Ok(()) => {}
                Err(Failure::Command { .. }) => broken.push(document),
                Err(failure) => return Err(failure),
            }
        }
        if broken.is_empty() {
            Ok(())
        } else {
            Err(Failure::explained(format!("answers that no document has: {}", broken.join(", "))))
        }
    }
    .await;
    service.stop().await;
    // A leftover in the temporary directory harms nobody.
    let _ = std::fs::remove_dir_all(folder);
    outcome
}

/// Where Schemathesis is.
pub(crate) fn program() -> Result<PathBuf, Failure> {
    checkout::on_path(PROGRAM).ok_or_else(|| {
        Failure::explained(format!("{PROGRAM} is missing: `pip install -r xtask/python.txt`"))
    })
}

/// The command that asks everything that a document describes.
fn ask(
    program: &Path,
    folder: &Path,
    (document, address): (&'static str, SocketAddr),
    options: &Contracts,
) -> Result<Command, Failure> {
    let mut command = Command::new(program);
    command
        // It leaves notes where it runs.
        .current_dir(folder)
        .arg("run")
        .arg(openapi::file(document))
        .args(["--url", &format!("http://{address}")])
        .args(["--checks", CHECKS])
        .args(["--max-examples", &options.examples.to_string()])
        .args(["--max-time", &options.seconds.to_string()])
        // The same requests in every run, so that a change that passes here passes there.
        .arg("--generation-deterministic")
        .args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color"])
        .args(["--warnings", "off"])
        .args(credentials(document, address)?);
    Ok(command)
}

/// What proves a caller who may do most.
fn credentials(document: &str, address: SocketAddr) -> Result<[String; 2], Failure> {
    let header = match document {
        "open_loyalty" => open_loyalty_bearer(address, "/api/admin/login_check", "admin")?,
        "kuna_core" => format!("Api-Key: {}", demo::API_KEY),
        "monri" => monri_bearer(address)?,
        OPS => format!("Authorization: Bearer {OPS_KEY}"),
        _ => {
            let (client, secret) = demo::CLIENT;
            return Ok(["--auth".to_owned(), format!("{client}:{secret}")]);
        }
    };
    Ok(["--header".to_owned(), header])
}
