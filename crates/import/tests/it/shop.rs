//! A merchant in memory, and what becomes of files there.

use std::io::{Cursor, Read};
use std::sync::Arc;

use domain::access::Actor;
use domain::customer::{Customer, CustomerQuery, Demands, Origin, Sort, SortKey};
use domain::import::{Import, Imports};
use domain::level::{Ladder, Level};
use domain::merchant::{Merchant, Settings};
use domain::page::PageRequest;
use domain::storage::Storage;
use domain::testing::{
    CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, a_level, a_merchant,
};
use import::{ImportFailure, Outcome, Programme, Target, run};
use serde_json::{Value, json};

/// A merchant with a start level.
pub(crate) struct Shop {
    pub(crate) storage: Storage,
    pub(crate) merchant: Merchant,
    pub(crate) ladder: Ladder,
    pub(crate) imports: Imports,
}

impl Shop {
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let merchant = Merchant { settings, ..a_merchant() };
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        let imports = Imports::new(
            storage.clone(),
            Arc::new(FixedClock::default()),
            Arc::new(SequentialEntropy::default()),
            Arc::new(CountingKeeper::default()),
        );
        let start = Level { merchant: merchant.id, ..a_level(0, 5) };
        Self { storage, merchant, ladder: Ladder::new(vec![start]), imports }
    }

    /// Imports a file and tells what became of each row, or why it did not come to its end.
    pub(crate) async fn import(
        &self,
        file: impl Read + Send + 'static,
        import: Option<&mut Import>,
    ) -> (Vec<Outcome>, Result<(), ImportFailure>) {
        let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
        let origin = Origin { merchant: self.merchant.id, actor: Actor::System, demands };
        let (imports, merchant, ladder) = (&self.imports, &self.merchant, &self.ladder);
        let target = Target { imports, origin, merchant, ladder };
        let mut outcomes = Vec::new();
        let report = |outcome| outcomes.push(outcome);
        let end = run(&target, file, Programme::of(merchant), import, report).await;
        (outcomes, end)
    }

    /// Imports a file that nothing stands against as a whole.
    pub(crate) async fn outcomes(&self, file: &str) -> Vec<Outcome> {
        let (outcomes, end) = self.import(Cursor::new(file.to_owned()), None).await;
        end.unwrap();
        outcomes
    }

    /// What became of the rows `rows`: their messages, or nothing for customers.
    pub(crate) async fn messages(&self, rows: &str) -> Vec<String> {
        let outcomes = self.outcomes(&file(rows)).await;
        outcomes.into_iter().map(|outcome| outcome.result.err().unwrap_or_default()).collect()
    }

    /// All customers, in the order in which they came.
    pub(crate) async fn customers(&self) -> Vec<Customer> {
        let sort = Sort { key: SortKey::Number, descending: false };
        let page = PageRequest { offset: 0, limit: None };
        let all = CustomerQuery { criteria: Vec::new(), sort, page };
        let mut session = self.storage.session().await.unwrap();
        session.customers().list(self.merchant.id, &all).await.unwrap()
    }
}

/// A file with these rows.
pub(crate) fn file(rows: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<customers>{rows}</customers>")
}

/// A row that says enough, with what is said besides or instead.
pub(crate) fn row(changes: &[(&str, &str)]) -> String {
    let mut nodes = vec![
        ("email", "ada@shop.example"),
        ("firstName", "Ada"),
        ("lastName", "Byron"),
        ("active", "true"),
        ("birthDate", "1990-12-10"),
        ("agreement1", "true"),
        ("gender", "female"),
    ];
    nodes.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let nodes = nodes.iter().chain(changes).filter(|(_, text)| *text != "-");
    let nodes: Vec<_> = nodes.map(|(name, text)| format!("<{name}>{text}</{name}>")).collect();
    format!("<customer>{}</customer>", nodes.concat())
}

/// The report as the contract has it, without the ids.
pub(crate) fn report(outcomes: &[Outcome]) -> Value {
    let item = |outcome: &Outcome| match &outcome.result {
        Ok(_) => json!({"status": "success", "identifier": outcome.identifier}),
        Err(message) => {
            json!({"status": "error", "message": message, "identifier": outcome.identifier})
        }
    };
    let stored = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    json!({
        "items": outcomes.iter().map(item).collect::<Vec<_>>(),
        "totalProcessed": outcomes.len(),
        "totalSuccess": stored,
        "totalFailed": outcomes.len() - stored,
    })
}
