//! The server a command works on: the one in `DATABASE_URL`, else a private cluster.

use std::process::Stdio;

use crate::checkout;
use crate::cluster::{Cluster, Profile, client};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::process;

/// The database that every Postgres server has.
const MAINTENANCE: &str = "postgres";
/// The database of the private development cluster.
const APPLICATION: &str = "clientele";

/// A server for as long as this value lives.
#[derive(Debug)]
pub(crate) enum Server {
    /// The caller's own; never started or stopped by us.
    Given {
        url: String,
    },
    Private(Cluster),
}

impl Server {
    /// Wants proof that signals are held back: ended by one, this process could not stop what it started.
    pub(crate) fn open(profile: Profile, _held_back: &Interrupt) -> Result<Self, Failure> {
        match checkout::variable("DATABASE_URL") {
            Some(url) => {
                println!("PostgreSQL: using the server in DATABASE_URL");
                Ok(Self::Given { url })
            }
            None => Cluster::start(profile).map(Self::Private),
        }
    }

    /// The URL of a database that is always there, to connect with and create others from.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Given { url } => url.clone(),
            Self::Private(cluster) => cluster.url(MAINTENANCE),
        }
    }

    /// The URL of the database for customers: the caller's own one, or `clientele`, made when missing.
    pub(crate) fn application_url(&self) -> Result<String, Failure> {
        match self {
            Self::Given { url } => Ok(url.clone()),
            Self::Private(cluster) => {
                let exists = format!("SELECT 1 FROM pg_database WHERE datname = '{APPLICATION}'");
                if query(&self.url(), &exists)?.is_empty() {
                    query(&self.url(), &format!("CREATE DATABASE {APPLICATION}"))?;
                }
                Ok(cluster.url(APPLICATION))
            }
        }
    }

    /// An empty database of one's own.
    pub(crate) fn scratch(&self, purpose: &str) -> Result<Scratch, Failure> {
        let name = format!("clientele_{purpose}_{}", std::process::id());
        query(&self.url(), &format!("CREATE DATABASE {name}"))?;
        Ok(Scratch { url: with_database(&self.url(), &name)?, server: self.url(), name })
    }
}

/// A database that is dropped together with this value.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) url: String,
    server: String,
    name: String,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(failure) =
            query(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
        {
            eprintln!("xtask: the database {} stays behind: {failure}", self.name);
        }
    }
}

/// Runs one statement through `psql`; rows come as lines, fields separated by tabs.
pub(crate) fn query(url: &str, statement: &str) -> Result<String, Failure> {
    let mut psql = client("psql");
    psql.args(["-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement, url]);
    process::read(psql.stdin(Stdio::null()).env("PGCONNECT_TIMEOUT", "10"))
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> Result<String, Failure> {
    let (base, parameters) =
        url.split_once('?').map_or((url, None), |(base, rest)| (base, Some(rest)));
    let (scheme, rest) = base.split_once("://").ok_or_else(|| {
        Failure::explained("DATABASE_URL must look like postgres://user@host:port/database")
    })?;
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let parameters = parameters.map(|rest| format!("?{rest}")).unwrap_or_default();
    Ok(format!("{scheme}://{authority}/{name}{parameters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_host_and_parameters() {
        let url = with_database("postgres://u:p@h:5433/one?sslmode=require", "two").unwrap();
        assert_eq!(url, "postgres://u:p@h:5433/two?sslmode=require");
    }

    #[test]
    fn a_url_without_a_database_gets_one() {
        assert_eq!(with_database("postgres://u@h", "two").unwrap(), "postgres://u@h/two");
    }

    #[test]
    fn what_is_no_url_is_refused() {
        assert!(with_database("host=h user=u", "two").is_err());
    }
}
