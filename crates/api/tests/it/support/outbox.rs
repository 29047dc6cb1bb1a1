//! What the server would have sent to people.

use messages::{Outbox, Sent};

use super::Server;

/// The server's messages. Nothing is sent behind a test's back: asking for messages sends what is due first, so there
/// is nothing to wait for, and what is missing then was never written.
pub(crate) struct Post<'s> {
    server: &'s Server,
    outbox: &'s Outbox,
}

impl<'s> Post<'s> {
    pub(super) fn new(server: &'s Server, outbox: &'s Outbox) -> Self {
        Self { server, outbox }
    }

    /// Everything that was sent, newest first.
    pub(crate) async fn sent(&self) -> Vec<Sent> {
        while self.server.services.messages.send_next().await.unwrap().is_some() {}
        self.outbox.sent()
    }

    /// Everything that was sent to an address or a number (digits after a `+` if it has one), newest first.
    pub(crate) async fn all_to(&self, recipient: &str) -> Vec<Sent> {
        self.sent().await.into_iter().filter(|sent| sent.to == recipient).collect()
    }

    /// The latest message to an address or a number.
    pub(crate) async fn to(&self, recipient: &str) -> Sent {
        let latest = self.all_to(recipient).await.into_iter().next();
        latest.unwrap_or_else(|| panic!("nothing was sent to {recipient}"))
    }
}
