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
/// A circle here is no circle: it stands for the begin of a group, of which plotters knows nothing, or for its end.
const GROUP: i32 = -2_000_000;
/// The number of the group that ends all others.
const END: i32 = -1;

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
    /// What each group begins with.
    groups: Vec<String>,
}

/// The SVG of what `draw` draws, with `title` and `description` for readers who do not see it.
pub(crate) fn svg(sheet: Sheet, title: &str, description: &str, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
    let sheet = sheet.bounded();
    let mut text = String::new();
    let mut canvas = Canvas { sheet, backend: SVGBackend::with_string(&mut text, sheet.fine()), groups: Vec::new() };
    canvas.rectangle(canvas.area(), WHITE, 1.0);
    draw(&mut canvas);
    let groups = std::mem::take(&mut canvas.groups);
    drop(canvas);
    finished(&text, &groups, sheet, (title, description))
}

impl Canvas<'_> {
    /// The whole picture, in pixels of the chart.
    pub(crate) fn area(&self) -> Area {
        let (width, height) = self.sheet.fine();
        Area { left: 0.0, top: 0.0, right: f64::from(width) / FINE, bottom: f64::from(height) / FINE }
    }

    /// Draws what belongs to the strategy with this number, so that a page can hide it.
    pub(crate) fn strategy(&mut self, slot: usize, draw: impl FnOnce(&mut Self)) {
        self.group(format!("<g data-strategy=\"{slot}\">"), draw);
    }

    /// Draws what a pointer that rests on it shows these words about.
    pub(crate) fn told(&mut self, words: &str, draw: impl FnOnce(&mut Self)) {
        self.group(format!("<g><title>{}</title>", escaped(&one_line(words))), draw);
    }

    fn group(&mut self, begin: String, draw: impl FnOnce(&mut Self)) {
        let number = i32::try_from(self.groups.len()).expect("a picture has fewer groups than bytes");
        self.groups.push(begin);
        self.mark(number);
        draw(self);
        self.mark(END);
    }

    /// A circle that [`finished`] takes for the begin of this group.
    fn mark(&mut self, group: i32) {
        let style = ShapeStyle::from(self.rgba(WHITE, 1.0)).filled();
        written(self.backend.draw_circle((GROUP, group), 0, &style, true));
    }

    pub(crate) fn line(&mut self, points: &[Point], pen: Pen) {
        match pen.dash {
            Some((on, off)) if on > 0.0 && off > 0.0 => {
                let [on, off] = [on, off].map(|length| (length.min(FAR) * FINE).round());
                self.group(format!("<g stroke-dasharray=\"{on} {off}\">"), |canvas| canvas.solid_line(points, pen));
            }
            _ => self.solid_line(points, pen),
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

/// Brings what plotters wrote to its real size, and leaves out what is the same everywhere.
fn finished(drawn: &str, groups: &[String], sheet: Sheet, (title, description): (&str, &str)) -> String {
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
    push_with_whole_font_sizes(&mut svg, &grouped(&joined(&short), groups));
    svg
}

/// What was drawn, with opaque rectangles of one colour that follow each other as one path, which is shorter.
fn joined(body: &str) -> String {
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let mut text = String::with_capacity(body.len());
    for run in lines.chunk_by(|one, other| opaque(one).is_some_and(|fill| opaque(other) == Some(fill))) {
        match (opaque(run[0]), run.len()) {
            (Some(fill), 2..) => {
                let path: String = run.iter().filter_map(|line| outline(line)).collect();
                text += &format!("<path d=\"{path}\" fill=\"{fill}\"/>\n");
            }
            _ => text.extend(run.iter().copied()),
        }
    }
    text
}

/// What an opaque rectangle is filled with.
fn opaque(line: &str) -> Option<&str> {
    let rectangle = line.strip_prefix("<rect ").filter(|rest| !rest.contains("opacity"))?;
    rectangle.split_once(" fill=\"")?.1.split('"').next()
}

/// A rectangle as the steps of a path.
fn outline(rectangle: &str) -> Option<String> {
    let value = |name: &str| rectangle.split_once(&format!(" {name}=\""))?.1.split('"').next();
    let (x, y, width, height) = (value("x")?, value("y")?, value("width")?, value("height")?);
    Some(format!("M{x},{y}h{width}v{height}h-{width}z"))
}

/// What was drawn, with the groups that circles stand for.
fn grouped(body: &str, groups: &[String]) -> String {
    let mark = format!("<circle cx=\"{GROUP}\" cy=\"");
    let mut pieces = body.split(&mark);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_once('"').unwrap_or((piece, ""));
        let begin = number.parse().ok().and_then(|number: usize| groups.get(number));
        text.push_str(begin.map_or("</g>", String::as_str));
        text.push_str(rest.split_once("/>").map_or("", |(_, rest)| rest));
    }
    text
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
    fn groups_hold_what_is_drawn_in_them() {
        let svg = svg(sheet(200, 100), "", "", |canvas| {
            canvas.strategy(3, |canvas| {
                let dashed = Pen::dashed(WHITE, 1.0, (5.0, 2.5));
                canvas.told("a <b>", |canvas| canvas.line(&[(0.0, 0.0), (1.0, 0.0)], dashed));
            });
            canvas.disc((1.0, 1.0), 1.0, WHITE);
        });
        let body = svg.split_once("fill=\"#FFFFFF\"/>").expect("the ground").1.replace('\n', "");
        assert_eq!(
            body,
            "<g data-strategy=\"3\"><g><title>a &lt;b&gt;</title><g stroke-dasharray=\"40 20\">\
             <polyline fill=\"none\" stroke=\"#FFFFFF\" stroke-width=\"8\" points=\"0,0 8,0\"/></g></g></g>\
             <circle cx=\"8\" cy=\"8\" r=\"8\" fill=\"#FFFFFF\" stroke-width=\"1\"/></svg>"
        );
    }

    #[test]
    fn rectangles_of_one_colour_are_one_path() {
        let body = "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#A\"/>\n<rect x=\"5\" y=\"6\" width=\"7\" height=\"8\" fill=\"#A\"/>\n";
        let other = "<rect x=\"0\" y=\"0\" width=\"1\" height=\"1\" fill=\"#B\"/>\n";
        let clear = other.replace(" fill", " opacity=\"0.5\" fill");
        let rest = format!("{other}{clear}{clear}<text>a</text>\n");
        assert_eq!(joined(&format!("{body}{rest}")), format!("<path d=\"M1,2h3v4h-3zM5,6h7v8h-7z\" fill=\"#A\"/>\n{rest}"));
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
