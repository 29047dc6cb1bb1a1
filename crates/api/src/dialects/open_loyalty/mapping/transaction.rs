//! Transactions: the form of a new one, lists and bodies (contract 4.6).

use domain::Order;
use domain::customer::{Address, Email, Label, LoyaltyCard, PhoneNumber};
use domain::id::CustomerId;
use domain::merchant::Merchant;
use domain::money::Amount;
use domain::text::{Line, Text};
use domain::transaction::{
    Buyer, DocumentNumber, Item, MOST_GROSS, MOST_ITEMS, MOST_LABELS, RegisterTransaction,
    SalesSummary, Totals, Transaction, TransactionCriterion, TransactionError, TransactionKind,
    TransactionQuery, TransactionSortKey,
};

use super::super::errors::Error;
use super::super::wire::transaction::{
    BuyerBody, ItemBody, SalesFigures, SkuBody, TransactionBody,
};
use super::customer::{address_body, label_bodies};
use super::form::{BLANK, NOT_VALID, USED};
use super::sheet::{Child, Sheet};
use super::{figure, filter, list, moment, sort};
use crate::http::form::FormValue;
use crate::http::zone::Zone;

const LABEL: &[Child] = &[Child::Field("key"), Child::Field("value")];

const FORM: &[Child] = &[
    Child::Compound(
        "transactionData",
        &[
            Child::Field("documentType"),
            Child::Field("documentNumber"),
            Child::Field("purchasePlace"),
            Child::Field("purchaseDate"),
        ],
    ),
    Child::Collection(
        "items",
        &[
            Child::Compound("sku", &[Child::Field("code")]),
            Child::Field("name"),
            Child::Field("quantity"),
            Child::Field("grossValue"),
            Child::Field("category"),
            Child::Field("maker"),
            Child::Collection("labels", LABEL),
        ],
    ),
    Child::Compound(
        "customerData",
        &[
            Child::Field("name"),
            Child::Field("email"),
            Child::Field("nip"),
            Child::Field("phone"),
            Child::Field("loyaltyCardNumber"),
            Child::Compound(
                "address",
                &[
                    Child::Field("street"),
                    Child::Field("address1"),
                    Child::Field("address2"),
                    Child::Field("postal"),
                    Child::Field("city"),
                    Child::Field("province"),
                    Child::Field("country"),
                ],
            ),
        ],
    ),
    Child::Field("pos"),
    Child::Field("revisedDocument"),
    Child::Collection("labels", LABEL),
];

/// The form of a new transaction, as it was sent.
pub(crate) struct TransactionForm<'f>(Sheet<'f>);

impl<'f> TransactionForm<'f> {
    /// What the form says was sold or taken back.
    pub(crate) fn read(
        root: Option<&'f FormValue>,
        merchant: &Merchant,
    ) -> Result<(Self, RegisterTransaction), Error> {
        let mut sheet = Sheet::new(FORM, root)?;
        let command = command(&mut sheet, &super::zone(merchant));
        match command {
            Some(command) if sheet.is_clean() => Ok((Self(sheet), command)),
            _ => Err(sheet.refused()),
        }
    }

    /// The answer to a transaction that the domain refused.
    pub(crate) fn refused(mut self, error: TransactionError) -> Error {
        let (field, message) = match error {
            TransactionError::DocumentTaken => ("transactionData.documentNumber", USED),
            TransactionError::ReturnsOff => ("transactionData.documentType", RETURNS_OFF),
            TransactionError::UnknownPointOfSale => ("pos", NOT_VALID),
            TransactionError::NotFound => ("revisedDocument", MISSING),
            TransactionError::WrongType => ("revisedDocument", WRONG_TYPE),
            TransactionError::WrongOwner => ("revisedDocument", WRONG_OWNER),
            // Nobody is named, and nothing is assigned that was there before.
            TransactionError::Assigned | TransactionError::UnknownCustomer => ("", NOT_VALID),
            TransactionError::Storage(error) => return Error::Storage(error),
        };
        self.0.note(field, message);
        self.0.refused()
    }
}

const RETURNS_OFF: &str = "Returns are not enabled";
/// The transaction that is named is not there.
pub(super) const MISSING: &str = "Transaction not exist";
/// What is returned is no sale.
pub(super) const WRONG_TYPE: &str = "Transaction wrong type";
/// What is returned was bought by somebody else.
pub(super) const WRONG_OWNER: &str = "Incorrect owner of the transaction";

fn command(sheet: &mut Sheet<'_>, zone: &Zone) -> Option<RegisterTransaction> {
    let is_return = sheet.parsed("transactionData.documentType", |word| match word.as_str() {
        "sell" => Ok(false),
        "return" => Ok(true),
        _ => Err(NOT_VALID),
    });
    let is_return = is_return.value().unwrap_or(false);
    let document = sheet.required("transactionData.documentNumber", BLANK, document_number);
    let place = sheet.line("transactionData.purchasePlace").value();
    let purchased_at = sheet.required("transactionData.purchaseDate", BLANK, |text| {
        moment::moment(&text, zone).ok_or(NOT_VALID)
    });
    let items = items(sheet);
    let buyer = buyer(sheet);
    let pos = sheet.parsed("pos", |text| text.parse().map_err(|_| NOT_VALID)).value();
    let of = sheet.parsed("revisedDocument", document_number).value();
    let labels = labels(sheet, "labels");
    Some(RegisterTransaction {
        // A sale revises nothing, whatever it names.
        kind: if is_return { TransactionKind::Return { of } } else { TransactionKind::Sale },
        document: document?,
        purchased_at: purchased_at?,
        place,
        items: items?,
        buyer: buyer?,
        pos,
        labels,
    })
}

