//! Draws shapes and text with plotters, which knows whole pixels only, on a canvas eight times as large.

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle};

use super::super::escape::{escaped, one_line};
use super::lettering::{FAMILY, Face, font};
use super::theme::{Colour, Dash, Theme, WHITE};

/// Pixels of plotters in one pixel of the picture.
const FINE: f64 = 8.0;
/// plotters writes sizes of letters divided by this.
const SVG_FONT_RATIO: f64 = 1.24;
/// Further out than this nothing can be seen, and sums of coordinates could overflow.
const FAR: f64 = 100_000.0;

/// Width and height of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

impl Default for Size {
    fn default() -> Self {
        Self { width: 800, height: 420 }
    }
}

/// A place: x to the right, y down.
pub(crate) type Point = (f64, f64);

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    pub(crate) const fn new((left, top): Point, (right, bottom): Point) -> Self {
        Self { left, top, right, bottom }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }
}

/// What draws a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pen {
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    pub(crate) dash: Option<Dash>,
}

impl Pen {
    pub(crate) const fn solid(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: None }
    }

    pub(crate) const fn dashed(colour: Colour, width: f64, dash: Dash) -> Self {
        Self { colour, width, dash: Some(dash) }
    }
}

/// Which part of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How letters look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Letters {
    pub(crate) face: Face,
    pub(crate) colour: Colour,
    pub(crate) anchor: Anchor,
}

impl Letters {
    pub(crate) const fn new(face: Face, colour: Colour) -> Self {
        Self { face, colour, anchor: Anchor::Start }
    }

    pub(crate) const fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// What a picture is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Of the finished picture.
    pub(crate) size: Size,
    /// Eighths of a pixel of the chart in one of the picture: with more than 8 everything is smaller, and more fits on.
    pub(crate) eighths: u32,
    pub(crate) theme: Theme,
}

impl Sheet {
    /// The same within the bounds of what can be drawn.
    fn bounded(self) -> Self {
        let size = Size { width: self.size.width.clamp(120, 10_000), height: self.size.height.clamp(80, 10_000) };
        Self { size, eighths: self.eighths.clamp(1, 64), ..self }
    }

    /// Width and height in pixels of plotters.
    fn fine(self) -> (u32, u32) {
        (self.size.width * self.eighths, self.size.height * self.eighths)
    }
}

/// A picture in the making.
pub struct Canvas<'t> {
    sheet: Sheet,
    backend: SVGBackend<'t>,
}

/// The SVG of what `draw` draws, with `title` and `description` for readers who do not see it.
pub(crate) fn svg(sheet: Sheet, title: &str, description: &str, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
    let sheet = sheet.bounded();
    let mut text = String::new();
    let mut canvas = Canvas { sheet, backend: SVGBackend::with_string(&mut text, sheet.fine()) };
    canvas.rectangle(canvas.area(), WHITE, 1.0);
    draw(&mut canvas);
    drop(canvas);
    finished(&text, sheet, title, description)
}

