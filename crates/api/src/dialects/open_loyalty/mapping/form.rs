//! The forms: which fields they have, in which order a refusal shows them, and what is wrong with them (contract 1.7).

use std::borrow::Cow;

use domain::access::Actor;

use super::super::wire::error::{FormErrorBody, FormNode};

/// A required field is empty.
pub(super) const BLANK: &str = "This value should not be blank.";
/// A value that its field cannot be.
pub(super) const NOT_VALID: &str = "This value is not valid.";
/// A value that somebody else has.
pub(super) const USED: &str = "This value is already used.";
/// A field that the form does not have.
pub(super) const EXTRA_FIELDS: &str = "This form should not contain extra fields.";

/// A field of a customer form; `Whole` is the form itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Whole,
    FirstName,
    LastName,
    Gender,
    Email,
    Phone,
    BirthDate,
    CreatedAt,
    Address,
    Street,
    House,
    Unit,
    PostalCode,
    City,
    Province,
    Country,
    Company,
    CompanyName,
    TaxId,
    LoyaltyCard,
    Labels,
    Agreement1,
    Agreement2,
    Agreement3,
    ReferralEmail,
    LevelId,
    PosId,
    SellerId,
    InvitationToken,
    PlainPassword,
}

impl Field {
    /// The field's name on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Whole => "customer",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::Gender => "gender",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::BirthDate => "birthDate",
            Self::CreatedAt => "createdAt",
            Self::Address => "address",
            Self::Street => "street",
            Self::House => "address1",
            Self::Unit => "address2",
            Self::PostalCode => "postal",
            Self::City => "city",
            Self::Province => "province",
            Self::Country => "country",
            Self::Company => "company",
            Self::CompanyName => "name",
            Self::TaxId => "nip",
            Self::LoyaltyCard => "loyaltyCardNumber",
            Self::Labels => "labels",
            Self::Agreement1 => "agreement1",
            Self::Agreement2 => "agreement2",
            Self::Agreement3 => "agreement3",
            Self::ReferralEmail => "referral_customer_email",
            Self::LevelId => "levelId",
            Self::PosId => "posId",
            Self::SellerId => "sellerId",
            Self::InvitationToken => "invitationToken",
            Self::PlainPassword => "plainPassword",
        }
    }

    /// The compound that the field is a part of.
    pub(super) fn parent(self) -> Option<Self> {
        match self {
            Self::Street
            | Self::House
            | Self::Unit
            | Self::PostalCode
            | Self::City
            | Self::Province
            | Self::Country => Some(Self::Address),
            Self::CompanyName | Self::TaxId => Some(Self::Company),
            _ => None,
        }
    }
}

/// Where the fields of each form stand. `Labels`, `ReferralEmail` and `InvitationToken` are hidden as [`Form`] says.
const ORDER: &[Field] = &[
    Field::FirstName,
    Field::LastName,
    Field::Gender,
    Field::Email,
    Field::Phone,
    Field::BirthDate,
    Field::CreatedAt,
    Field::Address,
    Field::Street,
    Field::House,
    Field::Unit,
    Field::PostalCode,
    Field::City,
    Field::Province,
    Field::Country,
    Field::Company,
    Field::CompanyName,
    Field::TaxId,
    Field::LoyaltyCard,
    Field::Labels,
    Field::Agreement1,
    Field::Agreement2,
    Field::Agreement3,
    Field::ReferralEmail,
    Field::LevelId,
    Field::PosId,
    Field::SellerId,
    Field::InvitationToken,
    Field::PlainPassword,
];

/// What is wrong, in the order in which it was found.
pub(super) type Errors = Vec<(Field, &'static str)>;

/// One of the customer forms, as one caller sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    absent: &'static [Field],
    /// Fields that are accepted but shown only with errors: the vendor's examples do not have them.
    quiet: &'static [Field],
    by_seller: bool,
}

impl Form {
    /// The form of a registration (contract E10). A seller's has no `sellerId` (E32).
    pub(crate) fn registration(caller: Actor) -> Self {
        Self {
            absent: &[Field::PlainPassword],
            quiet: &[Field::Labels, Field::ReferralEmail, Field::InvitationToken],
            by_seller: matches!(caller, Actor::Seller(_)),
        }
    }

    /// The form in which somebody registers himself (contract 4.1).
    pub(crate) fn self_registration() -> Self {
        Self {
            absent: &[Field::LevelId, Field::PosId, Field::SellerId],
            quiet: &[Field::Labels, Field::ReferralEmail],
            by_seller: false,
        }
    }

