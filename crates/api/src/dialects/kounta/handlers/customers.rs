//! Customers (contract, section 2).

use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use domain::PageRequest;
use domain::access::Action;
use domain::customer::{
    Criterion, Customer, CustomerError, CustomerQuery, Deletion, Lookup, Sort, SortKey,
};
use domain::id::CustomerNumber;

use super::{body, paged};
use crate::dialects::kounta::auth::Caller;
use crate::dialects::kounta::errors::{Error, Violation};
use crate::dialects::kounta::mapping::{self, PAGE_SIZE, Position, Refusal, Search, Window};
use crate::dialects::kounta::openapi::{Failures, WriteFailures};
use crate::dialects::kounta::routes::suffix;
use crate::dialects::kounta::wire::{self, CustomerItem, ErrorBody};
use crate::services::Services;

/// Lists customers, or finds one and redirects to it.
///
/// `reference_id` lists those that the calling application gave that value. `email`, `mobile`, or `first_name` with
/// `last_name` and `phone` look for one: 302 with its address, or 404. Of several searches, this is also their order.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/customers",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("reference_id" = Option<String>, Query, description = "The calling application's value, letter for letter"),
        ("email" = Option<String>, Query, description = "Compared without letter case"),
        ("mobile" = Option<String>, Query, description = "Compared by digits"),
        ("first_name" = Option<String>, Query, description = "Only with `last_name` and `phone`"),
        ("last_name" = Option<String>, Query, description = "Only with `first_name` and `phone`"),
        ("phone" = Option<String>, Query, description = "Compared by digits; only with both names"),
        ("start" = Option<i64>, Query, description = "Only customers with a greater id"),
        ("X-Page" = Option<u64>, Header, description = "The page's number, from 0")
    ),
    responses(
        (status = 200, description = "At most 25 customers", body = [CustomerItem], headers(
            ("X-Pages" = u64, description = "How many pages there are"),
            ("X-Page" = u64, description = "The number of this page, from 0"),
            ("X-Next-Page" = String, description = "The address of the next page, if there is one")
        )),
        (status = 302, description = "The customer was found", headers(("Location" = String, description = "The customer's address"))),
        Failures
    )
)]
pub(crate) async fn list(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::ListCustomers, None)?;
    let query = body::query(&request, &services.config.limits)?;
    let criteria = match mapping::search(&query)? {
        Search::One(lookup) => return redirect(&services, &caller, &request, lookup).await,
        Search::Everyone => Some(Vec::new()),
        Search::Reference(value) => value.map(|value| {
            vec![Criterion::ApplicationReference(caller.application(), value.into_string())]
        }),
    };
    let position = mapping::position(request.headers(), &query);
    let (window, found) = match criteria {
        Some(criteria) => page(&services, &caller, criteria, position).await?,
        None => (Window { page: 0, before: 0, here: 0, total: 0 }, Vec::new()),
    };
    let last = found.last().map(|one| one.number);
    let items = found.iter().map(|one| mapping::customer_item(one, caller.application()));
    Ok(paged::page(&services, &request, window, last, items.collect::<Vec<CustomerItem>>()))
}

/// Shows one customer. Query parameters are ignored: clients repeat those of a search when they follow its redirect.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/customers/{customer}",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("customer" = i64, Path, description = "The customer's id")
    ),
    responses(
        (status = 200, description = "The customer", body = wire::Customer),
        Failures
    )
)]
pub(crate) async fn show(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = meant(&services, &caller, &request).await?;
    caller.ask(Action::ViewCustomer, Some(&customer))?;
    Ok(HttpResponse::Ok().json(shown(&services, &caller, &customer)))
}

/// Adds a customer. A first name and one of e-mail address, phone and mobile number are required.
#[utoipa::path(
    post,
    path = "/v1/companies/{company}/customers",
    tag = "Customers",
    params(("company" = String, Path, description = "The company's id, or `me`")),
    request_body = wire::WriteCustomer,
    responses(
        (status = 201, description = "The new customer", body = wire::Customer, headers(
            ("Location" = String, description = "The customer's address")
        )),
        WriteFailures
    )
)]
pub(crate) async fn create(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::RegisterCustomer, None)?;
    let body = body::record(&request, payload, &services.config.limits).await?;
    let draft = match mapping::draft(body, None) {
        Ok(draft) => draft,
        Err(refusal) => return Err(told(&services, &caller, refusal, None).await),
    };
    let origin = caller.origin();
    let ladder = services.directory.ladder(origin.merchant).await?;
    let command = draft.into_create(caller.application());
    let customer = services.customers.create(&origin, &ladder, command).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, link(&services, &caller, &request, &customer)))
        .json(shown(&services, &caller, &customer)))
}

