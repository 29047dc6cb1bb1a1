//! The points of customers (contract 4.5 and 4.9).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::{Action, Actor};
use domain::customer::{Customer, CustomerError};
use domain::id::{CustomerId, TransferId};
use domain::points::{NewPoints, PointsProgramme};

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, PointsForm};
use super::super::openapi::{Closed, PointsFields, Refusals, TransferParameters};
use super::super::wire::error::{FormErrorBody, HttpErrorBody, NamedErrorBody};
use super::super::wire::points::{BookedTransfer, SpentPointsBody, TransferList};
use super::super::wire::request::{Incoming, TransferPath};
use crate::http::form::FormValue;
use crate::services::Services;

/// Adds points for a customer.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/points/transfer/add",
    tag = "Points",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((PointsFields = "application/x-www-form-urlencoded"), (PointsFields = "application/json"))),
    responses((status = 200, description = "Added", body = BookedTransfer), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn add_points(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    move_points(&services, &caller, incoming, Way::Add).await
}

/// Spends points of a customer, the oldest first.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/points/transfer/spend",
    tag = "Points",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((PointsFields = "application/x-www-form-urlencoded"), (PointsFields = "application/json"))),
    responses((status = 200, description = "Spent", body = BookedTransfer), (status = 400, description = "Fields are wrong, or there are fewer points", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn spend_points(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    move_points(&services, &caller, incoming, Way::Spend).await
}

/// Lists transfers of all customers, the newest first.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/points/transfer",
    tag = "Points",
    params(("storeCode" = String, Path, description = "Code of the store"), TransferParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = TransferList), (status = 400, description = "A filter makes no sense", body = HttpErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_transfers(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewTransfers, None)?;
    list(&services, &caller, incoming, None).await
}

/// Lists the caller's own transfers, the newest first.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/points/transfer",
    tag = "Points",
    params(("storeCode" = String, Path, description = "Code of the store"), TransferParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = TransferList), (status = 400, description = "A filter makes no sense", body = HttpErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_own_transfers(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewOwnTransfers, None)?;
    let Actor::Customer(id) = caller.actor() else { return Err(Error::Forbidden) };
    list(&services, &caller, incoming, Some(id)).await
}

/// Takes back points that were added and of which none are gone.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/points/transfer/{transfer}/cancel",
    tag = "Points",
    params(("storeCode" = String, Path, description = "Code of the store"), ("transfer" = String, Path, description = "Id of the transfer")),
    responses((status = 200, description = "Taken back; the body is an empty list", body = Vec<String>), (status = 400, description = "Points of it are gone, or it spent some", body = NamedErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn cancel_transfer(
    services: Data<Services>,
    caller: Caller,
    path: Path<TransferPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::CancelTransfers, None)?;
    let id: TransferId = path.transfer.parse().map_err(|_| Error::NotFound)?;
    let merchant = caller.merchant();
    let ladder = &services.directory.ladder(merchant.id).await?;
    services.points.cancel(PointsProgramme { merchant, ladder }, caller.actor(), id).await?;
    Ok(HttpResponse::Ok().json([(); 0]))
}

/// Counts what was spent in the programme.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/analytics/points",
    tag = "Analytics",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "How often points were spent, and how many", body = SpentPointsBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn count_spent_points(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewAnalytics, None)?;
    let spent = services.points.spent(caller.merchant().id).await?;
    Ok(HttpResponse::Ok().json(mapping::spent_points(spent)))
}

/// Which way points go.
enum Way {
    Add,
    Spend,
}

async fn move_points(
    services: &Services,
    caller: &Caller,
    incoming: Incoming,
    way: Way,
) -> Result<HttpResponse, Error> {
    must_be_trusted(services, caller).await?;
    let fields = incoming.fields().await?;
    let Order { form, customer, points } = read(services, caller, fields.get("transfer")).await?;
    let (merchant, actor) = (caller.merchant(), caller.actor());
    let ladder = &services.directory.ladder(merchant.id).await?;
    let programme = PointsProgramme { merchant, ladder };
    let booked = match way {
        Way::Add => services.points.add(programme, actor, customer, points).await,
        Way::Spend => services.points.spend(programme, actor, customer, points).await,
    };
    let id = booked.map_err(|error| form.refused(error))?;
    Ok(HttpResponse::Ok().json(BookedTransfer { points_transfer_id: id.into() }))
}

/// What a form asks for, and of whom.
struct Order<'f> {
    form: PointsForm<'f>,
    customer: Customer,
    points: NewPoints,
}

async fn read<'f>(
    services: &Services,
    caller: &Caller,
    root: Option<&'f FormValue>,
) -> Result<Order<'f>, Error> {
    let customer = match mapping::named_customer(root) {
        None => None,
        Some(id) => match services.customers.find(caller.merchant().id, id).await {
            Ok(customer) => Some(customer),
            Err(CustomerError::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
    };
    let (form, points) = PointsForm::read(root, customer.is_some())?;
    // A form without its customer was refused.
    let customer = customer.ok_or(Error::NotFound)?;
    Ok(Order { form, customer, points })
}

/// Refuses whoever may not move points; of sellers those who are not trusted with it.
async fn must_be_trusted(services: &Services, caller: &Caller) -> Result<(), Error> {
    caller.must(Action::TransferPoints, None)?;
    match caller.actor() {
        Actor::Seller(seller) if !services.points.trusts(caller.merchant().id, seller).await? => {
            Err(Error::Forbidden)
        }
        _ => Ok(()),
    }
}

async fn list(
    services: &Services,
    caller: &Caller,
    incoming: Incoming,
    of: Option<CustomerId>,
) -> Result<HttpResponse, Error> {
    let (merchant, zone) = (caller.merchant().id, mapping::zone(caller.merchant()));
    let query = mapping::transfer_query(&incoming.parameters().await?, of, &zone)?;
    let page = services.points.page(merchant, &query).await?;
    let transfers = page.items.iter().map(|listed| mapping::transfer(listed, &zone)).collect();
    Ok(HttpResponse::Ok().json(TransferList { transfers, total: page.total.value() }))
}
