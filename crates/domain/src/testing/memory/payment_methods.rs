//! Saved payment methods.

use std::cmp::Reverse;

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::customer::Customer;
use crate::id::{CustomerId, MerchantId};
use crate::page::{Page, PageRequest};
use crate::payment_method::{PaymentMethod, PaymentMethodError, PaymentMethodRepository};
use crate::storage::StorageError;

#[async_trait]
impl PaymentMethodRepository for MemorySession {
    async fn attach(
        &mut self,
        method: &PaymentMethod,
    ) -> Result<PaymentMethod, PaymentMethodError> {
        self.write(|state| state.attach(method)).await
    }

    async fn list_of_customer(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError> {
        let is_meant =
            |method: &PaymentMethod| (method.merchant, method.customer) == (merchant, customer);
        Ok(self.read(|state| state.attached(is_meant, page)).await)
    }

    async fn list(
        &mut self,
        merchant: MerchantId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError> {
        Ok(self.read(|state| state.attached(|method| method.merchant == merchant, page)).await)
    }
}

impl State {
    fn attach(&mut self, method: &PaymentMethod) -> Result<PaymentMethod, PaymentMethodError> {
        let name = |method: &PaymentMethod| (method.merchant, method.token.fingerprint);
        let known = self.payment_methods.iter_mut().find(|known| name(known) == name(method));
        let Some(known) = known else {
            self.payment_methods.push(method.clone());
            return Ok(method.clone());
        };
        if known.customer != method.customer {
            return Err(PaymentMethodError::TokenTaken);
        }
        let facts = |method: &PaymentMethod| (method.number, method.expiry, method.keep_until);
        if facts(known) != facts(method) {
            (known.number, known.expiry, known.keep_until) = facts(method);
            known.updated_at = method.updated_at;
        }
        Ok(known.clone())
    }

    fn attached(
        &self,
        is_meant: impl Fn(&PaymentMethod) -> bool,
        page: PageRequest,
    ) -> Vec<PaymentMethod> {
        let meant = self.payment_methods.iter().filter(|method| is_meant(method));
        let mut methods: Vec<_> = meant.cloned().collect();
        methods.sort_by_key(|method| Reverse((method.created_at, method.id)));
        Page::cut(methods, page).items
    }

    /// Takes away the payment methods of a customer.
    pub(super) fn forget_payment_methods(&mut self, customer: &Customer) {
        let owner = (customer.merchant, customer.id);
        self.payment_methods.retain(|method| (method.merchant, method.customer) != owner);
    }
}
