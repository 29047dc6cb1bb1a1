//! The adapters against servers that the tests play themselves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod outbox;
mod peer;
mod sms;
mod smtp;

use domain::message::{Mail, MailAddress, TextMessage, TextNumber};
use domain::testing::an_id;

fn a_mail(to: &str, subject: &str, body: &str) -> Mail {
    let to = MailAddress::try_from(to).unwrap();
    Mail { id: an_id(), to, subject: subject.to_owned(), body: body.to_owned() }
}

fn a_text(to: &str, body: &str) -> TextMessage {
    TextMessage { id: an_id(), to: TextNumber::try_from(to).unwrap(), body: body.to_owned() }
}
