//! Pages of 25, by number or behind an id (contract 1.8).

use actix_web::http::header::HeaderMap;
use domain::id::CustomerNumber;

use crate::http::form::FormValue;

/// Items of a page.
pub(crate) const PAGE_SIZE: u64 = 25;

/// Which page a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position<N> {
    /// By its number, from 0.
    Page(u64),
    /// The page that begins behind a number.
    After(N),
}

/// The position that `start` in the query or the header `X-Page` gives; what is no number is not there.
pub(crate) fn position<N: TryFrom<i64>>(headers: &HeaderMap, query: &FormValue) -> Position<N> {
    if let Some(FormValue::Text(start)) = query.get("start")
        && let Some(start) = whole(start).filter(|start| *start > 0)
    {
        let number = i64::try_from(start).unwrap_or(CustomerNumber::MAX).min(CustomerNumber::MAX);
        if let Ok(number) = N::try_from(number) {
            return Position::After(number);
        }
    }
    let page = headers.get("x-page").and_then(|page| whole(page.to_str().ok()?.trim()));
    Position::Page(page.unwrap_or(0))
}

/// A number too large for us is still a number: it lies beyond every list. Clients read it back as 64 bits with a sign.
fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(i64::MAX).unsigned_abs())
}

/// The part of a list that was found, among the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The page's number.
    pub(crate) page: u64,
    /// Items before the page.
    pub(crate) before: u64,
    /// Items on the page.
    pub(crate) here: u64,
    /// Items of the whole list.
    pub(crate) total: u64,
}

impl Window {
    /// How many pages the whole list has; an empty one has one.
    pub(crate) fn pages(&self) -> u64 {
        self.total.div_ceil(PAGE_SIZE).max(1)
    }

    /// Whether another page follows.
    pub(crate) fn goes_on(&self) -> bool {
        self.here > 0 && self.before.saturating_add(self.here) < self.total
    }
}

/// The part of a list that fits on one page, and is known as a whole.
pub(crate) fn short_list<T>(
    items: Vec<T>,
    id: impl Fn(&T) -> i64,
    position: Position<i64>,
) -> (Window, Vec<T>) {
    let total = items.len() as u64;
    let (page, before, here) = match position {
        Position::Page(0) => (0, 0, items),
        Position::Page(page) => (page, page.saturating_mul(PAGE_SIZE), Vec::new()),
        Position::After(last) => {
            let here: Vec<_> = items.into_iter().filter(|item| id(item) > last).collect();
            (0, total - here.len() as u64, here)
        }
    };
    (Window { page, before, here: here.len() as u64, total }, here)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::http::form::{self, FormLimits};

    fn at(page: Option<&'static str>, query: &str) -> Position<CustomerNumber> {
        let mut headers = HeaderMap::new();
        if let Some(page) = page {
            headers.insert(HeaderName::from_static("x-page"), HeaderValue::from_static(page));
        }
        let query = form::parse(query.as_bytes(), FormLimits { depth: 5, keys: 100 }).unwrap();
        position(&headers, &query)
    }

    #[test]
    fn the_header_counts_from_zero_and_what_is_no_number_is_the_first_page() {
        for (page, expected) in [
            (None, 0),
            (Some("0"), 0),
            (Some("2"), 2),
            (Some(" 2 "), 2),
            (Some("-1"), 0),
            (Some("x"), 0),
            (Some("1.5"), 0),
            (Some(""), 0),
            (Some("99999999999999999999999"), i64::MAX.unsigned_abs()),
        ] {
            assert_eq!(at(page, ""), Position::Page(expected), "{page:?}");
        }
    }

    #[test]
    fn start_wins_over_the_header_unless_it_is_no_id() {
        let after = |number: i64| Position::After(number.try_into().unwrap());
        assert_eq!(at(Some("2"), "start=9"), after(9));
        assert_eq!(at(None, "start=99999999999999999999999"), after(CustomerNumber::MAX));
        for query in ["start=0", "start=-1", "start=x", "start=", "start[]=9", "start"] {
            assert_eq!(at(Some("2"), query), Position::Page(2), "{query}");
        }
    }

    #[test]
    fn an_empty_list_has_one_page_and_the_last_page_ends() {
        let window = |before, here, total| Window { page: 0, before, here, total };
        assert_eq!([0, 1, 25, 26, 60].map(|total| window(0, 0, total).pages()), [1, 1, 1, 2, 3]);
        assert!(window(0, 25, 26).goes_on());
        assert!(!window(25, 1, 26).goes_on());
        assert!(!window(u64::MAX, 0, 26).goes_on());
        assert!(!window(0, 0, 0).goes_on());
    }

    #[test]
    fn a_short_list_ends_with_its_first_page() {
        let list = |position| {
            let (window, here) = short_list(vec![4, 7], |id| *id, position);
            (window.page, window.pages(), window.goes_on(), here)
        };
        assert_eq!(list(Position::Page(0)), (0, 1, false, vec![4, 7]));
        assert_eq!(list(Position::Page(1)), (1, 1, false, vec![]));
        assert_eq!(list(Position::After(4)), (0, 1, false, vec![7]));
        assert_eq!(list(Position::After(7)), (0, 1, false, vec![]));
    }
}
