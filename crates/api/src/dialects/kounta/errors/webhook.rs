//! What can be wrong with a webhook (contract 3.2 to 3.4).

use domain::subscription::SubscriptionError;

use super::{Error, Violation};

/// One broken rule; of several the first of this list is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(crate) enum WebhookRule {
    /// No topic.
    #[error("topic is required")]
    TopicRequired,
    /// A topic that the contract does not have.
    #[error("topic must be one of the supported topics")]
    UnknownTopic,
    /// No address.
    #[error("address is required")]
    AddressRequired,
    /// No absolute web address, or one that could be read in two ways.
    #[error("address must be an absolute http or https URL")]
    AddressForm,
    /// It leads inside.
    #[error("address must be a public URL")]
    ForbiddenAddress,
    /// A format that is none.
    #[error("format must be json or xml")]
    UnknownFormat,
    /// A header that would change what the delivery is, or is the vendor's own.
    #[error("headers may only contain Authorization or X-* names other than X-Kounta*")]
    HeaderName,
    /// A value that is no text.
    #[error("headers must have strings as values")]
    HeaderValueType,
    /// A value that ends its line.
    #[error("headers must not have control characters in values")]
    ControlCharacter,
    /// A value of more characters than a header takes.
    #[error("headers must have values of at most {0} characters")]
    LongHeaderValue(usize),
    /// A name that is there already, perhaps in other letter case.
    #[error("headers must not repeat a name")]
    RepeatedHeader,
    /// More headers than a webhook may have.
    #[error("headers must be at most {0} entries")]
    TooManyHeaders(usize),
    /// No part of a customer has the name.
    #[error(
        "filter.attributes may only contain name, phone, mobile, email, address, tags, image or accepts_marketing"
    )]
    UnknownAttribute,
    /// More sites than a filter may name.
    #[error("filter.site_ids must be at most {0} entries")]
    TooManySites(usize),
    /// More webhooks than an application may have.
    #[error("An application may have at most {0} webhooks")]
    TooManyWebhooks(u32),
}

impl From<SubscriptionError> for Error {
    fn from(error: SubscriptionError) -> Self {
        let rule = match error {
            SubscriptionError::NotFound => return Self::WebhookNotFound,
            SubscriptionError::Storage(error) => return Self::Storage(error),
            SubscriptionError::Secret(_) => {
                return Self::Unexpected("the headers of a webhook could not be sealed or read");
            }
            SubscriptionError::TooMany { most } => WebhookRule::TooManyWebhooks(most.get()),
            SubscriptionError::ForbiddenAddress => WebhookRule::ForbiddenAddress,
        };
        Self::Refused(Violation::Webhook(rule))
    }
}