impl Canvas<'_> {
    /// The whole picture, in pixels of the chart.
    pub(crate) fn area(&self) -> Area {
        let (width, height) = self.sheet.fine();
        Area { left: 0.0, top: 0.0, right: f64::from(width) / FINE, bottom: f64::from(height) / FINE }
    }

    pub(crate) fn line(&mut self, points: &[Point], pen: Pen) {
        match pen.dash {
            Some(dash) => dashes(points, dash).iter().for_each(|piece| self.solid_line(piece, pen)),
            None => self.solid_line(points, pen),
        }
    }

    pub(crate) fn polygon(&mut self, points: &[Point], colour: Colour, opacity: f64) {
        if points.len() > 2 {
            let style = ShapeStyle::from(self.rgba(colour, opacity)).filled();
            written(self.backend.fill_polygon(points.iter().map(|point| fine(*point)), &style));
        }
    }

    pub(crate) fn rectangle(&mut self, area: Area, colour: Colour, opacity: f64) {
        let style = ShapeStyle::from(self.rgba(colour, opacity)).filled();
        let (from, until) = (fine((area.left, area.top)), fine((area.right, area.bottom)));
        if from.0 < until.0 && from.1 < until.1 {
            written(self.backend.draw_rect(from, until, &style, true));
        }
    }

    pub(crate) fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        let style = ShapeStyle::from(self.rgba(colour, 1.0)).filled();
        written(self.backend.draw_circle(fine(centre), (radius * FINE).round() as u32, &style, true));
    }

    /// Writes `text`, which must be clean (see [`Face::fit`]), with its baseline at `at`.
    pub(crate) fn text(&mut self, at: Point, text: &str, letters: Letters) {
        if text.is_empty() {
            return;
        }
        let font = font(letters.face.size * FINE * SVG_FONT_RATIO, letters.face.style()).transform(FontTransform::None);
        let side = match letters.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let colour = self.rgba(letters.colour, 1.0);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(side, VPos::Bottom));
        written(self.backend.draw_text(text, &style, fine(at)));
    }

    fn solid_line(&mut self, points: &[Point], pen: Pen) {
        if points.len() > 1 {
            let width = (pen.width * FINE).round().max(1.0) as u32;
            let style = ShapeStyle::from(self.rgba(pen.colour, 1.0)).stroke_width(width);
            written(self.backend.draw_path(points.iter().map(|point| fine(*point)), &style));
        }
    }

    fn rgba(&self, colour: Colour, opacity: f64) -> RGBAColor {
        let Colour(red, green, blue) = self.sheet.theme.shown(colour);
        RGBColor(red, green, blue).mix(opacity)
    }
}

fn written<E: std::fmt::Debug>(result: Result<(), E>) {
    result.expect("SVG is written to memory");
}

/// The nearest place of plotters; what is not a number is at the left or top edge.
fn fine((x, y): Point) -> (i32, i32) {
    let fine = |value: f64| (value.clamp(-FAR, FAR) * FINE).round() as i32;
    (fine(x), fine(y))
}

/// The pieces of a dashed line: plotters writes solid ones only.
fn dashes(points: &[Point], (on, off): Dash) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let (mut drawing, mut left) = (true, on);
    pieces.extend(points.first().map(|first| vec![*first]));
    for pair in points.windows(2) {
        let (from, until) = (pair[0], pair[1]);
        let (across, down) = (until.0 - from.0, until.1 - from.1);
        let length = (across * across + down * down).sqrt();
        if !(length > 0.0 && length < FAR) {
            continue;
        }
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let corner = (from.0 + share * across, from.1 + share * down);
            match pieces.last_mut() {
                Some(piece) if drawing => piece.push(corner),
                _ => pieces.push(vec![corner]),
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
        left -= length - done;
        if let Some(piece) = pieces.last_mut().filter(|_| drawing) {
            piece.push(until);
        }
    }
    pieces
}

/// Brings what plotters wrote to its real size, and leaves out what is the same everywhere.
fn finished(drawn: &str, sheet: Sheet, title: &str, description: &str) -> String {
    let body = drawn.split_once(">\n").map_or("", |(_, body)| body);
    let (width, height) = sheet.fine();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" font-family=\"'{FAMILY}', 'Helvetica Neue', Arial, sans-serif\" stroke-linejoin=\"round\">\n\
         <title>{}</title>\n<desc>{}</desc>\n",
        sheet.size.width,
        sheet.size.height,
        escaped(&one_line(title)),
        escaped(&one_line(description)),
    );
    // Quotes in texts are escaped, so that these patterns can only be attributes.
    let family = format!(" font-family=\"{FAMILY}\"");
    let short = body
        .replace(&family, "")
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" dy=\"-0.5ex\"", "")
        .replace(" text-anchor=\"start\"", "")
        .replace(" \"/>", "\"/>")
        .replace("\">\n", "\">")
        .replace("\n</text>", "</text>");
    push_with_whole_font_sizes(&mut svg, &short);
    svg
}

