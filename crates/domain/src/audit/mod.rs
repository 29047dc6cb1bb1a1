//! Who did what to whom, and who looked. What was changed is told by the stored events (`domain.md` §6); a look leaves
//! none, and is stored by itself.

mod log;
mod model;
mod port;
mod service;

pub use log::{AUDIT_REACH, AuditCriterion, AuditEntry, AuditKind, AuditQuery};
pub use model::View;
pub use port::AuditRepository;
pub use service::AuditLog;
