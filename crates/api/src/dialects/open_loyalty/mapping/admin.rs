//! Admins: forms and bodies (contract 4.8).

use domain::Secret;
use domain::account::{
    Admin, AdminError, AdminQuery, AdminSortKey, AdminTerms, MasterLoss, OwnTerms,
    PasswordStrength, Role,
};
use domain::customer::PhoneNumber;
use domain::merchant::Merchant;
use domain::text::Line;

use super::super::errors::Error;
use super::super::wire::admin::{AdminBody, RoleBody};
use super::form::{BLANK, NOT_VALID, USED};
use super::level::finished;
use super::sheet::{Child, Sheet};
use super::{contact, list, password, sort};
use crate::http::form::FormValue;

/// Ours: the vendor lets its operators lock themselves out.
const NOBODY_LEFT: &str = "At least one active super admin has to remain.";

const FORM: &[Child] = &[
    Child::Field("firstName"),
    Child::Field("lastName"),
    Child::Field("phone"),
    Child::Field("email"),
    Child::Field("plainPassword"),
    Child::Field("external"),
    Child::Field("apiKey"),
    Child::Field("isActive"),
    Child::List("roles"),
];

const OWN: &[Child] = &[
    Child::Field("firstName"),
    Child::Field("lastName"),
    Child::Field("phone"),
    Child::Field("email"),
    Child::List("roles"),
];

/// What a form says an admin is to be; `current` is the one who is changed. Who has no password or key yet needs one, and a
/// new password must be of some strength.
pub(crate) fn admin_terms(
    root: Option<&FormValue>,
    current: Option<&Admin>,
    strength: PasswordStrength,
) -> Result<AdminTerms, Error> {
    let mut sheet = Sheet::new(FORM, root)?;
    let (first_name, last_name) = (sheet.line("firstName").value(), sheet.line("lastName").value());
    let phone = sheet.parsed("phone", contact::staff_phone).value();
    let email = email(&mut sheet);
    let password = password::chosen(&mut sheet, "plainPassword", Some(strength));
    let external = sheet.checkbox("external").unwrap_or(false);
    let api_key: Option<Line> = sheet.line("apiKey").value();
    let active = sheet.checkbox("isActive").unwrap_or(false);
    let role = role(&mut sheet);
    let was_external = current.is_some_and(|admin| admin.api_key.is_some());
    let needs_password = !external && (current.is_none() || was_external);
    if needs_password && password.is_none() && !sheet.is_wrong("plainPassword") {
        sheet.note("plainPassword", BLANK);
    }
    if external && !was_external && api_key.is_none() && !sheet.is_wrong("apiKey") {
        sheet.note("apiKey", BLANK);
    }
    finished(sheet, email).map(|email| AdminTerms {
        first_name,
        last_name,
        phone,
        email,
        role,
        active,
        external,
        api_key: api_key.map(|key| Secret::new(key.into_string())),
        password,
    })
}

/// What a form says of the one who sends it. Only who may change admins may take another role.
pub(crate) fn own_terms(
    root: Option<&FormValue>,
    current: &Admin,
    may_change_role: bool,
) -> Result<OwnTerms, Error> {
    let mut sheet = Sheet::new(OWN, root)?;
    let (first_name, last_name) = (sheet.line("firstName").value(), sheet.line("lastName").value());
    let phone = sheet.parsed("phone", contact::staff_phone).value();
    let email = email(&mut sheet);
    let role = role(&mut sheet);
    if role.is_some_and(|role| role != current.role) && !may_change_role {
        sheet.note("roles", NOT_VALID);
    }
    finished(sheet, email).map(|email| OwnTerms { first_name, last_name, phone, email, role })
}

fn email(sheet: &mut Sheet<'_>) -> Option<Line> {
    sheet.required("email", BLANK, |text| {
        let email = contact::email(text)?;
        Line::try_from(email.as_str()).map_err(|_| NOT_VALID)
    })
}

/// The one role of a form; nothing, if it names none.
fn role(sheet: &mut Sheet<'_>) -> Option<Role> {
    match sheet.raw("roles")? {
        FormValue::Null => return None,
        FormValue::Map(entries) if entries.len() == 1 => {}
        _ => {
            sheet.note("roles", NOT_VALID);
            return None;
        }
    }
    let path = format!("roles.{}", sheet.keys("roles").first()?);
    sheet.required(&path, BLANK, |text| {
        let named = |role: &&Role| role_body(**role).id.to_string() == text;
        Role::ALL.iter().find(named).copied().ok_or(NOT_VALID)
    })
}

/// The answer when an admin could not be stored as a form says.
pub(crate) fn refused_admin(error: AdminError, root: Option<&FormValue>, own: bool) -> Error {
    let (field, message) = match error {
        AdminError::NotFound => return Error::NotFound,
        AdminError::Secret(error) => return Error::Secret(error),
        AdminError::Storage(error) => return Error::Storage(error),
        AdminError::NameTaken => ("email", USED),
        AdminError::KeyTaken => ("apiKey", USED),
        AdminError::KeyMissing => ("apiKey", BLANK),
        AdminError::PasswordMissing => ("plainPassword", BLANK),
        AdminError::NobodyLeft(MasterLoss::SwitchedOff) => ("isActive", NOBODY_LEFT),
        AdminError::NobodyLeft(MasterLoss::Demoted) => ("roles", NOBODY_LEFT),
        AdminError::NobodyLeft(MasterLoss::Program) => ("external", NOBODY_LEFT),
    };
    match Sheet::new(if own { OWN } else { FORM }, root) {
        Err(not_sent) => not_sent,
        Ok(mut sheet) => {
            sheet.note(field, message);
            sheet.refused()
        }
    }
}

/// The list that the parameters describe.
pub(crate) fn admin_query(parameters: &FormValue) -> AdminQuery {
    let column = |name: &str| match name {
        "id" => Some(AdminSortKey::Id),
        "username" => Some(AdminSortKey::Username),
        "firstName" => Some(AdminSortKey::FirstName),
        "lastName" => Some(AdminSortKey::LastName),
        "email" => Some(AdminSortKey::Email),
        "phone" => Some(AdminSortKey::Phone),
        "isActive" => Some(AdminSortKey::Active),
        "external" => Some(AdminSortKey::External),
        "createAt" => Some(AdminSortKey::CreatedAt),
        _ => None,
    };
    AdminQuery { order: list::order(parameters, column), page: sort::page(parameters) }
}

/// An admin; `api_key` is the program's key, for a caller who may see it.
pub(crate) fn admin_body<'a>(
    admin: &'a Admin,
    merchant: &Merchant,
    api_key: Option<Secret<String>>,
) -> AdminBody<'a> {
    AdminBody {
        id: admin.id.into(),
        username: admin.username.as_str(),
        first_name: admin.first_name.as_ref().map(Line::as_str),
        last_name: admin.last_name.as_ref().map(Line::as_str),
        phone: admin.phone.as_ref().map(PhoneNumber::as_str),
        email: admin.email.as_str(),
        is_active: admin.active,
        create_at: super::zone(merchant).format_basic(admin.created_at),
        external: admin.api_key.is_some(),
        api_key: api_key.map(Secret::into_inner),
        roles: [role_body(admin.role)],
        dtype: "admin",
    }
}

/// The ids are for ever: clients send them back.
fn role_body(role: Role) -> RoleBody {
    let (id, name) = match role {
        Role::Master => (1, "Super admin"),
        Role::Full => (2, "Full admin"),
        Role::Reporter => (3, "Reporter admin"),
    };
    RoleBody { id, name, role: "ROLE_ADMIN", master: role == Role::Master }
}
