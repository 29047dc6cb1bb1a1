//! Variables as a layer of settings.

use figment::Figment;
use figment::value::Value;

use super::{ConfigError, Problem};

const PREFIX: &str = "CLIENTELE_";

/// The settings that variables make: key and value, typed as the default of the same key is.
///
/// The type must come from the default and not from the look of the text: a master key of digits only is no number.
pub(super) fn overrides(
    defaults: &Figment,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<(String, Value)>, ConfigError> {
    let mut overrides = Vec::new();
    let mut problems = Vec::new();
    for (name, text) in variables {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        let key = key.to_ascii_lowercase().replace("__", ".");
        match typed(defaults.find_value(&key).ok().as_ref(), text) {
            Ok(value) => overrides.push((key, value)),
            Err(expected) => problems.push(Problem::new(key, format!("must be {expected}"))),
        }
    }
    if problems.is_empty() { Ok(overrides) } else { Err(ConfigError::Invalid(problems)) }
}

fn typed(default: Option<&Value>, text: String) -> Result<Value, &'static str> {
    match default {
        Some(Value::Num(..)) => {
            text.trim().parse::<u64>().map(Value::from).map_err(|_| "a whole number")
        }
        Some(Value::Bool(..)) => {
            text.trim().parse::<bool>().map(Value::from).map_err(|_| "true or false")
        }
        Some(Value::Array(..)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(Value::from(items.map(Value::from).collect::<Vec<_>>()))
        }
        _ => Ok(Value::from(text)),
    }
}
