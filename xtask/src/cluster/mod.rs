//! A private Postgres server, run with the machine's own programs.
//!
//! Each cluster has a folder with `data/`, `log` and `owner.lock`. Whoever holds the lock owns the cluster and stops
//! it at the end; the operating system frees the lock when its holder dies, so a cluster left behind by a killed
//! session is adopted or swept up by the next one. Clients come in over TCP on the loopback address, without a
//! password: this is for development and tests only.

mod account;
mod folder;
mod programs;

use std::fs::{self, File, TryLockError};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use self::account::Account;
pub(crate) use self::folder::state as state_folder;
use self::programs::Programs;
pub(crate) use self::programs::client;
use crate::failure::Failure;
use crate::process;

/// The role that initdb creates and everyone connects as.
const ROLE: &str = "postgres";
/// How long another session may take to bring up the cluster we want to share.
const PATIENCE: Duration = Duration::from_mins(1);
/// Another program may grab the free port we found before the server does.
const PORT_ATTEMPTS: usize = 3;

/// What a cluster is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Keeps its data, and keeps them safely.
    Development,
    /// As fast as it gets, for a single run; nothing survives.
    Tests,
    /// As safe as production, for a single run; nothing survives.
    Benchmark,
}

impl Profile {
    fn is_kept(self) -> bool {
        self == Self::Development
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Development => &[],
            Self::Tests => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=300",
            ],
            Self::Benchmark => &["shared_buffers=1GB", "max_connections=300"],
        }
    }

    fn initdb_options(self) -> &'static [&'static str] {
        match self {
            Self::Development => &[],
            Self::Tests => &["--no-sync"],
            Self::Benchmark => &["--data-checksums"],
        }
    }
}

/// A running server. Dropping it stops the server if this process owns it.
#[derive(Debug)]
pub(crate) struct Cluster {
    site: Site,
    profile: Profile,
    port: u16,
    /// Held for as long as we own the cluster; `None` when another session does.
    owner: Option<File>,
}

impl Cluster {
    /// Starts a cluster, or joins the one that is running already.
    pub(crate) fn start(profile: Profile) -> Result<Self, Failure> {
        let programs = Programs::find_or_install()?;
        let account = Account::for_server()?;
        let state = folder::state()?;
        let (site, lock) = {
            // While held, no other session looks for folders without an owner.
            let _entrance = folder::wait_for_lock(&state.join("entrance.lock"))?;
            sweep(&state, &programs, account);
            let name = if profile.is_kept() {
                "dev".to_owned()
            } else {
                format!("run-{}", std::process::id())
            };
            let site = Site { folder: state.join(name), programs, account };
            folder::create(&site.folder, account)?;
            let lock = folder::open_lock(&site.owner_lock())?;
            (site, lock.try_lock().map(|()| lock))
        };
        match lock {
            Ok(lock) => Self::own(site, profile, lock),
            Err(TryLockError::WouldBlock) => Self::join(site, profile),
            Err(TryLockError::Error(error)) => Err(Failure::io("lock the cluster")(error)),
        }
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@{}:{}/{database}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The process whose children serve the connections.
    pub(crate) fn postmaster(&self) -> Option<u32> {
        self.site.postmaster_line(1)
    }

    fn own(site: Site, profile: Profile, lock: File) -> Result<Self, Failure> {
        // From here on dropping it cleans up, whatever fails.
        let mut cluster = Self { site, profile, port: 0, owner: Some(lock) };
        if let Some(port) = cluster.site.running_port() {
            println!("PostgreSQL: taking over the one that an ended session left on port {port}");
            cluster.port = port;
            return Ok(cluster);
        }
        let begun = Instant::now();
        cluster.site.initialise(profile)?;
        cluster.port = cluster.site.launch(profile)?;
        println!(
            "PostgreSQL: {} on 127.0.0.1:{} after {:.1} s, loopback only, no password",
            cluster.site.programs.describe(),
            cluster.port,
            begun.elapsed().as_secs_f64()
        );
        Ok(cluster)
    }

    fn join(site: Site, profile: Profile) -> Result<Self, Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(port) = site.running_port() {
                println!(
                    "PostgreSQL: sharing the one on port {port} with the session that runs it"
                );
                return Ok(Self { site, profile, port, owner: None });
            }
            if Instant::now() > deadline {
                let folder = site.folder.display();
                return Err(Failure::explained(format!(
                    "another session owns the PostgreSQL in {folder} but it does not come up; see the log there"
                )));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.owner.is_none() {
            return;
        }
        if self.site.running_port().is_some() {
            println!("PostgreSQL: stopping");
            self.site.stop("fast");
        }
        if !self.profile.is_kept() {
            self.site.remove();
        }
    }
}

/// One cluster's place on disk and the means to act on it.
#[derive(Debug)]
struct Site {
    folder: PathBuf,
    programs: Programs,
    account: Option<Account>,
}

impl Site {
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn owner_lock(&self) -> PathBuf {
        self.folder.join("owner.lock")
    }

