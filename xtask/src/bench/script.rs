//! From what the service was seen to ask of Postgres for one request to a script that has pgbench ask the same over
//! and over, each time about another customer.

use super::crowd::{FIRST_KEY, FIRST_NUMBER, Person};
use super::log::{Step, StepKind};
use super::pgbench::Script;
use super::scenario::Kind;
use crate::failure::Failure;

/// How pgbench picks somebody.
const MEMBER: &str = "\\set n random(0, :customers - 1)\n\\set key :first_key + :n\n\\set number :first_number + :n\n";
/// How pgbench makes somebody up.
const NEWCOMER: &str = "\\set key :fresh\n";
/// A number that no transaction shares with another, of this run or an earlier one.
const FRESH: &str = "\\set turn :turn + 1\n\\set fresh :base + :client_id * 1000000 + :turn\n";
/// What the columns of the customer that was read are called.
const READ: &str = "was_";

/// A request and the statements it took.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) person: Person,
    pub(super) statements: Vec<Step>,
}

impl Sample {
    /// Picks the statements of one request from all that was written down while it was answered.
    pub(super) fn of(person: Person, steps: Vec<Step>) -> Result<Self, Failure> {
        let run = |step: &&Step| step.kind == StepKind::Run && step.text.contains(" customers");
        let pid = steps.iter().find(run).map(|step| step.pid);
        let pid = pid.ok_or_else(|| Failure::explained("the request asked nothing of Postgres"))?;
        let statements =
            steps.into_iter().filter(|step| step.pid == pid && step.kind == StepKind::Run);
        Ok(Self { person, statements: statements.collect() })
    }
}

/// Writes the script. What differs between the two samples must differ between any two transactions.
pub(super) fn write(kind: Kind, samples: &[Sample; 2]) -> Result<Script, Failure> {
    let [one, other] = samples;
    let alike = one.statements.len() == other.statements.len()
        && one.statements.iter().zip(&other.statements).all(|(a, b)| a.text == b.text);
    if !alike {
        return Err(Failure::explained(format!(
            "two like requests ran unlike statements:\n{one:#?}\n{other:#?}"
        )));
    }
    let mut writer = Writer { person: one.person, variables: Vec::new(), places: 0 };
    let mut sql = FRESH.to_owned();
    sql.push_str(if kind.adds_somebody() { NEWCOMER } else { MEMBER });
    let mut read = false;
    for (step, twin) in one.statements.iter().zip(&other.statements) {
        sql.push_str(&writer.statement(step, twin));
        let reads = kind == Kind::Update && !read && step.text.contains("wallet_id");
        sql.push_str(if reads { " \\gset was_\n" } else { ";\n" });
        read |= reads;
    }
    let mut variables = writer.variables;
    for (name, value) in [("first_key", FIRST_KEY), ("first_number", FIRST_NUMBER), ("turn", 0)] {
        variables.push((name.to_owned(), value.to_string()));
    }
    Ok(Script { sql, variables })
}

struct Writer {
    person: Person,
    variables: Vec<(String, String)>,
    /// How many expressions have been made that must be unique.
    places: u32,
}

impl Writer {
    fn statement(&mut self, step: &Step, twin: &Step) -> String {
        let values: Vec<String> = step
            .parameters
            .iter()
            .zip(twin.parameters.iter().chain(std::iter::repeat(&None)))
            .zip(1..)
            .map(|((value, other), number)| {
                let value = read_before(&step.text, number)
                    .unwrap_or_else(|| self.value(value.as_deref(), other.as_deref()));
                // pgbench declares no types, and here nothing else tells this one.
                let undeclared = step.text.contains(&format!("CASE ${number} WHEN"));
                if undeclared { format!("{value}::smallint") } else { value }
            })
            .collect();
        substitute(&step.text, &values)
    }

