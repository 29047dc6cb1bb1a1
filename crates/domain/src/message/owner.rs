//! Whose account a message is about.

use crate::access::Actor;
use crate::customer::{Customer, Status};
use crate::id::MerchantId;
use crate::storage::{Session, StorageError};

/// What a message may say about its owner, and where the owner is reached; empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) loyalty_card: String,
}

/// The owner of an account; nobody, if there is none, or one who is shut out: blocked, anonymised, deleted or switched
/// off. Whoever is shut out gets no message.
pub(super) async fn find(
    session: &mut dyn Session,
    merchant: MerchantId,
    about: Actor,
) -> Result<Option<Owner>, StorageError> {
    match about {
        Actor::Customer(id) => {
            let found = session.customers().find(merchant, id).await?;
            Ok(found.filter(may_be_written_to).as_ref().map(Owner::from))
        }
        Actor::Seller(id) => {
            let found = session.sellers().find(merchant, id).await?;
            let found = found.filter(|seller| seller.active && seller.deleted_at.is_none());
            Ok(found.map(|seller| Owner {
                first_name: seller.first_name.into_string(),
                last_name: seller.last_name.into_string(),
                email: seller.email.to_string(),
                phone: seller.phone.map(|phone| phone.to_string()).unwrap_or_default(),
                loyalty_card: String::new(),
            }))
        }
        Actor::Admin(id) => {
            let found = session.accounts().find_admin(merchant, id).await?;
            let email = found.filter(|admin| admin.active).map(|admin| admin.email.into_string());
            Ok(email.map(|email| Owner { email, ..Owner::default() }))
        }
        Actor::Operator(_) | Actor::Application(_) | Actor::System => Ok(None),
    }
}

fn may_be_written_to(customer: &Customer) -> bool {
    customer.is_live() && matches!(customer.status, Status::New | Status::Active)
}

impl From<&Customer> for Owner {
    fn from(customer: &Customer) -> Self {
        let phone = customer.phone.as_ref().filter(|phone| !phone.is_empty());
        let number = phone.or(customer.mobile.as_ref());
        Self {
            first_name: customer.name.first().to_owned(),
            last_name: customer.name.last().to_owned(),
            email: customer.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: number.map(ToString::to_string).unwrap_or_default(),
            loyalty_card: customer
                .loyalty_card
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        }
    }
}
