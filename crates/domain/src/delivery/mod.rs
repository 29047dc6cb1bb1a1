//! Deliveries: what happened, on its way to those who asked to be told (KO 3.5 to 3.7, OL 8, `domain.md` §6).
//!
//! An event is committed with its change. Later it is *fanned out*: each endpoint that wants it gets a delivery. The
//! deliveries of one endpoint about one customer are a *lane*: they are sent one after the other, in the order of the
//! customer's versions, and a lane that has to wait holds up no other. A delivery is claimed for a while, sent outside of
//! any transaction, and settled; if its claim ends first somebody else sends it again, under the same id.
//!
//! [`FanOut`] and [`Dispatcher`] do this; [`Deliveries`] is what the operator sees of it.

mod dispatcher;
mod fan_out;
mod feed;
mod model;
mod port;
mod repository;
mod retry;
mod sample;
mod service;
mod signing;
mod want;
mod work;

pub use dispatcher::{Dispatcher, Work};
pub use fan_out::{FanOut, FanOutError, Progress};
pub use feed::{
    Beyond, EventName, FeedEvent, FeedFilter, FeedPosition, Headline, InvalidPosition, Stretch,
};
pub use model::{
    Attempt, DeliveryKey, DeliveryState, Endpoint, Fact, Lane, Next, Outcome, Place, Source,
    Subject, Target, Trial, Unwritten, Warning,
};
pub use port::{Failure, Order, Outgoing, RenderError, Rendered, Renderer, Reply, Sender};
pub use repository::DeliveryRepository;
pub use retry::{ATTEMPTS, LONGEST_PAUSE, PARKED_FOR, RetrySchedule};
pub use service::{Deliveries, DeliveriesError, FeedPage};
pub use signing::{OVERLAP, Retired, SigningSecrets};
pub use want::Wants;
pub use work::{
    Claim, Delivery, DeliveryQuery, EndpointHealth, FailingEndpoint, LEASE, Lease, Listener,
    NewDelivery, Party, Room, Settlement,
};
