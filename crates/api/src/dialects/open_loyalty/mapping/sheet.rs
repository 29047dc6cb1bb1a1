//! Forms as data: which fields a form has, how their values are read, and how a refusal shows them (contract 1.2 and
//! 1.7). The customer forms, whose rules depend on who fills them in, have a reader of their own.

use std::borrow::Cow;

use domain::text::Text;

use super::super::errors::Error;
use super::super::wire::error::{FormErrorBody, FormNode};
use super::form::{EXTRA_FIELDS, NOT_VALID};
use super::reader::Given;
use crate::http::form::FormValue;

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Child {
    /// A single value.
    Field(&'static str),
    /// A single value that is shown only with errors.
    Quiet(&'static str),
    /// A list of values; each is shown only with errors.
    List(&'static str),
    /// Several fields under one name.
    Compound(&'static str, &'static [Child]),
    /// Any number of compounds, by key.
    Collection(&'static str, &'static [Child]),
}

impl Child {
    fn name(self) -> &'static str {
        match self {
            Self::Field(name)
            | Self::Quiet(name)
            | Self::List(name)
            | Self::Compound(name, _)
            | Self::Collection(name, _) => name,
        }
    }
}

/// A form that was sent, and what was found wrong with it so far. Fields are named by their path, parts joined by dots:
/// `location.street`, `translations.en.name`, `specialRewards.0.code`.
pub(crate) struct Sheet<'f> {
    children: &'static [Child],
    root: &'f FormValue,
    errors: Vec<(String, Cow<'static, str>)>,
}

impl<'f> Sheet<'f> {
    /// Begins to read a form. One that was not sent is refused at once; fields that it does not have are an error.
    pub(crate) fn new(
        children: &'static [Child],
        root: Option<&'f FormValue>,
    ) -> Result<Self, Error> {
        let Some(root) = root else { return Err(not_sent(children)) };
        let mut sheet = Self::lenient(children, root);
        if has_strange(children, root) {
            sheet.note("", EXTRA_FIELDS);
        }
        Ok(sheet)
    }

    /// The same for a form that ignores what it does not know.
    pub(crate) fn lenient(children: &'static [Child], root: &'f FormValue) -> Self {
        let mut sheet = Self { children, root, errors: Vec::new() };
        if is_scalar(root) {
            sheet.note("", NOT_VALID);
        }
        sheet
    }

    /// Notes an error of a field; of the form as a whole, if the path is empty.
    pub(crate) fn note(&mut self, path: &str, message: impl Into<Cow<'static, str>>) {
        self.errors.push((path.to_owned(), message.into()));
    }

    /// Whether anything was found wrong with a field.
    pub(crate) fn is_wrong(&self, path: &str) -> bool {
        self.errors.iter().any(|(wrong, _)| wrong == path)
    }

    /// Whether nothing was found wrong.
    pub(crate) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// Ends the reading; the answer to a form with errors, if there are any.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.refused()) }
    }

    /// The answer to the form with the errors found so far.
    pub(crate) fn refused(&self) -> Error {
        Error::form(self.refusal())
    }

    /// The field as it was sent.
    pub(crate) fn raw(&self, path: &str) -> Option<&'f FormValue> {
        path.split('.').try_fold(self.root, |place, name| place.get(name))
    }

    /// The keys of a collection or a list, in the order in which they were sent.
    pub(crate) fn keys(&self, path: &str) -> Vec<&'f str> {
        let entries = self.raw(path).map(FormValue::entries).unwrap_or_default();
        entries.iter().map(|(key, _)| key.as_str()).collect()
    }

    /// A text, trimmed.
    pub(crate) fn text(&mut self, path: &str) -> Given<String> {
        let raw = match self.raw(path) {
            None => return Given::Absent,
            Some(FormValue::Null | FormValue::Bool(false)) => return Given::Empty,
            Some(FormValue::Bool(true)) => "1".to_owned(),
            Some(FormValue::Number(number)) => number.to_string(),
            Some(FormValue::Text(text)) => text.trim().to_owned(),
            Some(FormValue::Map(_)) => {
                self.note(path, NOT_VALID);
                return Given::Wrong;
            }
        };
        if raw.is_empty() { Given::Empty } else { Given::Value(raw) }
    }

    /// A text that becomes something else, or an error of its field.
    pub(crate) fn parsed<T>(
        &mut self,
        path: &str,
        parse: impl FnOnce(String) -> Result<T, &'static str>,
    ) -> Given<T> {
        match self.text(path) {
            Given::Value(text) => match parse(text) {
                Ok(value) => Given::Value(value),
                Err(message) => {
                    self.note(path, message);
                    Given::Wrong
                }
            },
            Given::Absent => Given::Absent,
            Given::Empty => Given::Empty,
            Given::Wrong => Given::Wrong,
        }
    }

    /// A value that must be given: its absence and emptiness are told by `message`.
    pub(crate) fn required<T>(
        &mut self,
        path: &str,
        message: &'static str,
        parse: impl FnOnce(String) -> Result<T, &'static str>,
    ) -> Option<T> {
        let given = self.parsed(path, parse);
        if matches!(given, Given::Absent | Given::Empty) {
            self.note(path, message);
        }
        given.value()
    }

    /// A text that can be stored.
    pub(crate) fn line<const MAX: usize>(&mut self, path: &str) -> Given<Text<MAX>> {
        self.parsed(path, |text| Text::try_from(text).map_err(|_| NOT_VALID))
    }

    /// A truth value; `None` if the field was not sent (contract 1.2).
    pub(crate) fn checkbox(&mut self, path: &str) -> Option<bool> {
        let value = self.raw(path)?;
        if matches!(value, FormValue::Map(_)) {
            self.note(path, NOT_VALID);
        }
        Some(super::reader::truth(value))
    }

    fn refusal(&self) -> FormErrorBody {
        refusal(self.children, self.root, &self.errors)
    }
}

