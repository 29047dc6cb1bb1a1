//! How values are read from a form (contract 1.2), with every error kept rather than the first one told.

use domain::Change;
use domain::text::Text;

use super::contact;
use super::form::{EXTRA_FIELDS, Errors, Field, Form, NOT_VALID};
use crate::http::form::FormValue;

/// What a form says about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given<T> {
    /// The field was not sent.
    Absent,
    /// It was sent with nothing in it.
    Empty,
    /// It was sent with a value that cannot be; the error is noted.
    Wrong,
    /// It was sent with a value.
    Value(T),
}

impl<T> Given<T> {
    /// The value, if there is one.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Empty | Self::Wrong => None,
        }
    }

    /// What a change does with the field: an empty value removes (contract 1.6).
    pub(crate) fn change(self) -> Change<T> {
        match self {
            Self::Value(value) => Change::Set(value),
            Self::Empty => Change::Clear,
            Self::Absent | Self::Wrong => Change::Keep,
        }
    }

    /// The same with another value.
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Given<U> {
        match self {
            Self::Value(value) => Given::Value(convert(value)),
            Self::Absent => Given::Absent,
            Self::Empty => Given::Empty,
            Self::Wrong => Given::Wrong,
        }
    }
}

/// A form that was sent, and what was found wrong with it so far.
pub(super) struct Reader<'f> {
    root: &'f FormValue,
    errors: Errors,
}

impl<'f> Reader<'f> {
    /// Begins to read a form; fields it does not have are an error at once.
    pub(super) fn new(form: &Form, root: &'f FormValue) -> Self {
        let mut reader = Self { root, errors: Errors::new() };
        if is_scalar(root) {
            reader.note(Field::Whole, NOT_VALID);
        }
        let strange = |parent: Option<Field>, values: &FormValue| {
            values.entries().iter().any(|(name, _)| !form.has(parent, name))
        };
        let compounds = [Field::Address, Field::Company];
        if strange(None, root)
            || compounds.iter().any(|compound| {
                root.get(compound.name()).is_some_and(|values| strange(Some(*compound), values))
            })
        {
            reader.note(Field::Whole, EXTRA_FIELDS);
        }
        reader
    }

    /// Notes an error.
    pub(super) fn note(&mut self, field: Field, message: &'static str) {
        self.errors.push((field, message));
    }

    /// What was found wrong; `Ok` if nothing was.
    pub(super) fn finish(self) -> Result<(), Errors> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// The field as it was sent.
    pub(super) fn raw(&self, field: Field) -> Option<&'f FormValue> {
        let place = match field.parent() {
            Some(compound) => self.root.get(compound.name())?,
            None => self.root,
        };
        place.get(field.name())
    }

    /// A text, trimmed.
    pub(super) fn text(&mut self, field: Field) -> Given<String> {
        let raw = match self.raw(field) {
            None => return Given::Absent,
            Some(FormValue::Null | FormValue::Bool(false)) => return Given::Empty,
            Some(FormValue::Bool(true)) => "1".to_owned(),
            Some(FormValue::Number(number)) => number.to_string(),
            Some(FormValue::Text(text)) if field == Field::Phone => contact::with_plus(text),
            Some(FormValue::Text(text)) => text.trim().to_owned(),
            Some(FormValue::Map(_)) => {
                self.note(field, NOT_VALID);
                return Given::Wrong;
            }
        };
        if raw.is_empty() { Given::Empty } else { Given::Value(raw) }
    }

    /// A text that becomes something else, or an error.
    pub(super) fn parsed<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(String) -> Result<T, &'static str>,
    ) -> Given<T> {
        match self.text(field) {
            Given::Value(text) => match parse(text) {
                Ok(value) => Given::Value(value),
                Err(message) => {
                    self.note(field, message);
                    Given::Wrong
                }
            },
            Given::Absent => Given::Absent,
            Given::Empty => Given::Empty,
            Given::Wrong => Given::Wrong,
        }
    }

    /// A text that can be stored.
    pub(super) fn line<const MAX: usize>(&mut self, field: Field) -> Given<Text<MAX>> {
        self.parsed(field, |text| Text::try_from(text).map_err(|_| NOT_VALID))
    }

    /// A truth value; `None` if the field was not sent (contract 1.2).
    pub(super) fn checkbox(&mut self, field: Field) -> Option<bool> {
        let value = self.raw(field)?;
        if matches!(value, FormValue::Map(_)) {
            self.note(field, NOT_VALID);
        }
        Some(truth(value))
    }

    /// Whether a compound was sent, and whether any part of it has content. A text in its place is an error.
    pub(super) fn compound(&mut self, field: Field) -> Given<()> {
        match self.raw(field) {
            None => Given::Absent,
            Some(FormValue::Map(parts)) if parts.iter().all(|(_, part)| is_blank(part)) => {
                Given::Empty
            }
            Some(FormValue::Map(_)) => Given::Value(()),
            Some(blank) if is_blank(blank) => Given::Empty,
            Some(_) => {
                self.note(field, NOT_VALID);
                Given::Wrong
            }
        }
    }
}

