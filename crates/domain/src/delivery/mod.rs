//! Deliveries: what happened, on its way to those who asked to be told (KO 3.5 to 3.7, OL 8, `domain.md` §6).
//!
//! An event is committed with its change. Later it is *fanned out*: each endpoint that wants it gets a delivery. The
//! deliveries of one endpoint about one customer are a *lane*: they are sent one after the other, in the order of the
//! customer's versions, and a lane that has to wait holds up no other. A delivery is claimed for a while, sent outside of
//! any transaction, and settled; if its claim ends first somebody else sends it again, under the same id.

mod model;
mod port;
mod retry;
mod sample;
mod want;

pub use model::{
    Attempt, DeliveryKey, DeliveryState, Endpoint, Fact, Lane, Next, Outcome, Place, Source,
    Subject, Target,
};
pub use port::{Failure, Order, Outgoing, RenderError, Rendered, Renderer, Reply, Sender};
pub use retry::{ATTEMPTS, LONGEST_PAUSE, PARKED_FOR, next_attempt};
pub use sample::sample;
pub use want::Wants;
