//! `cargo xtask bench import`: how fast `cargo xtask import` stores a file, against a staged COPY of the same rows with a
//! check for conflicts and the same events and messages, and against customers that are added one by one.

mod file;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::access::Actor;
use domain::customer::{CreateCustomer, Demands, Email, Origin};
use domain::merchant::{Merchant, MerchantName};

use super::pgbench::ScriptFile;
use super::stage::mebibytes;
use super::{cpu, crowd, lists, report};
use crate::backend::{self, Domain, explained};
use crate::cluster::{self, Cluster, Profile, client};
use crate::database;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::process;

/// How many are added one by one for comparison.
const ALONE: u32 = 2_000;
/// What an import may need of memory, and how fast it has to be (G9, G14).
const MOST_MEMORY: f64 = 128.0;
const LEAST_OF_COPY: f64 = 0.7;
const LEAST_OF_ALONE: f64 = 3.0;
/// The store that the rows of the comparison go to, so that nobody stands in their way.
const OTHER_STORE: &str = domain::demo::SECOND_STORE;

/// What one pair of measurements showed.
struct Pair {
    /// Rows a second.
    ours: f64,
    copy: f64,
    alone: f64,
    /// MiB.
    memory: f64,
    /// CPU time of the import itself, for each row.
    own: Duration,
    /// Rows a second that the search index took afterwards.
    indexed: f64,
}

/// What an import took.
struct Import {
    /// Until the last row was stored.
    stored: Duration,
    /// From then until the search index knew all of them.
    indexed: Duration,
    /// The most memory it had, in MiB.
    memory: f64,
    /// Its CPU time.
    own: Duration,
}

/// Gives the first demonstration merchant its customers and imports `rows` more, `pairs` times.
pub(super) async fn run(customers: u32, rows: u32, pairs: u32) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return Err(explained("measure a release: cargo run --release -p xtask -- bench import"));
    }
    let mut interrupt = Interrupt::listen()?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let cluster = Cluster::start(Profile::Benchmark)?;
    let url = cluster.url("postgres");
    backend::migrate(&url).await?;
    let measure = async {
        let domain = Domain::open(&url, &key)?;
        crowd::plant(&domain).await?;
        println!("adding {customers} customers");
        lists::fill(&url, &key, customers).await?;
        database::query(&url, "ALTER SYSTEM RESET autovacuum")?;
        database::query(&url, "SELECT pg_reload_conf()")?;
        let mut found = Vec::new();
        for pair in 1..=pairs {
            println!("measuring, pair {pair} of {pairs}");
            found.push(measure(&domain, &url, &key, pair, rows).await?);
        }
        Ok(verdict(&found))
    };
    let text = tokio::select! {
        outcome = measure => outcome,
        () = interrupt.arrives() => Err(Failure::Interrupted),
    };
    println!("{}", text?);
    Ok(())
}

async fn measure(
    domain: &Domain,
    url: &str,
    key: &MasterKey,
    pair: u32,
    rows: u32,
) -> Result<Pair, Failure> {
    let scrap = Scrap::new()?;
    let xml = scrap.0.join("customers.xml");
    file::write(&xml, pair, rows).map_err(Failure::io("write a file to import"))?;
    database::query(url, "CHECKPOINT")?;
    let import = import(url, key, &xml)?;
    export(url, pair, &scrap.0)?;
    database::query(url, "CHECKPOINT")?;
    let copied = staged(url, &scrap.0)?;
    // The import has done so as well.
    let storage = backend::connect(url)?;
    storage.sort_in_texts().await.map_err(explained)?;
    let alone = add_alone(domain, pair).await?;
    storage.sort_in_texts().await.map_err(explained)?;
    let per_second = |count: u32, took: Duration| f64::from(count) / took.as_secs_f64();
    let pair = Pair {
        ours: per_second(rows, import.stored),
        copy: per_second(rows, copied),
        alone: per_second(ALONE, alone),
        memory: import.memory,
        own: import.own / rows,
        indexed: per_second(rows, import.indexed),
    };
    println!("{}", row("", &pair).join(" | "));
    Ok(pair)
}

/// Runs the command as anybody would.
fn import(url: &str, key: &MasterKey, xml: &Path) -> Result<Import, Failure> {
    let program = std::env::current_exe().map_err(Failure::io("find this program"))?;
    let mut command = Command::new(program);
    command.arg("import").arg(xml).stdout(Stdio::piped()).stdin(Stdio::null());
    command.env("DATABASE_URL", url).env("CLIENTELE_MASTER_KEY", key.reveal());
    let begin = Instant::now();
    let mut child = command.spawn().map_err(Failure::io("run an import"))?;
    let lines = BufReader::new(child.stdout.take().expect("it was asked for")).lines();
    let stored = std::thread::spawn(move || {
        let mut stored = None;
        for line in lines.map_while(Result::ok) {
            if line.ends_with("became customers") {
                stored = Some(begin.elapsed());
            }
        }
        stored
    });
    let (mut memory, mut used) = (0, Duration::ZERO);
    loop {
        memory = memory.max(cpu::most_resident_bytes(child.id()).unwrap_or(0));
        used = used.max(cpu::used_by_family(child.id()));
        let ended = child.try_wait().map_err(Failure::io("wait for an import"))?;
        match ended {
            None => std::thread::sleep(Duration::from_millis(50)),
            Some(status) if status.success() => break,
            Some(status) => {
                return Err(Failure::Command { command: "xtask import".to_owned(), status });
            }
        }
    }
    let all = begin.elapsed();
    let stored = stored.join().ok().flatten();
    let stored = stored.ok_or_else(|| explained("the import did not say that it stored rows"))?;
    let indexed = all.saturating_sub(stored);
    Ok(Import { stored, indexed, memory: mebibytes(memory), own: used })
}

