//! Cells of tables by column, each column of one kind.

use std::borrow::Cow;

use jiff::civil::Date;

/// Kind of the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Doubles, which may be missing.
    Number,
    /// Whole numbers, never missing.
    Count,
    /// Yes, no, or neither.
    Flag,
    /// Dates, which may be missing.
    Date,
}

/// Cells of a column, one for each row of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells<'c> {
    /// Text.
    Text(Vec<Cow<'c, str>>),
    /// Doubles; `NaN` is missing.
    Number(Cow<'c, [f64]>),
    /// Whole numbers.
    Count(Vec<u64>),
    /// Yes, no, or neither.
    Flag(Vec<Option<bool>>),
    /// Dates.
    Date(Vec<Option<Date>>),
}

impl Kind {
    /// Returns a column of this kind without cells.
    #[must_use]
    pub fn empty(self) -> Cells<'static> {
        match self {
            Self::Text => Cells::Text(Vec::new()),
            Self::Number => Cells::Number(Cow::Owned(Vec::new())),
            Self::Count => Cells::Count(Vec::new()),
            Self::Flag => Cells::Flag(Vec::new()),
            Self::Date => Cells::Date(Vec::new()),
        }
    }
}

impl Cells<'_> {
    /// Returns the kind of the cells.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::Number,
            Self::Count(_) => Kind::Count,
            Self::Flag(_) => Kind::Flag,
            Self::Date(_) => Kind::Date,
        }
    }
}
