//! What the domain refuses, in the words of the forms (contract 1.8).

use domain::code::CodeError;
use domain::customer::{CustomerError, Identifier};

use super::super::errors::Error;
use super::form::{Errors, Field, Form, NOT_VALID};

/// The contract's double negative included.
const NO_START_LEVEL: &str = "Neither level is not available as start level for this customer.";

/// The answer to a write that the domain refused.
pub(crate) fn refused_write(error: CustomerError, form: &Form) -> Error {
    let refusal = |errors: Errors| Error::form(form.refusal(&errors));
    match error {
        CustomerError::NotFound => Error::NotFound,
        CustomerError::Taken(identifiers) => refusal(identifiers.into_iter().map(taken).collect()),
        CustomerError::NoStartLevel => refusal(vec![(Field::LevelId, NO_START_LEVEL)]),
        CustomerError::UnknownLevel => refusal(vec![(Field::LevelId, NOT_VALID)]),
        CustomerError::UnknownPointOfSale => refusal(vec![(Field::PosId, NOT_VALID)]),
        CustomerError::UnknownSeller if form.includes(Field::SellerId) => {
            refusal(vec![(Field::SellerId, NOT_VALID)])
        }
        // A seller's own account is gone since the call began.
        CustomerError::UnknownSeller => Error::UserGone,
        CustomerError::Storage(error) => Error::Storage(error),
        error @ (CustomerError::NoManualLevel
        | CustomerError::Incomplete
        | CustomerError::Metadata(_)
        | CustomerError::WalletLocked) => Error::Unexpected(error),
    }
}

/// The answer to a form whose message could not be sent, or whose code did not do what it is for.
pub(crate) fn refused_code(error: CodeError, form: &Form) -> Error {
    match error {
        CodeError::Customer(error) => refused_write(error, form),
        error => error.into(),
    }
}

fn taken(identifier: Identifier) -> (Field, &'static str) {
    match identifier {
        Identifier::Email => (Field::Email, "Customer with such email already exists."),
        Identifier::LoyaltyCard => {
            (Field::LoyaltyCard, "Customer with such loyalty card number already exists.")
        }
        Identifier::Phone | Identifier::Mobile => {
            (Field::Phone, "Customer with such phone already exists.")
        }
        // Never written through this contract.
        Identifier::MerchantCustomerId => (Field::Whole, NOT_VALID),
    }
}
