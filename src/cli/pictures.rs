//! Writes charts and report as files.

use std::ops::RangeInclusive;
use std::path::Path;

use clap::ValueEnum;
use rayon::prelude::*;

use crate::experiment::{Document, Drawing};
use crate::input::diagnostic::name_help;
use crate::report::{Chart, Notice, Size, Theme, png};

use super::failure::Failure;
use super::folder::Folder;
use super::signals::Signals;

/// The report page.
pub(super) const REPORT: &str = "report.html";
/// The folder of charts.
const CHART_FOLDER: &str = "charts";
/// Width of a chart on a page, and pixels of a PNG per pixel of it.
const WIDTH: u32 = 800;
const PIXELS: f32 = 2.0;
/// Allowed widths and heights.
const WIDTHS: RangeInclusive<u32> = 320..=4000;
const HEIGHTS: RangeInclusive<u32> = 200..=3000;

/// Which charts to draw, and in which formats.
#[derive(Debug, clap::Args)]
pub(super) struct Selection {
    /// Draw these charts: names, all or none
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', default_value = "all")]
    charts: Vec<String>,
    /// Write charts in these formats
    #[arg(long, value_name = "FORMAT,...", value_delimiter = ',', default_value = "svg,png")]
    chart_format: Vec<Format>,
    /// Set the size of every chart in pixels, e.g. 800x450; a PNG doubles it [default: to suit each chart]
    #[arg(long, value_name = "WxH", value_parser = size)]
    chart_size: Option<Size>,
    /// Draw charts for paper or for a screen
    #[arg(long, value_name = "THEME", default_value = "print")]
    theme: Purpose,
}

/// A format of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Scalable vector graphics.
    Svg,
    /// Pixels.
    Png,
}

/// Purpose of the charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Purpose {
    /// White paper, in colour or shades of grey
    Print,
    /// Slides: light on dark
    Screen,
}

/// How charts are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Size of all charts; none for the size that suits each.
    size: Option<Size>,
    theme: Theme,
}

impl Look {
    /// The size that suits each chart, for paper.
    pub(super) const PLAIN: Self = Self { size: None, theme: Theme::Print };
}

/// Reads a size such as `800x450`.
fn size(text: &str) -> Result<Size, String> {
    let allowed = format!(
        "expected WIDTHxHEIGHT in pixels, {} to {} by {} to {}, e.g. 800x450",
        WIDTHS.start(),
        WIDTHS.end(),
        HEIGHTS.start(),
        HEIGHTS.end()
    );
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let numbers = text.split_once('x').and_then(|(width, height)| Some((number(width)?, number(height)?)));
    let size = numbers.map(|(width, height)| Size { width, height });
    size.filter(|size| WIDTHS.contains(&size.width) && HEIGHTS.contains(&size.height)).ok_or(allowed)
}

impl Selection {
    /// Returns the chosen charts, in order.
    pub(super) fn drawings<D: Document>(&self) -> Result<Vec<&'static Drawing<D>>, Failure> {
        let names: Vec<&str> = D::CHARTS.iter().map(|drawing| drawing.name).collect();
        let asked = |word: &str| self.charts.iter().any(|name| name == word);
        if asked("none") && self.charts.len() > 1 {
            return Err(Failure::Usage("--charts: none cannot be combined with other names".into()));
        }
        let is_known = |name: &String| names.contains(&name.as_str()) || name == "all" || name == "none";
        if let Some(name) = self.charts.iter().find(|name| !is_known(name)) {
            let allowed: Vec<&str> = names.iter().copied().chain(["all", "none"]).collect();
            let help = name_help(name, &allowed).map_or_else(String::new, |help| format!("; {help}"));
            return Err(Failure::Usage(format!("--charts: there is no chart named {name:?}{help}")));
        }
        Ok(D::CHARTS.iter().filter(|drawing| asked("all") || asked(drawing.name)).collect())
    }

    /// Writes the chosen charts, and the report unless no charts are wanted. Returns why charts that were requested by
    /// name are not drawn. `notices` come first on the report.
    pub(super) fn write<D: Document>(
        &self,
        document: &D,
        notices: &[Notice],
        folder: &mut Folder,
        signals: &Signals,
    ) -> Result<Vec<String>, Failure> {
        let drawings = self.drawings::<D>()?;
        let theme = match self.theme {
            Purpose::Print => Theme::Print,
            Purpose::Screen => Theme::Screen,
        };
        let look = Look { size: self.chart_size, theme };
        if drawings.is_empty() {
            return Ok(Vec::new());
        }
        let draw = |drawing: &&Drawing<D>| match (drawing.make)(document) {
            Ok(chart) => {
                let stem = format!("{CHART_FOLDER}/{}", drawing.name);
                draw_chart(chart.as_ref(), (&stem, &self.chart_format), look, signals).map(Ok)
            }
            Err(reason) => Ok(Err((drawing.name, reason))),
        };
        let charts = || drawings.par_iter().map(draw).collect::<Result<Vec<_>, Failure>>();
        let page = || {
            let mut page = document.page();
            page.notices.splice(0..0, notices.iter().cloned());
            page.html()
        };
        let (charts, html) = rayon::join(charts, page);
        let mut absent = Vec::new();
        for drawn in charts? {
            match drawn {
                Ok(files) => write_files(&files, (&mut *folder, signals))?,
                Err((name, reason)) if self.charts.iter().any(|asked| asked == name) => {
                    absent.push(format!("chart {name} is not drawn: {reason}"));
                }
                Err(_) => {}
            }
        }
        folder.write(REPORT, signals, |out| out.write_all(html.as_bytes()))?;
        Ok(absent)
    }
}

/// A file of a chart: its name and content.
pub(super) type ChartFile = (String, Vec<u8>);

/// Draws a chart in some formats, as files with this stem, including its folder.
pub(super) fn draw_chart(
    chart: &dyn Chart,
    (stem, formats): (&str, &[Format]),
    look: Look,
    signals: &Signals,
) -> Result<Vec<ChartFile>, Failure> {
    signals.check()?;
    let svg = chart.svg(look.size.unwrap_or_else(|| chart.size(WIDTH)), look.theme);
    let name = |ending: &str| format!("{stem}.{ending}");
    let mut files = Vec::new();
    if formats.contains(&Format::Png) {
        let picture = png(&svg, PIXELS).map_err(|error| Failure::writing(Path::new(&name("png")), &error))?;
        files.push((name("png"), picture));
    }
    if formats.contains(&Format::Svg) {
        files.push((name("svg"), svg.into_bytes()));
    }
    Ok(files)
}

/// Writes the files of a chart.
pub(super) fn write_files(files: &[ChartFile], (folder, signals): (&mut Folder, &Signals)) -> Result<(), Failure> {
    files.iter().try_for_each(|(name, content)| folder.write(name, signals, |out| out.write_all(content)))
}

/// Returns the names of all files of charts and report.
pub(super) fn file_names<D: Document>() -> Vec<String> {
    let files = |drawing: &Drawing<D>| ["svg", "png"].map(|ending| format!("{CHART_FOLDER}/{}.{ending}", drawing.name));
    let charts = D::CHARTS.iter().flat_map(files);
    charts.chain([REPORT.to_owned()]).collect()
}
