//! Where a long name may be broken on a narrow page.

use maud::{Markup, html};

/// Letters of a name in a row that a narrow column has room for.
const UNBROKEN: usize = 16;

/// A name or a dotted key, which may be broken after dots and low lines, and within only where it has none for long.
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
