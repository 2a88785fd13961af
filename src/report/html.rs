//! One self-contained HTML page: nothing to fetch, readable on a telephone, on paper, in the dark and without scripts.

use serde_json::json;

use super::{
    chart::{Chart, Live, Theme},
    escape::escaped,
    number::{exact, readable, short_percent},
    table::{Align, Table},
    web,
};

/// Widths at which a chart is drawn, in pixels: for a page, and for a telephone.
const WIDE: u32 = 800;
const NARROW: u32 = 340;

/// A document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Stands at the top and in the browser's tab.
    pub title: String,
    /// Paragraphs before the first section: what the page is about.
    pub lead: Vec<String>,
    /// The strategies that a reader can show and hide: their numbers and names.
    pub strategies: Vec<(usize, String)>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A part of a page under a heading of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What it is made of, in order.
    pub blocks: Vec<Block>,
}

/// What sections are made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Words.
    Paragraph(String),
    /// Numbers in rows and columns.
    Table(Table),
    /// Means with their intervals.
    Estimates(Estimates),
    /// A chart.
    Figure(Figure),
    /// Terms, each with what it means or is.
    Definitions(Vec<(String, String)>),
    /// Text that is copied or compared letter by letter, such as a command.
    Code(String),
    /// Points, each below the one before it that is less deep; 1 is the least deep.
    List(Vec<(usize, String)>),
}

/// Means with their confidence intervals, each with the exact numbers for programs that read the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimates {
    /// Heads of the columns after the first.
    pub columns: Vec<String>,
    /// What is estimated.
    pub rows: Vec<EstimateRow>,
}

/// A quantity that is estimated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EstimateRow {
    /// What it is called.
    pub name: String,
    /// Its unit, and where to find more.
    pub note: String,
    /// Whether it is a share, shown in percent.
    pub is_share: bool,
    /// What stands before the share of the replications that an estimate is of.
    pub share_word: &'static str,
    /// An estimate for each column; none where it is undefined.
    pub cells: Vec<Option<Estimate>>,
}

/// A mean with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower and upper limits of its interval; `NaN` if there is none.
    pub limits: [f64; 2],
    /// The share of the replications that it is a mean of.
    pub of: f64,
}

/// A chart with a question above it and words below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    question: String,
    /// As it comes from [`Chart::svg`]: put into the page as it is.
    svg: String,
    /// The same for telephones; empty if the page draws it itself.
    narrow: String,
    live: Option<Live>,
    caption: String,
}

impl Figure {
    /// Draws `chart`, which answers the question, for pages and for telephones.
    pub fn new(chart: &dyn Chart, question: impl Into<String>, caption: impl Into<String>) -> Self {
        let drawn = |width| chart.svg(chart.size(width), Theme::Print);
        let live = chart.live();
        let narrow = if live.is_some() { String::new() } else { drawn(NARROW) };
        Self { question: question.into(), svg: drawn(WIDE), narrow, live, caption: caption.into() }
    }
}

impl Page {
    /// The whole document.
    pub fn html(&self) -> String {
        let title = escaped(&self.title);
        let (style, script) = (web::style(), web::script());
        let policy = web::policy(&style, &script);
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        );
        self.push_controls(&mut html);
        html += &format!("<main>\n<header>\n<h1>{title}</h1>\n");
        for paragraph in &self.lead {
            html += &format!("<p class=\"lead\">{}</p>\n", prose(paragraph));
        }
        html += "</header>\n";
        self.push_contents(&mut html);
        let mut figures = 0;
        for (index, section) in self.sections.iter().enumerate() {
            html += &format!("<section id=\"section-{}\">\n<h2>{}</h2>\n", index + 1, escaped(&section.title));
            for block in &section.blocks {
                push_block(&mut html, block, &mut figures);
            }
            html += "</section>\n";
        }
        html += "</main>\n";
        html += &format!("<script type=\"application/json\" id=\"data\">{}</script>\n", self.data());
        html + &format!("<script>{script}</script>\n</body>\n</html>\n")
    }

    /// What the script draws, each chart under the id of its figure.
    fn data(&self) -> String {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        let figures = blocks.filter_map(|block| if let Block::Figure(figure) = block { Some(figure) } else { None });
        let charts =
            (1..).zip(figures).filter_map(|(number, figure)| Some((figure_id(number), figure.live.as_ref()?.json())));
        let charts: serde_json::Map<_, _> = charts.collect();
        web::embedded(&json!({ "strategies": web::strategies(&self.strategies), "charts": charts }))
    }

    /// Switches for the strategies and the look of the page, for browsers that run the script.
    fn push_controls(&self, html: &mut String) {
        *html += "<div class=\"controls\" id=\"controls\" hidden=\"hidden\">\n";
        if self.strategies.len() > 1 {
            *html += "<fieldset>\n<legend>Strategies shown</legend>\n";
            for (slot, name) in &self.strategies {
                *html += &format!(
                    "<label data-sample=\"{slot}\"><input type=\"checkbox\" data-switch=\"{slot}\" checked=\"checked\" \
                     autocomplete=\"off\"/> {} {}</label>\n",
                    web::sample(*slot),
                    escaped(name)
                );
            }
            *html += "</fieldset>\n";
        }
        *html += "<label>Colours <select id=\"look\" autocomplete=\"off\"><option value=\"auto\">of the system</option>\
                  <option value=\"light\">light</option><option value=\"dark\">dark</option></select></label>\n</div>\n";
    }

    /// Links to the sections, where there are enough of them.
    fn push_contents(&self, html: &mut String) {
        if self.sections.len() < 3 {
            return;
        }
        *html += "<nav aria-label=\"Contents\">\n<ul>\n";
        for (index, section) in self.sections.iter().enumerate() {
            *html += &format!("<li><a href=\"#section-{}\">{}</a></li>\n", index + 1, escaped(&section.title));
        }
        *html += "</ul>\n</nav>\n";
    }
}

