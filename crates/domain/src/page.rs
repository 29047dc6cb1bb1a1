//! Pages of lists. Every list has a total order, so that pages neither repeat nor skip.

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
