//! The embedded fonts, and how wide a text is in them.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::super::escape::one_line;

/// The family that both faces belong to.
pub(crate) const FAMILY: &str = "Noto Sans";
pub(crate) const REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.subset.ttf");
pub(crate) const BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.subset.ttf");

/// Ascender minus descender of both faces over their em: plotters scales letters by it.
const HEIGHT_OF_EM: f64 = 1.492;
/// Texts are measured at this size, because plotters measures in whole pixels.
const MEASURED_AT: f64 = 1000.0;
/// No text in a chart needs more letters, whatever a stranger calls his strategy.
const LONGEST: usize = 300;

/// Size and weight of letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Face {
    pub(crate) size: f64,
    pub(crate) bold: bool,
}

impl Face {
    pub(crate) const fn regular(size: f64) -> Self {
        Self { size, bold: false }
    }

    pub(crate) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    pub(super) fn style(self) -> FontStyle {
        if self.bold { FontStyle::Bold } else { FontStyle::Normal }
    }

    /// Pixels that one line of `text` takes; letters outside of the embedded fonts are taken to be square.
    pub(crate) fn width(self, text: &str) -> f64 {
        let strange = text.chars().filter(|letter| is_strange(*letter)).count() as f64;
        let known: String = text.chars().filter(|letter| !is_strange(*letter)).collect();
        let font = font(MEASURED_AT * HEIGHT_OF_EM, self.style());
        let (_, (width, _)) = font.layout_box(&known).expect("the embedded fonts are registered");
        (f64::from(width) / MEASURED_AT + strange) * self.size
    }

    /// `text` on at most `most` lines, broken at spaces; the last one is cut where it is wider than `room`.
    pub(crate) fn wrap(self, text: &str, room: f64, most: usize) -> Vec<String> {
        let text = one_line(text);
        let mut words = text.split(' ').peekable();
        let mut lines: Vec<String> = Vec::new();
        while words.peek().is_some() && lines.len() + 1 < most {
            let mut line = words.next().unwrap_or_default().to_string();
            while let Some(longer) =
                words.peek().map(|word| format!("{line} {word}")).filter(|longer| self.width(longer) <= room)
            {
                line = longer;
                words.next();
            }
            lines.push(self.fit(&line, room));
        }
        let rest: Vec<&str> = words.collect();
        if !rest.is_empty() {
            lines.push(self.fit(&rest.join(" "), room));
        }
        lines
    }

    /// `text` on one line and cut with an ellipsis where it is wider than `room`.
    pub(crate) fn fit(self, text: &str, room: f64) -> String {
        let line = one_line(text);
        let letters: Vec<char> = line.chars().take(LONGEST).collect();
        if letters.len() == line.chars().count() && self.width(&line) <= room {
            return line;
        }
        let shortened = |length: usize| letters[..length].iter().collect::<String>().trim_end().to_string() + "…";
        let lengths: Vec<usize> = (0..=letters.len()).collect();
        let fitting = lengths.partition_point(|length| *length == 0 || self.width(&shortened(*length)) <= room);
        shortened(fitting.saturating_sub(1))
    }
}

pub(super) fn font(size: f64, style: FontStyle) -> FontDesc<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let regular = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let bold = register_font(FAMILY, FontStyle::Bold, BOLD);
        assert!(regular.is_ok() && bold.is_ok(), "the embedded fonts can be read");
    });
    FontDesc::new(FontFamily::Name(FAMILY), size, style)
}

fn is_strange(letter: char) -> bool {
    !matches!(letter, '\u{0}'..='\u{3CE}' | '\u{2000}'..='\u{22FF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_572_thousandths_of_an_em_wide() {
        assert!((Face::regular(100.0).width("00") - 114.4).abs() < 0.2);
        assert!((Face::bold(100.0).width("00") - 114.4).abs() < 0.2);
        assert!(Face::bold(10.0).width("team") > Face::regular(10.0).width("team"));
    }

    #[test]
    fn a_long_name_is_cut_and_a_short_one_is_not() {
        let face = Face::regular(12.0);
        assert_eq!(face.fit("captive", 100.0), "captive");
        let cut = face.fit(&"very long name ".repeat(20), 100.0);
        assert!(cut.ends_with('…') && face.width(&cut) <= 100.0, "{cut}");
        assert_eq!(face.fit("captive", 0.0), "…");
        assert_eq!(face.fit("", 0.0), "");
    }

    #[test]
    fn text_is_broken_at_spaces() {
        let face = Face::regular(10.0);
        assert_eq!(face.wrap("one two three four", 45.0, 3), ["one two", "three", "four"]);
        assert_eq!(face.wrap("one two three four", 45.0, 2), ["one two", "three f…"]);
        assert_eq!(face.wrap("", 45.0, 2), [""]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_fitted(text in any::<String>(), room in -10.0..400.0) {
            let face = Face::bold(13.0);
            let fitted = face.fit(&text, room);
            prop_assert!(face.width(&fitted) <= f64::max(room, face.width("…")));
        }
    }
}
