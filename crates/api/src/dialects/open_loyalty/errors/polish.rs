//! The message catalogue in Polish (contract 1.8).

/// Messages and their Polish wording. `{}` stands for what a message says of the case at hand; both have it in the same
/// order.
#[rustfmt::skip]
const CATALOGUE: &[(&str, &str)] = &[
    ("This value should not be blank.", "Ta wartość nie powinna być pusta."),
    ("This value is not valid.", "Ta wartość jest nieprawidłowa."),
    ("This value is not a valid email address.", "Ta wartość nie jest prawidłowym adresem e-mail."),
    ("Incorrect phone number format, use 00000000000.", "Nieprawidłowy format numeru telefonu, użyj 00000000000."),
    ("This value is not a valid phone number.", "Ta wartość nie jest prawidłowym numerem telefonu."),
    ("Incorrect phone number format, use +00000000000", "Nieprawidłowy format numeru telefonu, użyj +00000000000"),
    ("Incorrect e-mail address.", "Nieprawidłowy adres e-mail."),
    ("Customer with such email already exists.", "Klient o takim adresie e-mail już istnieje."),
    ("Customer with such loyalty card number already exists.", "Klient o takim numerze karty lojalnościowej już istnieje."),
    ("Customer with such phone already exists.", "Klient o takim numerze telefonu już istnieje."),
    ("Neither level is not available as start level for this customer.", "Żaden poziom nie jest dostępny jako początkowy dla tego klienta."),
    ("Type of the labels field value is incorrect. The correct type is labels as a string.", "Typ wartości pola etykiet jest nieprawidłowy. Prawidłowy typ to etykiety jako tekst."),
    ("Customer labels invalid data", "Nieprawidłowe etykiety klienta"),
    ("You don't have permission to edit this data.", "Nie masz uprawnień do edycji tych danych."),
    ("This form should not contain extra fields.", "Ten formularz nie powinien zawierać dodatkowych pól."),
    ("This value should be the user's current password.", "Ta wartość powinna być aktualnym hasłem użytkownika."),
    ("Your password must be at least 8 characters long.", "Hasło musi mieć co najmniej 8 znaków."),
    ("Your password must include both upper and lower case letters.", "Hasło musi zawierać wielkie i małe litery."),
    ("Your password must include at least one number.", "Hasło musi zawierać co najmniej jedną cyfrę."),
    ("Your password must contain at least one special character.", "Hasło musi zawierać co najmniej jeden znak specjalny."),
    ("Your password must include at least one letter.", "Hasło musi zawierać co najmniej jedną literę."),
    ("Provide at least one field", "Podaj co najmniej jedno pole"),
    ("Customer is not assigned to level manually", "Klient nie ma poziomu przypisanego ręcznie"),
    ("The file is too large ({}). Allowed maximum size is {}.", "Plik jest za duży ({}). Największy dozwolony rozmiar to {}."),
    ("This file is not a valid image.", "Ten plik nie jest prawidłowym obrazem."),
    ("The mime type of the file is invalid ({}). Allowed mime types are {}.", "Typ MIME pliku jest nieprawidłowy ({}). Dozwolone typy MIME to {}."),
    ("not enough points", "za mało punktów"),
    ("this transfer cannot be canceled", "tego transferu nie można anulować"),
    ("Invitation exists", "Zaproszenie już istnieje"),
    ("resetting password already requested", "zmiana hasła została już zgłoszona"),
    ("This email is already taken", "Ten adres e-mail jest już zajęty"),
    ("seller with such email already exists", "sprzedawca o takim adresie e-mail już istnieje"),
    ("This value is already used.", "Ta wartość jest już wykorzystywana."),
    ("This value should be 1 or more.", "Ta wartość powinna wynosić 1 lub więcej."),
    ("field is required", "pole jest wymagane"),
    ("field \"{}\" should not be empty", "pole \"{}\" nie powinno być puste"),
];

/// A message in Polish; nothing, if it is none of the catalogue.
pub(super) fn polish(message: &str) -> Option<String> {
    CATALOGUE.iter().find_map(|(english, polish)| reworded(english, polish, message))
}

/// The message in other words, if it is this one.
fn reworded(english: &str, polish: &str, message: &str) -> Option<String> {
    let mut said = message.strip_prefix(english.split("{}").next()?)?;
    let mut words = polish.split("{}");
    let mut reworded = words.next()?.to_owned();
    for part in english.split("{}").skip(1) {
        let at = if part.is_empty() { said.len() } else { said.find(part)? };
        reworded.push_str(&said[..at]);
        reworded.push_str(words.next()?);
        said = &said[at + part.len()..];
    }
    said.is_empty().then_some(reworded)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_message_has_one_wording_with_the_same_gaps() {
        let english: BTreeSet<_> = CATALOGUE.iter().map(|(english, _)| english).collect();
        assert_eq!(english.len(), CATALOGUE.len());
        for (english, polish) in CATALOGUE {
            assert_eq!(english.matches("{}").count(), polish.matches("{}").count(), "{english}");
            assert_ne!(english, polish);
        }
    }

    #[test]
    fn what_a_message_says_of_the_case_is_kept() {
        assert_eq!(
            polish("The file is too large (3 MB). Allowed maximum size is 2 MB.").as_deref(),
            Some("Plik jest za duży (3 MB). Największy dozwolony rozmiar to 2 MB.")
        );
        let types = r#"The mime type of the file is invalid ("text/plain"). Allowed mime types are "application/xml", "text/xml"."#;
        assert_eq!(
            polish(types).as_deref(),
            Some(
                r#"Typ MIME pliku jest nieprawidłowy ("text/plain"). Dozwolone typy MIME to "application/xml", "text/xml"."#
            )
        );
        assert_eq!(
            polish(r#"field "token" should not be empty"#).as_deref(),
            Some(r#"pole "token" nie powinno być puste"#)
        );
    }

    #[test]
    fn what_is_no_message_stays() {
        for text in ["", "Not Found", "This value is not valid", "This value is not valid. x"] {
            assert_eq!(polish(text), None, "{text}");
        }
    }
}
