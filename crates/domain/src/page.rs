//! Pages of lists. Every list has a total order, so that pages neither repeat nor skip.

use std::cmp::Ordering;

/// The part of a list that a caller wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// How many items to leave out first.
    pub offset: u64,
    /// How many items at most; `None` means all of them.
    pub limit: Option<u64>,
}

impl PageRequest {
    /// The first `limit` items.
    pub fn first(limit: u64) -> Self {
        Self { offset: 0, limit: Some(limit) }
    }
}

/// The size of a whole list.
///
/// A list without filters is counted exactly. A filtered one is counted exactly up to [`COUNTED`] at least; beyond it
/// counting would take longer than answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many, no more and no fewer.
    Exact(u64),
    /// Most likely no more than so many. It is above [`COUNTED`] and above the part it comes with, so that nobody who
    /// turns pages for as long as there are any misses an item. The same list has the same estimate.
    Estimate(u64),
}

/// Filtered lists up to this size are counted exactly.
pub const COUNTED: u64 = 2_000;

impl Total {
    /// The number, for wires that have no word for its kind.
    pub fn value(self) -> u64 {
        match self {
            Self::Exact(value) | Self::Estimate(value) => value,
        }
    }
}

/// One part of a list and the size of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this part, in the list's order.
    pub items: Vec<T>,
    /// How many items the whole list has.
    pub total: Total,
}

impl<T> Page<T> {
    /// The part of a whole list that was asked for.
    pub fn cut(all: Vec<T>, request: PageRequest) -> Self {
        let total = Total::Exact(all.len().try_into().unwrap_or(u64::MAX));
        let bound = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let most = request.limit.map_or(usize::MAX, bound);
        let items = all.into_iter().skip(bound(request.offset)).take(most).collect();
        Self { items, total }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<K> {
    /// By what.
    pub key: K,
    /// From the greatest to the least.
    pub descending: bool,
}

impl<K> Order<K> {
    /// How two items compare by what they are ordered by. Those without a value go last, whatever the direction.
    pub fn compare<V: Ord>(&self, left: Option<&V>, right: Option<&V>) -> Ordering {
        match (left, right) {
            (Some(left), Some(right)) if self.descending => right.cmp(left),
            (Some(left), Some(right)) => left.cmp(right),
            _ => right.is_some().cmp(&left.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_part_of_the_whole_list() {
        for (offset, limit, items) in [
            (0, Some(2), vec![1, 2]),
            (2, Some(2), vec![3]),
            (0, None, vec![1, 2, 3]),
            (u64::MAX, Some(u64::MAX), vec![]),
        ] {
            let page = Page::cut(vec![1, 2, 3], PageRequest { offset, limit });
            assert_eq!(page, Page { items, total: Total::Exact(3) });
        }
    }

    #[test]
    fn whoever_has_no_value_goes_last_in_either_direction() {
        for (descending, expected) in
            [(false, [Some(1), Some(2), None]), (true, [Some(2), Some(1), None])]
        {
            let mut values = [None, Some(2), Some(1)];
            let order = Order { key: (), descending };
            values.sort_by(|left, right| order.compare(left.as_ref(), right.as_ref()));
            assert_eq!(values, expected);
        }
    }
}
