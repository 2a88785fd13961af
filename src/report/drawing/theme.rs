//! The look of every chart: colours, line widths, sizes of letters.
//!
//! Strategies have the colours of Okabe and Ito (2008) without their yellow and black, which vanish on white and in
//! text, and with brown and grey instead: apart also for the colour-blind. Letters need darker shades of the same hues.

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

pub(crate) const WHITE: Colour = Colour(0xFF, 0xFF, 0xFF);
pub(crate) const INK: Colour = Colour(0x28, 0x2C, 0x34);
pub(crate) const MUTED: Colour = Colour(0x5F, 0x66, 0x70);
pub(crate) const GRID: Colour = Colour(0xE1, 0xE4, 0xE8);
pub(crate) const AXIS: Colour = Colour(0x9A, 0xA1, 0xAB);

/// Sizes of letters.
pub(crate) const TITLE: f64 = 18.0;
pub(crate) const LABEL: f64 = 13.0;
pub(crate) const SMALL: f64 = 11.5;

/// Distance from the edge of the picture.
pub(crate) const MARGIN: f64 = 14.0;
/// Distance from one line of small text to the next.
pub(crate) const LINE: f64 = 18.0;

/// Opacity of the band that holds nine of ten replications, and of the one that holds half of them on top of it.
pub(crate) const BAND_90: f64 = 0.18;
pub(crate) const BAND_50: f64 = 0.32;

/// On and off, in pixels.
pub(crate) type Dash = (f64, f64);

/// How one strategy looks in every chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hue {
    /// Lines and areas.
    pub(crate) line: Colour,
    /// Letters.
    pub(crate) text: Colour,
    /// From the ninth strategy on, colours repeat with dashed lines.
    pub(crate) dash: Option<Dash>,
}

const STRATEGIES: [(Colour, Colour); 8] = [
    (Colour(0x00, 0x72, 0xB2), Colour(0x00, 0x66, 0xA1)),
    (Colour(0xD5, 0x5E, 0x00), Colour(0xB0, 0x49, 0x00)),
    (Colour(0x00, 0x9E, 0x73), Colour(0x00, 0x75, 0x55)),
    (Colour(0xCC, 0x79, 0xA7), Colour(0xA0, 0x45, 0x78)),
    (Colour(0xE6, 0x9F, 0x00), Colour(0x8F, 0x61, 0x00)),
    (Colour(0x56, 0xB4, 0xE9), Colour(0x1E, 0x75, 0xA8)),
    (Colour(0x8C, 0x56, 0x4B), Colour(0x7A, 0x48, 0x3E)),
    (Colour(0x6B, 0x6B, 0x6B), Colour(0x55, 0x55, 0x55)),
];

const DASHES: [Dash; 3] = [(6.0, 3.0), (2.0, 2.5), (10.0, 4.0)];

/// The look of the strategy with this number, counted from 0.
pub(crate) fn strategy(index: usize) -> Hue {
    let (line, text) = STRATEGIES[index % STRATEGIES.len()];
    let round = index / STRATEGIES.len();
    let dash = round.checked_sub(1).map(|round| DASHES[round % DASHES.len()]);
    Hue { line, text, dash }
}

/// Colours of states, from nobody looking to somebody leaving: a ramp of blue is a seat that fills, in this order:
/// vacant, searching, waiting, in notice period, onboarding, productive, serving notice.
const STATES: [Colour; 7] = [
    Colour(0xA3, 0xA8, 0xAF),
    Colour(0xE6, 0x9F, 0x00),
    Colour(0xF7, 0xDC, 0xA4),
    Colour(0xBD, 0xDD, 0xF2),
    Colour(0x5F, 0xAA, 0xDB),
    Colour(0x00, 0x72, 0xB2),
    Colour(0xD5, 0x5E, 0x00),
];

/// The colour in this slot; slots after the seventh have the colours of strategies.
pub(crate) fn state(slot: usize) -> Colour {
    STATES.get(slot).copied().unwrap_or_else(|| strategy(slot - STATES.len() + 2).line)
}

/// Colours of the parts of an amount, dark and light by turns so that neighbours stay apart also without colour: blues and
/// a violet for what is paid to others, greens and an ochre for what is one's own.
const PARTS: [Colour; 8] = [
    Colour(0x2B, 0x5C, 0x8A),
    Colour(0x9C, 0xC1, 0xE0),
    Colour(0x5B, 0x86, 0xB0),
    Colour(0xC9, 0xB3, 0xDB),
    Colour(0x1F, 0x7A, 0x5C),
    Colour(0xA6, 0xD8, 0xB8),
    Colour(0x6B, 0xA5, 0x4A),
    Colour(0xE8, 0xC2, 0x6B),
];

/// The colour of the part with this number; they repeat after the eighth.
pub(crate) fn part(index: usize) -> Colour {
    PARTS[index % PARTS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_repeat_with_dashes() {
        assert_eq!(strategy(0).dash, None);
        assert_eq!(strategy(8).line, strategy(0).line);
        assert_eq!(strategy(8).dash, Some(DASHES[0]));
        assert_ne!(strategy(16).dash, strategy(8).dash);
        strategy(usize::MAX);
        state(usize::MAX - 8);
    }

    #[test]
    fn letters_are_dark_enough_to_read_on_white() {
        for (_, text) in STRATEGIES {
            assert!(contrast_to_white(text) >= 4.5, "{text:?}");
        }
        assert!(contrast_to_white(MUTED) >= 4.5);
    }

    /// WCAG 2.2, contrast ratio.
    fn contrast_to_white(Colour(red, green, blue): Colour) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        };
        1.05 / (0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05)
    }
}
