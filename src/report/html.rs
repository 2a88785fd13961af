//! A self-contained HTML page: nothing to load, readable on a phone, on paper, in dark mode and without scripts.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::json;

use super::{
    breaks::breakable,
    chart::{Chart, Live, Theme},
    escape::cleaned,
    estimates::Estimates,
    table::{Align, Column, Table},
    web,
};

/// Widths of a chart in pixels: on a page, on a phone, and beside something else.
const WIDE: u32 = 800;
const NARROW: u32 = 340;
const BESIDE: u32 = 600;
/// Bytes above which a picture is on a page only once, or not at all if the chart is interactive; and above which no
/// chart is on a page. It then shows more strategies than anybody can read.
const LARGEST_TWICE: usize = 100_000;
const LARGEST: usize = 200_000;
/// Columns that fit on a phone.
const FEW_COLUMNS: usize = 3;

/// A document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Title of the page and the browser tab.
    pub title: String,
    /// Description of the page.
    pub lead: Vec<String>,
    /// What a reader must know first.
    pub notices: Vec<Notice>,
    /// The answer, in few sentences.
    pub verdict: Vec<String>,
    /// Columns that are visible below the answer without scrolling.
    pub overview: Vec<Vec<Block>>,
    /// Strategies that a reader can show and hide: numbers and names.
    pub strategies: Vec<(usize, String)>,
    /// Sections.
    pub sections: Vec<Section>,
    /// Details, folded, and printed only on request.
    pub appendix: Vec<Section>,
}

/// A notice at the top of a page, with points that unfold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notice {
    /// The notice in a sentence.
    pub title: String,
    /// The points, if it has any.
    pub points: Vec<String>,
}

/// A part of a page with its own heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its content, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading within a section.
    Heading(String),
    /// Text.
    Paragraph(String),
    /// Text on how to read what is above.
    Note(String),
    /// A table.
    Table(Table),
    /// Means with their intervals.
    Estimates(Estimates),
    /// A chart.
    Figure(Figure),
    /// Terms, each with its meaning or value.
    Definitions(Vec<(String, String)>),
    /// Text to be copied or compared exactly, such as a command.
    Code(String),
    /// Points with their depth. A deeper point belongs to the less deep one before it; 1 is the least deep.
    List(Vec<(usize, String)>),
}

/// A chart with a caption.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// The chart from [`Chart::svg`], included as it is.
    svg: String,
    /// The chart for phones and for two columns on paper; none if one picture must do.
    narrow: Option<String>,
    live: Option<Live>,
    caption: String,
}

impl Figure {
    /// Draws `chart` as wide as a page, and for phones.
    pub fn new(chart: &dyn Chart, caption: impl Into<String>) -> Self {
        Self::drawn(chart, caption, WIDE)
    }

    /// Draws `chart` to stand beside something else, and for phones.
    pub fn beside(chart: &dyn Chart, caption: impl Into<String>) -> Self {
        Self::drawn(chart, caption, BESIDE)
    }

    fn drawn(chart: &dyn Chart, caption: impl Into<String>, width: u32) -> Self {
        let drawn = |width| chart.svg(chart.size(width), Theme::Print);
        let live = chart.live().filter(|live| live.json().to_string().len() <= LARGEST);
        let svg = drawn(width);
        let narrow = (svg.len() <= LARGEST_TWICE).then(|| drawn(NARROW));
        Self { svg, narrow, live, caption: caption.into() }
    }
}

