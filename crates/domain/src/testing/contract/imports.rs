//! Promises about imports.

use std::sync::Arc;

use time::Duration;
use time::macros::datetime;

use crate::access::Actor;
use crate::customer::{
    Activation, CreateCustomer, Customer, CustomerError, CustomerQuery, Demands, Email, Identifier,
    Origin, Sort, SortKey,
};
use crate::event::EventKind;
use crate::import::{Import, ImportError, ImportRow, Imports};
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::message::MessageKind;
use crate::page::PageRequest;
use crate::secret::Fingerprint;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{
    CountingKeeper, FixedClock, SequentialEntropy, a_fingerprint, a_merchant, create_customer,
};

/// How far a file has come is kept with what it brought, so that an import that was cut off goes on where it was.
pub async fn imports(storage: &Storage) {
    an_import_is_begun_once(storage).await;
    an_import_moves_on_from_where_it_is(storage).await;
    another_merchants_imports_are_invisible(storage).await;
    a_batch_is_kept_with_its_events_its_messages_and_how_far_it_came(storage).await;
    a_batch_that_somebody_overtook_leaves_nothing(storage).await;
    an_import_that_is_cut_off_anywhere_brings_everybody_once(storage).await;
    of_two_imports_of_one_file_at_once_everybody_comes_once(storage).await;
}

fn an_import(tenant: Tenant<'_>) -> Import {
    Import {
        merchant: tenant.merchant,
        fingerprint: a_fingerprint(),
        processed: 0,
        stored: 0,
        begun_at: datetime!(2026-03-02 08:15 UTC),
        finished_at: None,
    }
}

async fn found(tenant: Tenant<'_>, fingerprint: Fingerprint) -> Option<Import> {
    let mut session = tenant.session().await;
    session.imports().find(tenant.merchant, fingerprint).await.expect("an answer")
}

async fn an_import_is_begun_once(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let import = an_import(tenant);
    assert_eq!(found(tenant, import.fingerprint).await, None);
    let begin = async |import: &Import| tenant.session().await.imports().begin(import).await;
    assert_eq!(begin(&import).await, Ok(import));
    let later = Import { begun_at: import.begun_at + Duration::hours(1), ..import };
    assert_eq!(begin(&later).await, Ok(import));
    assert_eq!(found(tenant, import.fingerprint).await, Some(import));
}

async fn an_import_moves_on_from_where_it_is(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = an_import(tenant);
    let after = Import { processed: 500, stored: 490, ..before };
    let end = Import { finished_at: Some(before.begun_at + Duration::hours(1)), ..after };
    let mut session = tenant.session().await;
    assert_eq!(session.imports().advance(&before, &after).await, Ok(false), "it was never begun");
    session.imports().begin(&before).await.expect("a new import");
    assert_eq!(session.imports().advance(&before, &after).await, Ok(true));
    assert_eq!(session.imports().advance(&before, &after).await, Ok(false));
    assert_eq!(session.imports().advance(&after, &end).await, Ok(true));
    assert_eq!(session.imports().advance(&after, &end).await, Ok(false));
    drop(session);
    assert_eq!(found(tenant, before.fingerprint).await, Some(end));
}

async fn another_merchants_imports_are_invisible(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let import = an_import(here);
    here.session().await.imports().begin(&import).await.expect("a new import");
    assert_eq!(found(there, import.fingerprint).await, None);
    let theirs = Import { merchant: there.merchant, processed: 3, ..import };
    assert_eq!(there.session().await.imports().begin(&theirs).await, Ok(theirs));
    assert_eq!(found(here, import.fingerprint).await, Some(import));
}

/// A merchant, a file of it, and who imports it.
struct Desk<'a> {
    tenant: Tenant<'a>,
    merchant: Merchant,
    imports: Imports,
    file: Fingerprint,
}

impl<'a> Desk<'a> {
    async fn new(storage: &'a Storage) -> Self {
        let merchant = a_merchant();
        let mut session = storage.session().await.expect("a session");
        session.merchants().insert(&merchant).await.expect("a new merchant");
        let (clock, entropy) = (FixedClock::default(), SequentialEntropy::default());
        let keeper = CountingKeeper::default();
        let imports =
            Imports::new(storage.clone(), Arc::new(clock), Arc::new(entropy), Arc::new(keeper));
        let tenant = Tenant { storage, merchant: merchant.id };
        Self { tenant, merchant, imports, file: a_fingerprint() }
    }

    async fn begin(&self) -> Import {
        self.imports.begin(self.merchant.id, self.file).await.expect("an import")
    }

    async fn store(
        &self,
        import: &mut Import,
        rows: &[ImportRow],
    ) -> Result<Vec<Result<Customer, CustomerError>>, ImportError> {
        let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
        let origin = Origin { merchant: self.merchant.id, actor: Actor::System, demands };
        let (ladder, progress) = (Ladder::new(Vec::new()), Some((import, rows.len() as u64)));
        self.imports.store(&origin, &self.merchant, &ladder, rows.to_vec(), progress).await
    }

