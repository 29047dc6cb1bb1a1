//! The OpenAPI document.

mod forms;
mod parameters;
mod people;
mod refusals;
mod transactions;

use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, Schema};
use utoipa::{Modify, OpenApi};

pub(super) use forms::{
    AvatarFields, EditForm, ImportForm, InvitationFields, LevelChoiceForm, LoginForm,
    PasswordChangeForm, PasswordResetForm, PhoneForm, PhotoFields, PointsFields, PosAssignmentForm,
    PushTokenFields, RefreshForm, RegistrationForm, ResetRequestForm, SearchForm,
    SelfRegistrationForm, SettingsForm,
};
pub(super) use parameters::{
    AuditParameters, CheckParameters, InvitationParameters, ListParameters, PageParameters,
    RegistrationCountParameters, SellerParameters, TransferParameters,
};
pub(super) use people::{
    AdminForm, LevelForm, OwnAccountForm, PosForm, SellerEditForm, SellerRegistrationForm,
    SwitchForm,
};
pub(super) use refusals::{Closed, FormRefusal, Refusals, TooMany};
pub(super) use transactions::{AssignmentFields, TransactionFields, TransactionParameters};

use super::handlers;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clientele as Open Loyalty",
        description = "The customer API of Open Loyalty, as docs/dialects/open_loyalty.md describes it."
    ),
    paths(
        handlers::log_in_admin,
        handlers::log_in_seller,
        handlers::log_in_customer,
        handlers::refresh_token,
        handlers::revoke_tokens,
        handlers::change_password,
        handlers::request_reset,
        handlers::request_customer_reset,
        handlers::reset_password,
        handlers::self_register,
        handlers::activate_by_code,
        handlers::activate_by_link,
        handlers::resend_code,
        handlers::send_code,
        handlers::confirm_change,
        handlers::register_customer,
        handlers::import_customers,
        handlers::list_customers,
        handlers::check_customer,
        handlers::count_registrations,
        handlers::count_daily_registrations,
        handlers::search_customers,
        handlers::assign_pos,
        handlers::list_push_tokens,
        handlers::add_push_token,
        handlers::remove_push_token,
        handlers::register_transaction,
        handlers::list_transactions,
        handlers::assign_transaction,
        handlers::show_sales_figures,
        handlers::show_avatar,
        handlers::upload_avatar,
        handlers::delete_avatar,
        handlers::list_audit_logs,
        handlers::show_customer_figures,
        handlers::show_referral_figures,
        handlers::invite,
        handlers::list_invitations,
        handlers::show_customer,
        handlers::update_customer,
        handlers::delete_customer,
        handlers::activate_customer,
        handlers::deactivate_customer,
        handlers::anonymize_customer,
        handlers::show_customer_status,
        handlers::assign_level,
        handlers::remove_manual_level,
        handlers::list_levels,
        handlers::list_reachable_levels,
        handlers::create_level,
        handlers::show_level,
        handlers::update_level,
        handlers::activate_level,
        handlers::delete_level,
        handlers::list_level_customers,
        handlers::show_level_photo,
        handlers::upload_level_photo,
        handlers::delete_level_photo,
        handlers::list_pos,
        handlers::create_pos,
        handlers::show_pos,
        handlers::show_pos_by_identifier,
        handlers::update_pos,
        handlers::list_sellers,
        handlers::register_seller,
        handlers::show_seller,
        handlers::update_seller,
        handlers::activate_seller,
        handlers::deactivate_seller,
        handlers::delete_seller,
        handlers::list_admins,
        handlers::create_admin,
        handlers::show_own_account,
        handlers::show_admin,
        handlers::update_own_account,
        handlers::update_admin,
        handlers::add_points,
        handlers::spend_points,
        handlers::list_transfers,
        handlers::list_own_transfers,
        handlers::cancel_transfer,
        handlers::count_spent_points,
        handlers::show_settings,
        handlers::replace_settings,
        handlers::show_activation_method,
        handlers::show_public_settings,
        handlers::list_choices,
        handlers::list_statuses,
        handlers::show_translations,
        handlers::show_style,
    ),
    modifiers(&BearerScheme, &UnreadableBodies, &Aliases, &DefaultStore)
)]
struct Document;

/// The document.
pub(super) fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

struct BearerScheme;

