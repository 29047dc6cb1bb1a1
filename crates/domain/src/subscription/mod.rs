//! Subscriptions: what programs of a merchant want to be told, and where (KO 3; Kounta calls them webhooks).

mod address;
mod filter;
mod header;
mod model;
mod port;
mod service;
#[cfg(test)]
mod tests;
mod topic;

pub use address::{DeliveryAddress, InvalidAddress};
pub use filter::{Filter, FilterText, TooManySites, UnknownWatch, Watch};
pub use header::{
    HeaderName, HeaderValue, Headers, InvalidHeaderName, InvalidHeaderValue, InvalidHeaders,
};
pub use model::{
    Format, NewSubscription, Subscriber, Subscription, SubscriptionPatch, SubscriptionQuery, Terms,
};
pub use port::SubscriptionRepository;
pub use service::{SubscriptionError, SubscriptionPolicy, Subscriptions};
pub use topic::Topic;