/// Changes the keys that the body has; null clears.
#[utoipa::path(
    put,
    path = "/v1/companies/{company}/customers/{customer}",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("customer" = i64, Path, description = "The customer's id")
    ),
    request_body = wire::WriteCustomer,
    responses(
        (status = 200, description = "The customer after the change", body = wire::Customer),
        WriteFailures
    )
)]
pub(crate) async fn update(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    let body = body::record(&request, payload, &services.config.limits).await?;
    let before = meant(&services, &caller, &request).await?;
    caller.ask(Action::EditCustomer, Some(&before))?;
    let draft = match mapping::draft(body, Some(&before)) {
        Ok(draft) => draft,
        Err(refusal) => return Err(told(&services, &caller, refusal, Some(&before)).await),
    };
    let origin = caller.origin();
    let ladder = services.directory.ladder(origin.merchant).await?;
    let command = draft.into_update(caller.application());
    let customer = services.customers.update(&origin, &ladder, before.id, command).await?;
    Ok(HttpResponse::Ok().json(shown(&services, &caller, &customer)))
}

/// Removes a customer from lists, searches and reading.
#[utoipa::path(
    delete,
    path = "/v1/companies/{company}/customers/{customer}",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("customer" = i64, Path, description = "The customer's id")
    ),
    responses(
        (status = 204, description = "The customer is gone"),
        (status = 405, description = "Deleting is switched off", body = ErrorBody),
        Failures
    )
)]
pub(crate) async fn delete(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = meant(&services, &caller, &request).await?;
    caller.ask(Action::DeleteCustomer, Some(&customer))?;
    services.customers.delete(&caller.origin(), customer.id, Deletion::Soft).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The customer that a path means.
pub(super) async fn meant(
    services: &Services,
    caller: &Caller,
    request: &HttpRequest,
) -> Result<Customer, Error> {
    let number = request.match_info().get("customer").and_then(mapping::customer_number);
    let number = number.ok_or(Error::CustomerNotFound)?;
    let lookup = Lookup::Number(number);
    Ok(services.customers.look_up(caller.origin().merchant, &lookup).await?)
}

async fn redirect(
    services: &Services,
    caller: &Caller,
    request: &HttpRequest,
    lookup: Option<Lookup>,
) -> Result<HttpResponse, Error> {
    let lookup = lookup.ok_or(Error::CustomerNotFound)?;
    let customer = services.customers.look_up(caller.origin().merchant, &lookup).await?;
    let link = link(services, caller, request, &customer);
    Ok(HttpResponse::Found().insert_header((LOCATION, link)).finish())
}

/// A page of those who fit, in the order of their ids, and where it lies in the whole list.
async fn page(
    services: &Services,
    caller: &Caller,
    criteria: Vec<Criterion>,
    position: Position<CustomerNumber>,
) -> Result<(Window, Vec<Customer>), Error> {
    let merchant = caller.origin().merchant;
    let sort = Sort { key: SortKey::Number, descending: false };
    match position {
        Position::Page(page) => {
            let before = page.saturating_mul(PAGE_SIZE);
            let part = PageRequest { offset: before, limit: Some(PAGE_SIZE) };
            let query = CustomerQuery { criteria, sort, page: part };
            let found = services.customers.page(merchant, &query).await?;
            let here = found.items.len() as u64;
            Ok((Window { page, before, here, total: found.total.value() }, found.items))
        }
        Position::After(number) => {
            let total = services.customers.count(merchant, &criteria).await?;
            let mut criteria = criteria;
            criteria.push(Criterion::NumberAfter(number));
            let query = CustomerQuery { criteria, sort, page: PageRequest::first(PAGE_SIZE) };
            let found = services.customers.page(merchant, &query).await?;
            let before = total.saturating_sub(found.total.value());
            let here = found.items.len() as u64;
            Ok((Window { page: before / PAGE_SIZE, before, here, total }, found.items))
        }
    }
}

/// The rule that the contract tells first, which may be one that only storage knows.
async fn told(
    services: &Services,
    caller: &Caller,
    refusal: Refusal,
    before: Option<&Customer>,
) -> Error {
    let Some(mobile) = refusal.mobile.filter(|_| refusal.violation > Violation::MobileTaken) else {
        return refusal.violation.into();
    };
    let lookup = Lookup::Mobile(mobile);
    match services.customers.look_up(caller.origin().merchant, &lookup).await {
        Ok(holder) if holder.holdings.mobile && before.map(|one| one.id) != Some(holder.id) => {
            Violation::MobileTaken.into()
        }
        Ok(_) | Err(CustomerError::NotFound) => refusal.violation.into(),
        Err(error) => error.into(),
    }
}

fn shown(services: &Services, caller: &Caller, customer: &Customer) -> wire::Customer {
    let now = services.ports.clock.now();
    mapping::customer(customer, caller.merchant(), caller.application(), now)
}

fn link(
    services: &Services,
    caller: &Caller,
    request: &HttpRequest,
    customer: &Customer,
) -> String {
    let company = caller.merchant().company_id;
    mapping::customer_link(&services.config.public_url, company, customer.number, suffix(request))
}
