//! Where a long name may break on a narrow page.

use maud::{Markup, html};

/// Letters of a name that fit in a narrow column.
const UNBROKEN: usize = 16;

/// Returns a name or dotted key that may break after dots and underscores, or anywhere in a long part without them.
pub(super) fn breakable(text: &str) -> Markup {
    let mut unbroken = 0;
    let ends = |letter: char| {
        unbroken = if letter.is_whitespace() || letter == '-' { 0 } else { unbroken + 1 };
        let is_end = matches!(letter, '.' | '_') || unbroken == UNBROKEN;
        unbroken = if is_end { 0 } else { unbroken };
        is_end
    };
    html! { @for (index, piece) in text.split_inclusive(ends).enumerate() { @if index > 0 { wbr; } (piece) } }
}
