//! Finding Postgres's programs, or installing them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::folder::is_root;
use crate::checkout;
use crate::failure::Failure;
use crate::process;

/// What a folder must hold to be Postgres's.
const REQUIRED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Ways to install, by the program that does it. Debian's package would also set up and start a cluster of the
/// system's own, unless told not to before it is installed.
const INSTALLERS: [(&str, &str); 3] = [
    (
        "apt-get",
        "export DEBIAN_FRONTEND=noninteractive; settings=/etc/postgresql-common/createcluster.conf; \
         [ -e $settings ] || { mkdir -p ${settings%/*} && echo 'create_main_cluster = false' > $settings; }; \
         install='apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold postgresql'; \
         $install || { apt-get update && $install; }",
    ),
    ("dnf", "dnf install -y postgresql-server postgresql-contrib"),
    ("apk", "apk add postgresql postgresql-contrib postgresql-client"),
];

/// A folder with the server's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// Looks at `PG_BIN`, the distributions' folders (newest first) and the search path; installs what it cannot find
    /// if this user may.
    pub(crate) fn find_or_install() -> Result<Self, Failure> {
        if let Some(chosen) = checkout::variable("PG_BIN") {
            return Self::at(Path::new(&chosen)).ok_or_else(|| {
                Failure::explained(format!(
                    "PG_BIN is {chosen}, but there is no {} there",
                    REQUIRED.join(", ")
                ))
            });
        }
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        install()?;
        Self::find().ok_or_else(|| {
            Failure::explained("PostgreSQL was installed, but its programs are not to be found")
        })
    }

    /// One of the programs; clients may also lie elsewhere on the search path.
    pub(crate) fn command(&self, program: &str) -> Command {
        let here = self.0.join(program);
        Command::new(if here.is_file() { here } else { PathBuf::from(program) })
    }

    /// Which Postgres this is, for a person.
    pub(crate) fn describe(&self) -> String {
        let version = process::read(self.command("postgres").arg("--version")).unwrap_or_default();
        version.split_whitespace().nth(2).unwrap_or("unknown version").to_owned()
    }

    fn find() -> Option<Self> {
        let debian =
            versions("/usr/lib/postgresql", "").into_iter().map(|folder| folder.join("bin"));
        let red_hat = versions("/usr", "pgsql-").into_iter().map(|folder| folder.join("bin"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        debian
            .chain(red_hat)
            .chain(std::env::split_paths(&path))
            .find_map(|folder| Self::at(&folder))
    }

    fn at(folder: &Path) -> Option<Self> {
        REQUIRED
            .iter()
            .all(|program| folder.join(program).is_file())
            .then(|| Self(folder.to_path_buf()))
    }
}

/// A client program for a server that is not ours.
pub(crate) fn client(program: &str) -> Command {
    Programs::find().map_or_else(|| Command::new(program), |programs| programs.command(program))
}

/// The folders `<parent>/<prefix><version>`, newest first.
fn versions(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let names =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    newest_first(names, prefix).into_iter().map(|name| Path::new(parent).join(name)).collect()
}

/// The names that are `prefix` and a version, newest first. Compared as numbers: 9.6 is older than 15.
fn newest_first(names: Vec<String>, prefix: &str) -> Vec<String> {
    let mut found: Vec<(Vec<u32>, String)> = names
        .into_iter()
        .filter_map(|name| {
            let version = name
                .strip_prefix(prefix)?
                .split('.')
                .map(|part| part.parse().ok())
                .collect::<Option<_>>()?;
            Some((version, name))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, name)| name).collect()
}

fn install() -> Result<(), Failure> {
    let advice = "PostgreSQL's server programs are missing. Install them (Debian, Ubuntu: `apt-get install postgresql`; \
                  Fedora: `dnf install postgresql-server postgresql-contrib`; Alpine: `apk add postgresql \
                  postgresql-contrib`), name their folder in PG_BIN, or name a running server in DATABASE_URL";
    let Some((manager, script)) =
        INSTALLERS.iter().find(|(manager, _)| checkout::on_path(manager).is_some())
    else {
        return Err(Failure::explained(advice));
    };
    let mut shell = if is_root()? {
        Command::new("sh")
    } else if may_become_root() {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "sh"]);
        sudo
    } else {
        return Err(Failure::explained(advice));
    };
    println!("PostgreSQL: not on this machine yet, installing it with {manager}");
    process::run(shell.args(["-c", script]).stdin(Stdio::null()))
        .map_err(|failure| Failure::explained(format!("{failure}\n{advice}")))
}

fn may_become_root() -> bool {
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sudo.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_found_by_number_not_by_letter() {
        let names = ["9.6", "15", "14", "common"].map(str::to_owned).to_vec();
        assert_eq!(newest_first(names, ""), ["15", "14", "9.6"]);
    }

    #[test]
    fn only_names_with_the_prefix_count() {
        let names = ["pgsql-13", "pgsql-16", "share", "16"].map(str::to_owned).to_vec();
        assert_eq!(newest_first(names, "pgsql-"), ["pgsql-16", "pgsql-13"]);
    }

    #[test]
    fn a_folder_without_the_server_is_not_taken() {
        assert_eq!(Programs::at(Path::new("/nonexistent")), None);
    }
}