/// Dividing by plotters' ratio leaves sizes like 104.00000000000001.
fn push_with_whole_font_sizes(svg: &mut String, body: &str) {
    const ATTRIBUTE: &str = "font-size=\"";
    let mut pieces = body.split(ATTRIBUTE);
    svg.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (number, rest) = piece.split_once('"').unwrap_or((piece, ""));
        let size = number.parse::<f64>().unwrap_or(FINE).round();
        svg.push_str(&format!("{ATTRIBUTE}{size}\"{rest}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(width: u32, height: u32) -> Sheet {
        Sheet { size: Size { width, height }, eighths: 8, theme: Theme::Print }
    }

    #[test]
    fn a_smaller_scale_has_more_room_in_the_same_picture() {
        let mut area = None;
        let sheet = Sheet { eighths: 12, theme: Theme::Screen, ..sheet(200, 100) };
        let svg = svg(sheet, "", "", |canvas| area = Some(canvas.area()));
        assert_eq!(area, Some(Area::new((0.0, 0.0), (300.0, 150.0))));
        assert!(svg.contains("width=\"200\" height=\"100\" viewBox=\"0 0 2400 1200\""), "{svg}");
        assert!(svg.contains("width=\"2400\" height=\"1200\" fill=\"#16191D\""), "dark: {svg}");
    }

    #[test]
    fn a_picture_has_its_real_size_and_fine_coordinates() {
        let svg = svg(sheet(200, 100), "A & B", "<none>", |canvas| {
            canvas.line(&[(0.0, 0.0), (10.5, 20.25)], Pen::solid(WHITE, 1.5));
            canvas.text((1.0, 2.0), "x < \"y\" opacity=\"1\"", Letters::new(Face::regular(13.0), WHITE));
        });
        assert!(
            svg.starts_with(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\" viewBox=\"0 0 1600 800\""
            )
        );
        assert!(svg.contains("<title>A &amp; B</title>\n<desc>&lt;none&gt;</desc>"));
        assert!(svg.contains("stroke-width=\"12\" points=\"0,0 84,162\"/>"), "{svg}");
        assert!(
            svg.contains(
                "<text x=\"8\" y=\"16\" font-size=\"104\" fill=\"#FFFFFF\">x &lt; &quot;y&quot; opacity=&quot;1&quot;</text>"
            ),
            "{svg}"
        );
        assert!(svg.ends_with("</svg>\n"), "{svg}");
    }

    #[test]
    fn dashes_go_round_corners() {
        let pieces = dashes(&[(0.0, 0.0), (4.0, 0.0), (4.0, 6.0)], (5.0, 2.0));
        assert_eq!(pieces, [vec![(0.0, 0.0), (4.0, 0.0), (4.0, 1.0)], vec![(4.0, 3.0), (4.0, 6.0)]]);
        assert!(dashes(&[], (5.0, 2.0)).is_empty());
        assert_eq!(dashes(&[(f64::NAN, 0.0), (1.0, 1.0)], (5.0, 2.0)).len(), 1);
    }

    #[test]
    fn nothing_that_is_no_number_panics() {
        let wild = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX];
        svg(sheet(0, u32::MAX), "", "", |canvas| {
            for x in wild {
                canvas.line(&[(x, x), (0.0, x)], Pen::dashed(WHITE, x, (1.0, 1.0)));
                canvas.polygon(&[(x, x), (0.0, x), (x, 0.0)], WHITE, 1.0);
                canvas.rectangle(Area { left: x, top: 0.0, right: 1.0, bottom: x }, WHITE, 1.0);
                canvas.disc((x, x), 1.0, WHITE);
                canvas.text((x, 0.0), "text", Letters::new(Face::bold(12.0), WHITE));
            }
        });
    }
}
