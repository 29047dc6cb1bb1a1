//! The form that brings a file of customers, and the report of what became of them (contract §6).

use std::borrow::Cow;

use import::{Outcome, Refusal};

use super::super::errors::Error;
use super::super::wire::import::{ImportItem, ImportReport, ImportedObject};
use super::form::BLANK;
use super::sheet::{Child, Sheet};
use crate::http::form::FormValue;

const FORM: &[Child] = &[Child::Field("file")];

/// Refuses a form without a file; without its root it counts as not sent (contract 1.2).
pub(crate) fn import_form(root: Option<&FormValue>) -> Error {
    match Sheet::new(FORM, root) {
        Err(not_sent) => not_sent,
        Ok(mut sheet) => {
            sheet.note("file", BLANK);
            sheet.refused()
        }
    }
}

/// Refuses a file that is larger than this many bytes. How large it is nobody waits for.
pub(crate) fn too_large(most: usize) -> Error {
    let (size, unit) = match most {
        most if most % 1_000_000 == 0 => (most / 1_000_000, "MB"),
        most if most % 1_000 == 0 => (most / 1_000, "kB"),
        most => (most, "bytes"),
    };
    wrong_file(format!("The file is too large. Allowed maximum size is {size} {unit}."))
}

/// Refuses a file as a whole. The contract has words for the first two; the others are ours.
pub(crate) fn refused_file(refusal: Refusal) -> Error {
    wrong_file(match refusal {
        Refusal::Empty => Cow::from("An empty file is not allowed."),
        Refusal::NotXml(mime) => format!(
            "The mime type of the file is invalid (\"{mime}\"). Allowed mime types are \"application/xml\", \"text/xml\"."
        )
        .into(),
        Refusal::Encoding => "The file should be encoded in UTF-8.".into(),
        Refusal::DocumentType => "The file should not contain a document type.".into(),
        Refusal::TooDeep => {
            format!("The file is nested too deeply. The limit is {}.", Refusal::DEPTH).into()
        }
        Refusal::TooLong => {
            let most = Refusal::LENGTH;
            format!("The file contains a text or a tag that is too long. The limit is {most} bytes.").into()
        }
        Refusal::TooManyAttributes => {
            let most = Refusal::ATTRIBUTES;
            format!("The file contains a tag with too many attributes. The limit is {most}.").into()
        }
        Refusal::TooManyRows(most) => {
            format!("The file contains too many customers. The limit is {most}.").into()
        }
    })
}

fn wrong_file(message: impl Into<Cow<'static, str>>) -> Error {
    let empty = FormValue::Map(Vec::new());
    let mut sheet = Sheet::lenient(FORM, &empty);
    sheet.note("file", message);
    sheet.refused()
}

/// What became of a row.
pub(crate) fn import_item(outcome: Outcome) -> ImportItem {
    let Outcome { identifier, result, .. } = outcome;
    match result {
        Ok(customer) => ImportItem {
            status: "success",
            message: None,
            process_import_result: Some(ImportedObject { object: customer.into() }),
            identifier,
        },
        Err(message) => ImportItem {
            status: "error",
            message: Some(message),
            process_import_result: None,
            identifier,
        },
    }
}

/// The report of all rows.
pub(crate) fn import_report(items: Vec<ImportItem>) -> ImportReport {
    let total_success = items.iter().filter(|item| item.process_import_result.is_some()).count();
    ImportReport {
        total_processed: items.len(),
        total_success,
        total_failed: items.len() - total_success,
        items,
    }
}
