//! Charts and report as files.

use clap::ValueEnum;

use crate::experiment::{CHARTS, Results, charts, page};
use crate::input::diagnostic::name_help;
use crate::report::{Chart, png};

use super::failure::Failure;
use super::folder::Folder;
use super::signals::Signals;

/// The report page.
const REPORT: &str = "report.html";
/// The folder of charts.
const CHART_FOLDER: &str = "charts";
/// Width of a chart on a page, and pixels of a picture for each of them.
const WIDTH: u32 = 800;
const PIXELS: f32 = 2.0;

/// Which charts, and in which formats.
#[derive(Debug, clap::Args)]
pub(super) struct Selection {
    /// Charts to draw: their names, all or none
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', default_value = "all")]
    charts: Vec<String>,
    /// Formats of the charts
    #[arg(long, value_name = "FORMAT,...", value_delimiter = ',', default_value = "svg,png")]
    chart_format: Vec<Format>,
}

/// A format of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Scalable vector graphics.
    Svg,
    /// Pixels.
    Png,
}

impl Selection {
    /// Names of the charts chosen.
    pub(super) fn names(&self) -> Result<Vec<&'static str>, Failure> {
        let all: Vec<&'static str> = CHARTS.iter().map(|(name, _)| *name).collect();
        match self.charts.as_slice() {
            several if several.iter().any(|name| name == "all") => return Ok(all),
            [one] if one == "none" => return Ok(Vec::new()),
            several if several.iter().any(|name| name == "none") => {
                return Err(Failure::Usage("--charts: none cannot be asked for together with others".into()));
            }
            _ => {}
        }
        let known = |name: &String| {
            all.iter().find(|known| *known == name).copied().ok_or_else(|| {
                let allowed: Vec<&str> = all.iter().copied().chain(["all", "none"]).collect();
                let help = name_help(name, &allowed).map_or_else(String::new, |help| format!("; {help}"));
                Failure::Usage(format!("--charts: there is no chart named {name:?}{help}"))
            })
        };
        self.charts.iter().map(known).collect()
    }

    /// Writes the charts chosen, and the report unless there are to be no pictures at all.
    pub(super) fn write(&self, results: &Results, folder: &mut Folder, signals: &Signals) -> Result<(), Failure> {
        let names = self.names()?;
        for chart in charts(results, &names) {
            write_chart(chart.as_ref(), CHART_FOLDER, &self.chart_format, (&mut *folder, signals))?;
        }
        if names.is_empty() {
            return Ok(());
        }
        let html = page(results).html();
        folder.write(REPORT, signals, |out| out.write_all(html.as_bytes()))
    }
}

/// Writes a chart in some formats, below a folder of the output.
pub(super) fn write_chart(
    chart: &dyn Chart,
    below: &str,
    formats: &[Format],
    (folder, signals): (&mut Folder, &Signals),
) -> Result<(), Failure> {
    signals.check()?;
    let svg = chart.svg(chart.size(WIDTH));
    let name = |ending: &str| format!("{below}/{}.{ending}", chart.name()).trim_start_matches('/').to_owned();
    if formats.contains(&Format::Svg) {
        folder.write(&name("svg"), signals, |out| out.write_all(svg.as_bytes()))?;
    }
    if formats.contains(&Format::Png) {
        let picture = png(&svg, PIXELS).map_err(|error| Failure::writing(&folder.path().join(name("png")), &error))?;
        folder.write(&name("png"), signals, |out| out.write_all(&picture))?;
    }
    Ok(())
}

/// Names of all files that charts and report may have.
pub(super) fn file_names() -> Vec<String> {
    let charts = CHARTS.iter().flat_map(|(name, _)| ["svg", "png"].map(|ending| format!("{CHART_FOLDER}/{name}.{ending}")));
    charts.chain([REPORT.to_owned()]).collect()
}