    fn value(&mut self, value: Option<&str>, other: Option<&str>) -> String {
        let Some(value) = value else { return "NULL".to_owned() };
        let differs = Some(value) != other;
        let key = self.person.key.to_string();
        if self.person.number.is_some_and(|number| value == number.to_string()) {
            return ":number".to_owned();
        }
        if let Some(prefix) = value.strip_suffix(&key).filter(|_| is_uuid(value)) {
            return format!("('{prefix}' || :key)::uuid");
        }
        if differs && is_uuid(value) {
            return self.fresh_uuid();
        }
        if let Some(list) = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'))
            && differs
            && list.split(',').all(is_uuid)
        {
            let ids: Vec<_> = list.split(',').map(|_| self.fresh_uuid()).collect();
            return format!("ARRAY[{}]", ids.join(", "));
        }
        if let Some((before, after)) = value.split_once(&key)
            && !value.starts_with('{')
        {
            return format!("('{before}' || :key || '{after}')");
        }
        let name = format!("p{}", self.variables.len());
        self.variables.push((name.clone(), value.to_owned()));
        format!(":{name}")
    }

    fn fresh_uuid(&mut self) -> String {
        self.places += 1;
        format!("('0190{:04x}-0000-7000-8000-' || :fresh)::uuid", self.places)
    }
}

/// What an update must have read to know: the version, and values that stay as they are.
fn read_before(text: &str, number: usize) -> Option<String> {
    let mentions = |pattern: String| text.starts_with("WITH given") && text.contains(&pattern);
    if mentions(format!("customers.version = ${number} - 1")) {
        return Some(format!("(:{READ}version::bigint + 1)"));
    }
    if mentions(format!("${number}::uuid AS wallet")) {
        return Some(format!(":{READ}wallet_id"));
    }
    mentions(format!(" created_at = ${number},")).then(|| format!(":{READ}created_at"))
}

/// Puts the values in the place of `$1`, `$2`, ….
fn substitute(text: &str, values: &[String]) -> String {
    let mut parts = text.split('$');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = part[..digits].parse().unwrap_or(0);
        match values.get(number.wrapping_sub(1)) {
            Some(value) => sql.push_str(value),
            None => sql.extend(["$", &part[..digits]]),
        }
        sql.push_str(&part[digits..]);
    }
    sql
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.parse::<uuid::Uuid>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::crowd;

    fn sample(person: Person, text: &str, parameters: &[Option<String>]) -> Sample {
        let step = Step {
            pid: 1,
            kind: StepKind::Run,
            text: text.to_owned(),
            parameters: parameters.to_vec(),
        };
        Sample { person, statements: vec![step] }
    }

    #[test]
    fn what_names_the_customer_names_another_each_time_and_the_rest_stays() {
        let text = "SELECT $2 FROM customers WHERE id = $1 AND email = $3 AND number = $4";
        let of = |person: Person| {
            let parameters = [person.id(), "x".into(), person.email(), FIRST_NUMBER.to_string()];
            sample(person, text, &parameters.map(Some))
        };
        let script = write(Kind::Get, &[of(crowd::member(0)), of(crowd::member(0))]).unwrap();
        assert!(script.sql.ends_with(
            "SELECT :p0 FROM customers WHERE id = ('01900000-0000-7000-8000-' || :key)::uuid \
             AND email = ('c' || :key || '@example.com') AND number = :number;\n"
        ));
        assert_eq!(script.variables[0], ("p0".to_owned(), "x".to_owned()));
    }

    #[test]
    fn ids_that_the_service_made_are_made_anew() {
        let id = |digit: &str| Some(format!("01900000-0000-7000-8000-00000000000{digit}"));
        let people = [crowd::member(1), crowd::member(2)];
        let text = "INSERT INTO customers VALUES ($1)";
        let samples = [sample(people[0], text, &[id("1")]), sample(people[1], text, &[id("2")])];
        let script = write(Kind::Create, &samples).unwrap();
        assert!(script.sql.contains("|| :fresh)::uuid"), "{}", script.sql);
    }

    #[test]
    fn requests_that_ask_different_things_are_no_scenario() {
        let samples = [
            sample(crowd::member(1), "SELECT 1 FROM customers", &[]),
            sample(crowd::member(2), "SELECT 2 FROM customers", &[]),
        ];
        assert!(write(Kind::Get, &samples).is_err());
    }

    #[test]
    fn a_parameter_with_two_digits_is_not_cut() {
        let values: Vec<String> = (1..=12).map(|number| format!("v{number}")).collect();
        assert_eq!(substitute("$1 $12 $1", &values), "v1 v12 v1");
    }
}
