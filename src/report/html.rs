//! One self-contained HTML page: no scripts, nothing to fetch, readable on a telephone, on paper and in the dark.

use super::{
    chart::{Chart, Theme},
    escape::escaped,
    table::{Align, Table},
};

/// Widths at which a chart is drawn, in pixels: for a page, and for a telephone.
const WIDE: u32 = 800;
const NARROW: u32 = 390;

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const STYLE: &str = include_str!("html.css");

/// A document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Stands at the top and in the browser's tab.
    pub title: String,
    /// Paragraphs before the first section: what the page says, for who reads no further.
    pub lead: Vec<String>,
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
    /// A chart.
    Figure(Figure),
    /// Terms, each with what it means or is.
    Definitions(Vec<(String, String)>),
    /// Text that is copied or compared letter by letter, such as a command.
    Code(String),
    /// Points, each below the one before it that is less deep; 1 is the least deep.
    List(Vec<(usize, String)>),
}

/// A chart with words below it. It is put into the page as it is: it must come from [`Chart::svg`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    svg: String,
    narrow: String,
    caption: String,
}

impl Figure {
    /// Draws `chart` for pages and for telephones.
    pub fn new(chart: &dyn Chart, caption: impl Into<String>) -> Self {
        let drawn = |width| chart.svg(chart.size(width), Theme::Print);
        Self { svg: drawn(WIDE), narrow: drawn(NARROW), caption: caption.into() }
    }
}

impl Page {
    /// The whole document.
    pub fn html(&self) -> String {
        let title = escaped(&self.title);
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<header>\n<h1>{title}</h1>\n"
        );
        for paragraph in &self.lead {
            html += &format!("<p class=\"lead\">{}</p>\n", escaped(paragraph));
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
        html + "</main>\n</body>\n</html>\n"
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
        Block::Paragraph(text) => *html += &format!("<p>{}</p>\n", escaped(text)),
        Block::Table(table) => push_table(html, table),
        Block::Figure(figure) => {
            *figures += 1;
            push_figure(html, figure, *figures);
        }
        Block::Definitions(pairs) => {
            let pairs = pairs.iter().map(|(term, text)| format!("<dt>{}</dt><dd>{}</dd>\n", escaped(term), escaped(text)));
            *html += &format!("<dl>\n{}</dl>\n", pairs.collect::<String>());
        }
        Block::Code(text) => *html += &format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escaped(text)),
        Block::List(points) => push_list(html, points),
    }
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
        *html += &format!("<li>{}", escaped(point));
        open = depth;
    }
    (0..open).for_each(|_| *html += "</li>\n</ul>\n");
}

fn push_figure(html: &mut String, figure: &Figure, number: usize) {
    *html += &format!("<figure id=\"figure-{number}\">\n<div class=\"wide\">{}</div>\n", figure.svg);
    *html += &format!("<div class=\"narrow\">{}</div>\n", figure.narrow);
    *html += &format!("<figcaption>Figure {number}. {}</figcaption>\n</figure>\n", escaped(&figure.caption));
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
        *html += &format!("<th scope=\"col\"{}>{}{unit}</th>", class(index), escaped(&column.name));
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
    use super::super::table::{Cell, Column};
    use super::*;

    const HOSTILE: &str = "</title><script>alert(\"x\")</script>&'\u{0}";

    fn page() -> Page {
        let table = Table {
            title: HOSTILE.into(),
            columns: vec![Column::text(HOSTILE), Column::number("cost", HOSTILE)],
            rows: vec![vec![HOSTILE.into(), 1234.5.into()], vec![Cell::Empty]],
        };
        let figure = Figure { svg: "<svg/>".into(), narrow: "<svg/>".into(), caption: HOSTILE.into() };
        let blocks = vec![
            Block::Paragraph(HOSTILE.into()),
            Block::Table(table),
            Block::Figure(figure.clone()),
            Block::Figure(figure),
            Block::Definitions(vec![(HOSTILE.into(), HOSTILE.into())]),
            Block::Code(HOSTILE.into()),
            Block::List(vec![(1, HOSTILE.into())]),
        ];
        let section = Section { title: HOSTILE.into(), blocks };
        Page { title: HOSTILE.into(), lead: vec![HOSTILE.into()], sections: vec![section.clone(), section.clone(), section] }
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
        assert!(!html.contains("<script") && !html.contains('\u{0}'));
        assert_eq!(html.matches("&lt;script&gt;").count(), 3 + 3 + 3 * 12);
        assert!(html.contains("<td class=\"right\">1,234</td>"), "{html}");
    }

    #[test]
    fn the_page_is_well_formed_and_its_ids_are_unique() {
        let html = page().html();
        let body = html.split_once("<body>").expect("a body").1.split_once("</body>").expect("its end").0;
        let parsed = resvg::usvg::roxmltree::Document::parse(body.trim());
        let parsed = parsed.unwrap_or_else(|error| panic!("{error}: {body}"));
        let mut ids: Vec<&str> = parsed.descendants().filter_map(|node| node.attribute("id")).collect();
        assert_eq!(ids.len(), 3 + 6);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 3 + 6);
    }

    #[test]
    fn nothing_is_fetched() {
        let html = page().html();
        assert!(html.contains("default-src 'none'"));
        assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("url("));
    }
}