/// The answer to a form that was not sent: every child, and no error.
fn not_sent(children: &'static [Child]) -> Error {
    Error::form(refusal(children, &FormValue::Map(Vec::new()), &[]))
}

fn refusal(
    children: &'static [Child],
    root: &FormValue,
    errors: &[(String, Cow<'static, str>)],
) -> FormErrorBody {
    let mut form = node(errors, "");
    form.children = nodes(children, root, errors, "");
    FormErrorBody { errors: form.errors.clone(), form }
}

fn nodes(
    children: &'static [Child],
    values: &FormValue,
    errors: &[(String, Cow<'static, str>)],
    above: &str,
) -> Vec<(Cow<'static, str>, FormNode)> {
    let empty = FormValue::Map(Vec::new());
    let mut shown = Vec::new();
    for child in children {
        let path = joined(above, child.name());
        let below = values.get(child.name()).unwrap_or(&empty);
        let mut entry = node(errors, &path);
        match child {
            Child::Quiet(_) if entry.errors.is_empty() => continue,
            Child::Field(_) | Child::Quiet(_) => {}
            Child::List(_) => {
                let wrong = below.entries().iter().filter_map(|(key, _)| {
                    let item = node(errors, &joined(&path, key));
                    (!item.errors.is_empty()).then(|| (Cow::from(key.clone()), item))
                });
                entry.children = wrong.collect();
            }
            Child::Compound(_, parts) => entry.children = nodes(parts, below, errors, &path),
            Child::Collection(_, parts) => {
                entry.children = members(below, errors, &path)
                    .map(|key| {
                        let path = joined(&path, &key);
                        let mut member = node(errors, &path);
                        let values = below.get(&key).unwrap_or(&empty);
                        member.children = nodes(parts, values, errors, &path);
                        (Cow::from(key), member)
                    })
                    .collect();
            }
        }
        shown.push((Cow::from(child.name()), entry));
    }
    shown
}

/// The keys of a collection: those that were sent, then those that only an error speaks of.
fn members(
    values: &FormValue,
    errors: &[(String, Cow<'static, str>)],
    path: &str,
) -> impl Iterator<Item = String> {
    let mut keys: Vec<String> = values.entries().iter().map(|(key, _)| key.clone()).collect();
    for (wrong, _) in errors {
        let inside = wrong.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
        if let Some(key) = inside.and_then(|rest| rest.split('.').next())
            && !keys.iter().any(|known| known == key)
        {
            keys.push(key.to_owned());
        }
    }
    keys.into_iter()
}

fn node(errors: &[(String, Cow<'static, str>)], path: &str) -> FormNode {
    let own = errors.iter().filter(|(wrong, _)| wrong == path);
    FormNode { errors: own.map(|(_, message)| message.clone()).collect(), children: Vec::new() }
}

fn joined(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}

fn has_strange(children: &[Child], values: &FormValue) -> bool {
    values.entries().iter().any(|(name, value)| {
        match children.iter().find(|child| child.name() == name) {
            None => true,
            Some(Child::Compound(_, parts)) => has_strange(parts, value),
            Some(Child::Collection(_, parts)) => {
                value.entries().iter().any(|(_, member)| has_strange(parts, member))
            }
            Some(Child::Field(_) | Child::Quiet(_) | Child::List(_)) => false,
        }
    })
}

fn is_scalar(value: &FormValue) -> bool {
    match value {
        FormValue::Map(_) | FormValue::Null | FormValue::Bool(false) => false,
        FormValue::Text(text) => !text.trim().is_empty(),
        FormValue::Bool(true) | FormValue::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const FORM: &[Child] = &[
        Child::Field("name"),
        Child::Compound("location", &[Child::Field("street"), Child::Quiet("lat")]),
        Child::Collection("translations", &[Child::Field("name")]),
        Child::List("skus"),
    ];

    fn answer(sheet: &Sheet<'_>) -> Value {
        serde_json::to_value(sheet.refusal()).unwrap()
    }

    #[test]
    fn a_form_that_was_not_sent_is_answered_with_every_child() {
        let Err(Error::Form(body)) = Sheet::new(FORM, None) else { panic!("refused") };
        let expected = concat!(
            r#"{"form":{"children":{"name":{},"location":{"children":{"street":{}}},"#,
            r#""translations":{},"skus":{}}},"errors":[]}"#
        );
        assert_eq!(serde_json::to_string(&body).unwrap(), expected);
    }

    #[test]
    fn errors_stand_where_their_fields_do_whether_those_were_sent_or_not() {
        let root = FormValue::from(json!({"translations": {"pl": {"name": "x"}}, "skus": ["a"]}));
        let mut sheet = Sheet::new(FORM, Some(&root)).unwrap();
        sheet.note("translations.en.name", "blank");
        sheet.note("location.lat", "odd");
        sheet.note("skus.0", "bad");
        let children = &answer(&sheet)["form"]["children"];
        assert_eq!(
            children["translations"]["children"]["en"]["children"]["name"],
            json!({"errors": ["blank"]})
        );
        assert_eq!(children["translations"]["children"]["pl"], json!({"children": {"name": {}}}));
        assert_eq!(children["location"]["children"]["lat"], json!({"errors": ["odd"]}));
        assert_eq!(children["skus"]["children"]["0"], json!({"errors": ["bad"]}));
    }

    #[test]
    fn strange_fields_at_any_depth_are_one_error_of_the_whole() {
        for root in [
            json!({"x": 1}),
            json!({"location": {"x": 1}}),
            json!({"translations": {"en": {"x": 1}}, "y": 2}),
        ] {
            let root = FormValue::from(root);
            let sheet = Sheet::new(FORM, Some(&root)).unwrap();
            assert_eq!(answer(&sheet)["errors"], json!([EXTRA_FIELDS]));
            assert_eq!(answer(&sheet)["form"]["errors"], json!([EXTRA_FIELDS]));
        }
    }

    #[test]
    fn values_are_read_by_their_path() {
        let root = FormValue::from(json!({"name": " a ", "location": {"street": ""}}));
        let mut sheet = Sheet::new(FORM, Some(&root)).unwrap();
        assert_eq!(sheet.text("name"), Given::Value("a".to_owned()));
        assert_eq!(sheet.text("location.street"), Given::Empty);
        assert_eq!(sheet.text("translations.en.name"), Given::Absent);
        assert!(sheet.finish().is_ok());
    }
}
