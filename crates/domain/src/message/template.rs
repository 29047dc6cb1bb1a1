//! What messages say: texts with variables in double braces, `{{code}}`.

use super::links::Links;
use super::model::{Message, MessageContent, MessageKind};
use super::owner::Owner;
use super::route::Channel;
use crate::merchant::{Language, Merchant};
use crate::secret::Secret;
use crate::text::Text;

/// Names a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TemplateName {
    /// What the message is for.
    pub kind: MessageKind,
    /// Which way it goes.
    pub channel: Channel,
    /// In which language it speaks.
    pub language: Language,
}

/// A text for one kind of message. A variable that a text may use stands in double braces: `{{program_name}}`,
/// `{{first_name}}`, `{{last_name}}`, `{{email}}`, `{{phone}}`, `{{loyalty_card_number}}`, `{{code}}`,
/// `{{code_number}}`, `{{password}}`, `{{link}}`, `{{panel_url}}`. A line of the body whose variables are all empty is
/// left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    subject: Text<255>,
    body: Text<4000>,
}

/// The text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTemplate {
    /// It asks for something that messages do not know.
    #[error("{{{{{0}}}}} is no variable")]
    UnknownVariable(String),
    /// It is too long, or has a character that cannot be stored.
    #[error("cannot be stored")]
    Unstorable,
}

impl Template {
    /// A template, checked: its variables are known. An SMS has no subject.
    pub fn new(subject: &str, body: &str) -> Result<Self, InvalidTemplate> {
        for text in [subject, body] {
            let unknown = variables(text).find(|name| Values::default().get(name).is_none());
            if let Some(name) = unknown {
                return Err(InvalidTemplate::UnknownVariable(name.to_owned()));
            }
        }
        Ok(Self {
            subject: Text::try_from(subject).map_err(|_| InvalidTemplate::Unstorable)?,
            body: Text::try_from(body).map_err(|_| InvalidTemplate::Unstorable)?,
        })
    }

    /// What an e-mail is headed with.
    pub fn subject(&self) -> &str {
        self.subject.as_str()
    }

    /// The text.
    pub fn body(&self) -> &str {
        self.body.as_str()
    }
}

/// A message in words. Prints nothing: it holds codes, passwords and names.
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) body: String,
}

/// What variables stand for.
#[derive(Default)]
pub(super) struct Values {
    program_name: String,
    owner: Owner,
    code: String,
    code_number: String,
    password: String,
    link: String,
    panel_url: String,
}

impl Values {
    /// The values of one message.
    pub(super) fn of(
        message: &Message,
        merchant: &Merchant,
        owner: Owner,
        content: Option<&MessageContent>,
        password: Option<&Secret<String>>,
        links: &Links,
    ) -> Self {
        let store = merchant.store_code.as_str();
        let secret = content.map(|content| content.secret.expose().clone()).unwrap_or_default();
        let link = match message.kind {
            MessageKind::ActivationLink => links.activation(store, &secret),
            MessageKind::PasswordResetLink => links.reset(store, &secret),
            MessageKind::AccountCreated
            | MessageKind::ActivationCode
            | MessageKind::PasswordResetCode
            | MessageKind::PhoneChangeCode
            | MessageKind::Invitation => links.panel(store),
        };
        Self {
            program_name: merchant.settings.programme_name.to_string(),
            owner,
            code: secret,
            code_number: content.map(|content| content.number.to_string()).unwrap_or_default(),
            password: password.map(|password| password.expose().clone()).unwrap_or_default(),
            link,
            panel_url: links.panel(store),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        Some(match name {
            "program_name" => &self.program_name,
            "first_name" => &self.owner.first_name,
            "last_name" => &self.owner.last_name,
            "email" => &self.owner.email,
            "phone" => &self.owner.phone,
            "loyalty_card_number" => &self.owner.loyalty_card,
            "code" => &self.code,
            "code_number" => &self.code_number,
            "password" => &self.password,
            "link" => &self.link,
            "panel_url" => &self.panel_url,
            _ => return None,
        })
    }
}

/// The message in words. Values are plain text: what looks like a variable in them stays as it is, and control
/// characters become blanks, so that no value can end a line or a header.
pub(super) fn render(template: &Template, values: &Values) -> Rendered {
    let lines: Vec<String> = template
        .body()
        .lines()
        .filter(|line| has_something_to_say(line, values))
        .map(|line| expand(line, values))
        .collect();
    let subject = expand(template.subject(), values);
    Rendered { subject: one_line(&subject), body: lines.join("\n").trim_end().to_owned() }
}

fn has_something_to_say(line: &str, values: &Values) -> bool {
    let mut names = variables(line).peekable();
    names.peek().is_none()
        || names.any(|name| values.get(name).is_some_and(|value| !value.is_empty()))
}

fn expand(text: &str, values: &Values) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_variable(rest) {
        expanded.push_str(before);
        expanded.push_str(&one_line(values.get(name).unwrap_or_default()));
        rest = after;
    }
    expanded.push_str(rest);
    expanded
}

fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect()
}

fn variables(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, name, after) = next_variable(rest)?;
        rest = after;
        Some(name)
    })
}

/// The text before a variable, its name, and the text behind it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(subject: &str, body: &str) -> Template {
        Template::new(subject, body).unwrap()
    }

    fn values() -> Values {
        Values {
            program_name: "Bean & Co".to_owned(),
            owner: Owner { first_name: "Ada".to_owned(), ..Owner::default() },
            code: "954604".to_owned(),
            code_number: "3".to_owned(),
            ..Values::default()
        }
    }

    fn body(text: &str, values: &Values) -> String {
        render(&template("", text), values).body
    }

    #[test]
    fn variables_are_replaced_wherever_they_stand() {
        assert_eq!(
            body("{{program_name}} code (no. {{ code_number }}): {{code}}!", &values()),
            "Bean & Co code (no. 3): 954604!"
        );
    }

    #[test]
    fn a_text_that_asks_for_what_nobody_knows_is_no_template() {
        for (subject, text) in
            [("", "{{colour}}"), ("{{colour}}", "x"), ("", "{{code}} {{colour}}")]
        {
            let error = Template::new(subject, text).unwrap_err();
            assert_eq!(error, InvalidTemplate::UnknownVariable("colour".to_owned()));
            assert_eq!(error.to_string(), "{{colour}} is no variable");
        }
        assert_eq!(Template::new("", &"x".repeat(4001)), Err(InvalidTemplate::Unstorable));
        assert_eq!(Template::new("a\0", "x"), Err(InvalidTemplate::Unstorable));
    }

    #[test]
    fn braces_that_hold_no_variable_stay() {
        assert_eq!(body("a { b } {{ c", &values()), "a { b } {{ c");
    }

    #[test]
    fn values_are_plain_text_and_cannot_break_out_of_their_line() {
        let mut values = values();
        values.owner.first_name = "{{password}} <b>\r\nBcc: all@shop.example\u{2028}x".to_owned();
        values.password = "hunter2".to_owned();
        let rendered = render(&template("Hello {{first_name}}", "Hello {{first_name}}!"), &values);
        assert_eq!(rendered.subject, "Hello {{password}} <b>  Bcc: all@shop.example x");
        assert_eq!(rendered.body, "Hello {{password}} <b>  Bcc: all@shop.example x!");
    }

    #[test]
    fn a_line_without_a_single_value_is_left_out() {
        let text = "Hello {{first_name}} {{last_name}},\nCard: {{loyalty_card_number}}\n\nBye";
        assert_eq!(body(text, &values()), "Hello Ada ,\n\nBye");
    }
}
