//! The look of every chart: colours, line widths, sizes of letters.
//!
//! Strategies have the colours of Okabe and Ito (2008) without their yellow and black, which vanish on white and in
//! text, and with brown and grey instead: apart also for the colour-blind. Letters need darker shades of the same hues.
//!
//! Charts name colours as they are on white paper; [`Theme::shown`] finds what stands for them in another theme.

use plotters::style::Color;
use plotters_backend::BackendColor;

/// What a picture is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// White paper, in colour or in shades of grey.
    #[default]
    Print,
    /// Slides: light on dark.
    Screen,
}

impl Theme {
    /// What stands for a colour of paper in this theme.
    pub(crate) fn shown(self, colour: Colour) -> Colour {
        match self {
            Theme::Print => colour,
            Theme::Screen => ON_SCREEN.iter().find(|(paper, _)| *paper == colour).map_or(colour, |&(_, screen)| screen),
        }
    }
}

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Color for Colour {
    fn to_backend_color(&self) -> BackendColor {
        BackendColor { alpha: 1.0, rgb: (self.0, self.1, self.2) }
    }
}

pub(crate) const WHITE: Colour = Colour(0xFF, 0xFF, 0xFF);
pub(crate) const INK: Colour = Colour(0x28, 0x2C, 0x34);
pub(crate) const MUTED: Colour = Colour(0x5F, 0x66, 0x70);
pub(crate) const GRID: Colour = Colour(0xE1, 0xE4, 0xE8);
pub(crate) const AXIS: Colour = Colour(0x9A, 0xA1, 0xAB);

/// Sizes of letters.
pub(crate) const TITLE: f64 = 18.0;
pub(crate) const LABEL: f64 = 13.0;
pub(crate) const SMALL: f64 = 12.0;

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
    /// Where lines of several strategies share a panel: they are told apart without colour too.
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

/// Five of them and eight colours make 40 pairs.
const DASHES: [Option<Dash>; 5] = [None, Some((8.0, 3.5)), Some((2.0, 2.5)), Some((14.0, 4.0)), Some((4.5, 4.5))];

