//! Customers: the record, what identifies it, and everything one may do with it.

mod address;
mod attribute;
mod command;
mod contact;
mod country;
mod error;
mod identifier;
mod life;
mod metadata;
mod model;
mod name;
mod port;
mod profile;
mod query;
mod service;

pub use address::Address;
pub use attribute::{Attribute, Changes};
pub use command::{
    Activation, AddressChange, AddressParts, CreateCustomer, LevelChoice, Origin, Requirement,
    StartLevel, UpdateCustomer,
};
pub use contact::{Email, LoyaltyCard, PhoneNumber, card_key, email_key, phone_key};
pub use country::{CountryCode, UnknownCountry};
pub use error::CustomerError;
pub use identifier::{Demands, Holdings, Identifier, KeyWrite, KeyWrites};
pub use life::LifeStep;
pub use metadata::{Metadata, MetadataKey, MetadataPatch, MetadataValue, TooManyEntries};
pub use model::{Customer, LevelAssignment, PurchaseFigures, References};
pub use name::Name;
pub use port::{CustomerRepository, CustomerWrite, Stored, WriteError};
pub use profile::{
    Agreements, Avatar, Company, Gender, Label, Status, Tag, Verification, Wallet, WalletAuthority,
    WalletStatus,
};
pub use query::{Criterion, CustomerQuery, Lookup, MOST_FOUND, Range, Sort, SortKey, TextMatch};
pub use service::{Customers, Deletion, MOST_PUSH_TOKENS, PushTokenError, SearchError};
pub(crate) use service::{TRIES, storm};
