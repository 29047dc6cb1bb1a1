//! Who looked at whom. What was changed is told by the stored events (`domain.md` §6); a look leaves none.

mod model;
mod port;

pub use model::View;
pub use port::AuditRepository;
