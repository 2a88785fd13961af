//! Turns an SVG into a PNG, with the embedded fonts and no others.

use std::sync::{Arc, LazyLock};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{self, fontdb},
};
use thiserror::Error;

use super::lettering::{BOLD, FAMILY, REGULAR};

/// More pixels than this in one picture are a mistake.
const MOST_PIXELS: f64 = 100e6;

/// Why a picture could not be made.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The text is no SVG.
    #[error("not an SVG: {0}")]
    Svg(String),
    /// The picture would have no pixel, or too many.
    #[error("a picture of {width} × {height} pixels cannot be made: expected at least 1 and at most 100 million")]
    Size {
        /// Pixels from left to right.
        width: f32,
        /// Pixels from top to bottom.
        height: f32,
    },
    /// The pixels could not be written as PNG.
    #[error("no PNG could be written: {0}")]
    Png(String),
}

/// `svg` as PNG, with `scale` pixels for each pixel of the drawing; 2 is right for print.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PictureError> {
    let tree = usvg::Tree::from_str(svg, &options()).map_err(|error| PictureError::Svg(error.to_string()))?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    let refused = || PictureError::Size { width, height };
    if !(width >= 1.0 && height >= 1.0 && f64::from(width) * f64::from(height) <= MOST_PIXELS) {
        return Err(refused());
    }
    let mut pixels = Pixmap::new(width.round() as u32, height.round() as u32).ok_or_else(refused)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PictureError::Png(error.to_string()))
}

fn options() -> usvg::Options<'static> {
    static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        fonts.set_sans_serif_family(FAMILY);
        Arc::new(fonts)
    });
    usvg::Options { fontdb: Arc::clone(&FONTS), font_family: FAMILY.to_string(), ..usvg::Options::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str =
        "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'><text y='15'>→ 北京 \u{5d0}\u{301}</text></svg>";

    /// Width and height in the header of a PNG.
    fn size_of(png: &[u8]) -> (u32, u32) {
        let number = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
        (number(16), number(20))
    }

    #[test]
    fn the_scale_counts_pixels_and_the_bytes_repeat() {
        let first = png(SMALL, 2.0).expect("an SVG");
        assert_eq!(size_of(&first), (60, 40));
        assert_eq!(first, png(SMALL, 2.0).expect("an SVG"));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(matches!(png("<p>", 1.0), Err(PictureError::Svg(_))));
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9] {
            assert!(matches!(png(SMALL, scale), Err(PictureError::Size { .. })), "{scale}");
        }
    }
}
