//! The OpenAPI document.

mod forms;
mod parameters;
mod refusals;

use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

pub(super) use forms::{
    EditForm, InvitationFields, LoginForm, PosAssignmentForm, PushTokenFields, RefreshForm,
    RegistrationForm, SearchForm,
};
pub(super) use parameters::{
    CheckParameters, InvitationParameters, ListParameters, RegistrationCountParameters,
};
pub(super) use refusals::{Closed, Refusals};

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
        handlers::register_customer,
        handlers::list_customers,
        handlers::check_customer,
        handlers::count_registrations,
        handlers::count_daily_registrations,
        handlers::search_customers,
        handlers::assign_pos,
        handlers::list_push_tokens,
        handlers::add_push_token,
        handlers::remove_push_token,
        handlers::invite,
        handlers::list_invitations,
        handlers::show_customer,
        handlers::update_customer,
        handlers::delete_customer,
    ),
    modifiers(&BearerScheme, &Aliases, &DefaultStore)
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
        "/api/{storeCode}/customer/{customer}/pos",
        "/api/{storeCode}/seller/customer/{customer}/pos",
        "_as_seller",
    ),
];

struct Aliases;

impl Modify for Aliases {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (original, alias, suffix) in ALIASES {
            if let Some(item) = document.paths.paths.get(*original) {
                let copy = renamed(item.clone(), suffix);
                document.paths.paths.insert((*alias).to_owned(), copy);
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
        assert_eq!((stored, paths.len()), (20, 40));
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
