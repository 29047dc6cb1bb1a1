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

/// One part of a list and the size of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this part, in the list's order.
    pub items: Vec<T>,
    /// How many items the whole list has.
    pub total: u64,
}
