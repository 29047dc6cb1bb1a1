//! Lanes: who may send what now.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::super::state::{DeliveryRow, LaneRow, State};
use crate::delivery::{
    Claim, DeliveryKey, DeliveryState, Endpoint, Lane, Lease, Next, Outcome, Place, Room,
    Settlement,
};

impl State {
    /// Has a lane go on from a delivery that is due.
    pub(super) fn open_lane(&mut self, key: DeliveryKey, at: OffsetDateTime) {
        let is_first = self.first_of(key.lane).is_some_and(|(first, _)| first == key);
        let lane = self.lanes.entry(key.lane).or_insert(LaneRow { due_at: at, lease: None });
        if is_first && lane.lease.is_none() {
            lane.due_at = lane.due_at.min(at);
        }
    }

    /// Removes a lane with nothing pending.
    pub(super) fn close_lane(&mut self, lane: Lane) {
        if self.first_of(lane).is_none() {
            self.lanes.remove(&lane);
        }
    }

    pub(super) fn claim(&mut self, now: OffsetDateTime, lease: Lease, room: &Room) -> Vec<Claim> {
        let mut underway: HashMap<Endpoint, usize> = room.underway.iter().copied().collect();
        let mut due: Vec<(OffsetDateTime, Lane)> =
            self.lanes.iter().map(|(lane, row)| (row.due_at, *lane)).collect();
        due.retain(|(due_at, lane)| *due_at <= now && self.has_turn(lane.endpoint));
        due.sort_unstable();
        let mut claims = Vec::new();
        for (_, lane) in due {
            let busy = underway.entry(lane.endpoint).or_default();
            if claims.len() == room.total || *busy >= room.per_endpoint {
                continue;
            }
            let Some(claim) = self.claim_of(lane, lease) else { continue };
            claims.push(claim);
            *busy += 1;
            self.lanes.insert(lane, LaneRow { due_at: lease.until, lease: Some(lease.id) });
        }
        claims
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, now: OffsetDateTime) {
        let key = settlement.key;
        let holds =
            self.lanes.get(&key.lane).is_some_and(|row| row.lease == Some(settlement.lease));
        let mut attempt = settlement.attempt.clone();
        self.note_health(key.lane.endpoint, settlement);
        let delivery = self.deliveries.get_mut(&key).filter(|_| holds);
        if delivery.as_ref().is_none_or(|row| row.is_stripped) {
            attempt.forget_answer();
        }
        if let Some(row) = delivery {
            row.state = settlement.next.into();
            row.attempts = attempt.number;
            row.settled_at = (row.state != DeliveryState::Pending).then_some(now);
            if settlement.body.is_some() && !row.is_stripped {
                row.body.clone_from(&settlement.body);
            }
        }
        self.attempts.push((key.lane.endpoint, settlement.id, attempt));
        if holds {
            let stays = self.first_of(key.lane).is_some_and(|(first, _)| first == key);
            let due_at = match settlement.next {
                Next::Retry { at } if stays => at,
                _ => now,
            };
            self.lanes.insert(key.lane, LaneRow { due_at, lease: None });
            self.close_lane(key.lane);
        }
    }

    fn note_health(&mut self, endpoint: Endpoint, settlement: &Settlement) {
        let Some(row) = self.endpoints.get_mut(&endpoint) else { return };
        let at = settlement.attempt.at;
        row.last_attempt_at = row.last_attempt_at.max(Some(at));
        match settlement.attempt.outcome {
            Outcome::Unwritten(_) => {}
            _ if settlement.next == Next::Delivered => {
                row.last_success_at = row.last_success_at.max(Some(at));
                row.failing_since = None;
                row.told_at = None;
            }
            _ => row.failing_since = row.failing_since.or(Some(at)),
        }
    }

    fn has_turn(&self, endpoint: Endpoint) -> bool {
        let is_open = self.endpoints.get(&endpoint).is_some_and(|row| row.paused_at.is_none());
        is_open && self.target(endpoint).is_some()
    }

    fn claim_of(&self, lane: Lane, lease: Lease) -> Option<Claim> {
        let (key, row) = self.first_of(lane)?;
        Some(Claim {
            id: row.id,
            key,
            lease: lease.id,
            attempt: row.attempts + 1,
            body: row.body.clone(),
            fact: self.fact(lane.endpoint.merchant, lane.subject, key.place)?,
        })
    }

    /// The first delivery of a lane that is pending.
    fn first_of(&self, lane: Lane) -> Option<(DeliveryKey, &DeliveryRow)> {
        let from = DeliveryKey { lane, place: Place { version: 0, ordinal: 0 } };
        let to = DeliveryKey { lane, place: Place { version: u64::MAX, ordinal: u16::MAX } };
        let mut pending =
            self.deliveries.range(from..=to).filter(|(_, row)| row.state == DeliveryState::Pending);
        pending.next().map(|(key, row)| (*key, row))
    }
}
