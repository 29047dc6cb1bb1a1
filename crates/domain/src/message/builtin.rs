//! The texts that every programme has before it writes its own (OL 5.4, 2.5 and E10 where they give them).

use super::model::MessageKind::{
    self, AccountCreated, ActivationCode, ActivationLink, Invitation, PasswordResetCode,
    PasswordResetLink, PhoneChangeCode,
};
use super::route::Channel::{self, Email, Sms};

/// The subject and the body of the built-in text; English where the language is none of ours.
pub(super) fn text(
    kind: MessageKind,
    channel: Channel,
    language: &str,
) -> (&'static str, &'static str) {
    if language.split(['-', '_']).next() == Some("pl") {
        polish(kind, channel)
    } else {
        english(kind, channel)
    }
}

fn english(kind: MessageKind, channel: Channel) -> (&'static str, &'static str) {
    match (kind, channel) {
        (AccountCreated, Email) => (
            "Account created",
            "Hello {{first_name}},\n\nyou have an account in {{program_name}} now.\n\n\
             E-mail: {{email}}\nPhone: {{phone}}\nLoyalty card: {{loyalty_card_number}}\n\
             Temporary password: {{password}}\n\n\
             Please log in at {{panel_url}} and choose a password of your own.",
        ),
        (AccountCreated, Sms) => ("", "Your {{program_name}} account password is: {{password}}"),
        (ActivationLink, Email) => (
            "Account activation",
            "Hello {{first_name}},\n\nto activate your account in {{program_name}} follow this link:\n\n{{link}}",
        ),
        (ActivationLink, Sms) => ("", "Activate your {{program_name}} account: {{link}}"),
        (ActivationCode, Email) => (
            "Account activation",
            "Hello {{first_name}},\n\n{{program_name}} activation code (no. {{code_number}}): {{code}}",
        ),
        (ActivationCode, Sms) => {
            ("", "{{program_name}} activation code (no. {{code_number}}): {{code}}")
        }
        (PasswordResetLink, Email) => (
            "Password reset requested",
            "Hello {{first_name}},\n\nsomebody asked for a new password to your account in {{program_name}}. \
             To choose one follow this link:\n\n{{link}}\n\nIf it was not you, do nothing: your password stays as it is.",
        ),
        (PasswordResetLink, Sms) => ("", "Choose a new {{program_name}} password: {{link}}"),
        (PasswordResetCode, Email) => (
            "Password reset requested",
            "Hello {{first_name}},\n\n{{program_name}} password reset code (no. {{code_number}}): {{code}}\n\n\
             If you did not ask for it, do nothing: your password stays as it is.",
        ),
        (PasswordResetCode, Sms) => {
            ("", "{{program_name}} password reset code (no. {{code_number}}): {{code}}")
        }
        (PhoneChangeCode, Email) => (
            "Phone change",
            "Confirm your phone change in {{program_name}} (no. {{code_number}}): {{code}}",
        ),
        (PhoneChangeCode, Sms) => {
            ("", "Confirm your phone change in {{program_name}} (no. {{code_number}}): {{code}}")
        }
        (Invitation, Email) => (
            "Invitation to {{program_name}}",
            "Hello,\n\n{{first_name}} {{last_name}} invites you to {{program_name}}.\n\n\
             Join at {{panel_url}} with this invitation: {{code}}",
        ),
        (Invitation, Sms) => (
            "",
            "{{first_name}} invites you to {{program_name}}: {{panel_url}} (invitation {{code}})",
        ),
    }
}

fn polish(kind: MessageKind, channel: Channel) -> (&'static str, &'static str) {
    match (kind, channel) {
        (AccountCreated, Email) => (
            "Konto zostało utworzone",
            "Witaj {{first_name}},\n\nmasz już konto w programie {{program_name}}.\n\n\
             E-mail: {{email}}\nTelefon: {{phone}}\nKarta lojalnościowa: {{loyalty_card_number}}\n\
             Hasło tymczasowe: {{password}}\n\n\
             Zaloguj się na {{panel_url}} i ustaw własne hasło.",
        ),
        (AccountCreated, Sms) => ("", "Hasło do konta w programie {{program_name}}: {{password}}"),
        (ActivationLink, Email) => (
            "Aktywacja konta",
            "Witaj {{first_name}},\n\naby aktywować konto w programie {{program_name}}, otwórz ten odnośnik:\n\n{{link}}",
        ),
        (ActivationLink, Sms) => ("", "Aktywuj konto w programie {{program_name}}: {{link}}"),
        (ActivationCode, Email) => (
            "Aktywacja konta",
            "Witaj {{first_name}},\n\nkod aktywacyjny {{program_name}} (nr {{code_number}}): {{code}}",
        ),
        (ActivationCode, Sms) => {
            ("", "Kod aktywacyjny {{program_name}} (nr {{code_number}}): {{code}}")
        }
        (PasswordResetLink, Email) => (
            "Prośba o zmianę hasła",
            "Witaj {{first_name}},\n\nktoś poprosił o nowe hasło do konta w programie {{program_name}}. \
             Aby je ustawić, otwórz ten odnośnik:\n\n{{link}}\n\nJeśli to nie Ty, nic nie rób: hasło się nie zmieni.",
        ),
        (PasswordResetLink, Sms) => ("", "Ustaw nowe hasło w programie {{program_name}}: {{link}}"),
        (PasswordResetCode, Email) => (
            "Prośba o zmianę hasła",
            "Witaj {{first_name}},\n\nkod zmiany hasła {{program_name}} (nr {{code_number}}): {{code}}\n\n\
             Jeśli to nie Ty, nic nie rób: hasło się nie zmieni.",
        ),
        (PasswordResetCode, Sms) => {
            ("", "Kod zmiany hasła {{program_name}} (nr {{code_number}}): {{code}}")
        }
        (PhoneChangeCode, Email) => (
            "Zmiana numeru telefonu",
            "Potwierdź zmianę numeru telefonu w programie {{program_name}} (nr {{code_number}}): {{code}}",
        ),
        (PhoneChangeCode, Sms) => (
            "",
            "Potwierdź zmianę numeru telefonu w programie {{program_name}} (nr {{code_number}}): {{code}}",
        ),
        (Invitation, Email) => (
            "Zaproszenie do programu {{program_name}}",
            "Witaj,\n\n{{first_name}} {{last_name}} zaprasza Cię do programu {{program_name}}.\n\n\
             Dołącz na {{panel_url}} z zaproszeniem: {{code}}",
        ),
        (Invitation, Sms) => (
            "",
            "{{first_name}} zaprasza do programu {{program_name}}: {{panel_url}} (zaproszenie {{code}})",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::template::Template;
    use super::*;

    #[test]
    fn every_text_is_a_template_and_only_mails_have_a_subject() {
        for kind in MessageKind::ALL {
            for channel in [Email, Sms] {
                let texts = ["en", "pl"].map(|language| text(*kind, channel, language));
                for (subject, body) in texts {
                    Template::new(subject, body).unwrap();
                    assert_eq!(subject.is_empty(), channel == Sms, "{kind:?}");
                }
                assert_ne!(texts[0].1, texts[1].1, "{kind:?} {channel:?}");
            }
        }
    }

    #[test]
    fn a_regional_language_is_its_language_and_a_strange_one_is_english() {
        let subject = |language| text(AccountCreated, Email, language).0;
        assert_eq!(subject("pl-PL"), "Konto zostało utworzone");
        assert_eq!([subject("en"), subject("de"), subject("")], ["Account created"; 3]);
    }
}
