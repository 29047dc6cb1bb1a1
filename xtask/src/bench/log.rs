//! What the service asks of Postgres, as Postgres writes it down.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::database;
use crate::failure::Failure;

/// How long a changed setting may take to arrive.
const PATIENCE: usize = 200;

/// One step of a conversation with Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The server process that served the connection.
    pub(super) pid: u32,
    pub(super) kind: StepKind,
    pub(super) text: String,
    /// The values of `$1`, `$2`, …; `None` is NULL.
    pub(super) parameters: Vec<Option<String>>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepKind {
    Parse,
    Bind,
    /// A statement was run, prepared or not.
    Run,
}

/// Has Postgres write down everything while `watched` runs, and returns that.
pub(super) fn watch<T>(
    url: &str,
    watched: impl FnOnce() -> Result<T, Failure>,
) -> Result<(T, Vec<Step>), Failure> {
    let data = database::query(url, "SHOW data_directory")?;
    let path = Path::new(data.trim()).parent().map_or_else(PathBuf::new, |site| site.join("log"));
    let mut file = File::open(&path).map_err(Failure::io("open PostgreSQL's log"))?;
    file.seek(SeekFrom::End(0)).map_err(Failure::io("read PostgreSQL's log"))?;
    set(url, "0")?;
    let outcome = watched();
    set(url, "-1")?;
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(Failure::io("read PostgreSQL's log"))?;
    Ok((outcome?, steps(&String::from_utf8_lossy(&text))))
}

fn set(url: &str, value: &str) -> Result<(), Failure> {
    database::query(url, &format!("ALTER SYSTEM SET log_min_duration_statement = {value}"))?;
    database::query(url, "SELECT pg_reload_conf()")?;
    for _ in 0..PATIENCE {
        if database::query(url, "SHOW log_min_duration_statement")?.trim() == value {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(Failure::explained("PostgreSQL does not take the setting"))
}

/// Reads log lines that begin with `%m [%p] `; a line that begins with a tab goes on with the one before.
fn steps(log: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for entry in log.replace("\n\t", " ").lines() {
        let Some((pid, message)) = message(entry) else { continue };
        if let Some(rest) = message.strip_prefix("LOG:  duration: ") {
            steps.extend(step(pid, rest));
        } else if let Some(rest) = message.strip_prefix("DETAIL:  parameters: ")
            && let Some(last) = steps.last_mut().filter(|step| step.pid == pid)
        {
            last.parameters = parameters(rest);
        }
    }
    steps
}

fn message(entry: &str) -> Option<(u32, &str)> {
    let (_, rest) = entry.split_once(" [")?;
    let (pid, message) = rest.split_once("] ")?;
    Some((pid.parse().ok()?, message))
}

fn step(pid: u32, rest: &str) -> Option<Step> {
    let (_, rest) = rest.split_once(" ms  ")?;
    let (what, text) = rest.split_once(": ")?;
    let kind = match what.split(' ').next()? {
        "parse" => StepKind::Parse,
        "bind" => StepKind::Bind,
        "execute" | "statement" => StepKind::Run,
        _ => return None,
    };
    Some(Step { pid, kind, text: text.to_owned(), parameters: Vec::new() })
}

/// Reads `$1 = 'it''s', $2 = NULL`.
fn parameters(text: &str) -> Vec<Option<String>> {
    let mut parameters = Vec::new();
    let mut rest = text;
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(quoted) = value.strip_prefix('\'') else {
            parameters.push(None);
            rest = value.strip_prefix("NULL").unwrap_or_default();
            continue;
        };
        let end = end_of_quote(quoted);
        parameters.push(Some(quoted[..end].replace("''", "'")));
        rest = quoted.get(end + 1..).unwrap_or_default();
    }
    parameters
}

/// Where the quote that closes the text stands; two in a row are part of it.
fn end_of_quote(text: &str) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].find('\'') {
        at += found;
        if !text[at + 1..].starts_with('\'') {
            return at;
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_with_their_parameters() {
        let log = "2026-01-01 00:00:00.000 UTC [7] LOG:  duration: 0.010 ms  parse s1: SELECT $1,\n\t$2\n\
                   2026-01-01 00:00:00.000 UTC [7] LOG:  duration: 0.010 ms  execute s1: SELECT $1, $2\n\
                   2026-01-01 00:00:00.000 UTC [7] DETAIL:  parameters: $1 = 'it''s, $3 = x', $2 = NULL\n\
                   2026-01-01 00:00:00.000 UTC [8] LOG:  duration: 0.010 ms  statement: BEGIN\n\
                   2026-01-01 00:00:00.000 UTC [8] LOG:  checkpoint starting\n";
        let steps = steps(log);
        assert_eq!(steps.len(), 3);
        assert_eq!((steps[0].kind, steps[0].text.as_str()), (StepKind::Parse, "SELECT $1, $2"));
        assert_eq!(steps[1].parameters, [Some("it's, $3 = x".to_owned()), None]);
        assert_eq!((steps[2].pid, steps[2].text.as_str()), (8, "BEGIN"));
    }

    #[test]
    fn a_value_of_nothing_but_quotes_is_read() {
        assert_eq!(parameters("$1 = '''', $2 = ''"), [Some("'".to_owned()), Some(String::new())]);
    }
}