/// The number of a till's document.
pub(super) fn document_number(text: String) -> Result<DocumentNumber, &'static str> {
    DocumentNumber::try_from(text).map_err(|_| NOT_VALID)
}

fn items(sheet: &mut Sheet<'_>) -> Option<Vec<Item>> {
    let keys = sheet.keys("items");
    if keys.len() > MOST_ITEMS {
        sheet.note("items", NOT_VALID);
        return None;
    }
    // Every item is read, so that the errors of all are told.
    let items: Vec<Option<Item>> =
        keys.into_iter().map(|key| item(sheet, &format!("items.{key}"))).collect();
    let items: Vec<Item> = items.into_iter().collect::<Option<_>>()?;
    let sums = Totals::of(&items, &domain::merchant::TierSettings::default());
    if sums.gross.magnitude() > MOST_GROSS {
        sheet.note("items", NOT_VALID);
    }
    Some(items)
}

fn item(sheet: &mut Sheet<'_>, path: &str) -> Option<Item> {
    let line = |text: String| Line::try_from(text).map_err(|_| NOT_VALID);
    let at = |field: &str| format!("{path}.{field}");
    let sku = sheet.required(&at("sku.code"), BLANK, line);
    let name = sheet.required(&at("name"), BLANK, line);
    let quantity =
        sheet.required(&at("quantity"), BLANK, |text| text.parse().map_err(|_| NOT_VALID));
    let gross = sheet.required(&at("grossValue"), BLANK, |text| gross(&text));
    let category = sheet.required(&at("category"), BLANK, line);
    let maker = sheet.line(&at("maker")).value();
    let labels = labels(sheet, &at("labels"));
    Some(Item {
        sku: sku?,
        name: name?,
        quantity: quantity?,
        gross: gross?,
        category: category?,
        maker,
        labels,
    })
}

fn gross(text: &str) -> Result<Amount, &'static str> {
    figure::read(text).filter(|gross| gross.magnitude() <= MOST_GROSS).ok_or(NOT_VALID)
}

fn labels(sheet: &mut Sheet<'_>, path: &str) -> Vec<Label> {
    let keys = sheet.keys(path);
    if keys.len() > MOST_LABELS {
        sheet.note(path, NOT_VALID);
        return Vec::new();
    }
    let line = |text: String| Line::try_from(text).map_err(|_| NOT_VALID);
    let label = |sheet: &mut Sheet<'_>, at: &str| {
        let key = sheet.required(&format!("{path}.{at}.key"), BLANK, line);
        let value = sheet.line(&format!("{path}.{at}.value")).value().unwrap_or_default();
        Some(Label { key: key?, value })
    };
    keys.into_iter().filter_map(|at| label(sheet, at)).collect()
}

fn buyer(sheet: &mut Sheet<'_>) -> Option<Buyer> {
    let name = sheet
        .required("customerData.name", BLANK, |text| Line::try_from(text).map_err(|_| NOT_VALID));
    let email = sheet.parsed("customerData.email", |text| text.try_into().map_err(|_| NOT_VALID));
    let tax_id = sheet.line("customerData.nip").value();
    let phone = sheet.parsed("customerData.phone", |text| text.try_into().map_err(|_| NOT_VALID));
    let card = sheet
        .parsed("customerData.loyaltyCardNumber", |text| text.try_into().map_err(|_| NOT_VALID));
    Some(Buyer {
        email: email.value(),
        phone: phone.value(),
        loyalty_card: card.value(),
        tax_id,
        address: address(sheet),
        name: name?,
    })
}

/// An address; none without content.
fn address(sheet: &mut Sheet<'_>) -> Option<Address> {
    let mut part = |name: &str| -> Line {
        sheet.line(&format!("customerData.address.{name}")).value().unwrap_or_default()
    };
    let address = Address {
        street: part("street"),
        house: part("address1"),
        unit: part("address2"),
        postal_code: part("postal"),
        city: part("city"),
        province: part("province"),
        country: part("country"),
    };
    (address != Address::default()).then_some(address)
}

