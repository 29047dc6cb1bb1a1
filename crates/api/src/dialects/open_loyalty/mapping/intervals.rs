//! Numbers of days that figures are wanted for (contract 4.9).

use std::collections::BTreeSet;

use super::super::errors::Error;
use crate::http::form::FormValue;

/// The most numbers in one request.
const MOST: usize = 12;
/// The longest interval: ten years.
const MOST_DAYS: u16 = 3_660;

/// `intervals=1,7` or `intervals[]=1&intervals[]=7`; none if nothing is said.
pub(crate) fn intervals(parameters: &FormValue) -> Result<BTreeSet<u16>, Error> {
    let texts: Vec<&FormValue> = match parameters.get("intervals") {
        None => Vec::new(),
        Some(FormValue::Map(entries)) => entries.iter().map(|(_, value)| value).collect(),
        Some(one) => vec![one],
    };
    let mut days = BTreeSet::new();
    for value in texts {
        let FormValue::Text(text) = value else { return Err(Error::BadRequest) };
        for number in text.split(',').map(str::trim).filter(|number| !number.is_empty()) {
            let number = number.parse().ok().filter(|number| (1..=MOST_DAYS).contains(number));
            days.insert(number.ok_or(Error::BadRequest)?);
        }
    }
    if days.len() > MOST { Err(Error::BadRequest) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use crate::http::form::{FormLimits, parse};

    use super::*;

    fn read(query: &str) -> Option<Vec<u16>> {
        let parameters = parse(query.as_bytes(), FormLimits { depth: 5, keys: 100 }).unwrap();
        intervals(&parameters).ok().map(|days| days.into_iter().collect())
    }

    #[test]
    fn numbers_of_days_come_in_either_spelling() {
        assert_eq!(read(""), Some(vec![]));
        assert_eq!(read("intervals="), Some(vec![]));
        assert_eq!(read("intervals=7,1, 30"), Some(vec![1, 7, 30]));
        assert_eq!(read("intervals[]=7&intervals[]=1&intervals[]=7"), Some(vec![1, 7]));
    }

    #[test]
    fn what_is_no_number_of_days_is_refused() {
        for query in
            ["intervals=0", "intervals=-1", "intervals=3661", "intervals=day", "intervals[][]=1"]
        {
            assert_eq!(read(query), None, "{query}");
        }
        let many: Vec<_> = (1..=13).map(|number| number.to_string()).collect();
        assert_eq!(read(&format!("intervals={}", many.join(","))), None);
    }
}
