//! Where clusters and the development key live.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account::{self, Account};
use crate::checkout;
use crate::failure::Failure;

/// The folder that holds everything this checkout leaves on the machine; made when missing.
///
/// It is `.clientele/` in the checkout. Root's server runs as another account that may be unable to enter the
/// checkout, so for root it is a folder in the system's temporary directory, named after the checkout.
pub(crate) fn state() -> Result<PathBuf, Failure> {
    let account = Account::for_server()?;
    let checkout = checkout::root().canonicalize().map_err(Failure::io("find the checkout"))?;
    let folder = match account {
        None => checkout.join(".clientele"),
        Some(_) => shared_temporary_folder().join(folder_name(&checkout)),
    };
    create(&folder, account)?;
    Ok(folder)
}

/// Makes a folder that only the server's account (and root) can enter.
///
/// Names in the temporary directory can be foreseen, so a folder that somebody else made there is refused.
pub(crate) fn create(folder: &Path, account: Option<Account>) -> Result<(), Failure> {
    let shown = folder.display();
    if fs::symlink_metadata(folder).is_err() {
        DirBuilder::new()
            .mode(0o700)
            .create(folder)
            .map_err(Failure::io(format!("make {shown}")))?;
        if let Some(account) = account {
            account.give(folder)?;
        }
    }
    let found = fs::symlink_metadata(folder).map_err(Failure::io(format!("look at {shown}")))?;
    let ours = account.is_none_or(|account| account.owns(found.uid()));
    if found.is_dir() && ours {
        Ok(())
    } else {
        Err(Failure::explained(format!(
            "{shown} was made by somebody else; remove it and try again"
        )))
    }
}

/// Opens a lock file, making it when missing. It is locked by its user, not here.
pub(crate) fn open_lock(path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false).mode(0o600);
    options.open(path).map_err(Failure::io(format!("open {}", path.display())))
}

/// Holds the lock `path` until the result is dropped.
pub(crate) fn wait_for_lock(path: &Path) -> Result<File, Failure> {
    let file = open_lock(path)?;
    file.lock().map_err(Failure::io(format!("lock {}", path.display())))?;
    Ok(file)
}

/// The folders of single-run clusters.
pub(crate) fn single_runs(state: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(state) else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("run-"))
        .map(|entry| entry.path())
        .collect()
}

/// The temporary directory, or the one of the system when other accounts cannot enter the caller's own.
fn shared_temporary_folder() -> PathBuf {
    let own = std::env::temp_dir();
    let enterable = own.ancestors().all(|folder| {
        fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    });
    if enterable { own } else { PathBuf::from("/tmp") }
}

/// A name that differs from checkout to checkout: FNV-1a of the path, stable over compilers and runs.
fn folder_name(checkout: &Path) -> String {
    let hash = checkout
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("clientele-{hash:016x}")
}

/// Whether this process may install packages by itself.
pub(crate) fn is_root() -> Result<bool, Failure> {
    account::is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_checkouts_do_not_share_a_folder() {
        assert_ne!(folder_name(Path::new("/a/one")), folder_name(Path::new("/a/two")));
    }

    #[test]
    fn the_name_of_a_folder_is_the_published_hash_of_its_path() {
        assert_eq!(folder_name(Path::new("a")), "clientele-af63dc4c8601ec8c");
    }

    #[test]
    fn a_link_in_place_of_the_folder_is_refused() {
        let place =
            std::env::temp_dir().join(format!("clientele-folder-test-{}", std::process::id()));
        fs::create_dir_all(&place).unwrap();
        let link = place.join("link");
        std::os::unix::fs::symlink(&place, &link).unwrap();

        let refused = create(&link, None);

        fs::remove_dir_all(&place).unwrap();
        assert!(refused.is_err());
    }
}
