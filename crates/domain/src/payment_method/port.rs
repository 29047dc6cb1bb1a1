//! What payment methods need from storage.

use async_trait::async_trait;

use super::error::PaymentMethodError;
use super::model::PaymentMethod;
use crate::id::{CustomerId, MerchantId};
use crate::page::PageRequest;
use crate::storage::StorageError;

/// Storage of payment methods. Those of a customer go with the customer: by its soft deletion, anonymization or erasure,
/// which are writes of [`CustomerRepository`](crate::customer::CustomerRepository).
#[async_trait]
pub trait PaymentMethodRepository: Send {
    /// Stores a method under its token and returns it as it is stored. If the same customer has the token already, the
    /// stored method takes over number, expiry and keeping, and the time of change if one of them is new; all else of it
    /// stays. Of two at once, both get the same.
    async fn attach(&mut self, method: &PaymentMethod)
    -> Result<PaymentMethod, PaymentMethodError>;

    /// One part of a customer's methods, the youngest first and those of one moment by descending id.
    async fn list_of_customer(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError>;

    /// One part of the methods of all of a merchant's customers, in the same order.
    async fn list(
        &mut self,
        merchant: MerchantId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError>;
}
