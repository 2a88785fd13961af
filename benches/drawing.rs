//! Draws the charts of `sixty_engineers` as SVG and as PNG, and the report page.

#[path = "subject/finished.rs"]
mod finished;
#[path = "subject/reference.rs"]
mod reference;

use criterion::Criterion;
use handover::experiment::{Document, Results};
use handover::report::{Theme, png};

use finished::Finished;

/// The width of a chart on a page, and the pixels of a picture per unit of it: those of `handover run`.
const WIDTH: u32 = 800;
const PIXELS: f32 = 2.0;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let results = Finished::compute("sixty_engineers", 4).estimate();
    let mut group = criterion.benchmark_group("drawing");
    group.sample_size(20);
    for drawing in Results::CHARTS {
        let name = drawing.name;
        let Ok(chart) = (drawing.make)(&results) else { continue };
        let size = chart.size(WIDTH);
        group.bench_function(format!("{name}.svg"), |bencher| bencher.iter(|| chart.svg(size, Theme::Print)));
        let svg = chart.svg(size, Theme::Print);
        group.bench_function(format!("{name}.png"), |bencher| {
            bencher.iter(|| png(&svg, PIXELS).expect("the chart is a picture"));
        });
    }
    group.bench_function("report.html", |bencher| bencher.iter(|| results.page().html()));
    group.finish();
    criterion.final_summary();
}
