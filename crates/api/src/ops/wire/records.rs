//! Records as events carry them: what was true when the event happened, whatever has changed since.
//!
//! Sums of money and points are decimal texts. Data for verification and the addresses of devices are in no record.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The record that an event is about.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum RecordBody {
    /// Of an event about a customer.
    Customer(Box<CustomerBody>),
    /// Of an event about a transaction.
    Transaction(Box<TransactionBody>),
}

/// A customer after the event; of a deletion, before it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct CustomerBody {
    /// The id.
    pub(crate) id: String,
    /// The id where integers are wanted.
    pub(crate) number: i64,
    /// The id of the wallet.
    pub(crate) wallet_id: String,
    /// How many changes have made it.
    pub(crate) version: u64,
    /// `new`, `active`, `blocked` or `anonymized`.
    #[schema(example = "active")]
    pub(crate) status: &'static str,
    /// The name.
    pub(crate) name: NameBody,
    /// E-mail address.
    pub(crate) email: Option<String>,
    /// Phone number.
    pub(crate) phone: Option<String>,
    /// Mobile number.
    pub(crate) mobile: Option<String>,
    /// Loyalty card.
    pub(crate) loyalty_card: Option<String>,
    /// Names that other systems gave the customer.
    pub(crate) references: ReferencesBody,
    /// Where the customer lives or trades.
    pub(crate) primary_address: Option<AddressBody>,
    /// Where goods go.
    pub(crate) shipping_address: Option<AddressBody>,
    /// The firm behind the customer.
    pub(crate) company: Option<CompanyBody>,
    /// `male`, `female` or `not_disclosed`.
    pub(crate) gender: Option<&'static str>,
    /// When the birth date began, in the merchant's time zone.
    pub(crate) birth_date: Option<String>,
    /// Labels, in order.
    pub(crate) labels: Vec<LabelBody>,
    /// Tags, in order.
    pub(crate) tags: Vec<String>,
    /// Free data: texts, numbers and truth values.
    #[schema(value_type = Object)]
    pub(crate) metadata: BTreeMap<String, Value>,
    /// The merchant's description.
    pub(crate) description: Option<String>,
    /// The institution's comment.
    pub(crate) comment: Option<String>,
    /// What the customer agreed to.
    pub(crate) agreements: AgreementsBody,
    /// The wallet's status.
    pub(crate) wallet: WalletBody,
    /// The address of a picture.
    pub(crate) image_url: Option<String>,
    /// The level.
    pub(crate) level: Option<LevelBody>,
    /// The point of sale that the customer belongs to.
    pub(crate) pos: Option<String>,
    /// The seller who looks after the customer.
    pub(crate) seller: Option<String>,
    /// Running totals of purchases.
    pub(crate) purchases: PurchasesBody,
    /// Running totals of points.
    pub(crate) points: PointsBody,
    /// When the customer came to be.
    pub(crate) created_at: String,
    /// When the record last changed.
    pub(crate) updated_at: String,
    /// When it was deleted; null while it is not.
    pub(crate) deleted_at: Option<String>,
}

/// A name: what was given as one is split at its last blank.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NameBody {
    /// First name.
    pub(crate) first: String,
    /// Last name.
    pub(crate) last: String,
    /// All of it.
    pub(crate) full: String,
}

/// Names that other systems gave a customer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReferencesBody {
    /// The merchant's own id.
    pub(crate) merchant_customer_id: Option<String>,
    /// An institution's id.
    pub(crate) external_id: Option<String>,
    /// One for each application, by its id.
    pub(crate) applications: BTreeMap<String, String>,
    /// Who recommended the customer, as an opaque id.
    pub(crate) referral_id: Option<String>,
    /// Who recommended the customer, by e-mail address.
    pub(crate) referral_email: Option<String>,
}

/// An address. What is not known is empty.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AddressBody {
    /// Street, or all of the street's line.
    pub(crate) street: String,
    /// Number of the house.
    pub(crate) house: String,
    /// Flat or unit.
    pub(crate) unit: String,
    /// City.
    pub(crate) city: String,
    /// Province or state.
    pub(crate) province: String,
    /// Postal code.
    pub(crate) postal_code: String,
    /// Country.
    pub(crate) country: String,
}