impl Page {
    /// Returns the whole document.
    pub fn html(&self) -> String {
        let (style, script) = (web::style(), web::script());
        let policy = web::policy(&style, &script);
        // Maud escapes markup. Characters that no text may contain are removed from all texts at once.
        let cleaned = |markup: Markup| PreEscaped(cleaned(&markup.into_string()).collect::<String>());
        let document = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    (cleaned(html! { title { (self.title) } }))
                    style { (PreEscaped(style)) }
                }
                body {
                    (cleaned(self.main()))
                    script type="application/json" id="data" { (PreEscaped(self.data())) }
                    script { (PreEscaped(script)) }
                }
            }
        };
        document.into_string()
    }

    /// Returns the data that the script draws, each chart under the id of its figure.
    fn data(&self) -> String {
        let sections = self.sections.iter().chain(&self.appendix);
        let blocks = self.overview.iter().flatten().chain(sections.flat_map(|section| &section.blocks));
        let figures = blocks.filter_map(|block| if let Block::Figure(figure) = block { Some(figure) } else { None });
        let charts =
            (1..).zip(figures).filter_map(|(number, figure)| Some((figure_id(number), figure.live.as_ref()?.json())));
        let charts: serde_json::Map<_, _> = charts.collect();
        web::embedded(&json!({ "strategies": web::strategies(&self.strategies), "charts": charts }))
    }

    /// Returns the switches for strategies and colours, for browsers that run the script.
    fn controls(&self) -> Markup {
        html! {
            div.controls #controls hidden="hidden" {
                @if self.strategies.len() > 1 {
                    fieldset {
                        legend { "Strategies shown" }
                        @for (slot, name) in &self.strategies {
                            label data-sample=(slot) {
                                input type="checkbox" data-switch=(slot) autocomplete="off" checked="checked";
                                " " (PreEscaped(web::sample(*slot))) " " (name)
                            }
                        }
                    }
                }
                @if !self.appendix.is_empty() {
                    label { input #appendix type="checkbox" autocomplete="off"; " Print the details" }
                }
                label {
                    "Colours "
                    select #look autocomplete="off" {
                        @for (value, words) in [("auto", "system"), ("light", "light"), ("dark", "dark")] {
                            option value=(value) { (words) }
                        }
                    }
                }
            }
        }
    }

    /// Returns everything to read.
    fn main(&self) -> Markup {
        let mut figures = 0;
        html! {
            main {
                header {
                    h1 { (self.title) }
                    @for paragraph in &self.lead { p.lead { (prose(paragraph)) } }
                    @if !self.verdict.is_empty() {
                        div.verdict { @for sentence in &self.verdict { p { (prose(sentence)) } } }
                    }
                    @for notice in &self.notices { (notice.html()) }
                }
                @if !self.overview.is_empty() {
                    div.overview {
                        @for column in &self.overview { div { @for part in column { (block(part, &mut figures)) } } }
                    }
                }
                (self.controls())
                (self.contents())
                @for (number, section) in (1..).zip(&self.sections) {
                    section id=(section_id(number)) {
                        h2 { (section.title) }
                        @let are_charts = section.blocks.iter().all(|block| matches!(block, Block::Figure(_)));
                        div.parts.charts[are_charts] { @for part in &section.blocks { (block(part, &mut figures)) } }
                    }
                }
                @if !self.appendix.is_empty() { h2.details { "Details" } }
                @for (number, section) in (self.sections.len() + 1..).zip(&self.appendix) {
                    details id=(section_id(number)) {
                        summary { (section.title) }
                        @for part in &section.blocks { (block(part, &mut figures)) }
                    }
                }
            }
        }
    }

    /// Returns links to the sections, if there are enough of them.
    fn contents(&self) -> Markup {
        let sections = (1..).zip(self.sections.iter().chain(&self.appendix));
        html! {
            @if self.sections.len() + self.appendix.len() >= 3 {
                nav aria-label="Contents" {
                    ul { @for (number, section) in sections { li { a href={ "#" (section_id(number)) } { (section.title) } } } }
                }
            }
        }
    }
}

impl Notice {
    fn html(&self) -> Markup {
        html! {
            @if self.points.is_empty() {
                p.notice { (prose(&self.title)) }
            } @else {
                details.notice {
                    summary { (prose(&self.title)) }
                    ul { @for point in &self.points { li { (prose(point)) } } }
                }
            }
        }
    }
}

fn section_id(number: usize) -> String {
    format!("section-{number}")
}

fn block(block: &Block, figures: &mut usize) -> Markup {
    match block {
        Block::Heading(text) => html! { h3 { (text) } },
        Block::Paragraph(text) => html! { p { (prose(text)) } },
        Block::Note(text) => html! { p.reading { (prose(text)) } },
        Block::Table(table) => table_of(table),
        Block::Estimates(estimates) => estimates.html(),
        Block::Figure(figure) => {
            *figures += 1;
            figure.html(*figures)
        }
        Block::Definitions(pairs) => {
            html! { dl { @for (term, text) in pairs { dt { (breakable(term)) } dd { (prose(text)) } } } }
        }
        Block::Code(text) => html! { pre tabindex="0" { code { (text) } } },
        Block::List(points) => list(points, 1),
    }
}

