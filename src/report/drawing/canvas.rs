//! Draws charts as SVG: a backend of plotters with places finer than a pixel, groups, and the embedded fonts.
//!
//! plotters counts in whole steps, of which a pixel has eight. Colours are those of paper until they are written.

use std::borrow::Borrow as _;
use std::fmt::{self, Write as _};

use plotters::coord::CoordTranslate;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontStyle, ShapeStyle, TextStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::super::escape::{escaped, one_line};
use super::lettering::{FAMILY, Face, font};
use super::theme::{Colour, Dash, Theme, WHITE};

/// Steps of plotters in a pixel of the chart.
const FINE: f64 = 8.0;
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

impl Size {
    /// The same within the bounds of what can be drawn.
    pub(crate) fn bounded(self) -> Self {
        Self { width: self.width.clamp(120, 10_000), height: self.height.clamp(80, 10_000) }
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

impl From<Pen> for ShapeStyle {
    fn from(pen: Pen) -> Self {
        pen.colour.stroke_width((pen.width * FINE).round().max(1.0) as u32)
    }
}

/// How letters look, and which part of a text is at its place.
#[derive(Clone, Copy)]
pub(crate) struct Letters {
    pub(crate) face: Face,
    pub(crate) colour: Colour,
    pub(crate) anchor: HPos,
}

impl Letters {
    pub(crate) const fn new(face: Face, colour: Colour) -> Self {
        Self { face, colour, anchor: HPos::Left }
    }

    pub(crate) const fn anchored(self, anchor: HPos) -> Self {
        Self { anchor, ..self }
    }
}

impl From<Letters> for TextStyle<'static> {
    fn from(letters: Letters) -> Self {
        let font = font(letters.face.size * FINE, letters.face.style());
        Self { font, color: letters.colour.to_backend_color(), pos: Pos::new(letters.anchor, VPos::Bottom) }
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
        Self { size: self.size.bounded(), eighths: self.eighths.clamp(1, 64), ..self }
    }

    /// Width and height in steps of plotters.
    fn fine(self) -> (u32, u32) {
        (self.size.width * self.eighths, self.size.height * self.eighths)
    }
}

/// Coordinates in pixels of the chart; what is not a number is at the left or top edge.
pub(crate) struct Pixels;

impl CoordTranslate for Pixels {
    type From = Point;

    fn translate(&self, (x, y): &Point) -> BackendCoord {
        let fine = |value: f64| (value.clamp(-FAR, FAR) * FINE).round() as i32;
        (fine(*x), fine(*y))
    }
}

/// A picture in the making.
pub struct Canvas {
    sheet: Sheet,
    svg: String,
    /// What opaque rectangles are filled with, if the text ends in a path of them that is still open.
    open: Option<String>,
    /// The dashes of the line that is being drawn, of which styles of plotters know nothing.
    dash: Option<Dash>,
}

/// The SVG of what `draw` draws, with `title` and `description` for readers who do not see it.
pub(crate) fn svg(sheet: Sheet, title: &str, description: &str, draw: impl FnOnce(&mut Canvas)) -> String {
    let sheet = sheet.bounded();
    let (Size { width, height }, (across, down)) = (sheet.size, sheet.fine());
    let [title, description] = [title, description].map(|text| escaped(&one_line(text)));
    let ground = sheet.theme.shown(WHITE);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {across} {down}\" \
         role=\"img\" font-family=\"'{FAMILY}', 'Helvetica Neue', Arial, sans-serif\" stroke-linejoin=\"round\">\n\
         <title>{title}</title>\n<desc>{description}</desc>\n\
         <rect width=\"{across}\" height=\"{down}\" fill=\"{ground}\"/>\n"
    );
    let mut canvas = Canvas { sheet, svg, open: None, dash: None };
    draw(&mut canvas);
    written(canvas.put(format_args!("</svg>\n")));
    canvas.svg
}

fn written(result: Written) {
    result.expect("SVG is written to memory");
}

impl Canvas {
    /// The whole picture, in pixels of the chart.
    pub(crate) fn area(&self) -> Area {
        let (width, height) = self.sheet.fine();
        Area { left: 0.0, top: 0.0, right: f64::from(width) / FINE, bottom: f64::from(height) / FINE }
    }

    /// Draws what belongs to the strategy with this number, so that a page can hide it.
    pub(crate) fn strategy(&mut self, slot: usize, draw: impl FnOnce(&mut Self)) {
        self.group(format_args!("<g data-strategy=\"{slot}\">\n"), draw);
    }