    /// A server program, run as the account that owns the data.
    fn command(&self, program: &str) -> Command {
        let mut command = self.programs.command(program);
        command
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("LC_ALL", "C")
            .env_remove("PGDATA");
        command.stdin(Stdio::null());
        if let Some(account) = self.account {
            account.apply(&mut command);
        }
        command
    }

    fn initialise(&self, profile: Profile) -> Result<(), Failure> {
        if self.data().join("PG_VERSION").exists() {
            return Ok(());
        }
        println!("PostgreSQL: creating a cluster in {}", self.folder.display());
        let unfinished = self.folder.join("data.new");
        let _ = fs::remove_dir_all(&unfinished);
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(&unfinished).args([
            "-U",
            ROLE,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]);
        process::read(initdb.args(profile.initdb_options()))?;
        // Renamed when complete, so that an interrupted initdb is never taken for a cluster.
        fs::rename(&unfinished, self.data()).map_err(Failure::io("finish the cluster"))
    }

    fn launch(&self, profile: Profile) -> Result<u16, Failure> {
        for _ in 0..PORT_ATTEMPTS {
            let port = free_address()?.port();
            if self.pg_ctl_start(port, profile)? {
                return Ok(port);
            }
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(10).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        Err(Failure::explained(format!(
            "PostgreSQL does not start; its log ends with:\n{}",
            tail.join("\n")
        )))
    }

    fn pg_ctl_start(&self, port: u16, profile: Profile) -> Result<bool, Failure> {
        let mut options =
            format!("-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=");
        for setting in profile.settings() {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        let mut start = self.command("pg_ctl");
        start
            .arg("-D")
            .arg(self.data())
            .args(["-w", "-t", "60", "-l", "log", "-o", &options, "start"]);
        // The server inherits these: a pipe here would stay open for as long as it runs.
        start.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(start.status().map_err(Failure::io("run pg_ctl"))?.success())
    }

    /// The port of the server if it runs and takes connections.
    fn running_port(&self) -> Option<u16> {
        let pid_file = self.data().join("postmaster.pid");
        if !pid_file.exists() {
            return None;
        }
        let mut status = self.command("pg_ctl");
        status.arg("-D").arg(self.data()).arg("status").stdout(Stdio::null()).stderr(Stdio::null());
        if !status.status().ok()?.success() {
            return None;
        }
        let ready = fs::read_to_string(pid_file).ok()?.lines().nth(7)?.trim() == "ready";
        if ready { self.postmaster_line(4) } else { None }
    }

    /// A number from `postmaster.pid`: line 1 is the process, line 4 the port.
    fn postmaster_line<T: std::str::FromStr>(&self, line: usize) -> Option<T> {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        text.lines().nth(line - 1)?.trim().parse().ok()
    }

    fn stop(&self, mode: &str) {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-m", mode, "-w", "-t", "60", "stop"]);
        if let Err(failure) = process::read(&mut stop) {
            eprintln!("xtask: PostgreSQL in {} may still run: {failure}", self.folder.display());
        }
    }

    fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("xtask: cannot remove {}: {error}", self.folder.display());
        }
    }
}

/// Removes single-run clusters whose owner was killed before it could.
fn sweep(state: &Path, programs: &Programs, account: Option<Account>) {
    for folder in folder::single_runs(state) {
        let site = Site { folder, programs: programs.clone(), account };
        let abandoned =
            folder::open_lock(&site.owner_lock()).is_ok_and(|lock| lock.try_lock().is_ok());
        if abandoned {
            println!("PostgreSQL: removing {}, left by a killed session", site.folder.display());
            if site.running_port().is_some() {
                site.stop("immediate");
            }
            site.remove();
        }
    }
}

/// A port of the loopback address that nobody listens on at this moment, with the address.
pub(crate) fn free_address() -> Result<SocketAddr, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(Failure::io("find a free port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_while_it_lives_and_leaves_nothing_behind() {
        let cluster = Cluster::start(Profile::Tests).unwrap();
        let folder = cluster.site.folder.clone();
        let url = cluster.url("postgres");
        assert_eq!(crate::database::query(&url, "SELECT 40 + 2").unwrap().trim(), "42");
        assert!(cluster.postmaster().is_some());

        drop(cluster);

        assert!(!folder.exists());
        assert!(crate::database::query(&url, "SELECT 1").is_err());
    }

    #[test]
    fn only_the_development_cluster_outlives_its_session() {
        assert!(Profile::Development.is_kept());
        assert!(!Profile::Tests.is_kept());
        assert!(!Profile::Benchmark.is_kept());
    }

    #[test]
    fn durability_is_given_up_for_tests_alone() {
        assert!(Profile::Tests.settings().contains(&"fsync=off"));
        for profile in [Profile::Development, Profile::Benchmark] {
            assert!(
                profile.settings().iter().all(|setting| !setting.ends_with("=off")),
                "{profile:?}"
            );
        }
    }
}
