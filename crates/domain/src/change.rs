//! What a patch does to one optional field.

/// A patch of one field: three states that a nested `Option` would blur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The caller did not name the field.
    #[default]
    Keep,
    /// The caller removes the value.
    Clear,
    /// The caller gives a new value.
    Set(T),
}

impl<T> Change<T> {
    /// `Set` for a value, `Clear` for none: what a full replacement of the field means.
    pub fn to(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// Applies the patch to an optional field.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// Applies the patch to a field that has a natural empty value.
    pub fn apply_or_default(self, field: &mut T)
    where
        T: Default,
    {
        match self {
            Self::Keep => {}
            Self::Clear => *field = T::default(),
            Self::Set(value) => *field = value,
        }
    }

    /// Whether the patch leaves the field alone.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}