    /// Draws what a pointer that rests on it shows these words about.
    pub(crate) fn described(&mut self, words: &str, draw: impl FnOnce(&mut Self)) {
        self.group(format_args!("<g><title>{}</title>\n", escaped(&one_line(words))), draw);
    }

    fn group(&mut self, begin: fmt::Arguments<'_>, draw: impl FnOnce(&mut Self)) {
        written(self.put(begin));
        draw(self);
        written(self.put(format_args!("</g>\n")));
    }

    /// Draws an element of plotters whose points are in these coordinates.
    pub(crate) fn draw<'e, C, E>(&mut self, coordinates: &C, element: &'e E)
    where
        C: CoordTranslate<From = Point>,
        E: Drawable<Self>,
        &'e E: PointCollection<'e, Point>,
    {
        let points = element.point_iter().into_iter().map(|point| coordinates.translate(point.borrow()));
        written(element.draw(points, self, self.sheet.fine()));
    }

    /// Draws a line through points in these coordinates.
    pub(crate) fn curve(&mut self, coordinates: &impl CoordTranslate<From = Point>, points: &[Point], pen: Pen) {
        self.dash = pen.dash.filter(|(on, off)| *on > 0.0 && *off > 0.0);
        self.draw(coordinates, &PathElement::new(points, pen));
        self.dash = None;
    }

    pub(crate) fn line(&mut self, points: &[Point], pen: Pen) {
        self.curve(&Pixels, points, pen);
    }

    pub(crate) fn rectangle(&mut self, area: Area, colour: Colour, opacity: f64) {
        let corners = [(area.left, area.top), (area.right, area.bottom)];
        self.draw(&Pixels, &Rectangle::new(corners, colour.mix(opacity).filled()));
    }

    pub(crate) fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        self.draw(&Pixels, &Circle::new(centre, (radius * FINE).round() as i32, colour.filled()));
    }

    /// Writes `text`, which must be clean (see [`Face::fit`]), with its baseline at `at`.
    pub(crate) fn text(&mut self, at: Point, text: &str, letters: Letters) {
        self.draw(&Pixels, &Text::new(text, at, letters));
    }

    /// Adds to the text, which no longer ends in an open path then.
    fn put(&mut self, text: fmt::Arguments<'_>) -> Written {
        if self.open.take().is_some() {
            self.svg.push_str("\"/>\n");
        }
        self.svg.write_fmt(text).map_err(DrawingErrorKind::DrawingError)
    }

    /// A colour in the theme, as attributes.
    fn paint(&self, attribute: &str, BackendColor { alpha, rgb: (red, green, blue) }: BackendColor) -> String {
        let colour = self.sheet.theme.shown(Colour(red, green, blue));
        let opacity = if alpha < 1.0 { format!(" opacity=\"{alpha}\"") } else { String::new() };
        format!("{attribute}=\"{colour}\"{opacity}")
    }

    /// The look of what is filled, or of a line, as attributes.
    fn shape(&self, style: &impl BackendStyle, fill: bool) -> String {
        if fill {
            return self.paint("fill", style.color());
        }
        format!("fill=\"none\" {} stroke-width=\"{}\"", self.paint("stroke", style.color()), style.stroke_width())
    }
}

type Written = Result<(), DrawingErrorKind<fmt::Error>>;

impl DrawingBackend for Canvas {
    type ErrorType = fmt::Error;

    fn get_size(&self) -> (u32, u32) {
        self.sheet.fine()
    }

    fn ensure_prepared(&mut self) -> Written {
        Ok(())
    }

