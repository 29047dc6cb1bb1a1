//! The account that the server runs as. Postgres refuses to run as root.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::process;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The unprivileged account to use when we are root; `None` when we are not, and run the server ourselves.
    pub(crate) fn for_server() -> Result<Option<Self>, Failure> {
        if !is_root()? {
            return Ok(None);
        }
        let accounts =
            fs::read_to_string("/etc/passwd").map_err(Failure::io("read the list of accounts"))?;
        Self::choose(&accounts).map(Some).ok_or_else(|| {
            Failure::explained(
                "PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody`",
            )
        })
    }

    /// Makes `command` run as this account, without root's further groups.
    pub(crate) fn apply(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    pub(crate) fn give(self, path: &Path) -> Result<(), Failure> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .map_err(Failure::io(format!("give {} to the server's account", path.display())))
    }

    pub(crate) fn owns(self, uid: u32) -> bool {
        self.uid == uid
    }

    fn choose(accounts: &str) -> Option<Self> {
        ["postgres", "nobody"].iter().find_map(|name| Self::find(accounts, name))
    }

    fn find(accounts: &str, name: &str) -> Option<Self> {
        accounts.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [found, _, uid, gid, ..] = fields.as_slice() else { return None };
            let account = Self { uid: uid.parse().ok()?, gid: gid.parse().ok()? };
            (*found == name && account.uid != 0).then_some(account)
        })
    }
}

/// Whether this process is root.
pub(crate) fn is_root() -> Result<bool, Failure> {
    Ok(process::read(Command::new("id").arg("-u"))?.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &str = "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65533::/:\npostgres:x:101:104:P:/var:/bin/bash\n";

    #[test]
    fn the_account_of_the_package_comes_first() {
        assert_eq!(Account::choose(BOTH), Some(Account { uid: 101, gid: 104 }));
    }

    #[test]
    fn without_it_nobody_runs_the_server() {
        let accounts = BOTH.lines().take(2).collect::<Vec<_>>().join("\n");
        assert_eq!(Account::choose(&accounts), Some(Account { uid: 65534, gid: 65533 }));
    }

    #[test]
    fn an_account_with_the_rights_of_root_is_never_chosen() {
        assert_eq!(Account::choose("postgres:x:0:0::/:\n"), None);
    }
}