/// The look of the strategy with this number, counted from 0.
pub(crate) fn strategy(slot: usize) -> Hue {
    let (line, text) = STRATEGIES[slot % STRATEGIES.len()];
    Hue { line, text, dash: DASHES[slot % DASHES.len()] }
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

/// Shades of what is no strategy: of parts and of phases.
pub(crate) const NAVY: Colour = Colour(0x2B, 0x5C, 0x8A);
const SKY: Colour = Colour(0x9C, 0xC1, 0xE0);
const PINE: Colour = Colour(0x1F, 0x7A, 0x5C);
pub(crate) const SAND: Colour = Colour(0xE8, 0xC2, 0x6B);

/// Colours of the parts of an amount, dark and light by turns so that neighbours stay apart also without colour: blues and
/// a violet for what is paid to others, greens and an ochre for what is one's own.
const PARTS: [Colour; 9] = [
    NAVY,
    SKY,
    Colour(0x5B, 0x86, 0xB0),
    Colour(0xC9, 0xB3, 0xDB),
    PINE,
    Colour(0xA6, 0xD8, 0xB8),
    Colour(0x6B, 0xA5, 0x4A),
    SAND,
    STRATEGIES[6].1,
];

/// The colour of the part with this number; they repeat after the ninth.
pub(crate) fn part(index: usize) -> Colour {
    PARTS[index % PARTS.len()]
}

/// Colours of phases in their order, dark and light by turns.
const PHASES: [Colour; 5] = [Colour(0x85, 0x8A, 0x92), SKY, NAVY, SAND, PINE];

/// The colour of the phase with this number; they repeat after the fifth.
pub(crate) fn phase(index: usize) -> Colour {
    PHASES[index % PHASES.len()]
}

/// Colours of paper, and what stands for them on a dark screen; all others stay as they are.
const ON_SCREEN: [(Colour, Colour); 32] = [
    (WHITE, Colour(0x16, 0x19, 0x1D)),
    (INK, Colour(0xE8, 0xEA, 0xED)),
    (MUTED, Colour(0xAE, 0xB5, 0xBF)),
    (GRID, Colour(0x34, 0x3A, 0x43)),
    (AXIS, Colour(0x78, 0x81, 0x8C)),
    (STRATEGIES[0].0, Colour(0x3F, 0x9F, 0xE8)),
    (STRATEGIES[0].1, Colour(0x3F, 0x9F, 0xE8)),
    (STRATEGIES[1].0, Colour(0xFF, 0x83, 0x33)),
    (STRATEGIES[1].1, Colour(0xFF, 0x83, 0x33)),
    (STRATEGIES[2].0, Colour(0x2B, 0xC4, 0x98)),
    (STRATEGIES[2].1, Colour(0x2B, 0xC4, 0x98)),
    (STRATEGIES[3].0, Colour(0xE8, 0x9C, 0xC6)),
    (STRATEGIES[3].1, Colour(0xE8, 0x9C, 0xC6)),
    (STRATEGIES[4].0, Colour(0xF2, 0xB7, 0x33)),
    (STRATEGIES[4].1, Colour(0xF2, 0xB7, 0x33)),
    (STRATEGIES[5].0, Colour(0x9F, 0xDC, 0xFF)),
    (STRATEGIES[5].1, Colour(0x9F, 0xDC, 0xFF)),
    (STRATEGIES[6].0, Colour(0xC9, 0x8F, 0x80)),
    (STRATEGIES[6].1, Colour(0xC9, 0x8F, 0x80)),
    (STRATEGIES[7].0, Colour(0xB4, 0xB4, 0xB4)),
    (STRATEGIES[7].1, Colour(0xB4, 0xB4, 0xB4)),
    (NAVY, Colour(0x3B, 0x7D, 0xBE)),
    (PINE, Colour(0x2C, 0x9C, 0x76)),
    (HEAT[0], Colour(0x1E, 0x29, 0x43)),
    (HEAT[1], Colour(0x23, 0x39, 0x5E)),
    (HEAT[2], Colour(0x23, 0x4A, 0x78)),
    (HEAT[3], Colour(0x1F, 0x5D, 0x8D)),
    (HEAT[4], Colour(0x22, 0x6E, 0x99)),
    (HEAT[5], Colour(0x26, 0x9D, 0xBE)),
    (HEAT[6], Colour(0x3D, 0xBF, 0xC5)),
    (HEAT[7], Colour(0x8F, 0xDC, 0xBA)),
    (HEAT[8], Colour(0xE8, 0xF0, 0xBB)),
];

/// Steps of the scale of [`heat`].
pub(crate) const HEATS: usize = 9;

/// Colours of a quantity from weak to strong. Lightness alone orders them, evenly, so the order survives shades of grey and
/// colour blindness; the hue only helps. No step is half light, where neither [`INK`] nor [`WHITE`] could be read on it.
const HEAT: [Colour; HEATS] = [
    Colour(0xF8, 0xF3, 0xD1),
    Colour(0xD0, 0xE7, 0xBA),
    Colour(0x96, 0xD9, 0xB5),
    Colour(0x5E, 0xC3, 0xBD),
    Colour(0x3D, 0xA7, 0xBE),
    Colour(0x1A, 0x7C, 0xAA),
    Colour(0x14, 0x61, 0x9E),
    Colour(0x1A, 0x48, 0x89),
    Colour(0x1A, 0x2F, 0x66),
];

/// The colour of this step of the scale, and the colour of letters on it; steps after the last have the last colour.
pub(crate) fn heat(step: usize) -> (Colour, Colour) {
    let step = step.min(HEATS - 1);
    (HEAT[step], if step <= HEATS / 2 { INK } else { WHITE })
}

/// Every colour of paper for which another stands on a dark screen, and that other one.
pub(crate) fn on_screen() -> impl Iterator<Item = (Colour, Colour)> {
    ON_SCREEN.into_iter()
}

impl std::fmt::Display for Colour {
    /// As CSS and SVG write it, such as `#0072B2`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(red, green, blue) = self;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_forty_strategies_look_alike() {
        for one in 0..40 {
            for other in 0..one {
                assert_ne!(strategy(one), strategy(other), "{one} and {other}");
            }
        }
        assert_eq!(strategy(0).dash, None);
        strategy(usize::MAX);
        state(usize::MAX - 8);
    }

    #[test]
    fn lines_of_neighbours_differ_without_colour() {
        for slot in 0..20 {
            assert_ne!(strategy(slot).dash, strategy(slot + 1).dash);
        }
    }

    #[test]
    fn parts_and_phases_beside_each_other_differ_in_shades_of_grey() {
        let pairs = PARTS.windows(2).chain(PHASES.windows(2));
        for pair in pairs {
            let contrast = contrast(pair[0], pair[1]);
            assert!(contrast >= 1.4, "{pair:?}: {contrast}");
        }
    }

    #[test]
    fn letters_are_dark_enough_to_read_on_white_and_light_enough_on_a_screen() {
        let texts = STRATEGIES.iter().map(|(_, text)| *text).chain([MUTED, INK]);
        for (text, theme) in texts.flat_map(|text| [Theme::Print, Theme::Screen].map(|theme| (text, theme))) {
            let contrast = contrast(theme.shown(text), theme.shown(WHITE));
            assert!(contrast >= 4.5, "{text:?} {theme:?}: {contrast}");
        }
    }

    #[test]
    fn strategies_stay_apart_on_a_screen() {
        let shown: Vec<Colour> = STRATEGIES.iter().map(|(line, _)| Theme::Screen.shown(*line)).collect();
        for (index, colour) in shown.iter().enumerate() {
            assert!(!shown[..index].contains(colour) && contrast(*colour, Theme::Screen.shown(WHITE)) >= 3.0, "{colour:?}");
        }
    }

    #[test]
    fn numbers_can_be_read_on_every_step_of_heat_and_steps_differ_in_shades_of_grey() {
        for theme in [Theme::Print, Theme::Screen] {
            for step in 0..HEATS {
                let (colour, letters) = heat(step);
                let contrast_of_letters = contrast(theme.shown(colour), theme.shown(letters));
                assert!(contrast_of_letters >= 4.5, "{theme:?} {step}: {contrast_of_letters}");
                let ground = contrast(theme.shown(colour), theme.shown(WHITE));
                let next = contrast(theme.shown(heat(step + 1).0), theme.shown(WHITE));
                assert!(step + 1 == HEATS || next >= 1.15 * ground, "{theme:?} {step}: {ground} {next}");
            }
        }
        assert_eq!(heat(usize::MAX), heat(HEATS - 1));
    }

    /// WCAG 2.2, contrast ratio.
    fn contrast(one: Colour, other: Colour) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(Colour(red, green, blue): Colour) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
