//! New phone numbers that are proved before they count (OL E13).

use super::{Codes, Dispatch};
use crate::access::Actor;
use crate::change::Change;
use crate::code::error::CodeError;
use crate::code::mint::is_code;
use crate::code::model::{CodePurpose, Redeemed};
use crate::customer::{Customer, CustomerError, Origin, PhoneNumber, UpdateCustomer};
use crate::id::CustomerId;
use crate::level::Ladder;
use crate::merchant::{CommunicationMethod, Merchant};
use crate::message::MessageKind;
use crate::storage::StorageError;

impl Codes {
    /// Changes a customer. Where messages go to phones, a number that the customer gives himself waits until he has
    /// proved that messages reach it; everything else of the command applies at once, or nothing does.
    pub async fn update(
        &self,
        origin: &Origin,
        merchant: &Merchant,
        ladder: &Ladder,
        customer: &Customer,
        command: UpdateCustomer,
    ) -> Result<Customer, CodeError> {
        let Some(number) = pending_number(origin, merchant, customer, &command) else {
            return Ok(self
                .customers
                .update_found(origin, ladder, customer.clone(), command)
                .await?);
        };
        let taken = self.customers.conflicts(origin, ladder, customer, &command).await?;
        if !taken.is_empty() {
            return Err(CustomerError::Taken(taken).into());
        }
        let command = UpdateCustomer { phone: Change::Keep, ..command };
        self.storage
            .atomically(async |unit| {
                let code = Dispatch {
                    merchant,
                    holder: origin.actor,
                    purpose: CodePurpose::PhoneChange,
                    kind: MessageKind::PhoneChangeCode,
                    sms: Some(&number),
                    proves: Some(&number),
                    address: None,
                    interval: None,
                };
                self.dispatch(&mut **unit, code).await?;
                let id = customer.id;
                Ok(self.customers.update_in(&mut **unit, origin, ladder, id, command).await?)
            })
            .await
    }

    /// Sets the number that a code proves. A customer shows his own code; others name nobody, so that any code of the
    /// merchant is looked for (OL E13).
    pub async fn confirm_phone(
        &self,
        origin: &Origin,
        ladder: &Ladder,
        code: &str,
    ) -> Result<CustomerId, CodeError> {
        let budget = self.limits().guess_of(origin.actor);
        if !is_code(code) || !self.may_guess(origin, budget).await? {
            return Err(CodeError::Unknown);
        }
        let (purpose, now) = (CodePurpose::PhoneChange, self.clock.now());
        let guess = self.fingerprint(origin.merchant, purpose, code);
        let confirmed = self.storage.atomically(async |unit| {
            let codes = unit.codes();
            let redeemed = if matches!(origin.actor, Actor::Customer(_)) {
                codes.redeem_of(origin.merchant, origin.actor, purpose, guess, now).await?
            } else {
                codes.redeem(origin.merchant, purpose, guess, now).await?
            };
            let Some(Redeemed { holder: Actor::Customer(id), phone: Some(phone) }) = redeemed
            else {
                // Kept all the same: the guess was counted.
                return Ok(None);
            };
            let command = UpdateCustomer { phone: Change::Set(phone), ..UpdateCustomer::default() };
            self.customers.update_in(&mut **unit, origin, ladder, id, command).await?;
            Ok::<_, CodeError>(Some(id))
        });
        let confirmed = confirmed.await?.ok_or(CodeError::Unknown)?;
        let mut session = self.storage.session().await?;
        session.budgets().give_back(origin.merchant, &[budget], 1, now).await?;
        Ok(confirmed)
    }

    /// Counts a guess against the account that makes it; in the end it may make no more, whatever code it has.
    async fn may_guess(
        &self,
        origin: &Origin,
        budget: crate::budget::Budget,
    ) -> Result<bool, StorageError> {
        let drawn = self
            .storage
            .atomically(async |unit| self.draw(&mut **unit, origin.merchant, &[budget]).await)
            .await;
        match drawn {
            Ok(_) => Ok(true),
            Err(CodeError::Storage(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }
}

/// The number that has to be proved: another one than the customer has, by its digits.
fn pending_number(
    origin: &Origin,
    merchant: &Merchant,
    customer: &Customer,
    command: &UpdateCustomer,
) -> Option<PhoneNumber> {
    let himself = origin.actor == Actor::Customer(customer.id);
    if !himself || merchant.settings.communication != CommunicationMethod::Sms {
        return None;
    }
    let Change::Set(number) = &command.phone else { return None };
    let current = customer.phone.as_ref().and_then(PhoneNumber::key);
    number.key().filter(|key| current.as_ref() != Some(key)).map(|_| number.clone())
}
