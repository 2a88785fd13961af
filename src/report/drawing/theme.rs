//! The look of every chart: colours, line widths, sizes of letters.
//!
//! Colour means strategy and nothing else. Strategies have the colours of Okabe and Ito (2008) without their yellow and
//! black, which vanish on white and in text, and with maroon and violet instead: apart also for the colour-blind. Letters
//! need darker shades of the same hues. Parts and phases are cool and warm shades of grey.
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
pub(crate) const TITLE_NARROW: f64 = 16.0;
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
    /// Where lines of several strategies share a panel: they can be distinguished without colour too.
    pub(crate) dash: Option<Dash>,
}

const STRATEGIES: [(Colour, Colour); 8] = [
    (Colour(0x00, 0x72, 0xB2), Colour(0x00, 0x66, 0xA1)),
    (Colour(0xD5, 0x5E, 0x00), Colour(0xB0, 0x49, 0x00)),
    (Colour(0x00, 0x9E, 0x73), Colour(0x00, 0x75, 0x55)),
    (Colour(0xCC, 0x79, 0xA7), Colour(0xA0, 0x45, 0x78)),
    (Colour(0xE6, 0x9F, 0x00), Colour(0x8F, 0x61, 0x00)),
    (Colour(0x56, 0xB4, 0xE9), Colour(0x1E, 0x75, 0xA8)),
    (Colour(0x6B, 0x10, 0x20), Colour(0x6B, 0x10, 0x20)),
    (Colour(0x7A, 0x1F, 0xD1), Colour(0x7A, 0x1F, 0xD1)),
];

/// Five of them and eight colours make 40 pairs.
const DASHES: [Option<Dash>; 5] = [None, Some((8.0, 3.5)), Some((2.0, 2.5)), Some((14.0, 4.0)), Some((4.5, 4.5))];

/// The look of the strategy with this number, counted from 0.
pub(crate) fn strategy(slot: usize) -> Hue {
    let (line, text) = STRATEGIES[slot % STRATEGIES.len()];
    Hue { line, text, dash: DASHES[slot % DASHES.len()] }
}

/// Colours of states, from nobody looking to somebody leaving: a seat that is searched for is yellow, one that fills up is a
/// ramp of teal, in this order: vacant, searching, waiting, in notice period, onboarding, productive, serving notice.
const STATES: [Colour; 7] = [
    Colour(0xA3, 0xA8, 0xAF),
    Colour(0xD9, 0xB5, 0x6A),
    Colour(0xF3, 0xE6, 0xC4),
    Colour(0xD3, 0xE8, 0xE4),
    Colour(0x86, 0xBD, 0xB4),
    Colour(0x2E, 0x7D, 0x74),
    Colour(0xB3, 0x26, 0x1E),
];

/// The colour in this slot; slots after the seventh have the colours of parts.
pub(crate) fn state(slot: usize) -> Colour {
    STATES.get(slot).copied().unwrap_or_else(|| part(slot - STATES.len()).0)
}

/// What is no strategy and stands out, and what is beside it.
pub(crate) const DARK: Colour = PARTS[0];
pub(crate) const PALE: Colour = PARTS[5];

/// Colours of the parts of an amount, dark and light by turns so that neighbours stay apart: four cool greys for what is paid
/// to others or has everyday causes, then five warm ones.
const PARTS: [Colour; 9] = [
    Colour(0x2F, 0x3B, 0x4A),
    Colour(0x9D, 0xAD, 0xBE),
    Colour(0x5F, 0x71, 0x86),
    Colour(0xCB, 0xD5, 0xDF),
    Colour(0x57, 0x49, 0x3C),
    Colour(0xB8, 0xA5, 0x8D),
    Colour(0x7A, 0x6B, 0x59),
    Colour(0xDD, 0xD0, 0xBE),
    Colour(0x3D, 0x35, 0x2C),
];

/// The colour of the part with this number, and the colour of letters on it; they repeat after the ninth.
pub(crate) fn part(index: usize) -> (Colour, Colour) {
    let index = index % PARTS.len();
    (PARTS[index], if index.is_multiple_of(2) { WHITE } else { INK })
}

/// Colours of phases in their order: one that fills up, one that is handed over, and what is there after it.
const PHASES: [usize; 5] = [3, 1, 2, 0, 6];

/// The colour of the phase with this number, and the colour of letters on it; they repeat after the fifth.
pub(crate) fn phase(index: usize) -> (Colour, Colour) {
    part(PHASES[index % PHASES.len()])
}