/// A firm.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CompanyBody {
    /// Its name.
    pub(crate) name: String,
    /// Its tax number.
    pub(crate) tax_id: String,
}

/// A label.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LabelBody {
    /// Its key.
    pub(crate) key: String,
    /// Its value.
    pub(crate) value: String,
}

/// What a customer agreed to.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AgreementsBody {
    /// The terms.
    pub(crate) terms: bool,
    /// Marketing.
    pub(crate) marketing: bool,
    /// A third thing, as the merchant words it.
    pub(crate) third: bool,
}

/// A wallet's status.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct WalletBody {
    /// `active`, `blocked` or `suspicious`.
    #[schema(example = "active")]
    pub(crate) status: &'static str,
    /// `institution` or `operator`.
    #[schema(example = "institution")]
    pub(crate) set_by: &'static str,
}

/// A customer's level.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LevelBody {
    /// Its id.
    pub(crate) id: String,
    /// Whether somebody assigned it by hand.
    pub(crate) manual: bool,
}

/// Running totals of purchases.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PurchasesBody {
    /// Sales that were not fully returned.
    pub(crate) count: u64,
    /// Their sum.
    pub(crate) amount: String,
    /// Their sum without delivery costs.
    pub(crate) amount_without_delivery: String,
    /// The part that does not count towards a level.
    pub(crate) amount_excluded_from_level: String,
    /// When the last one was.
    pub(crate) last_at: Option<String>,
}

/// Running totals of points.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PointsBody {
    /// What can be spent.
    pub(crate) available: String,
    /// Everything that was ever earned.
    pub(crate) earned: String,
    /// What was spent.
    pub(crate) used: String,
    /// What expired unspent.
    pub(crate) expired: String,
    /// What cannot be spent yet.
    pub(crate) locked: String,
}

/// A transaction after the event.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TransactionBody {
    /// The id.
    pub(crate) id: String,
    /// `sale` or `return`.
    #[serde(rename = "type")]
    #[schema(example = "sale")]
    pub(crate) kind: &'static str,
    /// The number of the till's document.
    pub(crate) document: String,
    /// The document of the sale that is revised.
    pub(crate) revised_document: Option<String>,
    /// When it was bought or taken back.
    pub(crate) purchased_at: String,
    /// Where, in the words of the till.
    pub(crate) place: Option<String>,
    /// What, in the order of the document.
    pub(crate) items: Vec<ItemBody>,
    /// What all items come to.
    pub(crate) gross: String,
    /// The point of sale.
    pub(crate) pos: Option<String>,
    /// Labels, in order.
    pub(crate) labels: Vec<LabelBody>,
    /// What the till knew of the person.
    pub(crate) buyer: Option<BuyerBody>,
    /// Whose purchase it is, if that is known.
    pub(crate) customer: Option<String>,
    /// When it was registered.
    pub(crate) registered_at: String,
}

/// A line of a document.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ItemBody {
    /// The article's number.
    pub(crate) sku: String,
    /// What it is called.
    pub(crate) name: String,
    /// How many.
    pub(crate) quantity: i32,
    /// What the line comes to.
    pub(crate) gross: String,
    /// The kind of goods.
    pub(crate) category: String,
    /// Who made it.
    pub(crate) maker: Option<String>,
    /// Labels, in order.
    pub(crate) labels: Vec<LabelBody>,
}

/// What a till knew of the person who bought.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BuyerBody {
    /// The name.
    pub(crate) name: String,
    /// E-mail address.
    pub(crate) email: Option<String>,
    /// Phone number.
    pub(crate) phone: Option<String>,
    /// Loyalty card.
    pub(crate) loyalty_card: Option<String>,
    /// Tax number.
    pub(crate) tax_id: Option<String>,
    /// Address.
    pub(crate) address: Option<AddressBody>,
}
