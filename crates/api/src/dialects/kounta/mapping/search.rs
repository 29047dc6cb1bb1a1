//! What a query string looks for (contract 2.3).

use domain::customer::{Lookup, email_key, phone_key};
use domain::text::Line;

use crate::dialects::kounta::errors::{Kind, Violation};
use crate::http::form::FormValue;

/// What a request for customers means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// All of them.
    Everyone,
    /// Those with this value of the calling application; `None` for a value that nobody can have.
    Reference(Option<Line>),
    /// The one that a look-up means; `None` for values that nobody can have.
    One(Option<Lookup>),
}

/// Reads the search: of several, `reference_id` comes first, then `email`, then `mobile`, then name and phone.
pub(crate) fn search(query: &FormValue) -> Result<Search, Violation> {
    if let Some(reference) = parameter(query, "reference_id")? {
        let given = Some(reference).filter(|reference| !reference.is_empty());
        return Ok(Search::Reference(given.and_then(|given| Line::try_from(given).ok())));
    }
    if let Some(email) = parameter(query, "email")? {
        let key = storable(email).and_then(|email| email_key(&email));
        return Ok(Search::One(key.map(Lookup::Email)));
    }
    if let Some(mobile) = parameter(query, "mobile")? {
        return Ok(Search::One(phone_key(mobile).map(Lookup::Mobile)));
    }
    let parts = ["first_name", "last_name", "phone"].map(|key| parameter(query, key));
    match parts {
        [Ok(None), Ok(None), Ok(None)] => Ok(Search::Everyone),
        [first, last, phone] => match (first?, last?, phone?) {
            (Some(first), Some(last), Some(phone)) => {
                let parts = (storable(first.trim()), storable(last.trim()), phone_key(phone));
                let lookup = match parts {
                    (Some(first), Some(last), Some(phone)) => {
                        Some(Lookup::NameAndPhone { first, last, phone })
                    }
                    _ => None,
                };
                Ok(Search::One(lookup))
            }
            _ => Err(Violation::PartialNameSearch),
        },
    }
}

fn parameter<'a>(query: &'a FormValue, key: &'static str) -> Result<Option<&'a str>, Violation> {
    match query.get(key) {
        None => Ok(None),
        Some(FormValue::Text(text)) => Ok(Some(text)),
        Some(_) => Err(Violation::WrongType(key, Kind::String)),
    }
}

/// Storage must not be asked for what it cannot hold.
fn storable(text: &str) -> Option<String> {
    Line::try_from(text.trim()).ok().map(Line::into_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::form::{self, FormLimits};

    fn of(query: &str) -> Result<Search, Violation> {
        search(&form::parse(query.as_bytes(), FormLimits { depth: 5, keys: 100 }).unwrap())
    }

    fn one(lookup: Lookup) -> Search {
        Search::One(Some(lookup))
    }

    const NOBODY: Result<Search, Violation> = Ok(Search::One(None));

    #[test]
    fn unknown_keys_look_for_nothing() {
        for query in ["", "page=2&per_page=100&limit=5", "created_gt=2020&value_lt=3", "Email=x"] {
            assert_eq!(of(query), Ok(Search::Everyone), "{query}");
        }
    }

    #[test]
    fn values_are_looked_up_in_their_normal_form() {
        assert_eq!(
            of("email=%20Ayla%40X.test%20"),
            Ok(one(Lookup::Email("ayla@x.test".to_owned())))
        );
        for query in ["mobile=0491+570+156", "mobile=0491570156", "mobile=%2B0491-570-156"] {
            assert_eq!(of(query), Ok(one(Lookup::Mobile("0491570156".to_owned()))), "{query}");
        }
        let expected = Lookup::NameAndPhone {
            first: "Jamie".to_owned(),
            last: "McDonald".to_owned(),
            phone: "0287654321".to_owned(),
        };
        assert_eq!(
            of("first_name=+Jamie&last_name=McDonald+&phone=02+8765+4321"),
            Ok(one(expected))
        );
    }

    #[test]
    fn two_of_three_are_refused() {
        for query in ["first_name=a", "first_name=a&last_name=b", "phone=1", "last_name=&phone="] {
            assert_eq!(of(query), Err(Violation::PartialNameSearch), "{query}");
        }
    }

    #[test]
    fn what_nobody_can_have_matches_nobody() {
        let long = "a".repeat(256);
        for query in [
            "email=",
            "email=%00",
            "mobile=",
            "mobile=none",
            "first_name=a&last_name=b&phone=none",
            "first_name=%00&last_name=b&phone=1",
            &format!("email={long}"),
        ] {
            assert_eq!(of(query), NOBODY, "{query}");
        }
        for query in ["reference_id=", "reference_id=%00", &format!("reference_id={long}")] {
            assert_eq!(of(query), Ok(Search::Reference(None)), "{query}");
        }
    }

    #[test]
    fn of_several_searches_the_first_in_order_counts_and_the_rest_is_not_judged() {
        let reference = Ok(Search::Reference(Line::try_from("r").ok()));
        assert_eq!(of("first_name=a&mobile=1&email=a@b&reference_id=r"), reference);
        assert_eq!(of("phone=2&mobile=1&email=a@b"), Ok(one(Lookup::Email("a@b".to_owned()))));
        assert_eq!(of("phone=2&mobile=1"), Ok(one(Lookup::Mobile("1".to_owned()))));
        assert_eq!(of("email=x@y&email=a@b"), Ok(one(Lookup::Email("a@b".to_owned()))));
    }

    #[test]
    fn a_list_where_a_text_is_due_is_refused() {
        for (query, key) in [("email[]=a", "email"), ("reference_id[x]=1", "reference_id")] {
            assert_eq!(of(query), Err(Violation::WrongType(key, Kind::String)), "{query}");
        }
    }
}
