//! `cargo xtask dev`: everything it takes to try the service, started and stopped with one command.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use clap::Args;

use crate::cluster::{self, Profile};
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::service::{self, Build, Service};
use crate::{backend, demo, seed};

/// Run the service with demonstration data; Ctrl-C ends it.
///
/// Works on the database in `DATABASE_URL` if that is set, else on a private Postgres that keeps its data.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// Where the service listens on the loopback address
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How many customers the demonstration merchant starts with
    #[arg(long, default_value_t = seed::DEMO_CUSTOMERS)]
    customers: u32,
}

pub(crate) async fn run(options: &Dev) -> Result<(), Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    refuse_taken_port(address)?;
    let mut interrupt = Interrupt::listen()?;
    let binary = service::build(Build::Debug, &mut interrupt).await?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let server = Server::open(Profile::Development, &interrupt)?;
    let url = server.application_url()?;
    println!("migrating");
    backend::migrate(&url).await?;
    println!("seeding");
    tokio::select! {
        outcome = seed::demo(&url, &key, options.customers) => outcome?,
        () = interrupt.arrives() => return Err(Failure::Interrupted),
    }
    let mut command = Service::command(binary, &url, address, &key);
    command
        .env("CLIENTELE_MESSAGES__DEV_OUTBOX", "true")
        .env("CLIENTELE_WEBHOOKS__PRIVATE_ADDRESSES", "true")
        .env("CLIENTELE_OPS__KEY", demo::OPS_KEY);
    // Beside the data that names the files.
    command.env("CLIENTELE_OBJECTS__FOLDER", cluster::state_folder()?.join("objects"));
    let mut service = Service::start(command, address)?;
    let outcome = watch(&mut service, address, &mut interrupt).await;
    println!("stopping {}", service::PACKAGE);
    service.stop().await;
    outcome
}

/// Follows the service until it dies or we are told to stop, which is the good end.
async fn watch(
    service: &mut Service,
    address: SocketAddr,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    tokio::select! {
        outcome = service.becomes_ready() => outcome?,
        () = interrupt.arrives() => return Ok(()),
    }
    announce(address);
    tokio::select! {
        failure = service.dies() => Err(failure),
        () = interrupt.arrives() => Ok(()),
    }
}

fn announce(address: SocketAddr) {
    println!("\nOne customer base, four dialects. Try them:\n");
    for line in demo::lines(address) {
        println!("# {}\n{}\n", line.vendor, line.shell);
    }
    println!("what the service would send to people: http://{address}/dev/outbox\n");
    println!("ready on http://{address} (Ctrl-C stops the service and its database)");
}

fn refuse_taken_port(address: SocketAddr) -> Result<(), Failure> {
    TcpListener::bind(address).map(drop).map_err(|error| {
        Failure::explained(format!(
            "cannot listen on {address}: {error}. Choose another port with --port"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_refused_with_advice() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let failure = refuse_taken_port(taken.local_addr().unwrap()).unwrap_err();
        assert!(failure.to_string().contains("--port"), "{failure}");
    }

    #[test]
    fn a_free_port_is_left_free() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        refuse_taken_port(address).unwrap();
        refuse_taken_port(address).unwrap();
    }
}