/// What a value means as a truth value: everything but the listed spellings of no is true. A map counts as given, so
/// that the error of its shape is not followed by a second one about a missing value.
pub(super) fn truth(value: &FormValue) -> bool {
    match value {
        FormValue::Null => false,
        FormValue::Bool(value) => *value,
        FormValue::Number(number) => number.as_f64() != Some(0.0),
        FormValue::Text(text) => {
            let word = text.trim().trim_matches(['"', '\'']);
            !matches!(word, "" | "0" | "false" | "null")
        }
        FormValue::Map(_) => true,
    }
}

fn is_blank(value: &FormValue) -> bool {
    match value {
        FormValue::Null | FormValue::Bool(false) => true,
        FormValue::Text(text) => text.trim().is_empty(),
        FormValue::Bool(true) | FormValue::Number(_) | FormValue::Map(_) => false,
    }
}

fn is_scalar(value: &FormValue) -> bool {
    !matches!(value, FormValue::Map(_)) && !is_blank(value)
}

#[cfg(test)]
mod tests {
    use domain::access::Actor;
    use domain::text::Line;
    use serde_json::{Value, json};

    use super::*;

    fn read<T>(root: Value, read: impl FnOnce(&mut Reader<'_>) -> T) -> (T, Errors) {
        let root = FormValue::from(root);
        let mut reader = Reader::new(&Form::registration(Actor::System), &root);
        let value = read(&mut reader);
        (value, reader.errors)
    }

    #[test]
    fn texts_are_trimmed_and_emptiness_is_told_from_absence() {
        for (root, expected) in [
            (json!({}), Given::Absent),
            (json!({"firstName": "  "}), Given::Empty),
            (json!({"firstName": null}), Given::Empty),
            (json!({"firstName": " Ada "}), Given::Value("Ada".to_owned())),
            (json!({"firstName": 7}), Given::Value("7".to_owned())),
        ] {
            let (given, errors) = read(root, |reader| reader.text(Field::FirstName));
            assert_eq!((given, errors), (expected, Errors::new()));
        }
    }

    #[test]
    fn a_map_where_a_text_is_due_is_an_error_of_the_field() {
        let (given, errors) =
            read(json!({"firstName": {"x": "1"}}), |reader| reader.text(Field::FirstName));
        assert_eq!((given, errors), (Given::Wrong, vec![(Field::FirstName, NOT_VALID)]));
    }

    #[test]
    fn what_cannot_be_stored_is_an_error_of_the_field() {
        for bad in ["a\0b".to_owned(), "x".repeat(256)] {
            let (given, errors) =
                read(json!({"firstName": bad}), |reader| reader.line::<255>(Field::FirstName));
            assert_eq!(given, Given::<Line>::Wrong);
            assert_eq!(errors, [(Field::FirstName, NOT_VALID)]);
        }
    }

    #[test]
    fn truth_is_everything_but_the_listed_spellings_of_no() {
        for no in [
            json!(null),
            json!(false),
            json!("false"),
            json!("0"),
            json!(0),
            json!("null"),
            json!(""),
            json!("\"0\""),
            json!("'false'"),
        ] {
            let (given, _) =
                read(json!({"agreement1": no}), |reader| reader.checkbox(Field::Agreement1));
            assert_eq!(given, Some(false), "{no}");
        }
        for yes in [json!(true), json!(1), json!("1"), json!("on"), json!("true"), json!("2")] {
            let (given, _) =
                read(json!({"agreement1": yes}), |reader| reader.checkbox(Field::Agreement1));
            assert_eq!(given, Some(true), "{yes}");
        }
        let (absent, _) = read(json!({}), |reader| reader.checkbox(Field::Agreement1));
        assert_eq!(absent, None);
    }

    #[test]
    fn strange_fields_are_one_error_of_the_whole_form() {
        for root in [
            json!({"isAdmin": 1}),
            json!({"address": {"planet": "Mars"}, "id": 1}),
            json!({"name": "x"}),
        ] {
            let ((), errors) = read(root, |_| ());
            assert_eq!(errors, [(Field::Whole, EXTRA_FIELDS)]);
        }
    }

    #[test]
    fn a_text_where_the_form_is_due_is_an_error_of_the_whole_form() {
        assert_eq!(read(json!("abc"), |_| ()).1, [(Field::Whole, NOT_VALID)]);
        assert_eq!(read(json!(""), |_| ()).1, Errors::new());
    }

    #[test]
    fn a_compound_is_empty_when_all_its_parts_are() {
        for (address, expected) in [
            (json!(""), Given::Empty),
            (json!(null), Given::Empty),
            (json!({}), Given::Empty),
            (json!({"street": "", "city": null}), Given::Empty),
            (json!({"street": "x"}), Given::Value(())),
            (json!("x"), Given::Wrong),
        ] {
            let (given, _) =
                read(json!({"address": address}), |reader| reader.compound(Field::Address));
            assert_eq!(given, expected);
        }
    }
}