impl Modify for BearerScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// Routes that lead to the handler of another one, with what tells their operations apart.
const ALIASES: &[(&str, &str, &str)] = &[
    ("/api/{storeCode}/customer/register", "/api/{storeCode}/admin/customer/register", "_as_admin"),
    (
        "/api/{storeCode}/customer/register",
        "/api/{storeCode}/seller/customer/register",
        "_as_seller",
    ),
    ("/api/{storeCode}/customer", "/api/{storeCode}/admin/customer", "_as_admin"),
    (
        "/api/{storeCode}/admin/customer/{customer}/activate",
        "/api/{storeCode}/seller/customer/{customer}/activate",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/admin/customer/{customer}/deactivate",
        "/api/{storeCode}/seller/customer/{customer}/deactivate",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/customer/{customer}/status",
        "/api/{storeCode}/admin/customer/{customer}/status",
        "_as_admin",
    ),
    (
        "/api/{storeCode}/customer/{customer}/status",
        "/api/{storeCode}/seller/customer/{customer}/status",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/customer/{customer}/status",
        "/api/{storeCode}/customer/customer/{customer}/status",
        "_as_customer",
    ),
    (
        "/api/{storeCode}/admin/password/change",
        "/api/{storeCode}/customer/password/change",
        "_as_customer",
    ),
    (
        "/api/{storeCode}/admin/password/change",
        "/api/{storeCode}/seller/password/change",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/admin/customer/{customer}/send-sms-code",
        "/api/{storeCode}/seller/customer/{customer}/send-sms-code",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/customer/{customer}/pos",
        "/api/{storeCode}/seller/customer/{customer}/pos",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/points/transfer/add",
        "/api/{storeCode}/pos/points/transfer/add",
        "_at_the_till",
    ),
    (
        "/api/{storeCode}/points/transfer/spend",
        "/api/{storeCode}/pos/points/transfer/spend",
        "_at_the_till",
    ),
    (
        "/api/{storeCode}/admin/transaction/customer/assign",
        "/api/{storeCode}/pos/transaction/customer/assign",
        "_as_seller",
    ),
    (
        "/api/{storeCode}/admin/transaction/customer/assign",
        "/api/{storeCode}/customer/transaction/customer/assign",
        "_as_customer",
    ),
];

/// Routes below `seller` or `customer` that read what others may change elsewhere.
const READING_ALIASES: &[(&str, &str, &str)] = &[
    ("/api/{storeCode}/level", "/api/{storeCode}/seller/level", "_as_seller"),
    ("/api/{storeCode}/level/{level}", "/api/{storeCode}/seller/level/{level}", "_as_seller"),
    ("/api/{storeCode}/pos", "/api/{storeCode}/seller/pos", "_as_seller"),
    ("/api/{storeCode}/pos/{pos}", "/api/{storeCode}/seller/pos/{pos}", "_as_seller"),
    ("/api/{storeCode}/points/transfer", "/api/{storeCode}/seller/points/transfer", "_as_seller"),
    ("/api/{storeCode}/transaction", "/api/{storeCode}/seller/transaction", "_as_seller"),
    ("/api/{storeCode}/transaction", "/api/{storeCode}/customer/transaction", "_as_customer"),
];

/// A body that cannot be read is refused before anybody looks at what it says, and looks like any other HTTP error.
struct UnreadableBodies;

impl Modify for UnreadableBodies {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let with_bodies = document.paths.paths.values_mut().flat_map(operations);
        for operation in with_bodies.filter(|operation| operation.request_body.is_some()) {
            let unreadable: RefOr<Schema> = Ref::from_schema_name("HttpErrorBody").into();
            let refusal = operation.responses.responses.entry("400".to_owned());
            let refusal = refusal.or_insert_with(|| {
                let content = ContentBuilder::new().schema(Some(unreadable.clone())).build();
                let refusal = ResponseBuilder::new().description("The body cannot be read");
                refusal.content("application/json", content).build().into()
            });
            // A refusal without a body has none here either.
            let RefOr::T(refusal) = refusal else { continue };
            let Some(RefOr::T(content)) = refusal.content.get_mut("application/json") else {
                continue;
            };
            content.schema = Some(match content.schema.take() {
                Some(other) if other != unreadable => {
                    let either = AnyOfBuilder::new().item(other).item(unreadable);
                    RefOr::T(either.build().into())
                }
                _ => unreadable,
            });
        }
    }
}

struct Aliases;

impl Modify for Aliases {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (original, alias, suffix) in ALIASES {
            if let Some(item) = document.paths.paths.get(*original) {
                let copy = renamed(item.clone(), suffix);
                document.paths.paths.insert((*alias).to_owned(), copy);
            }
        }
        for (original, alias, suffix) in READING_ALIASES {
            if let Some(item) = document.paths.paths.get(*original) {
                let mut copy = PathItem::default();
                copy.get.clone_from(&item.get);
                document.paths.paths.insert((*alias).to_owned(), renamed(copy, suffix));
            }
        }
    }
}

/// Every route once more without a store.
struct DefaultStore;

impl Modify for DefaultStore {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let storeless: Vec<(String, PathItem)> = document
            .paths
            .paths
            .iter()
            .map(|(path, item)| {
                let mut item = renamed(item.clone(), "_in_default_store");
                for operation in operations(&mut item) {
                    operation
                        .parameters
                        .iter_mut()
                        .for_each(|list| list.retain(|parameter| !is_store(parameter)));
                }
                (path.replacen("/{storeCode}", "", 1), item)
            })
            .collect();
        document.paths.paths.extend(storeless);
    }
}

fn is_store(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.name == "storeCode")
}

fn renamed(mut item: PathItem, suffix: &str) -> PathItem {
    for operation in operations(&mut item) {
        if let Some(id) = &mut operation.operation_id {
            id.push_str(suffix);
        }
    }
    item
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_listed_with_and_without_a_store_under_names_of_their_own() {
        let document = serde_json::to_value(document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let stored = paths.keys().filter(|path| path.contains("{storeCode}")).count();
        assert_eq!((stored, paths.len()), (96, 192));
        let ids: Vec<&str> = paths
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
        for (path, item) in paths {
            assert_eq!(
                path.contains("{storeCode}"),
                item.to_string().contains("storeCode"),
                "{path}"
            );
        }
    }
}
