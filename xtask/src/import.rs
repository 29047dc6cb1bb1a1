//! `cargo xtask import`: customers from a file of any size (Open Loyalty's format, as its route takes it).

use std::fs::File;
use std::io::Seek as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use domain::access::Actor;
use domain::customer::{Demands, Origin};
use domain::merchant::{Merchant, MerchantName};
use domain::secret::Fingerprint;
use domain::{demo, import::Import as Progress};
use import::{Outcome, Programme, Survey, Target};
use tokio::task::spawn_blocking;

use crate::backend::{Domain, explained};
use crate::cluster::{self, Profile};
use crate::database::Server;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;

/// How often it is told how far the file has come.
const PACE: Duration = Duration::from_secs(2);

/// Add the customers of an XML file to a merchant.
///
/// Whoever cannot be added is told by the number of the row. An import that was cut off goes on where it was when the same
/// file is given again.
#[derive(Clone, Debug, Args)]
pub(crate) struct Import {
    /// The file: a `customer` for each, as in Open Loyalty's imports
    file: PathBuf,
    /// The store code of the merchant they will belong to
    #[arg(long, visible_alias = "merchant", value_name = "CODE", default_value = demo::STORE)]
    store: String,
}

/// `cargo xtask import`
pub(crate) async fn run(options: &Import) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let server = Server::open(Profile::Development, &interrupt)?;
    let url = server.application_url()?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    crate::backend::migrate(&url).await?;
    let domain = Domain::open(&url, &key)?;
    tokio::select! {
        outcome = import_and_index(&domain, &url, options) => outcome,
        () = interrupt.arrives() => {
            println!("import: stopped; the same command goes on from here");
            Err(Failure::Interrupted)
        }
    }
}

/// A service that runs would find the new customers' texts by itself; without one, this does it.
async fn import_and_index(domain: &Domain, url: &str, options: &Import) -> Result<(), Failure> {
    import(domain, options).await?;
    let begin = Instant::now();
    let count = crate::backend::connect(url)?.sort_in_texts().await.map_err(explained)?;
    let took = begin.elapsed().as_secs_f64();
    println!("import: {count} changed texts brought into the search index in {took:.1} s");
    Ok(())
}

async fn import(domain: &Domain, options: &Import) -> Result<(), Failure> {
    let name = MerchantName::StoreCode(options.store.clone());
    let merchant = domain.merchants().find_by_name(&name).await.map_err(explained)?;
    let merchant = merchant.ok_or_else(|| explained(format!("no merchant `{}`", options.store)))?;
    let (file, fingerprint, survey) = look_at(&options.file).await?;
    let imports = domain.imports();
    let mut progress = imports.begin(merchant.id, fingerprint).await.map_err(explained)?;
    if let Some(end) = progress.finished_at {
        let Progress { processed, stored, .. } = progress;
        println!(
            "import: this file was imported before: {stored} of {processed} rows, done at {end}"
        );
        return Ok(());
    }
    if progress.processed > 0 {
        println!("import: goes on after row {} of {}", progress.processed, survey.rows);
    }
    let ladder = domain.levels().ladder(merchant.id).await.map_err(explained)?;
    let origin = origin(&merchant);
    let target = Target { imports: &imports, origin, merchant: &merchant, ladder: &ladder };
    let mut told = Told::new(progress, survey);
    let report = |outcome| told.row(&outcome);
    import::run(&target, file, Programme::of(&merchant), Some(&mut progress), report)
        .await
        .map_err(explained)?;
    println!("import: {} of {} rows became customers", progress.stored, progress.processed);
    Ok(())
}

/// Nobody in particular, who insists on what the vendor's own import insists on.
fn origin(merchant: &Merchant) -> Origin {
    let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
    Origin { merchant: merchant.id, actor: Actor::System, demands }
}

/// Opens a file, tells it from others and sees whether it may be taken as a whole.
async fn look_at(path: &Path) -> Result<(File, Fingerprint, Survey), Failure> {
    let shown = path.display().to_string();
    let mut file = File::open(path).map_err(Failure::io(format!("open {shown}")))?;
    let look = move || {
        let fingerprint = secrets::fingerprint_of(&file)?;
        file.rewind()?;
        let survey = import::survey(&file, None);
        file.rewind()?;
        Ok((file, fingerprint, survey))
    };
    let looked_at = spawn_blocking(look).await.map_err(explained)?;
    let (file, fingerprint, survey) = looked_at.map_err(Failure::io(format!("read {shown}")))?;
    Ok((file, fingerprint, survey.map_err(explained)?))
}

/// What the person at the terminal gets to see meanwhile.
struct Told {
    rows: u64,
    first: u64,
    begin: Instant,
    last: Instant,
}

impl Told {
    fn new(progress: Progress, survey: Survey) -> Self {
        let begin = Instant::now();
        Self { rows: survey.rows, first: progress.processed, begin, last: begin }
    }

    /// Tells of rows that became nobody, by their numbers: what else they say is nobody's business here.
    fn row(&mut self, outcome: &Outcome) {
        if let Err(message) = &outcome.result {
            println!("row {}: {message}", outcome.row);
        }
        if self.last.elapsed() >= PACE {
            self.last = Instant::now();
            let done = u128::from(outcome.row - self.first);
            let rate = done * 1000 / self.begin.elapsed().as_millis().max(1);
            println!("import: {} of {} rows, {rate} a second", outcome.row, self.rows);
        }
    }
}
