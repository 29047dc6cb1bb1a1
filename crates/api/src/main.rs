//! The Clientele server.

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::{Data, ServiceConfig};
use api::app::Application;
use api::config::Config;
use api::docs::Document;
use api::health::Readiness;
use api::metrics::DeliveryBacklog;
use api::services::{Ports, Services};
use api::worker::{Sending, Upkeep, Webhooks};
use api::{metrics, server, telemetry, worker};
use clap::{Parser, Subcommand};
use postgres::Migrated;

/// One customer base that answers in four vendors' wire contracts.
#[derive(Debug, Parser)]
#[command(name = "clientele-api", version)]
struct Arguments {
    /// A TOML file with settings that differ from the defaults
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print an `OpenAPI` document instead of serving
    Openapi {
        /// `open_loyalty`, `kuna_core`, `monri`, `kounta` or `ops`
        #[arg(value_parser = document)]
        document: Document,
    },
    /// Do the background work only: webhooks, messages and daily jobs; of requests those about health alone are answered
    Worker,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Some(Command::Openapi { document }) => print_openapi(document),
        Some(Command::Worker) => run(arguments.config, Duty::Work).await,
        None => run(arguments.config, Duty::Serve).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error>;

/// What a process does besides its background work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Duty {
    /// Answers requests.
    Serve,
    /// Says how it is doing, and nothing else.
    Work,
}

async fn run(file: Option<PathBuf>, duty: Duty) -> Result<(), Failure> {
    let config = Config::load(file.as_deref())?;
    telemetry::init(&config.log)?;
    let stop = server::stop_signal()?;
    let listener = server::bind(config.listen)?;
    let Migrated { applied, carried_over } =
        postgres::migrate(config.database_url.expose()).await?;
    tracing::info!(applied, "database is up to date");
    if carried_over {
        tracing::warn!("the database came from a dump: readers of the feed of events begin anew");
    }
    let readiness = Readiness::starting();
    let ports = Ports::system(&config)?;
    let application = Application::assemble(config, ports, readiness.clone()).await?;
    let background = application.services();
    let upkeep = Upkeep::start(&background, application.search_index());
    let metrics = serve_metrics(&application)?;
    let audited = application.clone();
    let announcing = tokio::spawn(worker::announce_events(
        application.config().database_url.clone(),
        application.events(),
    ));
    let sending = Sending::start(&background);
    let has_webhooks = duty == Duty::Work || application.config().webhooks.workers;
    let webhooks =
        has_webhooks.then(|| Webhooks::start(&background, application.metrics().cloned()));
    let (workers, routes) = (application.clone(), application.clone());
    let config = application.config();
    let state = move || workers.services();
    let server =
        server::serve(
            config,
            listener,
            readiness.clone(),
            stop,
            state,
            move |app, _| match duty {
                Duty::Serve => routes.mount(app),
                Duty::Work => routes.mount_health(app),
            },
        )?;
    let ops = serve_ops(&application, readiness.clone(), duty)?;
    readiness.ready();
    tracing::info!(listen = %config.listen, "ready");
    tokio::try_join!(server, ops)?;
    drop(upkeep);
    audited.finish_audit().await;
    let webhooks = async {
        if let Some(webhooks) = webhooks {
            webhooks.drain(config.shutdown).await;
        }
    };
    tokio::join!(sending.drain(config.shutdown), webhooks);
    announcing.abort();
    if let Some(metrics) = metrics {
        metrics.stop(true).await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Serves the operator where nobody else is served, if there is such a place, until the process is told to stop.
fn serve_ops(
    application: &Application,
    readiness: Readiness,
    duty: Duty,
) -> Result<impl Future<Output = io::Result<()>>, Failure> {
    let config = application.config();
    let server = match config.ops.listen.filter(|_| duty == Duty::Serve) {
        None => None,
        Some(address) => {
            let (listener, stop) = (server::bind(address)?, server::stop_signal()?);
            let (services, routes) = (application.clone(), application.clone());
            let state = move || services.services();
            let mount = move |app: &mut ServiceConfig, _: &Data<Services>| routes.mount_ops(app);
            let config = Config { workers: Some(NonZeroUsize::MIN), ..config.clone() };
            tracing::info!(listen = %address, "the operator is served");
            Some(server::serve(&config, listener, readiness, stop, state, mount)?)
        }
    };
    Ok(async move {
        match server {
            Some(server) => server.await,
            None => Ok(()),
        }
    })
}

/// Lets figures be read until the process is told to stop, and a little longer: also how it ends is worth a look.
fn serve_metrics(application: &Application) -> Result<Option<ServerHandle>, Failure> {
    let (Some(address), Some(metrics)) =
        (application.config().metrics.listen, application.metrics())
    else {
        return Ok(None);
    };
    // Connections of its own: they belong to the thread that answers there.
    let services = application.services();
    let (deliveries, clock) = (services.deliveries.clone(), Arc::clone(&services.ports.clock));
    let backlog = Arc::new(DeliveryBacklog::new(deliveries, clock));
    let server = metrics::serve(server::bind(address)?, metrics.clone(), Some(backlog))?;
    let handle = server.handle();
    tokio::spawn(server);
    tracing::info!(listen = %address, "figures can be read");
    Ok(Some(handle))
}

#[expect(clippy::print_stdout, reason = "the document is what the caller asked for")]
fn print_openapi(document: Document) -> Result<(), Failure> {
    println!("{}", document.openapi().to_pretty_json()?);
    Ok(())
}

/// Says why the process ends; telemetry may not be up yet.
#[expect(clippy::print_stderr, reason = "the last resort of a process that cannot start")]
fn complain(error: &dyn std::error::Error) {
    eprintln!("clientele-api: {error}");
}

fn document(raw: &str) -> Result<Document, String> {
    let mut known = Document::all();
    known.find(|document| document.name() == raw).ok_or_else(|| {
        let names: Vec<_> = Document::all().map(Document::name).collect();
        format!("`{raw}` is none of {}", names.join(", "))
    })
}
