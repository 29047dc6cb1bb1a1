//! What was stored against what arrived.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use super::sink::Receipt;
use crate::database;
use crate::failure::Failure;

/// What of the programme's events is written for the merchant's webhook.
const PROGRAMME: [&str; 10] = [
    "customer_created",
    "customer_updated",
    "customer_anonymized",
    "customer_deactivated",
    "level_changed",
    "level_moved",
    "points_changed",
    "points_expiring",
    "level_expiring",
    "transaction_assigned",
];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Report {
    events: usize,
    expected: usize,
    received: usize,
    again: usize,
    faults: BTreeMap<&'static str, usize>,
}

impl Report {
    /// Whether everything is as it must be.
    pub(super) fn into_outcome(self) -> Result<(), Failure> {
        if self.faults.is_empty() && self.expected > 0 {
            Ok(())
        } else {
            Err(Failure::explained("webhooks are not as they must be"))
        }
    }

    fn fault(&mut self, what: &'static str, count: usize) {
        if count > 0 {
            *self.faults.entry(what).or_default() += count;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, expected, received, again, faults } = self;
        write!(
            f,
            "{events} events, {expected} deliveries, {received} received, {again} of them again"
        )?;
        for (what, count) in faults {
            write!(f, "\nFAULT: {count} {what}")?;
        }
        Ok(())
    }
}

/// A customer's event: whom it is about, and its place there.
type Event = (String, u64, u64);

/// Compares the events that were stored since a transaction with what arrived.
pub(super) fn judge(url: &str, since: u64, receipts: &[Receipt]) -> Result<Report, Failure> {
    Ok(compare(&expected(url, since)?, &deliveries(url)?, receipts))
}

fn compare(
    expected: &BTreeSet<(String, Event)>,
    deliveries: &HashMap<String, Event>,
    receipts: &[Receipt],
) -> Report {
    let mut report = Report {
        events: expected.iter().map(|(_, event)| event).collect::<HashSet<_>>().len(),
        expected: expected.len(),
        received: receipts.len(),
        ..Report::default()
    };
    let (mut bodies, mut accepted) = (HashMap::new(), HashSet::new());
    let mut last: HashMap<(&str, &str), (u64, u64)> = HashMap::new();
    for receipt in receipts {
        if receipt.is_dropped {
            report.fault("of a dropped change", 1);
        }
        let Some(event) = deliveries.get(&receipt.id) else {
            report.fault("of no delivery that is stored", 1);
            continue;
        };
        let key = (receipt.path.as_str(), event);
        if !expected.contains(&(receipt.path.clone(), event.clone())) {
            report.fault("that nobody asked for", 1);
        }
        if receipt.accepted {
            accepted.insert(key);
        }
        let bytes = (receipt.path.as_str(), receipt.body);
        if let Some(before) = bodies.insert(receipt.id.as_str(), bytes) {
            report.again += 1;
            report.fault("that came again with other bytes", usize::from(before != bytes));
            continue;
        }
        let place = (event.1, event.2);
        let before = last.insert((&receipt.path, &event.0), place);
        let is_late = before.is_some_and(|before| before >= place);
        report.fault("that came after a later one of the customer", usize::from(is_late));
    }
    let missing =
        expected.iter().filter(|(path, event)| !accepted.contains(&(path.as_str(), event))).count();
    report.fault("that never arrived", missing);
    let mut ids: HashMap<_, HashSet<&str>> = HashMap::new();
    for receipt in receipts {
        let event = deliveries.get(&receipt.id);
        ids.entry((&receipt.path, event)).or_default().insert(&receipt.id);
    }
    report.fault("under more than one id", ids.values().filter(|ids| ids.len() > 1).count());
    report
}

/// Who is to be told of what, by the path of the address.
fn expected(url: &str, since: u64) -> Result<BTreeSet<(String, Event)>, Failure> {
    let rows = database::query(
        url,
        &format!(
            "SELECT customer_id, version, ordinal, kind FROM events WHERE transaction_id >= '{since}'::xid8 \
             AND subject = 'customer'"
        ),
    )?;
    let mut expected = BTreeSet::new();
    for row in rows.lines() {
        let fields: Vec<&str> = row.split('\t').collect();
        let [customer, version, ordinal, kind] = fields[..] else { continue };
        let event = (customer.to_owned(), number(version)?, number(ordinal)?);
        let topic = match kind {
            "customer_created" => Some("/created"),
            "customer_updated" | "customer_anonymized" => Some("/updated"),
            "customer_deleted" => Some("/deleted"),
            _ => None,
        };
        if let Some(topic) = topic {
            expected.insert((topic.to_owned(), event.clone()));
        }
        if PROGRAMME.contains(&kind) {
            expected.insert(("/programme".to_owned(), event));
        }
    }
    Ok(expected)
}

/// Which event each delivery is of.
fn deliveries(url: &str) -> Result<HashMap<String, Event>, Failure> {
    let rows = database::query(url, "SELECT id, subject_id, version, ordinal FROM deliveries")?;
    let mut deliveries = HashMap::new();
    for row in rows.lines() {
        let fields: Vec<&str> = row.split('\t').collect();
        let [id, subject, version, ordinal] = fields[..] else { continue };
        let event = (subject.to_owned(), number(version)?, number(ordinal)?);
        deliveries.insert(id.to_owned(), event);
    }
    Ok(deliveries)
}

fn number(field: &str) -> Result<u64, Failure> {
    field.parse().map_err(|_| Failure::explained(format!("{field} is no number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(version: u64) -> Event {
        ("ada".to_owned(), version, 1)
    }

    fn receipt(id: &str) -> Receipt {
        let (id, path) = (id.to_owned(), "/updated".to_owned());
        Receipt { id, path, body: 7, accepted: true, is_dropped: false }
    }

    /// What is found when two updates were to be told, one after the other.
    fn faults(receipts: &[Receipt]) -> Vec<&'static str> {
        let expected = [1, 2].map(|version| ("/updated".to_owned(), told(version)));
        let deliveries = [("a", 1), ("b", 2), ("c", 2), ("d", 3)]
            .map(|(id, version)| (id.to_owned(), told(version)));
        let report = compare(&expected.into(), &deliveries.into(), receipts);
        report.faults.into_keys().collect()
    }

    #[test]
    fn what_comes_in_order_and_again_is_well() {
        let refused = Receipt { accepted: false, ..receipt("a") };
        assert!(faults(&[refused, receipt("a"), receipt("b"), receipt("a")]).is_empty());
    }

    #[test]
    fn every_fault_is_found() {
        let changed = Receipt { body: 8, ..receipt("a") };
        let dropped = Receipt { is_dropped: true, ..receipt("b") };
        let refused = Receipt { accepted: false, ..receipt("b") };
        for (receipts, fault) in [
            (vec![receipt("a")], "that never arrived"),
            (vec![receipt("a"), refused], "that never arrived"),
            (vec![receipt("b"), receipt("a")], "that came after a later one of the customer"),
            (vec![receipt("a"), receipt("b"), changed], "that came again with other bytes"),
            (vec![receipt("a"), dropped], "of a dropped change"),
            (vec![receipt("a"), receipt("b"), receipt("x")], "of no delivery that is stored"),
            (vec![receipt("a"), receipt("b"), receipt("d")], "that nobody asked for"),
        ] {
            assert_eq!(faults(&receipts), [fault]);
        }
        let twice = faults(&[receipt("a"), receipt("b"), receipt("c")]);
        assert!(twice.contains(&"under more than one id"), "{twice:?}");
    }
}
