//! Registering and being activated by what a message said (OL 4.1, E06, E07, E10 and E26 to E28).

use time::Duration;

use super::{Codes, Dispatch, Guess};
use crate::access::Actor;
use crate::budget::ClientAddress;
use crate::code::error::CodeError;
use crate::code::mint::is_link;
use crate::code::model::CodePurpose;
use crate::customer::{Activation, CreateCustomer, Customer, Lookup, Origin, PhoneNumber, Status};
use crate::id::CustomerId;
use crate::level::Ladder;
use crate::merchant::{CommunicationMethod, Merchant};
use crate::message::MessageKind;
use crate::secret::Secret;
use crate::storage::Session;

/// How old the last code must be before somebody unknown may ask for another one (OL E27).
const RESEND: Duration = Duration::minutes(2);

impl Codes {
    /// Adds a customer on somebody's behalf; one that stays new is sent what activates it, or is not added at all.
    pub async fn register(
        &self,
        origin: &Origin,
        merchant: &Merchant,
        ladder: &Ladder,
        command: CreateCustomer,
    ) -> Result<Customer, CodeError> {
        if command.activation == Activation::Immediate {
            return Ok(self.customers.create(origin, ladder, command).await?);
        }
        self.storage
            .atomically(async |unit| {
                let created = self.customers.create_in(&mut **unit, origin, ladder, command);
                let customer = created.await?;
                self.send_activation(&mut **unit, merchant, &customer, None).await?;
                Ok(customer)
            })
            .await
    }

    /// Adds a customer who registers himself, with the password that he chose (OL 4.1).
    pub async fn register_oneself(
        &self,
        origin: &Origin,
        merchant: &Merchant,
        ladder: &Ladder,
        command: CreateCustomer,
        password: Secret<String>,
        address: ClientAddress,
    ) -> Result<Customer, CodeError> {
        let broken = self.accounts.strength().violations(password.expose());
        if !broken.is_empty() {
            return Err(CodeError::Weak(broken));
        }
        self.allow_registration(merchant, address).await?;
        let required = merchant.settings.activation_required;
        let activation = if required { Activation::Pending } else { Activation::Immediate };
        let command = CreateCustomer { activation, ..command };
        let password = self.accounts.chosen(password).await?;
        self.storage
            .atomically(async |unit| {
                let created = self.customers.create_in(&mut **unit, origin, ladder, command);
                let customer = created.await?;
                let actor = Actor::Customer(customer.id);
                unit.accounts().set_password(merchant.id, actor, &password).await?;
                if required {
                    let address = Some(address);
                    self.send_activation(&mut **unit, merchant, &customer, address).await?;
                }
                Ok(customer)
            })
            .await
    }

    /// Sends a new customer a code, at the wish of somebody who may (OL E26 and E28); a customer who is not new gets
    /// none, and that is no error.
    pub async fn send_activation_code(
        &self,
        merchant: &Merchant,
        customer: &Customer,
    ) -> Result<(), CodeError> {
        if customer.status != Status::New {
            return Ok(());
        }
        let phone = reachable(customer).ok_or(CodeError::Unreachable)?;
        self.storage
            .atomically(async |unit| {
                let code = activation_code(merchant, customer, phone, None);
                self.dispatch(&mut **unit, code).await
            })
            .await
    }

    /// Sends a code to the new customer with a phone number, at anybody's wish (OL E27). Why it was not sent, unless
    /// too much was, nobody is told.
    pub async fn resend_activation_code(
        &self,
        merchant: &Merchant,
        phone: &str,
        address: ClientAddress,
    ) -> Result<(), CodeError> {
        let budget = self.limits().request(Some(address));
        self.storage
            .atomically(async |unit| {
                self.draw(&mut **unit, merchant.id, budget.as_slice()).await.map(drop)
            })
            .await?;
        let lookup = Lookup::PhoneAsTyped(phone.to_owned());
        let found = self.storage.session().await?.customers().look_up(merchant.id, &lookup).await?;
        let customer = found.filter(|customer| customer.status == Status::New);
        let customer = customer.ok_or(CodeError::Unknown)?;
        let phone = reachable(&customer).ok_or(CodeError::Unknown)?;
        let sent = self.storage.atomically(async |unit| {
            let code = activation_code(merchant, &customer, phone, Some(RESEND));
            self.dispatch(&mut **unit, code).await
        });
        match sent.await {
            // What was sent to the number before is nobody's business.
            Err(CodeError::OverBudget { .. }) => Err(CodeError::TooSoon),
            outcome => outcome,
        }
    }

