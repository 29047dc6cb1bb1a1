//! Which way a message goes.

use super::address::{MailAddress, TextNumber};
use super::model::{MessageContent, MessageKind};
use super::owner::Owner;
use crate::merchant::CommunicationMethod;

/// A way to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}

impl Channel {
    /// The channel's name in storage and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// The channel with a name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Email, Self::Sms].into_iter().find(|channel| channel.name() == name)
    }

    fn other(self) -> Self {
        match self {
            Self::Email => Self::Sms,
            Self::Sms => Self::Email,
        }
    }
}

/// One way a message can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Mail(MailAddress),
    Text(TextNumber),
}

impl Route {
    pub(super) fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Email,
            Self::Text(_) => Channel::Sms,
        }
    }

    fn to(owner: &Owner, channel: Channel) -> Option<Self> {
        match channel {
            Channel::Email => MailAddress::try_from(owner.email.as_str()).ok().map(Self::Mail),
            Channel::Sms => TextNumber::try_from(owner.phone.as_str()).ok().map(Self::Text),
        }
    }
}

/// The ways a message can go, the best first. An account's first message goes where the programme writes to, a link by
/// mail and a code by SMS; the other channel stands in where the first cannot be used (OL E10, 2.5 and 4.1). What
/// proves a new number goes to that number only, and an invitation to the address that was given.
pub(super) fn routes(
    kind: MessageKind,
    programme: CommunicationMethod,
    owner: &Owner,
    content: Option<&MessageContent>,
) -> Vec<Route> {
    let given = content
        .and_then(|content| content.address.as_ref())
        .map_or("", |address| address.expose().as_str());
    let best = match kind {
        MessageKind::Invitation if given.contains('@') => {
            return MailAddress::try_from(given).map(Route::Mail).into_iter().collect();
        }
        MessageKind::Invitation | MessageKind::PhoneChangeCode => {
            return TextNumber::try_from(given).map(Route::Text).into_iter().collect();
        }
        MessageKind::AccountCreated => match programme {
            CommunicationMethod::Email => Channel::Email,
            CommunicationMethod::Sms => Channel::Sms,
        },
        MessageKind::ActivationLink | MessageKind::PasswordResetLink => Channel::Email,
        MessageKind::ActivationCode | MessageKind::PasswordResetCode => Channel::Sms,
    };
    [best, best.other()].into_iter().filter_map(|channel| Route::to(owner, channel)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn owner(email: &str, phone: &str) -> Owner {
        Owner { email: email.to_owned(), phone: phone.to_owned(), ..Owner::default() }
    }

    fn channels(kind: MessageKind, programme: CommunicationMethod, owner: &Owner) -> Vec<Channel> {
        routes(kind, programme, owner, None).iter().map(Route::channel).collect()
    }

    #[test]
    fn an_accounts_first_message_goes_where_the_programme_writes_to() {
        use Channel::{Email, Sms};
        let both = owner("a@b.example", "600500400");
        for (programme, expected) in
            [(CommunicationMethod::Email, [Email, Sms]), (CommunicationMethod::Sms, [Sms, Email])]
        {
            assert_eq!(channels(MessageKind::AccountCreated, programme, &both), expected);
        }
    }

    #[test]
    fn links_go_by_mail_and_codes_by_sms_unless_only_the_other_can_be_used() {
        use Channel::{Email, Sms};
        for (kind, best) in [
            (MessageKind::ActivationLink, Email),
            (MessageKind::PasswordResetLink, Email),
            (MessageKind::ActivationCode, Sms),
            (MessageKind::PasswordResetCode, Sms),
        ] {
            let way = |owner| channels(kind, CommunicationMethod::Email, &owner);
            assert_eq!(way(owner("a@b.example", "600500400"))[0], best, "{kind:?}");
            assert_eq!(way(owner("a@b.example", "")), [Email], "{kind:?}");
            assert_eq!(way(owner("not an address", "600500400")), [Sms], "{kind:?}");
            assert_eq!(way(owner("", "")), [], "{kind:?}");
        }
    }

    #[test]
    fn what_was_given_an_address_goes_there_and_nowhere_else() {
        let both = owner("a@b.example", "600500400");
        let way = |kind, given: &str| {
            let address = Some(Secret::new(given.to_owned()));
            let content =
                MessageContent { secret: Secret::new("s".to_owned()), number: 1, address };
            routes(kind, CommunicationMethod::Email, &both, Some(&content))
        };
        let text = |raw: &str| Route::Text(TextNumber::try_from(raw).unwrap());
        let mail = |raw: &str| Route::Mail(MailAddress::try_from(raw).unwrap());
        assert_eq!(way(MessageKind::PhoneChangeCode, "+48111222333"), [text("+48111222333")]);
        assert_eq!(way(MessageKind::PhoneChangeCode, "friend@b.example"), []);
        assert_eq!(way(MessageKind::Invitation, "friend@b.example"), [mail("friend@b.example")]);
        assert_eq!(way(MessageKind::Invitation, "111222333"), [text("111222333")]);
        assert_eq!(way(MessageKind::Invitation, "friend@b.example\r\nx"), []);
    }

    #[test]
    fn nobody_else_is_written_to_when_the_address_is_missing() {
        let both = owner("a@b.example", "600500400");
        for kind in [MessageKind::PhoneChangeCode, MessageKind::Invitation] {
            assert_eq!(routes(kind, CommunicationMethod::Email, &both, None), []);
        }
    }
}