    /// The form of a change (contract E12). A seller's has no `sellerId`.
    pub(crate) fn edit(caller: Actor) -> Self {
        Self {
            absent: &[Field::InvitationToken, Field::PlainPassword],
            quiet: &[Field::ReferralEmail],
            by_seller: matches!(caller, Actor::Seller(_)),
        }
    }

    /// The answer to a form with errors; without any, the answer to a form that was not sent.
    pub(super) fn refusal(&self, errors: &Errors) -> FormErrorBody {
        let of = |field: Field| -> Vec<Cow<'static, str>> {
            let own = errors.iter().filter(|(wrong, _)| *wrong == field);
            own.map(|(_, message)| Cow::from(*message)).collect()
        };
        let mut form = FormNode { errors: of(Field::Whole), children: Vec::new() };
        for field in self.fields() {
            let node = FormNode { errors: of(field), children: Vec::new() };
            if node.errors.is_empty() && self.quiet.contains(&field) {
                continue;
            }
            let siblings = match (field.parent(), form.children.last_mut()) {
                (Some(_), Some((_, compound))) => &mut compound.children,
                _ => &mut form.children,
            };
            siblings.push((Cow::from(field.name()), node));
        }
        FormErrorBody { errors: form.errors.clone(), form }
    }

    /// Whether the form has a field of that name, in a compound or outside of any.
    pub(super) fn has(&self, parent: Option<Field>, name: &str) -> bool {
        self.fields().any(|field| field.parent() == parent && field.name() == name)
    }

    /// Whether the form has a field.
    pub(super) fn includes(&self, field: Field) -> bool {
        !(self.absent.contains(&field) || self.by_seller && field == Field::SellerId)
    }

    fn fields(&self) -> impl Iterator<Item = Field> {
        ORDER.iter().copied().filter(|field| self.includes(*field))
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{AdminId, SellerId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn admin() -> Actor {
        Actor::Admin(AdminId::from(Uuid::nil()))
    }

    fn text(form: Form, errors: &Errors) -> String {
        serde_json::to_string(&form.refusal(errors)).unwrap()
    }

    /// The seed's third example of endpoint 10, white space aside.
    #[test]
    fn a_registration_that_was_not_sent_is_answered_with_every_child_in_order() {
        let expected = concat!(
            r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"phone":{},"birthDate":{},"#,
            r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
            r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"#,
            r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
        );
        assert_eq!(text(Form::registration(admin()), &Errors::new()), expected);
    }

    /// The seed's second example of endpoint 12, white space aside.
    #[test]
    fn a_change_with_a_wrong_phone_is_answered_with_labels_among_the_children() {
        let expected = concat!(
            r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"#,
            r#""phone":{"errors":["This value is not a valid phone number."]},"birthDate":{},"#,
            r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
            r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"labels":{},"#,
            r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
        );
        let errors = vec![(Field::Phone, "This value is not a valid phone number.")];
        assert_eq!(text(Form::edit(admin()), &errors), expected);
    }

    #[test]
    fn a_seller_sees_no_seller_id() {
        let seller = Actor::Seller(SellerId::from(Uuid::nil()));
        for form in [Form::registration(seller), Form::edit(seller)] {
            assert!(!form.has(None, "sellerId"));
            assert!(!text(form, &Errors::new()).contains("sellerId"));
        }
    }

    #[test]
    fn errors_of_the_whole_form_are_told_twice_and_of_parts_in_place() {
        let errors = vec![
            (Field::Country, NOT_VALID),
            (Field::Whole, EXTRA_FIELDS),
            (Field::Address, NOT_VALID),
            (Field::ReferralEmail, NOT_VALID),
        ];
        let body = serde_json::to_value(Form::registration(admin()).refusal(&errors)).unwrap();
        assert_eq!(body["errors"], json!([EXTRA_FIELDS]));
        assert_eq!(body["form"]["errors"], json!([EXTRA_FIELDS]));
        let children = &body["form"]["children"];
        assert_eq!(children["address"]["errors"], json!([NOT_VALID]));
        assert_eq!(children["address"]["children"]["country"], json!({"errors": [NOT_VALID]}));
        assert_eq!(children["referral_customer_email"], json!({"errors": [NOT_VALID]}));
        assert_eq!(children.get("labels"), None);
    }

    #[test]
    fn a_part_is_known_in_its_compound_only() {
        let form = Form::registration(admin());
        assert!(form.has(Some(Field::Address), "street") && !form.has(None, "street"));
        assert!(form.has(Some(Field::Company), "name") && !form.has(None, "name"));
        assert!(form.has(None, "invitationToken"));
        assert!(!Form::edit(admin()).has(None, "invitationToken"));
    }
}