    /// Activates the new customer whose code this is (OL E06). The guess was admitted before.
    pub async fn activate_by_code(
        &self,
        origin: &Origin,
        guess: Guess,
        code: &str,
    ) -> Result<CustomerId, CodeError> {
        let activated = self.activate(origin, CodePurpose::ActivationCode, code).await?;
        let activated = activated.ok_or(CodeError::Unknown)?;
        self.absolve(guess).await?;
        Ok(activated)
    }

    /// Activates the new customer whose link this is; whoever it activated before stays active (OL E07).
    pub async fn activate_by_link(
        &self,
        origin: &Origin,
        link: &str,
    ) -> Result<CustomerId, CodeError> {
        if !is_link(link) {
            return Err(CodeError::Unknown);
        }
        if let Some(customer) = self.activate(origin, CodePurpose::ActivationLink, link).await? {
            return Ok(customer);
        }
        let purpose = CodePurpose::ActivationLink;
        let fingerprint = self.fingerprint(origin.merchant, purpose, link);
        let mut session = self.storage.session().await?;
        let now = self.clock.now();
        let holder = session.codes().holder(origin.merchant, purpose, fingerprint, now).await?;
        let Some(Actor::Customer(id)) = holder else { return Err(CodeError::Unknown) };
        let found = session.customers().find(origin.merchant, id).await?;
        let active = found.is_some_and(|found| found.is_live() && found.status == Status::Active);
        if active { Ok(id) } else { Err(CodeError::Unknown) }
    }

    /// Uses a code up and activates its holder, both or neither. The code of somebody who is not new does nothing.
    async fn activate(
        &self,
        origin: &Origin,
        purpose: CodePurpose,
        secret: &str,
    ) -> Result<Option<CustomerId>, CodeError> {
        let fingerprint = self.fingerprint(origin.merchant, purpose, secret);
        let now = self.clock.now();
        self.storage
            .atomically(async |unit| {
                let redeemed =
                    unit.codes().redeem(origin.merchant, purpose, fingerprint, now).await?;
                let Some(Actor::Customer(id)) = redeemed.map(|redeemed| redeemed.holder) else {
                    return Ok(None);
                };
                let activated = self.customers.activate_new(&mut **unit, origin, id).await?;
                Ok(activated.then_some(id))
            })
            .await
    }

    async fn allow_registration(
        &self,
        merchant: &Merchant,
        address: ClientAddress,
    ) -> Result<(), CodeError> {
        let budget = self.limits().registration(address);
        self.storage
            .atomically(async |unit| self.draw(&mut **unit, merchant.id, &[budget]).await.map(drop))
            .await
    }

    /// Sends what activates a new customer: the programme's way, or the other one where that does not reach him
    /// (OL 4.1).
    pub(crate) async fn send_activation(
        &self,
        session: &mut dyn Session,
        merchant: &Merchant,
        customer: &Customer,
        address: Option<ClientAddress>,
    ) -> Result<(), CodeError> {
        let has_email = customer.email.as_ref().is_some_and(|email| email.key().is_some());
        let by_mail = match merchant.settings.communication {
            CommunicationMethod::Email => has_email,
            CommunicationMethod::Sms => has_email && reachable(customer).is_none(),
        };
        let dispatch = if by_mail {
            Dispatch {
                purpose: CodePurpose::ActivationLink,
                kind: MessageKind::ActivationLink,
                sms: None,
                address,
                ..activation_code_of(merchant, customer)
            }
        } else {
            let phone = reachable(customer).ok_or(CodeError::Unreachable)?;
            Dispatch { address, ..activation_code(merchant, customer, phone, None) }
        };
        self.dispatch(session, dispatch).await
    }
}

fn activation_code<'a>(
    merchant: &'a Merchant,
    customer: &'a Customer,
    phone: &'a PhoneNumber,
    interval: Option<Duration>,
) -> Dispatch<'a> {
    Dispatch { sms: Some(phone), interval, ..activation_code_of(merchant, customer) }
}

fn activation_code_of<'a>(merchant: &'a Merchant, customer: &Customer) -> Dispatch<'a> {
    Dispatch {
        merchant,
        holder: Actor::Customer(customer.id),
        purpose: CodePurpose::ActivationCode,
        kind: MessageKind::ActivationCode,
        sms: None,
        proves: None,
        address: None,
        interval: None,
    }
}

/// The number at which an SMS reaches a customer.
pub(super) fn reachable(customer: &Customer) -> Option<&PhoneNumber> {
    customer.phone.as_ref().filter(|phone| phone.key().is_some())
}
