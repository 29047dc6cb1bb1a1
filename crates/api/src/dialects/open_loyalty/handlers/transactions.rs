//! Transactions of tills (contract 4.6), and what they come to (4.9).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::{Action, Actor};

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, AssignmentForm, NamedCustomer, TransactionForm};
use super::super::openapi::{
    AssignmentFields, Closed, Refusals, TransactionFields, TransactionParameters,
};
use super::super::wire::error::{FormErrorBody, HttpErrorBody};
use super::super::wire::request::Incoming;
use super::super::wire::transaction::{ChangedTransaction, SalesFigures, TransactionList};
use crate::services::Services;

/// Registers what a till sold or took back. If the till knows an active customer, the customer's figures and level
/// follow.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/transaction",
    tag = "Transactions",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (TransactionFields = "application/x-www-form-urlencoded"),
        (TransactionFields = "application/json")
    )),
    responses(
        (status = 200, description = "Registered", body = ChangedTransaction),
        (status = 400, description = "Fields are wrong, or the document is known", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn register_transaction(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::RegisterTransaction, None)?;
    let merchant = caller.merchant();
    let fields = incoming.fields().await?;
    let (form, command) = TransactionForm::read(fields.get("transaction"), merchant)?;
    let ladder = services.directory.ladder(merchant.id).await?;
    let registered =
        services.transactions.register(merchant, &ladder, caller.actor(), command).await;
    let id = registered.map_err(|error| form.refused(error))?;
    Ok(HttpResponse::Ok().json(ChangedTransaction { transaction_id: id.into() }))
}

/// Lists transactions, the newest first; a customer's are its own. Three routes lead here.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/transaction",
    tag = "Transactions",
    params(("storeCode" = String, Path, description = "Code of the store"), TransactionParameters),
    responses(
        (status = 200, description = "One part of the list, and the size of the whole", body = TransactionList),
        (status = 400, description = "A filter makes no sense", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn list_transactions(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ListTransactions, None)?;
    let own = match caller.actor() {
        Actor::Customer(customer) => Some(customer),
        _ => None,
    };
    let query = mapping::transaction_query(&incoming.parameters().await?, own)?;
    let merchant = caller.merchant();
    let page = services.transactions.page(merchant.id, &query).await?;
    let zone = mapping::zone(merchant);
    let transactions =
        page.items.iter().map(|item| mapping::transaction(item, merchant, &zone)).collect();
    Ok(HttpResponse::Ok().json(TransactionList { transactions, total: page.total.value() }))
}

/// Gives a transaction that is nobody's to a customer; a customer means itself. Three routes lead here.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/transaction/customer/assign",
    tag = "Transactions",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (AssignmentFields = "application/x-www-form-urlencoded"),
        (AssignmentFields = "application/json")
    )),
    responses(
        (status = 200, description = "Assigned", body = ChangedTransaction),
        (status = 400, description = "Fields are wrong, or the transaction is somebody's", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn assign_transaction(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::AssignTransaction, None)?;
    let (merchant, actor) = (caller.merchant(), caller.actor());
    let fields = incoming.fields().await?;
    let (form, document, named) = AssignmentForm::read(fields.get("assign"), actor)?;
    let customer = match named {
        NamedCustomer::Id(id) => id,
        NamedCustomer::By(lookup) => match services.customers.look_up(merchant.id, &lookup).await {
            Ok(found) => found.id,
            Err(error) => return Err(form.unknown(error)),
        },
    };
    let ladder = services.directory.ladder(merchant.id).await?;
    let assigned =
        services.transactions.assign(merchant, &ladder, actor, &document, customer).await;
    let id = assigned.map_err(|error| form.refused(error))?;
    Ok(HttpResponse::Ok().json(ChangedTransaction { transaction_id: id.into() }))
}

/// Tells what all transactions come to.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/analytics/transactions",
    tag = "Analytics",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "What they come to", body = SalesFigures), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_sales_figures(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewAnalytics, None)?;
    let merchant = caller.merchant();
    let summary = services.transactions.summary(merchant.id).await?;
    Ok(HttpResponse::Ok().json(mapping::sales_figures(summary, merchant)))
}
