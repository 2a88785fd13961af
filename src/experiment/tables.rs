//! The result tables as Parquet: the columns of the CSV files, with units and provenance in the metadata of each file.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::report::parquet::{Cells, Kind, Writer};
use crate::response::{ResponseColumn, Unit};

use super::columns::Columns;
use super::estimates::{Results, Study};
use super::files::{Manifest, Write1, header, outcome};

/// The tables, in the order of the CSV files that they go with.
pub const TABLES: [(&str, Write1); 11] = [
    ("replications.parquet", write_replications),
    ("summary.parquet", |results, out| write_rows(&results.summary, Rest::Column("unit"), &results.study, out)),
    ("quantiles.parquet", |results, out| write_rows(&results.quantiles, Rest::Column("response"), &results.study, out)),
    ("timeline.parquet", |results, out| write_rows(&results.timeline, Rest::Column("measure"), &results.study, out)),
    ("comparison.parquet", |results, out| write_rows(&results.comparison, Rest::Column("unit"), &results.study, out)),
    ("best.parquet", |results, out| write_rows(&results.best, Rest::Column("response"), &results.study, out)),
    ("breakeven.parquet", |results, out| write_rows(&results.break_even, Rest::All(Unit::Share), &results.study, out)),
    ("goals.parquet", |results, out| write_rows(&results.goals, Rest::All(Unit::Share), &results.study, out)),
    ("goals_timeline.parquet", |results, out| write_rows(&results.goal_months, Rest::All(Unit::Share), &results.study, out)),
    ("costs.parquet", |results, out| write_rows(&results.costs, Rest::All(Unit::Money), &results.study, out)),
    ("phases.parquet", |results, out| write_rows(&results.phases, Rest::All(Unit::Day), &results.study, out)),
];

/// Rows of a group: few enough to be held in memory, many enough to be read at speed.
const GROUP: usize = 1 << 17;

/// What the numbers of a table are counted in, those aside whose column says it by its name in every table.
#[derive(Clone, Copy)]
enum Rest {
    /// All in the same.
    All(Unit),
    /// Row by row, as this column of the row says.
    Column(&'static str),
}

impl Rest {
    /// The unit of a column of numbers.
    fn unit(self, column: &str, currency: &str) -> String {
        match column {
            "n" | "missing" => "replications".to_owned(),
            "month" => "months".to_owned(),
            "share" | "p_lower" | "p_equal" | "p_best" => Unit::Share.name(currency),
            "variance_ratio" => "ratio".to_owned(),
            _ => match self {
                Self::All(unit) => unit.name(currency),
                Self::Column(column) => format!("by row, see column {column}"),
            },
        }
    }
}

/// What a file says of itself: the manifest of the run, and the units of its columns of numbers.
fn metadata(study: &Study, units: Map<String, Value>) -> io::Result<[(&'static str, String); 2]> {
    let manifest = serde_json::to_string(&Manifest::of(study))?;
    Ok([("handover.manifest", manifest), ("handover.units", Value::Object(units).to_string())])
}

fn write_rows<R: Serialize + Default>(rows: &[R], rest: Rest, study: &Study, out: &mut dyn Write) -> io::Result<()> {
    let columns = Columns::of(rows).map_err(io::Error::other)?;
    let schema: Vec<(&str, Kind)> = columns.iter().map(|(name, cells)| (*name, cells.kind())).collect();
    let is_number = |kind: Kind| matches!(kind, Kind::Number | Kind::Count);
    let currency = &study.scenario.world.currency;
    let units = schema.iter().filter(|(_, kind)| is_number(*kind));
    let units = units.map(|(name, _)| ((*name).to_owned(), rest.unit(name, currency).into())).collect();
    let mut writer = Writer::new(out, &schema, &metadata(study, units)?)?;
    let cells: Vec<Cells<'_>> = columns.into_iter().map(|(_, cells)| cells).collect();
    if !rows.is_empty() {
        writer.group(&cells)?;
    }
    writer.finish()?.flush()
}

/// A strategy's replications are groups of their own, so that who asks for one strategy reads no other.
fn write_replications(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let about = results.study.columns();
    let kinds = [Kind::Text, Kind::Count].into_iter().chain(about.iter().map(kind));
    let schema: Vec<(&str, Kind)> = header(&about).zip(kinds).collect();
    let with_unit = about.iter().filter(|column| kind(column) == Kind::Number);
    let units = with_unit.map(|column| (column.name.clone(), column.unit_name.clone().into())).collect();
    let mut writer = Writer::new(out, &schema, &metadata(&results.study, units)?)?;
    let replications = results.study.settings.replications as usize;
    for (strategy, name) in results.study.names().into_iter().enumerate() {
        for begin in (0..replications).step_by(GROUP) {
            let rows = begin..replications.min(begin + GROUP);
            let columns = results.replications(strategy, &rows)?;
            let mut cells = vec![Cells::Text(vec![Cow::Borrowed(name); rows.len()])];
            cells.push(Cells::Count(results.study.origin.numbers(&rows).into_iter().map(u64::from).collect()));
            cells.extend(columns.iter().zip(&about).map(|(values, column)| match kind(column) {
                Kind::Text => Cells::Text(values.iter().map(|&value| outcome(value).into()).collect()),
                _ => Cells::Number(Cow::Borrowed(values)),
            }));
            writer.group(&cells)?;
        }
    }
    writer.finish()?.flush()
}

/// What the values of a response are.
fn kind(column: &ResponseColumn) -> Kind {
    if column.unit == Unit::Outcome { Kind::Text } else { Kind::Number }
}
