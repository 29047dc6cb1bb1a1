//! `cargo xtask openapi`: the published descriptions of the four dialects and of the operator's surface, printed by the
//! service itself.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use clap::Args;

use crate::checkout;
use crate::failure::Failure;
use crate::process;
use crate::service::PACKAGE;

/// The names of the dialects, as folders and as arguments.
pub(crate) const DIALECTS: [&str; 4] = ["open_loyalty", "kuna_core", "monri", "kounta"];

/// The name of the operator's surface, likewise.
pub(crate) const OPS: &str = "ops";

/// Write `docs/openapi/<dialect>.json` and `docs/openapi/ops.json`.
#[derive(Debug, Args)]
pub(crate) struct OpenApi {
    /// Only say whether the files are up to date
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn run(options: &OpenApi) -> Result<(), Failure> {
    let mut outdated = Vec::new();
    for document in DIALECTS.into_iter().chain([OPS]) {
        let path = file(document);
        let generated = generate(document)?;
        if fs::read_to_string(&path).is_ok_and(|written| written == generated) {
            continue;
        }
        if options.check {
            outdated.push(document);
        } else {
            write(&path, &generated)?;
        }
    }
    if outdated.is_empty() {
        println!("docs/openapi is up to date");
        return Ok(());
    }
    let list = outdated.join(", ");
    Err(Failure::explained(format!(
        "docs/openapi is out of date for {list}: run `cargo xtask openapi`"
    )))
}

/// Where the document of that name is.
pub(crate) fn file(document: &str) -> PathBuf {
    checkout::root().join("docs/openapi").join(format!("{document}.json"))
}

fn generate(document: &str) -> Result<String, Failure> {
    let mut cargo = checkout::cargo();
    cargo.args(["run", "--quiet", "--package", PACKAGE, "--", "openapi", document]);
    let text = process::read(cargo.stdin(Stdio::null()))?;
    if serde_json::from_str::<serde_json::Value>(&text).is_err() {
        return Err(Failure::explained(format!(
            "`{PACKAGE} openapi {document}` does not print JSON"
        )));
    }
    Ok(format!("{}\n", text.trim_end()))
}

fn write(path: &PathBuf, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::io(format!("make {}", folder.display())))?;
    }
    fs::write(path, text).map_err(Failure::io(format!("write {}", path.display())))?;
    println!("wrote {}", path.display());
    Ok(())
}
