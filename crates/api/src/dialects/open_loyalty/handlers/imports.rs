//! Customers from a file (contract E34 and §6).

use std::io;

use actix_web::HttpResponse;
use actix_web::web::{self, Data};
use domain::access::Action;
use domain::import::ImportError;
use import::{ImportFailure, Programme, ReadError, Target};

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, ImportForm, Refusals};
use super::super::wire::error::FormErrorBody;
use super::super::wire::import::ImportReport;
use super::super::wire::request::Incoming;
use crate::http::form::FormValue;
use crate::http::multipart::Multipart;
use crate::http::raw_body::BodyError;
use crate::http::spool::Spool;
use crate::services::Services;

/// Adds the customers of an XML file, each for itself, and says what became of every row. A file that must not be taken is
/// refused before anybody is added.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/customer/import",
    tag = "Customers",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "What became of each row, even if none was good", body = ImportReport),
        (status = 400, description = "There is no file, or it cannot be taken", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn import_customers(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ImportCustomers, None)?;
    let file = uploaded(&services, incoming).await?;
    let most_rows = services.config.open_loyalty.import_rows.get().into();
    let source = file.rewound()?;
    let looked_at = web::block(move || import::survey(source, Some(most_rows))).await;
    looked_at.map_err(io::Error::other)??;
    let merchant = caller.merchant();
    let ladder = services.directory.ladder(merchant.id).await?;
    let imports = &services.imports;
    let target = Target { imports, origin: caller.origin(), merchant, ladder: &ladder };
    let programme = Programme::of(merchant);
    let mut items = Vec::new();
    let report = |outcome| items.push(mapping::import_item(outcome));
    import::run(&target, file.rewound()?, programme, None, report).await?;
    Ok(HttpResponse::Ok().json(mapping::import_report(items)))
}

/// The file of the form.
async fn uploaded(services: &Services, incoming: Incoming) -> Result<Spool, Error> {
    if !incoming.has_parts() {
        return Err(mapping::import_form(incoming.fields().await?.get("file")));
    }
    let most = services.config.open_loyalty.import_bytes.get();
    match read(services, incoming.parts(most)).await {
        Err(Error::Body(BodyError::TooLarge)) => Err(mapping::too_large(most)),
        read => read,
    }
}

async fn read(services: &Services, body: Result<Multipart, Error>) -> Result<Spool, Error> {
    let mut body = body?;
    let (mut file, mut is_sent) = (None, false);
    while let Some(mut part) = body.next().await? {
        is_sent |= part.name() == "file" || part.name().starts_with("file[");
        if part.name() != "file[file]" || part.file().is_none() || file.is_some() {
            continue;
        }
        let mut spool = Spool::new(&*services.ports.entropy).await?;
        while let Some(piece) = part.chunk().await? {
            spool = spool.push(piece).await?;
        }
        file = Some(spool);
    }
    let empty = FormValue::Map(Vec::new());
    file.ok_or_else(|| mapping::import_form(is_sent.then_some(&empty)))
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Refused(refusal) => mapping::refused_file(refusal),
            ReadError::Io(error) => Self::File(error),
        }
    }
}

impl From<ImportFailure> for Error {
    fn from(error: ImportFailure) -> Self {
        match error {
            ImportFailure::Read(error) => error.into(),
            ImportFailure::Store(ImportError::Storage(error)) => error.into(),
            error @ (ImportFailure::Store(ImportError::Overtaken) | ImportFailure::Reader) => {
                Self::File(io::Error::other(error))
            }
        }
    }
}