fn push_block(html: &mut String, block: &Block, figures: &mut usize) {
    match block {
        Block::Paragraph(text) => *html += &format!("<p>{}</p>\n", prose(text)),
        Block::Table(table) => push_table(html, table),
        Block::Estimates(estimates) => push_estimates(html, estimates),
        Block::Figure(figure) => {
            *figures += 1;
            push_figure(html, figure, *figures);
        }
        Block::Definitions(pairs) => {
            let pairs = pairs.iter().map(|(term, text)| format!("<dt>{}</dt><dd>{}</dd>\n", breakable(term), prose(text)));
            *html += &format!("<dl>\n{}</dl>\n", pairs.collect::<String>());
        }
        Block::Code(text) => *html += &format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escaped(text)),
        Block::List(points) => push_list(html, points),
    }
}

/// Text in sentences: a number stays on one line with its per cent sign.
fn prose(text: &str) -> String {
    escaped(text).replace(" %", "\u{a0}%")
}

/// Letters of a name in a row that a narrow column has room for.
const UNBROKEN: usize = 16;

/// A name or a dotted key, which may be broken after dots and low lines, and within only where it has none for long.
fn breakable(text: &str) -> String {
    let mut html = String::new();
    let mut unbroken = 0;
    for letter in text.chars() {
        html += &escaped(letter.encode_utf8(&mut [0; 4]));
        unbroken = if letter.is_whitespace() || letter == '-' { 0 } else { unbroken + 1 };
        if matches!(letter, '.' | '_') || unbroken == UNBROKEN {
            html += "<wbr/>";
            unbroken = 0;
        }
    }
    html
}

fn push_list(html: &mut String, points: &[(usize, String)]) {
    let mut open = 0;
    for (depth, point) in points {
        // A point may be deeper than the one before by one step only.
        let depth = (*depth).clamp(1, open + 1);
        if depth > open {
            *html += "<ul>\n";
        } else {
            *html += "</li>\n";
            (depth..open).for_each(|_| *html += "</ul>\n</li>\n");
        }
        *html += &format!("<li>{}", prose(point));
        open = depth;
    }
    (0..open).for_each(|_| *html += "</li>\n</ul>\n");
}

fn figure_id(number: usize) -> String {
    format!("figure-{number}")
}

fn push_figure(html: &mut String, figure: &Figure, number: usize) {
    if !figure.question.is_empty() {
        *html += &format!("<h3>{}</h3>\n", escaped(&figure.question));
    }
    *html += &format!("<figure id=\"{}\">\n", figure_id(number));
    if figure.live.is_some() {
        *html += "<div class=\"live\" hidden=\"hidden\"></div>\n";
        *html += &format!("<div class=\"still\" tabindex=\"0\">{}</div>\n", figure.svg);
    } else {
        *html += &format!("<div class=\"still wide\">{}</div>\n", figure.svg);
        *html += &format!("<div class=\"still narrow\">{}</div>\n", figure.narrow);
    }
    *html += &format!("<figcaption>Figure {number}. {}</figcaption>\n</figure>\n", prose(&figure.caption));
}

fn push_estimates(html: &mut String, estimates: &Estimates) {
    *html += "<div class=\"table\" tabindex=\"0\">\n<table class=\"estimates\">\n<thead>\n<tr><th scope=\"col\"></th>";
    for column in &estimates.columns {
        *html += &format!("<th scope=\"col\" class=\"right\">{}</th>", breakable(column));
    }
    *html += "</tr>\n</thead>\n<tbody>\n";
    for EstimateRow { name, note, is_share, share_word, cells } in &estimates.rows {
        *html += &format!("<tr><th scope=\"row\">{} <span class=\"note\">{}</span></th>", escaped(name), escaped(note));
        for cell in cells {
            *html += &cell.map_or("<td class=\"right\">–</td>".to_owned(), |cell| cell.html(*is_share, share_word));
        }
        *html += "</tr>\n";
    }
    *html += "</tbody>\n</table>\n</div>\n";
}

