//! What can be wrong with a request's content (contract 2.7).

use std::fmt;

use super::webhook::WebhookRule;

/// The type that a key must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A list of texts.
    Strings,
    /// A list of numbers.
    Numbers,
    /// A JSON object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Strings => "an array of strings",
            Self::Numbers => "an array of numbers",
            Self::Object => "an object",
        })
    }
}

/// One broken rule. The order is the contract's: of several broken rules the least is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(crate) enum Violation {
    /// No body, or no JSON.
    #[error("The request body could not be parsed as JSON")]
    NotJson,
    /// JSON, but no object.
    #[error("The request body must be a JSON object")]
    NotAnObject,
    /// Said to be something else than JSON.
    #[error("The Content-Type must be application/json")]
    ContentType,
    /// No first name, or one of blanks.
    #[error("first_name is required")]
    FirstNameRequired,
    /// No way to reach the customer.
    #[error("One of email, phone or mobile is required")]
    ContactRequired,
    /// Another customer has the mobile number.
    #[error("mobile must be unique within the company")]
    MobileTaken,
    /// No `@` with text on both sides.
    #[error("email must be a well-formed email address")]
    EmailForm,
    /// No assigned country code.
    #[error("country must be a two-character ISO 3166-1 country code")]
    CountryForm,
    /// A value of another JSON type.
    #[error("{0} must be {1}")]
    WrongType(&'static str, Kind),
    /// More characters than the key holds.
    #[error("{0} must be at most {1} characters")]
    TooLong(&'static str, usize),
    /// More tags than a customer may have.
    #[error("tags must be at most {0} entries")]
    TooManyTags(usize),
    /// A tag of blanks.
    #[error("tags must have at least 1 character each")]
    BlankTag,
    /// U+0000, which no stored text can hold.
    #[error("{0} must not contain the null character")]
    NullCharacter(&'static str),
    /// No absolute web address.
    #[error("image must be a public URL or null")]
    ImageForm,
    /// Some of three.
    #[error("first_name, last_name and phone must all be provided")]
    PartialNameSearch,
    /// A rule of webhooks.
    #[error(transparent)]
    Webhook(#[from] WebhookRule),
    /// Broken escapes, or far too many parameters.
    #[error("The query string could not be read")]
    Query,
}
