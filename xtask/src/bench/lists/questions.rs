//! What is asked of Open Loyalty's lists.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::stage::Stage;
use crate::exchange::{ask, open_loyalty_bearer, request};
use crate::failure::Failure;

/// Every property that a list can be sorted by.
const SORTS: [&str; 19] = [
    "customerId",
    "active",
    "posId",
    "sellerId",
    "firstName",
    "lastName",
    "gender",
    "email",
    "phone",
    "birthDate",
    "loyaltyCardNumber",
    "createdAt",
    "updatedAt",
    "levelId",
    "level.name",
    "manuallyAssignedLevelId",
    "transactionsCount",
    "transactionsAmount",
    "averageTransactionAmount",
];

/// Every filter, met by many and by few. `#` stands for a number that is another one each time.
const FILTERS: [&str; 42] = [
    "firstName=ada",
    "firstName=%C5%BCan",
    "firstName=n",
    "firstName=Ada&strict=1",
    "lastName=kowalski",
    "lastName=enko",
    "lastName=wisovez",
    "lastName=zz",
    "lastName=Kowalski&strict=1",
    "lastName=Wisovez&strict=1",
    "email=example.com",
    "email=gmail",
    "email=.#@",
    "email=ada.#@example.com&strict=1",
    "phone=%2B48",
    "phone=#",
    "phone=%2B48#&strict=1",
    "loyaltyCardNumber=1",
    "loyaltyCardNumber=#",
    "loyaltyCardNumber=1000#&strict=1",
    "emailOrPhone=#",
    "emailOrPhone=ada.#@example.com&strict=1",
    "transactionsAmountFrom=1",
    "transactionsAmountFrom=1000&transactionsAmountTo=1001",
    "transactionsAmount=0",
    "averageTransactionAmountFrom=2000",
    "averageTransactionAmount=500",
    "transactionsCountFrom=10",
    "transactionsCount=3",
    "transactionsCountFrom=21",
    "daysFromLastTransactionTo=365",
    "daysFromLastTransactionTo=2",
    "hoursFromLastUpdateTo=1",
    "hoursFromLastUpdateTo=100000",
    "manuallyAssignedLevel=1",
    "labels[0][key]=source",
    "labels[0][key]=source&labels[0][value]=import7",
    "lastName=kow&sort=lastName&direction=asc",
    "email=gmail&sort=lastName",
    "lastName=kowalski&transactionsCountFrom=10",
    "firstName=ada&lastName=wisov&sort=transactionsAmount",
    "email=mail&daysFromLastTransactionTo=30&sort=email",
];

/// One kind of list.
pub(super) struct Question {
    pub(super) name: String,
    /// Whether page 10,000 is asked for too, if there is one.
    pub(super) is_deep: bool,
    bearer: Arc<str>,
}

/// Every order in both directions, then every filter.
pub(super) fn all(stage: &Stage) -> Result<Vec<Question>, Failure> {
    let bearer = open_loyalty_bearer(stage.address, "/api/admin/login_check", "admin")?;
    let bearer: Arc<str> = format!("{bearer}\r\n").into();
    let question = |name: String, is_deep| Question { name, is_deep, bearer: Arc::clone(&bearer) };
    let sorts = SORTS.into_iter().chain(["lastTransactionDate"]);
    let orders = sorts.flat_map(|sort| {
        [("asc", false), ("desc", true)]
            .map(|(direction, is_deep)| (format!("sort={sort}&direction={direction}"), is_deep))
    });
    let filters = FILTERS.into_iter().map(|filter| (filter.to_owned(), true));
    Ok(orders.chain(filters).map(|(name, is_deep)| question(name, is_deep)).collect())
}

impl Question {
    /// What the service says the size of the whole is.
    pub(super) fn total(&self, stage: &Stage) -> Result<u64, Failure> {
        let reply = ask(stage.address, &self.request(1), 200)?;
        let answer = serde_json::from_slice::<serde_json::Value>(&reply).unwrap_or_default();
        let total = answer["total"].as_u64();
        total.ok_or_else(|| Failure::explained("an answer without a total"))
    }

    /// Endless requests for one page.
    pub(super) fn requests(&self, page: u32) -> impl FnMut(usize, u64) -> Vec<u8> + Send + 'static {
        let one =
            Self { name: self.name.clone(), is_deep: false, bearer: Arc::clone(&self.bearer) };
        move |_, _| one.request(page)
    }

    fn request(&self, page: u32) -> Vec<u8> {
        static TURN: AtomicU64 = AtomicU64::new(0);
        // Five digits in no order, none of them rarer than the others.
        let number = 10_000 + TURN.fetch_add(1, Ordering::Relaxed).wrapping_mul(7_919) % 90_000;
        let parameters = self.name.replace('#', &number.to_string());
        request("GET", &format!("/api/customer?{parameters}&page={page}"), &self.bearer, "")
    }
}