    fn present(&mut self) -> Written {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Written {
        self.draw_rect((x, y), (x + 1, y + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, until: BackendCoord, style: &S) -> Written {
        self.draw_path([from, until], style)
    }

    /// Opaque rectangles of one colour that follow each other are one path, which is shorter.
    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, until: BackendCoord, style: &S, fill: bool) -> Written {
        let ((left, top), (right, bottom)) = (from, until);
        if !fill {
            return self.draw_path([from, (right, top), until, (left, bottom), from], style);
        }
        if left >= right || top >= bottom {
            return Ok(());
        }
        let fill = self.paint("fill", style.color());
        if style.color().alpha < 1.0 || self.open.as_ref() != Some(&fill) {
            self.put(format_args!("<path {fill} d=\""))?;
        }
        self.open = Some(fill);
        let (width, height) = (right - left, bottom - top);
        write!(self.svg, "M{left},{top}h{width}v{height}h-{width}z").map_err(DrawingErrorKind::DrawingError)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Written {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        if points.len() < 2 {
            return Ok(());
        }
        let dash = self.dash.map_or(String::new(), |(on, off)| {
            let [on, off] = [on, off].map(|length| (length.min(FAR) * FINE).round());
            format!(" stroke-dasharray=\"{on} {off}\"")
        });
        self.put(format_args!("<polyline {}{dash} points=\"{}\"/>\n", self.shape(style, false), listed(&points)))
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, fill: bool) -> Written {
        self.put(format_args!("<circle {} cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>\n", self.shape(style, fill)))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Written {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        if points.len() < 3 {
            return Ok(());
        }
        self.put(format_args!("<polygon {} points=\"{}\"/>\n", self.shape(style, true), listed(&points)))
    }

    /// The baseline is at the place of the text, whatever its vertical anchor.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Written {
        if text.is_empty() {
            return Ok(());
        }
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let weight = if let FontStyle::Bold = style.style() { " font-weight=\"bold\"" } else { "" };
        let (size, fill) = (style.size().round(), self.paint("fill", style.color()));
        let text = escaped(text);
        self.put(format_args!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor} {fill}>{text}</text>\n"))
    }
}

fn listed(points: &[BackendCoord]) -> String {
    let mut list = String::with_capacity(10 * points.len());
    for (x, y) in points {
        let space = if list.is_empty() { "" } else { " " };
        write!(list, "{space}{x},{y}").expect("a String takes all text");
    }
    list
}

#[cfg(test)]
mod tests {
    use plotters::element::Polygon;

    use super::super::theme::INK;
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
    fn groups_hold_what_is_drawn_in_them() {
        let svg = svg(sheet(200, 100), "", "", |canvas| {
            canvas.strategy(3, |canvas| {
                let dashed = Pen::dashed(WHITE, 1.0, (5.0, 2.5));
                canvas.described("a <b>", |canvas| canvas.line(&[(0.0, 0.0), (1.0, 0.0)], dashed));
            });
            canvas.disc((1.0, 1.0), 1.0, WHITE);
        });
        let body = svg.split_once("fill=\"#FFFFFF\"/>").expect("the ground").1.replace('\n', "");
        assert_eq!(
            body,
            "<g data-strategy=\"3\"><g><title>a &lt;b&gt;</title>\
             <polyline fill=\"none\" stroke=\"#FFFFFF\" stroke-width=\"8\" stroke-dasharray=\"40 20\" points=\"0,0 8,0\"/></g></g>\
             <circle fill=\"#FFFFFF\" cx=\"8\" cy=\"8\" r=\"8\"/></svg>"
        );
    }

    #[test]
    fn opaque_rectangles_of_one_colour_are_one_path() {
        let svg = svg(sheet(200, 100), "", "", |canvas| {
            let unit = |left: f64| Area::new((left, 1.0), (left + 1.0, 3.0));
            for (left, opacity) in [(0.0, 1.0), (2.0, 1.0), (4.0, 0.5), (6.0, 0.5)] {
                canvas.rectangle(unit(left), INK, opacity);
            }
            canvas.rectangle(Area::new((5.0, 5.0), (5.0, 9.0)), INK, 1.0);
        });
        let body = svg.split_once("fill=\"#FFFFFF\"/>\n").expect("the ground").1;
        assert_eq!(
            body,
            "<path fill=\"#282C34\" d=\"M0,8h8v16h-8zM16,8h8v16h-8z\"/>\n\
             <path fill=\"#282C34\" opacity=\"0.5\" d=\"M32,8h8v16h-8z\"/>\n\
             <path fill=\"#282C34\" opacity=\"0.5\" d=\"M48,8h8v16h-8z\"/>\n</svg>\n"
        );
    }

    #[test]
    fn nothing_that_is_no_number_panics() {
        let wild = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX];
        svg(sheet(0, u32::MAX), "", "", |canvas| {
            for x in wild {
                canvas.line(&[(x, x), (0.0, x)], Pen::dashed(WHITE, x, (1.0, 1.0)));
                canvas.draw(&Pixels, &Polygon::new([(x, x), (0.0, x), (x, 0.0)], WHITE));
                canvas.rectangle(Area { left: x, top: 0.0, right: 1.0, bottom: x }, WHITE, 1.0);
                canvas.disc((x, x), 1.0, WHITE);
                canvas.text((x, 0.0), "text", Letters::new(Face::bold(12.0), WHITE));
            }
        });
    }
}