/// The list that the parameters describe, of one customer's transactions if one is given. Names that mean nothing are
/// ignored.
pub(crate) fn transaction_query(
    parameters: &FormValue,
    of: Option<CustomerId>,
) -> Result<TransactionQuery, Error> {
    let mut criteria: Vec<_> = of.into_iter().map(TransactionCriterion::Customer).collect();
    filters(parameters, of, &mut criteria).map_err(|_| Error::BadRequest)?;
    let column = |name: &str| match name {
        "transactionId" => Some(TransactionSortKey::Id),
        "documentNumber" => Some(TransactionSortKey::Document),
        "documentType" => Some(TransactionSortKey::Kind),
        "purchaseDate" => Some(TransactionSortKey::PurchasedAt),
        "purchasePlace" => Some(TransactionSortKey::Place),
        "grossValue" => Some(TransactionSortKey::Gross),
        _ => None,
    };
    // Without a column the newest come first, whatever the direction: it belongs to a column.
    let newest = Order { key: TransactionSortKey::PurchasedAt, descending: true };
    let order = list::order(parameters, column).unwrap_or(newest);
    Ok(TransactionQuery { criteria, order, page: sort::page(parameters) })
}

fn filters(
    parameters: &FormValue,
    of: Option<CustomerId>,
    criteria: &mut Vec<TransactionCriterion>,
) -> Result<(), filter::BadFilter> {
    let texts = [
        ("documentNumber", TransactionCriterion::Document as fn(String) -> TransactionCriterion),
        ("customerData_name", TransactionCriterion::BuyerName),
        ("customerData_email", TransactionCriterion::BuyerEmail),
        ("customerData_phone", TransactionCriterion::BuyerPhone),
        ("customerData_loyaltyCardNumber", TransactionCriterion::BuyerCard),
    ];
    for (name, criterion) in texts {
        if let Some(text) = filter::given(parameters, name)? {
            criteria.push(criterion(text.to_owned()));
        }
    }
    if let Some(kind) = filter::given(parameters, "documentType")? {
        criteria.push(match kind {
            "sell" => TransactionCriterion::IsReturn(false),
            "return" => TransactionCriterion::IsReturn(true),
            _ => TransactionCriterion::Nothing,
        });
    }
    // A text that is no id is nobody's. Whoever sees one's own list only cannot ask for another's.
    if let Some(id) = filter::given(parameters, "customerId")?.filter(|_| of.is_none()) {
        criteria
            .push(id.parse().map_or(TransactionCriterion::Nothing, TransactionCriterion::Customer));
    }
    if let Some(id) = filter::given(parameters, "posId")? {
        criteria.push(
            id.parse().map_or(TransactionCriterion::Nothing, TransactionCriterion::PointOfSale),
        );
    }
    for condition in filter::label_conditions(parameters)? {
        criteria.push(match condition {
            (Some(key), value) => TransactionCriterion::Label {
                key: key.to_owned(),
                value: value.map(ToOwned::to_owned),
            },
            (None, _) => TransactionCriterion::Nothing,
        });
    }
    Ok(())
}

/// A transaction.
pub(crate) fn transaction<'t>(
    transaction: &'t Transaction,
    merchant: &Merchant,
    zone: &Zone,
) -> TransactionBody<'t> {
    let date = |moment| zone.format_basic(moment);
    TransactionBody {
        gross_value: figure::amount(transaction.totals.gross),
        transaction_id: transaction.id.into(),
        document_number: transaction.document.as_str(),
        purchase_date: date(transaction.purchased_at),
        purchase_place: transaction.place.as_ref().map(Text::as_str),
        document_type: document_type(&transaction.kind),
        customer_id: transaction.customer().map(Into::into),
        assigned_to_customer_date: transaction.assignment.map(|it| date(it.at)),
        customer_data: transaction.buyer.as_ref().map(buyer_body).unwrap_or_default(),
        labels: label_bodies(&transaction.labels),
        items: transaction.items.iter().map(item_body).collect(),
        revised_document: transaction.kind.revised().map(DocumentNumber::as_str),
        pos_id: transaction.pos.map(Into::into),
        currency: merchant.currency.lower(),
    }
}

fn buyer_body(buyer: &Buyer) -> BuyerBody<'_> {
    BuyerBody {
        email: buyer.email.as_ref().map(Email::as_str),
        name: Some(buyer.name.as_str()),
        nip: buyer.tax_id.as_ref().map(Text::as_str),
        phone: buyer.phone.as_ref().map(PhoneNumber::as_str),
        loyalty_card_number: buyer.loyalty_card.as_ref().map(LoyaltyCard::as_str),
        address: buyer.address.as_ref().map(address_body),
    }
}

/// A line of a document.
pub(super) fn item_body(item: &Item) -> ItemBody<'_> {
    ItemBody {
        sku: SkuBody { code: item.sku.as_str() },
        name: item.name.as_str(),
        quantity: item.quantity,
        gross_value: figure::amount(item.gross),
        category: item.category.as_str(),
        maker: item.maker.as_ref().map(Text::as_str),
        labels: label_bodies(&item.labels),
    }
}

/// What a document is.
pub(super) fn document_type(kind: &TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Sale => "sell",
        TransactionKind::Return { .. } => "return",
    }
}

/// What all transactions come to.
pub(crate) fn sales_figures(summary: SalesSummary, merchant: &Merchant) -> SalesFigures {
    SalesFigures {
        total: summary.count,
        amount: figure::amount(summary.amount),
        amount_without_delivery_costs: figure::amount(summary.amount_without_delivery),
        currency: merchant.currency.lower(),
    }
}