impl Estimate {
    fn html(&self, is_share: bool, share_word: &str) -> String {
        let number = |value: f64| {
            let shown = if is_share { short_percent(value) } else { readable(value) };
            format!("<data value=\"{}\">{shown}</data>", exact(value))
        };
        let mut cell = format!("<td class=\"right\"><b>{}</b>", number(self.mean));
        let [low, high] = self.limits;
        if low.is_finite() && high.is_finite() {
            cell += &format!("<span class=\"interval\">{} to {}</span>", number(low), number(high));
        }
        if self.of < 1.0 {
            // Rounded down: what is missing somewhere is not 100 %.
            let share = short_percent((1e4 * self.of).floor() / 1e4);
            cell += &format!("<span class=\"interval\">{share_word} {share}</span>");
        }
        cell + "</td>"
    }
}

fn push_table(html: &mut String, table: &Table) {
    *html += "<div class=\"table\" tabindex=\"0\">\n<table>\n";
    if !table.title.is_empty() {
        *html += &format!("<caption>{}</caption>\n", escaped(&table.title));
    }
    let class = |index: usize| {
        if table.columns[index].align == Align::Right { " class=\"right\"" } else { "" }
    };
    *html += "<thead>\n<tr>";
    for (index, column) in table.columns.iter().enumerate() {
        let unit =
            column.unit.as_ref().map_or(String::new(), |unit| format!(" <span class=\"unit\">{}</span>", escaped(unit)));
        *html += &format!("<th scope=\"col\"{}>{}{unit}</th>", class(index), breakable(&column.name));
    }
    *html += "</tr>\n</thead>\n<tbody>\n";
    let shown = table.shown();
    for row in 0..table.rows.len() {
        *html += "<tr>";
        for (index, column) in shown.iter().enumerate() {
            *html += &format!("<td{}>{}</td>", class(index), escaped(&column[row]));
        }
        *html += "</tr>\n";
    }
    *html += "</tbody>\n</table>\n</div>\n";
}

#[cfg(test)]
mod tests {
    use super::super::chart::{Heading, LivePanel};
    use super::super::table::{Cell, Column};
    use super::*;

    const HOSTILE: &str = "</title><script>alert(\"x\")</script>&'\u{0}";

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
        let figure = Figure {
            question: HOSTILE.into(),
            svg: "<svg/>".into(),
            narrow: "<svg/>".into(),
            live: Some(live),
            caption: HOSTILE.into(),
        };
        let estimate = Estimate { mean: 1.0, limits: [0.5, f64::NAN], of: 0.99999 };
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
            strategies: vec![(0, HOSTILE.into()), (1, HOSTILE.into())],
            sections: vec![section.clone(), section.clone(), section],
        }
    }

    #[test]
    fn names_break_after_dots_and_low_lines_and_where_they_are_long() {
        assert_eq!(breakable("in house & co"), "in house &amp; co");
        assert_eq!(breakable("a.b_c-d"), "a.<wbr/>b_<wbr/>c-d");
        assert_eq!(breakable(&"x".repeat(20)), format!("{}<wbr/>xxxx", "x".repeat(16)));
    }

    #[test]
    fn lists_nest_by_depth() {
        let mut html = String::new();
        let points = [(1, "a"), (2, "b"), (3, "c"), (1, "d"), (3, "e")].map(|(depth, point)| (depth, point.to_owned()));
        push_list(&mut html, &points);
        let html = html.replace('\n', "");
        let expected = "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d<ul><li>e</li></ul></li></ul>";
        assert_eq!(html, expected);
    }

    #[test]
    fn nothing_that_a_stranger_wrote_is_markup() {
        let html = page().html();
        assert!(!html.contains('\u{0}'));
        assert_eq!(html.matches("<script").count(), 2, "the data and the script of the page");
        assert_eq!(html.matches("</script").count(), 2);
        assert_eq!(html.matches("&lt;script&gt;").count(), 3 + 2 + 3 + 3 * 17);
        assert!(html.contains("<td class=\"right\">1,234</td>"), "{html}");
    }

    #[test]
    fn the_page_is_well_formed_and_its_ids_are_unique() {
        let html = page().html();
        let body = html.split_once("<body>").expect("a body").1.split_once("<script").expect("its end").0;
        let body = format!("<body>{body}</body>");
        let parsed = resvg::usvg::roxmltree::Document::parse(body.trim());
        let parsed = parsed.unwrap_or_else(|error| panic!("{error}: {body}"));
        let mut ids: Vec<&str> = parsed.descendants().filter_map(|node| node.attribute("id")).collect();
        assert_eq!(ids.len(), 3 + 6 + 2);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 3 + 6 + 2);
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