/// Writes what the import stored, as it would look at the other merchant, into a file for each table.
fn export(url: &str, pair: u32, folder: &Path) -> Result<(), Failure> {
    let merchant = format!("(SELECT id FROM merchants WHERE store_code = '{OTHER_STORE}')");
    let whose = format!(
        "(SELECT merchant_id, id FROM customers WHERE email LIKE '{}%')",
        file::prefix(pair)
    );
    let mut text = String::new();
    for (table, owner) in [("customers", "id"), ("events", "customer_id"), ("messages", "about_id")]
    {
        let named = "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) \
                       FROM information_schema.columns WHERE table_name = ";
        let columns = database::query(url, &format!("{named}'{table}'"))?;
        let columns = columns.trim().replace("merchant_id", &merchant);
        let file = folder.join(table);
        writeln!(
            text,
            "\\copy (SELECT {columns} FROM {table} WHERE (merchant_id, {owner}) IN {whose}) TO {}",
            file.display()
        )
        .map_err(explained)?;
    }
    script(url, &text, &[])
}

fn staged(url: &str, folder: &Path) -> Result<Duration, Failure> {
    let text = include_str!("staged.sql").replace(":folder", &folder.display().to_string());
    let begin = Instant::now();
    script(url, &text, &[])?;
    Ok(begin.elapsed())
}

/// Runs a script through `psql`.
fn script(url: &str, text: &str, options: &[&str]) -> Result<(), Failure> {
    let file = ScriptFile::write(text)?;
    let mut psql = client("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).args(options);
    psql.arg("-f").arg(&file.0).arg(url).stdin(Stdio::null());
    process::read(&mut psql).map(drop)
}

/// Adds customers one after the other, as a program does that calls the route for each.
async fn add_alone(domain: &Domain, pair: u32) -> Result<Duration, Failure> {
    let merchant = other_merchant(domain).await?;
    let ladder = domain.levels().ladder(merchant.id).await.map_err(explained)?;
    let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
    let origin = Origin { merchant: merchant.id, actor: Actor::System, demands };
    let customers = domain.customers();
    let begin = Instant::now();
    for number in 0..ALONE {
        let email = Email::try_from(format!("alone{pair}.{number}@example.com"));
        let command =
            CreateCustomer { email: Some(email.map_err(explained)?), ..CreateCustomer::default() };
        customers.create(&origin, &ladder, command).await.map_err(explained)?;
    }
    Ok(begin.elapsed())
}

async fn other_merchant(domain: &Domain) -> Result<Merchant, Failure> {
    let name = MerchantName::StoreCode(OTHER_STORE.to_owned());
    let merchant = domain.merchants().find_by_name(&name).await.map_err(explained)?;
    merchant.ok_or_else(|| explained("the other demonstration merchant is missing"))
}

fn row(name: &str, pair: &Pair) -> Vec<String> {
    vec![
        name.to_owned(),
        format!("{:.0}", pair.ours),
        format!("{:.0}", pair.copy),
        format!("{:.2}", pair.ours / pair.copy),
        format!("{:.0}", pair.alone),
        format!("{:.1}", pair.ours / pair.alone),
        format!("{:.0}", pair.own.as_secs_f64() * 1e6),
        format!("{:.1}", pair.memory),
        format!("{:.0}", pair.indexed),
    ]
}

fn verdict(pairs: &[Pair]) -> String {
    let headings = [
        "import",
        "rows/s",
        "staged COPY/s",
        "÷ COPY",
        "one by one/s",
        "÷ one by one",
        "own CPU µs/row",
        "peak MiB",
        "then indexed/s",
    ];
    let rows: Vec<_> =
        (1..).zip(pairs).map(|(number, pair)| row(&format!("pair {number}"), pair)).collect();
    let median = |of: fn(&Pair) -> f64| report::median(pairs.iter().map(of)).unwrap_or_default();
    let say = |name: &str, found: f64, is_met: bool| {
        format!("{name}: {found:.2}, {}", if is_met { "met" } else { "missed" })
    };
    let copy = median(|pair| pair.ours / pair.copy);
    let alone = median(|pair| pair.ours / pair.alone);
    let memory = pairs.iter().map(|pair| pair.memory).fold(0.0, f64::max);
    [
        report::table(&headings, &rows),
        say("of a staged COPY, at least 0.7", copy, copy >= LEAST_OF_COPY),
        say("of one by one, at least 3", alone, alone >= LEAST_OF_ALONE),
        say("peak memory in MiB, at most 128", memory, memory <= MOST_MEMORY),
    ]
    .join("\n")
}

/// A folder that goes with this value.
struct Scrap(PathBuf);

impl Scrap {
    fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("clientele-import-{}", std::process::id()));
        fs::create_dir(&folder).map_err(Failure::io("make a folder for what is imported"))?;
        Ok(Self(folder))
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        // A leftover in the temporary directory harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