    /// Imports the rows from where the import is, in batches, and stops after so many of them, as a process does that is
    /// killed.
    async fn import(&self, rows: &[ImportRow], batches: usize) -> Result<Import, ImportError> {
        let mut import = self.begin().await;
        let rest = &rows[usize::try_from(import.processed).expect("a few")..];
        for batch in rest.chunks(BATCH).take(batches) {
            self.store(&mut import, batch).await?;
        }
        Ok(import)
    }

    async fn waiting(&self) -> u64 {
        self.tenant.session().await.messages().waiting().await.expect("an answer")
    }

    /// The e-mail addresses of all customers, by number.
    async fn emails(&self) -> Vec<String> {
        let sort = Sort { key: SortKey::Number, descending: false };
        let page = PageRequest { offset: 0, limit: None };
        let all = self.tenant.list(&CustomerQuery { criteria: Vec::new(), sort, page }).await;
        all.into_iter().filter_map(|customer| Some(customer.email?.as_str().to_owned())).collect()
    }
}

/// Not a number of rows that storage has a statement for.
const BATCH: usize = 21;

fn a_row(email: &str) -> ImportRow {
    let customer =
        CreateCustomer { notices: vec![MessageKind::AccountCreated], ..create_customer(email) };
    ImportRow { customer, send_activation: false }
}

/// So many rows with addresses of their own.
fn rows(count: usize) -> Vec<ImportRow> {
    (0..count).map(|number| a_row(&format!("{number:04}@example.test"))).collect()
}

async fn a_batch_is_kept_with_its_events_its_messages_and_how_far_it_came(storage: &Storage) {
    let desk = Desk::new(storage).await;
    let (mut import, waiting) = (desk.begin().await, desk.waiting().await);
    let mut batch = rows(20);
    // One is there twice, and one stays new and is told how to become active.
    batch[7].customer.email = Email::try_from("0003@EXAMPLE.test").ok();
    batch[9].customer.activation = Activation::Pending;
    batch[9].send_activation = true;
    let results = desk.store(&mut import, &batch).await.expect("a stored batch");
    assert_eq!(results[7], Err(CustomerError::Taken(vec![Identifier::Email])));
    assert_eq!((import.processed, import.stored, import.finished_at), (20, 19, None));
    assert_eq!(found(desk.tenant, desk.file).await, Some(import));
    assert_eq!(desk.waiting().await - waiting, 20, "one each, and a link");
    for customer in results.into_iter().flatten() {
        assert_eq!(desk.tenant.find(customer.id).await.as_ref(), Some(&customer));
        let events = desk.tenant.events(customer.id).await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].event.kind, EventKind::CustomerCreated);
        // Who holds what is no part of what happened.
        let told = Customer { holdings: customer.holdings, ..events[0].record.clone() };
        assert_eq!(told, customer);
    }
    desk.imports.finish(&mut import).await.expect("the end");
    assert!(import.finished_at.is_some());
    assert_eq!(desk.begin().await, import);
}

async fn a_batch_that_somebody_overtook_leaves_nothing(storage: &Storage) {
    let desk = Desk::new(storage).await;
    let (mut first, mut second) = (desk.begin().await, desk.begin().await);
    let waiting = desk.waiting().await;
    desk.store(&mut first, &rows(3)).await.expect("a stored batch");
    let others: Vec<_> = rows(6).split_off(3);
    assert_eq!(desk.store(&mut second, &others).await, Err(ImportError::Overtaken));
    assert_eq!(desk.emails().await.len(), 3);
    assert_eq!(desk.waiting().await - waiting, 3);
    assert_eq!(found(desk.tenant, desk.file).await, Some(first));
    assert_eq!(desk.imports.finish(&mut second).await, Err(ImportError::Overtaken));
}

async fn an_import_that_is_cut_off_anywhere_brings_everybody_once(storage: &Storage) {
    let file = rows(5 * BATCH - 4);
    for cut_after in 0..5 {
        let desk = Desk::new(storage).await;
        let cut = desk.import(&file, cut_after).await.expect("a beginning");
        assert_eq!(cut.processed, (cut_after * BATCH) as u64);
        let whole = desk.import(&file, usize::MAX).await.expect("the rest");
        assert_eq!((whole.processed, whole.stored), (file.len() as u64, file.len() as u64));
        let expected: Vec<_> = file.iter().filter_map(|row| row.customer.email.clone()).collect();
        let expected: Vec<_> = expected.iter().map(Email::as_str).collect();
        assert_eq!(desk.emails().await, expected, "everybody once, in the order of the file");
    }
}

async fn of_two_imports_of_one_file_at_once_everybody_comes_once(storage: &Storage) {
    let desk = Desk::new(storage).await;
    let file = rows(3 * BATCH);
    let outcomes = all_at_once([(); 2].map(|()| desk.import(&file, usize::MAX))).await;
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(ImportError::Overtaken))));
    assert_eq!(desk.emails().await.len(), file.len());
    let stored = found(desk.tenant, desk.file).await.map(|import| import.stored);
    assert_eq!(stored, Some(file.len() as u64));
}
