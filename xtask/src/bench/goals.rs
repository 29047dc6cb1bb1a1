//! What was promised, and whether it is kept (`docs/performance.md`).

use super::comparison::Finding;
use super::report;
use super::scenario::Kind;
use super::stage::Process;

/// A figure and its bound.
struct Goal {
    name: String,
    bound: Bound,
    value: Option<f64>,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn row(self) -> Vec<String> {
        let (wanted, kept) = match self.bound {
            Bound::AtLeast(bound) => (format!("≥ {bound}"), self.value.map(|value| value >= bound)),
            Bound::AtMost(bound) => (format!("≤ {bound}"), self.value.map(|value| value <= bound)),
        };
        let value = self.value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
        let verdict = match kept {
            Some(true) => "pass",
            Some(false) => "short",
            None => "not measured",
        };
        vec![self.name, wanted, value, verdict.to_owned()]
    }
}

/// All goals, met or not.
pub(super) fn table(findings: &[Finding], process: &Process) -> String {
    let mut goals: Vec<Goal> = findings.iter().flat_map(of_scenario).collect();
    let goal = |name: &str, bound, value| Goal { name: name.to_owned(), bound, value };
    goals.push(goal("G9 memory idle, MiB", Bound::AtMost(25.0), process.idle));
    goals.push(goal("G9 memory after the load, MiB", Bound::AtMost(64.0), process.loaded));
    goals.push(goal("G10 start to ready, ms", Bound::AtMost(300.0), Some(process.started_in)));
    let rows: Vec<_> = goals.into_iter().map(Goal::row).collect();
    report::table(&["goal", "wanted", "found", "verdict"], &rows)
}

fn of_scenario(finding: &Finding) -> Vec<Goal> {
    let goal = |id: &str, what: &str, bound, value| Goal {
        name: format!("{id} {}: {what}", finding.name),
        bound,
        value,
    };
    let rate = |id, bound| goal(id, "rate ÷ pgbench", Bound::AtLeast(bound), finding.ratio());
    let cpu = |bound| goal("G5", "service CPU, µs", Bound::AtMost(bound), Some(finding.service));
    let mut goals = match finding.kind {
        None => return Vec::new(),
        Some(kind) if kind.is_more_than_statements() => return Vec::new(),
        Some(Kind::Get) => vec![rate("G1", 0.40), cpu(110.0)],
        Some(Kind::Create) => vec![rate("G2", 0.60), cpu(420.0)],
        Some(Kind::Update) => vec![rate("G3", 0.55)],
        Some(_) => Vec::new(),
    };
    let postgres = finding.postgres_ratio();
    goals.push(goal("G6", "Postgres CPU ÷ pgbench's", Bound::AtMost(1.3), postgres));
    goals.push(goal("G6", "parses", Bound::AtMost(0.0), finding.parses));
    goals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(bound: Bound, value: Option<f64>) -> String {
        Goal { name: String::new(), bound, value }.row().remove(3)
    }

    #[test]
    fn a_goal_is_kept_on_its_side_of_the_bound() {
        assert_eq!(verdict(Bound::AtLeast(0.4), Some(0.4)), "pass");
        assert_eq!(verdict(Bound::AtLeast(0.4), Some(0.39)), "short");
        assert_eq!(verdict(Bound::AtMost(1.3), Some(1.31)), "short");
        assert_eq!(verdict(Bound::AtMost(1.3), None), "not measured");
    }
}
