//! How long requests take.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::{Metrics, RequestLabels, class};
use crate::http::request_log::LoggedDialect;

/// Middleware: counts the request when it was answered, where there are [`Metrics`] among the application's data.
pub(crate) async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let response = next.call(request).await?;
    let request = response.request();
    if let Some(metrics) = request.app_data::<Data<Metrics>>() {
        let dialect = request.app_data::<LoggedDialect>().map_or("none", |dialect| dialect.0);
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        let status = class(response.status().as_u16());
        metrics.requested(&RequestLabels { dialect, route, status }, began.elapsed());
    }
    Ok(response)
}
