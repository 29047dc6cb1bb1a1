//! The key that seals stored credentials on a development machine.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::checkout;
use crate::failure::Failure;

const VARIABLE: &str = "CLIENTELE_MASTER_KEY";

/// 32 bytes as 64 hexadecimal digits. It has no `Debug`, so that it does not end up in a message.
pub(crate) struct MasterKey(String);

impl MasterKey {
    /// The caller's key, else the one kept in `folder`, made on first use.
    ///
    /// It must stay the same for as long as the data do: what it sealed, only it can open.
    pub(crate) fn given_or_kept(folder: &Path) -> Result<Self, Failure> {
        match checkout::variable(VARIABLE) {
            Some(key) => Self::parse(&key)
                .ok_or_else(|| Failure::explained(format!("{VARIABLE} must be 64 hex digits"))),
            None => Self::kept(&folder.join("master-key")),
        }
    }

    /// The digits.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    fn kept(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        if let Ok(text) = fs::read_to_string(path) {
            return Self::parse(text.trim()).ok_or_else(|| {
                Failure::explained(format!("{shown} does not hold a key of 64 hex digits"))
            });
        }
        let key = Self::random()?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(Failure::io(format!("make {shown}")))?;
        writeln!(file, "{}", key.0).map_err(Failure::io(format!("write {shown}")))?;
        Ok(key)
    }

    fn random() -> Result<Self, Failure> {
        let mut bytes = [0_u8; 32];
        File::open("/dev/urandom")
            .and_then(|mut source| source.read_exact(&mut bytes))
            .map_err(Failure::io("read random bytes"))?;
        let mut digits = String::with_capacity(64);
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        Ok(Self(digits))
    }

    fn parse(text: &str) -> Option<Self> {
        let valid = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        valid.then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_readable_by_its_owner_only() {
        let path = std::env::temp_dir().join(format!("clientele-key-test-{}", std::process::id()));
        let first = MasterKey::kept(&path).unwrap();
        let second = MasterKey::kept(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        fs::remove_file(&path).unwrap();

        assert_eq!(first.reveal(), second.reveal());
        assert_eq!(first.reveal().len(), 64);
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(MasterKey::random().unwrap().reveal(), MasterKey::random().unwrap().reveal());
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(MasterKey::parse("abc").is_none());
    }
}