/// Returns text in sentences. A number stays on one line with its per cent sign, and text in backticks is code.
fn prose(text: &str) -> Markup {
    let text = text.replace(" %", "\u{a0}%");
    let pieces: Vec<&str> = text.split('`').collect();
    let is_even = pieces.len() % 2 == 1;
    html! {
        @for (index, piece) in pieces.into_iter().enumerate() {
            @if !is_even && index > 0 { "`" }
            @if is_even && index % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

/// Returns the points that are at least this deep. Each may be only one step deeper than the one before.
fn list(points: &[(usize, String)], depth: usize) -> Markup {
    let points = points.chunk_by(|_, next| next.0 > depth);
    html! {
        ul { @for all in points { li { (prose(&all[0].1)) @if all.len() > 1 { (list(&all[1..], depth + 1)) } } } }
    }
}

fn figure_id(number: usize) -> String {
    format!("figure-{number}")
}

impl Figure {
    fn html(&self, number: usize) -> Markup {
        html! {
            figure id=(figure_id(number)) {
                @if self.live.is_some() {
                    div.live hidden="hidden" {}
                }
                @if let Some(narrow) = &self.narrow {
                    div.still.wide { (PreEscaped(&self.svg)) }
                    div.still.narrow { (PreEscaped(narrow)) }
                } @else if self.svg.len() <= if self.live.is_some() { LARGEST_TWICE } else { LARGEST } {
                    div.still.only { (PreEscaped(&self.svg)) }
                } @else {
                    p.still.only { "This picture has too much detail for a page. It is in the folder of charts." }
                }
                figcaption { "Figure " (number) ". " (prose(&self.caption)) }
            }
        }
    }
}

fn table_of(table: &Table) -> Markup {
    let class = |index: usize| (table.columns[index].align == Align::Right).then_some("right");
    let shown = table.shown();
    let unit = |column: &Column| html! { @if let Some(unit) = &column.unit { " " span.unit { (unit) } } };
    let heads = html! {
        @for (index, column) in table.columns.iter().enumerate() {
            th scope="col" class=[class(index)] { (breakable(&column.name)) (unit(column)) }
        }
    };
    let row = |row: usize| {
        html! {
            tr {
                @for (index, column) in shown.iter().enumerate() {
                    td class=[class(index)] {
                        @let lines = html! {
                            @for (line, text) in column[row].lines().enumerate() { @if line > 0 { br; } (text) }
                        };
                        @if table.is_best(row, index) { b { (lines) } } @else { (lines) }
                    }
                }
            }
        }
    };
    html! {
        @if table.columns.len() > FEW_COLUMNS { p.swipe { "Swipe the table sideways for more columns →" } }
        div.table tabindex="0" {
            table {
                @if !table.title.is_empty() { caption { (table.title) } }
                thead { tr { (heads) } }
                tbody { @for index in 0..table.rows.len() { (row(index)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::chart::{Heading, LivePanel};
    use super::super::estimates::{Estimate, EstimateRow};
    use super::super::table::Cell;
    use super::*;

    const HOSTILE: &str = "</title><script>alert(\"x\")</script>&'\u{0}\u{202E}";

    fn page() -> Page {
        let table = Table {
            title: HOSTILE.into(),
            columns: vec![Column::text(HOSTILE), Column::number("cost", HOSTILE)],
            rows: vec![vec![HOSTILE.into(), 1234.5.into()], vec![Cell::Empty]],
        };
        let live = Live {
            heading: Heading::new(HOSTILE).with_note(HOSTILE),
            unit: HOSTILE.into(),
            words: vec!["median"],
            start: jiff::civil::date(2027, 1, 1),
            days: vec![31.0],
            panels: vec![LivePanel { name: HOSTILE.into(), ..LivePanel::default() }],
        };
        let figure =
            Figure { svg: "<svg/>".into(), narrow: Some("<svg/>".into()), live: Some(live), caption: HOSTILE.into() };
        let estimate = Estimate { mean: 1.0, limits: [0.5, f64::NAN], is_corrected: false, of: 0.99999 };
        let estimates = Estimates {
            columns: vec![HOSTILE.into()],
            rows: vec![EstimateRow {
                name: HOSTILE.into(),
                note: HOSTILE.into(),
                is_share: true,
                share_word: "in",
                cells: vec![Some(estimate), None],
            }],
        };
        let blocks = vec![
            Block::Paragraph(HOSTILE.into()),
            Block::Table(table),
            Block::Estimates(estimates),
            Block::Figure(figure.clone()),
            Block::Figure(figure),
            Block::Definitions(vec![(HOSTILE.into(), HOSTILE.into())]),
            Block::Code(HOSTILE.into()),
            Block::List(vec![(1, HOSTILE.into())]),
        ];
        let section = Section { title: HOSTILE.into(), blocks };
        Page {
            title: HOSTILE.into(),
            lead: vec![HOSTILE.into()],
            notices: vec![Notice { title: HOSTILE.into(), points: vec![HOSTILE.into()] }],
            verdict: vec![HOSTILE.into()],
            overview: vec![vec![Block::Note(HOSTILE.into())]],
            strategies: vec![(0, HOSTILE.into()), (1, HOSTILE.into())],
            sections: vec![section.clone(), section.clone()],
            appendix: vec![section],
        }
    }

    #[test]
    fn names_break_after_dots_and_low_lines_and_where_they_are_long() {
        let breakable = |text: &str| breakable(text).into_string();
        assert_eq!(breakable("in house & co"), "in house &amp; co");
        assert_eq!(breakable("a.b_c-d"), "a.<wbr>b_<wbr>c-d");
        assert_eq!(breakable(&"x".repeat(20)), format!("{}<wbr>xxxx", "x".repeat(16)));
    }

    #[test]
    fn lists_nest_by_depth() {
        let points = [(1, "a"), (2, "b"), (3, "c"), (1, "d"), (3, "e")].map(|(depth, point)| (depth, point.to_owned()));
        let html = list(&points, 1).into_string().replace('\n', "");
        let expected = "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d<ul><li>e</li></ul></li></ul>";
        assert_eq!(html, expected);
    }

    #[test]
    fn nothing_that_a_stranger_wrote_is_markup() {
        let html = page().html();
        assert!(!html.contains(['\u{0}', '\u{202E}']));
        assert_eq!(html.matches("<script").count(), 2, "the data and the script of the page");
        assert_eq!(html.matches("</script").count(), 2);
        assert_eq!(html.matches("&lt;script&gt;").count(), 3 + 2 + 3 + 4 + 3 * 15);
        assert!(html.contains("<td class=\"right\">1,234</td>"), "{html}");
    }

    #[test]
    fn the_page_is_well_formed_and_its_ids_are_unique() {
        let html = page().html();
        let body = html.split_once("<body>").expect("a body").1.split_once("<script").expect("its end").0;
        // XML has no elements without an end.
        let body = body.replace("<wbr>", "").replace("<br>", "<br/>");
        let body = body.replace("checked=\"checked\">", "checked=\"checked\"/>");
        let body = body.replace("type=\"checkbox\" autocomplete=\"off\">", "type=\"checkbox\" autocomplete=\"off\"/>");
        let body = format!("<body>{body}</body>");
        let parsed = resvg::usvg::roxmltree::Document::parse(body.trim());
        let parsed = parsed.unwrap_or_else(|error| panic!("{error}: {body}"));
        let mut ids: Vec<&str> = parsed.descendants().filter_map(|node| node.attribute("id")).collect();
        assert_eq!(ids.len(), 3 + 6 + 3);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 3 + 6 + 3);
    }

    #[test]
    fn nothing_is_fetched() {
        let html = page().html();
        assert!(html.contains("default-src 'none'"));
        assert!(html.contains("script-src 'sha256-") && html.contains("style-src 'sha256-") && !html.contains("unsafe"));
        for way in [" src=", "href=\"http", "url(http", "@import", "<link", "<iframe", "<img", " style=", " onclick="] {
            assert!(!html.contains(way), "{way}");
        }
    }
}
