//! Who did what to customers (contract 4.9).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, Showcase};
use super::super::openapi::{AuditParameters, Closed, Refusals};
use super::super::wire::audit::AuditLogs;
use super::super::wire::error::HttpErrorBody;
use super::super::wire::request::Incoming;
use crate::services::Services;

/// Lists changes of customers and looks at them, the newest first. Entries older than the latest 100,000 that fit the
/// time and the entity are reached by asking for an earlier time or for one entity.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/audit/log",
    tag = "Audit",
    params(("storeCode" = String, Path, description = "Code of the store"), AuditParameters),
    responses(
        (status = 200, description = "One part of the log, and the size of the whole", body = AuditLogs),
        (status = 400, description = "A filter makes no sense", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn list_audit_logs(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewAudit, None)?;
    let parameters = incoming.parameters().await?;
    let merchant = caller.merchant();
    let Some(query) = mapping::audit_query(&parameters, merchant)? else {
        return Ok(HttpResponse::Ok().json(AuditLogs { logs: Vec::new(), total: 0 }));
    };
    let page = services.audit.page(merchant.id, &query).await?;
    let ladder = services.directory.ladder(merchant.id).await?;
    let showcase = Showcase::new(merchant, &ladder, &[], &parameters);
    let logs = page.items.iter().map(|entry| mapping::audit_entry(entry, &showcase)).collect();
    Ok(HttpResponse::Ok().json(AuditLogs { logs, total: page.total.value() }))
}