/// Colours of paper, and what stands for them on a dark screen; all others stay as they are.
const ON_SCREEN: [(Colour, Colour); 37] = [
    (WHITE, Colour(0x16, 0x19, 0x1D)),
    (INK, Colour(0xE8, 0xEA, 0xED)),
    (MUTED, Colour(0xAE, 0xB5, 0xBF)),
    (GRID, Colour(0x34, 0x3A, 0x43)),
    (AXIS, Colour(0x78, 0x81, 0x8C)),
    (STRATEGIES[0].0, Colour(0x62, 0x92, 0xE5)),
    (STRATEGIES[0].1, Colour(0x62, 0x92, 0xE5)),
    (STRATEGIES[1].0, Colour(0xD5, 0x71, 0x1A)),
    (STRATEGIES[1].1, Colour(0xD5, 0x71, 0x1A)),
    (STRATEGIES[2].0, Colour(0x5C, 0xE4, 0xAA)),
    (STRATEGIES[2].1, Colour(0x5C, 0xE4, 0xAA)),
    (STRATEGIES[3].0, Colour(0xBE, 0x7E, 0xA7)),
    (STRATEGIES[3].1, Colour(0xBE, 0x7E, 0xA7)),
    (STRATEGIES[4].0, Colour(0xFE, 0xD5, 0x51)),
    (STRATEGIES[4].1, Colour(0xFE, 0xD5, 0x51)),
    (STRATEGIES[5].0, Colour(0xA9, 0xE2, 0xFF)),
    (STRATEGIES[5].1, Colour(0xA9, 0xE2, 0xFF)),
    (STRATEGIES[6].0, Colour(0xEF, 0x3D, 0x5C)),
    (STRATEGIES[7].0, Colour(0x85, 0x6B, 0xFF)),
    (PARTS[0], Colour(0xC9, 0xD6, 0xE4)),
    (PARTS[1], Colour(0x5A, 0x6B, 0x7E)),
    (PARTS[2], Colour(0x93, 0xA5, 0xB8)),
    (PARTS[3], Colour(0x3C, 0x47, 0x53)),
    (PARTS[4], Colour(0xDC, 0xCD, 0xB9)),
    (PARTS[5], Colour(0x6B, 0x5F, 0x52)),
    (PARTS[6], Colour(0xA8, 0x98, 0x82)),
    (PARTS[7], Colour(0x4A, 0x42, 0x39)),
    (PARTS[8], Colour(0xF0, 0xE6, 0xD8)),
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
        let phases = PHASES.map(|part| PARTS[part]);
        for theme in [Theme::Print, Theme::Screen] {
            // The ninth part is beside the eighth, and neither beside the first.
            for pair in PARTS.windows(2).chain(phases.windows(2)) {
                let contrast = contrast(theme.shown(pair[0]), theme.shown(pair[1]));
                assert!(contrast >= 1.4, "{theme:?} {pair:?}: {contrast}");
            }
        }
    }

    #[test]
    fn letters_can_be_read_on_every_part() {
        for theme in [Theme::Print, Theme::Screen] {
            for index in 0..PARTS.len() {
                let (colour, letters) = part(index);
                let contrast = contrast(theme.shown(colour), theme.shown(letters));
                assert!(contrast >= 4.5, "{theme:?} {index}: {contrast}");
            }
        }
    }

    /// CIE 1976 chroma: nothing is a pure grey, 100 a bright colour.
    fn chroma(colour: Colour) -> f64 {
        let [_, a, b] = lab(linear(colour));
        a.hypot(b)
    }

    #[test]
    fn no_part_has_the_colour_of_a_strategy() {
        for theme in [Theme::Print, Theme::Screen] {
            let of_parts = PARTS.map(|part| chroma(theme.shown(part))).into_iter().fold(0.0, f64::max);
            let of_strategies = STRATEGIES.map(|(line, _)| chroma(theme.shown(line))).into_iter().fold(f64::MAX, f64::min);
            assert!(of_parts < 16.0 && of_strategies > 1.0 + of_parts, "{theme:?}: {of_parts} {of_strategies}");
        }
    }

    /// Machado, Oliveira and Fernandes (2009): linear red, green and blue as they are seen without one kind of cone.
    const SEEN: [(&str, [[f64; 3]; 3]); 4] = [
        ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
        ("deuteranopia", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
        ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
    ];

    #[test]
    fn strategies_stay_apart_for_the_colour_blind() {
        // CIE 1976: a difference of 2.3 can just be seen.
        const LEAST: f64 = 15.0;
        for theme in [Theme::Print, Theme::Screen] {
            for (eyes, matrix) in SEEN {
                let seen = |colour: Colour| {
                    let light = linear(theme.shown(colour));
                    lab(matrix
                        .map(|row| row.iter().zip(light).map(|(share, part)| share * part).sum::<f64>().clamp(0.0, 1.0)))
                };
                for (index, (one, _)) in STRATEGIES.iter().enumerate() {
                    for (other, _) in &STRATEGIES[..index] {
                        let [one, other] = [seen(*one), seen(*other)];
                        let apart =
                            one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum::<f64>().sqrt();
                        assert!(apart >= LEAST, "{theme:?}, {eyes}: strategy {index} is {apart} from another");
                    }
                }
            }
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
    fn luminance(colour: Colour) -> f64 {
        let [red, green, blue] = linear(colour);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Red, green and blue light.
    fn linear(Colour(red, green, blue): Colour) -> [f64; 3] {
        [red, green, blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        })
    }

    /// CIE 1976 lightness and the two axes of colour, under daylight (D65).
    fn lab([red, green, blue]: [f64; 3]) -> [f64; 3] {
        let root =
            |share: f64| if share > 216.0 / 24389.0 { libm::cbrt(share) } else { (24389.0 / 27.0 * share + 16.0) / 116.0 };
        let x = root((0.412_456 * red + 0.357_576 * green + 0.180_437 * blue) / 0.950_47);
        let y = root(0.212_673 * red + 0.715_152 * green + 0.072_175 * blue);
        let z = root((0.019_334 * red + 0.119_192 * green + 0.950_304 * blue) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }
}
