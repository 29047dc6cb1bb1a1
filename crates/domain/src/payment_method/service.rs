//! Everything one may do with payment methods.

use std::fmt;
use std::sync::Arc;

use super::card::CardToken;
use super::error::PaymentMethodError;
use super::model::{KeptToken, NewPaymentMethod, PaymentMethod};
use crate::clock::{Clock, Entropy};
use crate::customer::{Customer, CustomerWrite, KeyWrites, TRIES, WriteError, storm};
use crate::id::{CustomerId, MerchantId, PaymentMethodId};
use crate::page::PageRequest;
use crate::secret::{Secret, SecretError, SecretKeeper};
use crate::storage::{Session, Storage, StorageError, UnitOfWork};

/// The payment methods of a merchant's customers.
#[derive(Clone)]
pub struct PaymentMethods {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

impl fmt::Debug for PaymentMethods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentMethods")
    }
}

impl PaymentMethods {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        Self { storage, clock, entropy, keeper }
    }

    /// Attaches a card to a live customer. A gateway may say the same twice: the token names one method of a merchant, so
    /// the second time refreshes what is known of the card and makes no other.
    pub async fn attach(
        &self,
        merchant: MerchantId,
        customer: CustomerId,
        new: NewPaymentMethod,
    ) -> Result<PaymentMethod, PaymentMethodError> {
        let now = self.clock.now();
        let method = PaymentMethod {
            merchant,
            id: PaymentMethodId::from(self.entropy.uuid()),
            customer,
            number: new.number,
            expiry: new.expiry,
            keep_until: new.keep_until,
            token: self.kept(&new.token)?,
            created_at: now,
            updated_at: now,
        };
        let attach = async |unit: &mut UnitOfWork| {
            revise_owner(&mut **unit, &method).await?;
            unit.payment_methods().attach(&method).await
        };
        self.storage.atomically(attach).await
    }

    /// One part of a customer's methods, the youngest first.
    pub async fn list_of_customer(
        &self,
        merchant: MerchantId,
        customer: CustomerId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError> {
        let mut session = self.storage.session().await?;
        session.payment_methods().list_of_customer(merchant, customer, page).await
    }

    /// One part of the methods of all live customers, the youngest first.
    pub async fn list(
        &self,
        merchant: MerchantId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError> {
        self.storage.session().await?.payment_methods().list(merchant, page).await
    }

    /// The token of a stored method, readable again.
    pub fn token(&self, method: &PaymentMethod) -> Result<CardToken, SecretError> {
        let bytes = self.keeper.open(&method.token.sealed)?.into_inner();
        let text = String::from_utf8(bytes).map_err(|_| SecretError::Unreadable)?;
        CardToken::try_from(text).map_err(|_| SecretError::Unreadable)
    }

    fn kept(&self, token: &CardToken) -> Result<KeptToken, SecretError> {
        let bytes = Secret::new(token.expose().as_bytes().to_vec());
        Ok(KeptToken {
            fingerprint: self.keeper.fingerprint(token.expose()),
            sealed: self.keeper.seal(&bytes)?,
        })
    }
}

/// Moves the version of a method's customer, and nothing else of the record: whoever deletes or anonymizes the customer
/// at the same time comes too late, tries again, and takes this method away too.
async fn revise_owner(
    session: &mut dyn Session,
    method: &PaymentMethod,
) -> Result<(), PaymentMethodError> {
    for _ in 0..TRIES {
        let found = session.customers().find(method.merchant, method.customer).await?;
        let before = found.filter(Customer::is_changeable);
        let before = before.ok_or(PaymentMethodError::CustomerNotFound)?;
        let write = CustomerWrite {
            record: Customer { version: before.version + 1, ..before },
            keys: KeyWrites::KEEP_ALL,
            events: Vec::new(),
            messages: Vec::new(),
        };
        match session.customers().update(&write).await {
            Ok(_) => return Ok(()),
            // No key changes hands, so only a stale version is left.
            Err(WriteError::Stale | WriteError::Taken(_)) => {}
            Err(WriteError::Storage(error)) => return Err(error.into()),
        }
    }
    Err(storm().into())
}
