//! Budgets: how often something may happen in a window of time, counted in storage so that every process counts alike.

mod model;
mod port;
mod quota;

pub use model::{Budget, BudgetRule, ClientAddress};
pub use port::{BudgetRepository, Drawn};
pub use quota::{Allowance, Quota, Quotas, window_end};
