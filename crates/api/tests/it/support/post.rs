//! Messages that wait, opened as the sender would.

use domain::message::{MessageContent, MessageKind};
use domain::secret::Sealed;

use super::Server;

/// A message that waits.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) kind: MessageKind,
    /// The id of the account that it is about.
    pub(crate) about: String,
    /// What it carries, if it carries anything.
    pub(crate) content: Option<MessageContent>,
}

impl Sent {
    /// The code or the token.
    #[track_caller]
    pub(crate) fn secret(&self) -> String {
        self.content.as_ref().unwrap().secret.expose().clone()
    }

    /// How many the account has had.
    #[track_caller]
    pub(crate) fn number(&self) -> u32 {
        self.content.as_ref().unwrap().number
    }

    /// The address other than the account's own.
    pub(crate) fn address(&self) -> Option<String> {
        let address = self.content.as_ref()?.address.as_ref()?;
        Some(address.expose().clone())
    }
}

impl Server {
    /// All messages of some kinds that wait, oldest first.
    pub(crate) async fn sent(&self, kinds: &[MessageKind]) -> Vec<Sent> {
        let query = "SELECT concat(kind, ' ', about_id, ' ', encode(content, 'hex')) AS text \
                     FROM messages ORDER BY created_at, id";
        let messages = self.database.texts(query).await.into_iter().map(|row| self.open(&row));
        messages.filter(|sent| kinds.contains(&sent.kind)).collect()
    }

    fn open(&self, row: &str) -> Sent {
        let mut parts = row.split(' ');
        let (kind, about) = (parts.next().unwrap(), parts.next().unwrap());
        let content = parts.next().filter(|digits| !digits.is_empty()).map(|digits| {
            let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
            let sealed = Sealed::new((0..digits.len()).step_by(2).map(byte).collect());
            MessageContent::open(&sealed, &*self.services.ports.keeper).unwrap()
        });
        Sent { kind: MessageKind::named(kind).unwrap(), about: about.to_owned(), content }
    }
}
