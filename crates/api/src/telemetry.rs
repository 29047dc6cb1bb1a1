//! Structured logs on standard output.
//!
//! Events carry ids, counts and names of settings; never bodies, tokens, addresses or other personal data.

use std::io;

use tracing::Subscriber;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::{self, MakeWriter};

use crate::config::{LogConfig, LogFormat};

/// Sends every event of the process to standard output. Called once, before anything is logged.
pub fn init(log: &LogConfig) -> Result<(), TelemetryError> {
    tracing::subscriber::set_global_default(subscriber(log, io::stdout)?)?;
    Ok(())
}

/// The log as configured, to any writer.
pub fn subscriber<W>(
    log: &LogConfig,
    writer: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.filter)?;
    let builder =
        fmt::Subscriber::builder().with_writer(writer).with_ansi(false).with_env_filter(filter);
    Ok(match log.format {
        LogFormat::Json => {
            Box::new(builder.json().flatten_event(true).with_span_list(false).finish())
        }
        LogFormat::Text => Box::new(builder.finish()),
    })
}

/// Logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not in the syntax of `EnvFilter`.
    #[error("`log.filter` is no valid filter")]
    Filter(#[from] ParseError),
    /// Logging was started before.
    #[error("logging was started twice")]
    Started(#[from] SetGlobalDefaultError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Lines;

    fn logged(format: LogFormat, filter: &str) -> Vec<String> {
        let lines = Lines::default();
        let log = LogConfig { format, filter: filter.to_owned() };
        tracing::subscriber::with_default(subscriber(&log, lines.clone()).unwrap(), || {
            tracing::info!(count = 3, "loaded\n{{\"forged\":1}}");
            tracing::debug!("detail");
        });
        lines.read()
    }

    #[test]
    fn json_logs_have_one_object_a_line_with_fields_at_the_top() {
        let lines = logged(LogFormat::Json, "info");
        assert_eq!(lines.len(), 1);
        let event: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!((&event["level"], &event["count"]), (&"INFO".into(), &3.into()));
        assert_eq!(event["message"], "loaded\n{\"forged\":1}");
    }

    #[test]
    fn the_filter_decides_what_is_logged() {
        assert_eq!(
            logged(LogFormat::Text, "debug").iter().filter(|line| line.contains("detail")).count(),
            1
        );
        assert_eq!(logged(LogFormat::Text, "warn"), Vec::<String>::new());
    }

    #[test]
    fn a_broken_filter_names_the_setting() {
        let log = LogConfig { format: LogFormat::Json, filter: "info,[".to_owned() };
        let error = subscriber(&log, io::sink).err().expect("no filter").to_string();
        assert!(error.contains("log.filter"), "{error}");
    }
}
