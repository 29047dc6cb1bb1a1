//! Lines for the log: which delivery, and never whose or what.

use domain::delivery::{Endpoint, FailingEndpoint, Next, Outcome, Settlement, Source};

/// What came of an attempt, where it is worth a line.
pub(super) fn settled(settlement: &Settlement) {
    let endpoint = settlement.key.lane.endpoint;
    let (merchant, webhook) = (endpoint.merchant, name(endpoint));
    let (id, attempt) = (settlement.id, settlement.attempt.number);
    let outcome = match &settlement.attempt.outcome {
        Outcome::Answered { status, .. } => status.to_string(),
        Outcome::Failed(failure) => failure.name().to_owned(),
        Outcome::Unwritten(reason) => reason.name().to_owned(),
    };
    match settlement.next {
        Next::Delivered => tracing::debug!(
            merchant.id = %merchant, webhook, delivery.id = %id, attempt, outcome, "webhook delivered"
        ),
        Next::Retry { at } => tracing::debug!(
            merchant.id = %merchant, webhook, delivery.id = %id, attempt, outcome, %at, "webhook put off"
        ),
        Next::Parked => tracing::warn!(
            merchant.id = %merchant, webhook, delivery.id = %id, attempt, outcome, "webhook parked"
        ),
        Next::Dropped => tracing::info!(
            merchant.id = %merchant, webhook, delivery.id = %id, attempt, outcome, "webhook dropped"
        ),
    }
}

/// An endpoint that nothing has reached for long.
pub(super) fn failing(failing: &FailingEndpoint) {
    let FailingEndpoint { endpoint, since } = failing;
    tracing::warn!(
        merchant.id = %endpoint.merchant, webhook = name(*endpoint), %since,
        "nothing has reached this webhook for a day or longer"
    );
}

fn name(endpoint: Endpoint) -> String {
    match endpoint.source {
        Source::Settings => "settings".to_owned(),
        Source::Subscription(number) => number.to_string(),
    }
}
