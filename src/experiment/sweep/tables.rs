//! The result tables of a sweep: those of a run, point by point, and tables of points and levels.

use std::borrow::Cow;
use std::io;

use crate::report::cells::Kind;

use super::super::estimates::{Difference, NO_DIFFERENCE, Results};
use super::super::manifest::quoted;
use super::super::table::{Cell, CellValue, Column, CountedIn, Head, ResultTable, Row, TableOf, text, value};
use super::super::tables::{BY_UNIT, INTERVAL, PLAIN, REPLICATIONS, SHARE, SKEWNESS_OF_DIFFERENCES};
use super::tornado::Bar;
use super::{PointId, ResponseId, Swept, unquoted};

/// Receives the rows of a table, cell by cell.
type Give<'g> = dyn FnMut(Vec<Cell<'_>>) -> io::Result<()> + 'g;

impl Swept {
    /// Returns the columns that identify the point of a row.
    pub(super) fn point_head(&self) -> Vec<Head> {
        let point = Head {
            name: Cow::Borrowed("point"),
            meaning: Cow::Borrowed("number of the design point"),
            kind: Kind::Count,
            counted_in: CountedIn::Name("points, from 0"),
        };
        let factor = |position: usize| Head {
            name: Cow::Owned(self.study.design.factors[position].name.clone()),
            meaning: Cow::Borrowed("level of this factor"),
            kind: if self.is_numeric(position) { Kind::Number } else { Kind::Text },
            counted_in: CountedIn::Nothing,
        };
        [point].into_iter().chain((0..self.study.design.factors.len()).map(factor)).collect()
    }

    pub(super) fn point_cells(&self, point: PointId) -> Vec<Cell<'_>> {
        let level = |(position, level): (usize, &'_ String)| match level.parse() {
            Ok(number) if self.is_numeric(position) => Cell::Typed(Cow::Owned(level.clone()), number),
            _ => Cell::Text(Cow::Owned(unquoted(level).to_owned())),
        };
        let levels = self.study.design.points[point].levels.iter().enumerate();
        [Cell::Count(point as u64)].into_iter().chain(levels.map(level)).collect()
    }

    /// Returns whether all levels of a factor are numbers.
    pub(super) fn is_numeric(&self, factor: usize) -> bool {
        self.numeric[factor]
    }
}

/// A table of a run for all points: each row begins with its point.
pub(super) struct OfPoints(pub(super) &'static dyn ResultTable<Results>);

impl ResultTable<Swept> for OfPoints {
    fn words(&self) -> (&'static str, Vec<(&'static str, &'static str)>) {
        self.0.words()
    }

    fn head(&self, swept: &Swept) -> Vec<Head> {
        swept.point_head().into_iter().chain(self.0.head(&swept.points[0])).collect()
    }

    fn each(&self, swept: &Swept, give: &mut Give<'_>) -> io::Result<()> {
        swept.points.iter().enumerate().try_for_each(|(point, results)| {
            self.0.each(results, &mut |cells| give(swept.point_cells(point).into_iter().chain(cells).collect()))
        })
    }

    fn read_rows(&self, swept: &mut Swept, rows: &mut dyn Iterator<Item = Row>) -> Result<(), String> {
        let mut rows = rows.peekable();
        for point in 0..swept.points.len() {
            let prefix: Vec<String> = swept.point_cells(point).iter().map(Cell::csv).collect();
            let mut of_point = std::iter::from_fn(|| rows.next_if(|row| row.cells.starts_with(&prefix)))
                .map(|row| without(row, prefix.len()));
            self.0.read_rows(&mut swept.points[point], &mut of_point)?;
        }
        rows.next().map_or(Ok(()), |row| Err(format!("line {}: not the row that should be here", row.line)))
    }
}

fn without(row: Row, cells: usize) -> Row {
    Row { cells: row.cells[cells..].to_vec(), ..row }
}

/// A table of a sweep whose rows belong to points and begin with them.
pub(super) struct ByPoint<K: 'static> {
    table: TableOf<Swept, K>,
    point: fn(&K) -> PointId,
}

impl<K: Sync> ResultTable<Swept> for ByPoint<K> {
    fn words(&self) -> (&'static str, Vec<(&'static str, &'static str)>) {
        self.table.words()
    }

    fn head(&self, swept: &Swept) -> Vec<Head> {
        swept.point_head().into_iter().chain(self.table.head(swept)).collect()
    }

    fn each(&self, swept: &Swept, give: &mut Give<'_>) -> io::Result<()> {
        (self.table.rows)(swept).iter().try_for_each(|row| {
            let cells = self.table.columns.iter().map(|column| (column.get)(swept, row));
            give(swept.point_cells((self.point)(row)).into_iter().chain(cells).collect())
        })
    }

    fn read_rows(&self, swept: &mut Swept, rows: &mut dyn Iterator<Item = Row>) -> Result<(), String> {
        let width = swept.study.design.factors.len();
        // The number of the point stays, because it is a key of the row.
        let mut rows = rows.map(|row| {
            let cells = row.cells.iter().take(1).chain(&row.cells[(width + 1).min(row.cells.len())..]).cloned().collect();
            Row { cells, ..row }
        });
        let keyed = &self.table;
        let mut expected = (keyed.rows)(swept).into_iter();
        for Row { line, cells } in &mut rows {
            let (point, cells) = cells.split_first().ok_or_else(|| format!("line {line}: no point"))?;
            let is_it = |row: &K| {
                let mut keys = keyed.columns.iter().zip(cells).filter(|(column, _)| column.set.is_none());
                (self.point)(row).to_string() == *point && keys.all(|(column, cell)| (column.get)(swept, row).csv() == *cell)
            };
            let row = if keyed.may_skip { expected.find(is_it) } else { expected.next().filter(is_it) };
            let row = row.ok_or_else(|| format!("line {line}: not the row that should be here"))?;
            for (column, cell) in keyed.columns.iter().zip(cells) {
                if column.set.is_some_and(|set| !set(swept, &row, cell)) {
                    return Err(format!("line {line}: {cell:?} is not a value of {}", column.name));
                }
            }
        }
        if keyed.may_skip || expected.next().is_none() { Ok(()) } else { Err("it ends before its last row".to_owned()) }
    }
}

/// The points.
pub(super) const POINTS: ByPoint<PointId> = ByPoint {
    point: |row| *row,
    table: TableOf {
        rows: |swept| (0..swept.points.len()).collect(),
        about: "A design point: its number, a column with the level of each factor, and",
        may_skip: false,
        columns: &[
            Column {
                name: "replications",
                meaning: "replications of each strategy",
                kind: Kind::Count,
                counted_in: REPLICATIONS,
                get: |swept, _| Cell::Count(swept.study.replications.into()),
                set: None,
            },
            text!("sha256", "SHA-256 of its scenario", |swept, row| swept.points[*row].study.scenario.sha256()),
            text!("set", "what `--set` takes to give this point, as a shell takes it", |swept, row| set_of(swept, *row)),
        ],
    },
};

/// Returns the `--set` arguments of a point, quoted for a shell.
fn set_of(swept: &Swept, point: PointId) -> String {
    swept.study.design.points[point].set.iter().map(|set| quoted(set)).collect::<Vec<_>>().join(" ")
}

macro_rules! of_difference {
    ($name:literal, $meaning:expr, $kind:ident, $counted_in:expr, $field:ident) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::$kind,
            counted_in: $counted_in,
            get: |swept, row| swept.difference(row).$field.cell(),
            set: Some(|swept, row, text| swept.differences.entry(*row).or_insert(NO_DIFFERENCE).$field.read(text)),
        }
    };
}

type DifferenceRow = (PointId, usize, ResponseId);

impl Swept {
    /// Returns a point less the base, in a response of a strategy.
    pub(super) fn difference(&self, row: &DifferenceRow) -> Difference {
        self.differences.get(row).copied().unwrap_or(NO_DIFFERENCE)
    }
}

const DIFFERENCE_COLUMNS: &[Column<Swept, DifferenceRow>] = &[
    text!("strategy", "the strategy", |swept, row| swept.points[row.0].study.name(row.1)),
    text!("response", "the response or goal", |swept, row| swept.points[row.0].about(row.2).name.as_str()),
    text!("unit", "its unit", |swept, row| swept.points[row.0].about(row.2).unit_name.as_str()),
    of_difference!("n", "replications compared", Count, REPLICATIONS, n),
    of_difference!(
        "mean_difference",
        "mean of the differences to the base point, replication by replication",
        Number,
        BY_UNIT,
        mean
    ),
    of_difference!("se", "standard error of that mean", Number, BY_UNIT, se),
    of_difference!("ci_low", "lower limit of the confidence interval of that mean", Number, BY_UNIT, low),
    of_difference!("ci_high", "upper limit of the confidence interval of that mean", Number, BY_UNIT, high),
    of_difference!("p_lower", "share of the replications in which the point is lower", Number, SHARE, p_lower),
    of_difference!("p_equal", "share of the replications in which both are equal", Number, SHARE, p_equal),
    of_difference!(
        "variance_ratio",
        "how many times the variance of the mean difference would be as large without common random numbers",
        Number,
        CountedIn::Name("ratio"),
        variance_ratio
    ),
    of_difference!("interval", INTERVAL, Text, CountedIn::Nothing, method),
    of_difference!("skewness", SKEWNESS_OF_DIFFERENCES, Number, PLAIN, skewness),
];

/// Each point less the base.
pub(super) const DIFFERENCES: ByPoint<DifferenceRow> = ByPoint {
    point: |row| row.0,
    table: TableOf {
        rows: |swept| swept.differences.keys().copied().collect(),
        about: "A response of a strategy at a design point, less the same at the base point",
        may_skip: false,
        columns: DIFFERENCE_COLUMNS,
    },
};

/// The same table for reading.
pub(super) const DIFFERENCES_READ: ByPoint<DifferenceRow> = ByPoint {
    point: |row| row.0,
    table: TableOf {
        rows: |swept| {
            let of_point = |(point, results): (PointId, &Results)| {
                let responses = results.observations.about().len();
                let strategies = 0..results.study.settings.strategies.len();
                strategies
                    .flat_map(move |strategy| ResponseId::all(responses).map(move |response| (point, strategy, response)))
            };
            swept.points.iter().enumerate().flat_map(of_point).collect()
        },
        may_skip: true,
        about: "",
        columns: DIFFERENCE_COLUMNS,
    },
};

macro_rules! of_effect {
    ($name:literal, $meaning:literal, $field:ident) => {
        value!($name, $meaning, Number, BY_UNIT, swept, row => swept.effects[*row].$field)
    };
}

macro_rules! words_of_effect {
    ($name:literal, $meaning:literal, $field:ident) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::Text,
            counted_in: CountedIn::Nothing,
            get: |swept, row| Cell::Text(Cow::from(swept.effects[*row].$field.as_str())),
            set: Some(|swept, row, text| {
                swept.effects[*row].$field = crate::report::csv::original(text);
                true
            }),
        }
    };
}

/// The effect of each level.
pub(super) const EFFECTS: TableOf<Swept, usize> = TableOf {
    rows: |swept| (0..swept.effects.len()).collect(),
    about: "A level of a factor and what it changes in a response of a strategy; or `A:B`, what two factors change together",
    may_skip: false,
    columns: &[
        words_of_effect!("strategy", "the strategy", strategy),
        words_of_effect!("response", "the response or goal", response),
        words_of_effect!("unit", "its unit", unit),
        words_of_effect!("factor", "the factor; two with a colon between them for their interaction", factor),
        words_of_effect!("level", "the level; empty for an interaction", level),
        of_effect!("mean", "mean over all points with this level; empty for an interaction", mean),
        of_effect!(
            "effect",
            "that mean less the mean over all points; or half the difference of one factor's effects at both levels of the other",
            effect
        ),
        of_effect!("se", "standard error of the effect", se),
        of_effect!("ci_low", "lower limit of its confidence interval", low),
        of_effect!("ci_high", "upper limit of its confidence interval", high),
        value!("interval", INTERVAL, Text, CountedIn::Nothing, swept, row => swept.effects[*row].method),
    ],
};

macro_rules! of_bar {
    ($name:literal, $meaning:literal, $($field:tt)+) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::Number,
            counted_in: BY_UNIT,
            get: |_, bar| Cell::Number(bar.$($field)+),
            set: None,
        }
    };
}

/// The effect of each factor alone.
pub(super) const TORNADO: TableOf<Swept, Bar> = TableOf {
    rows: Swept::bars,
    about: "A factor, and what the two of its levels change in a response of a strategy, each alone, that change it most up and down",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |swept, bar| swept.points[swept.study.design.base].study.name(bar.strategy)),
        text!("response", "the response or goal", |swept, bar| swept.base().about(bar.response).name.as_str()),
        text!("unit", "its unit", |swept, bar| swept.base().about(bar.response).unit_name.as_str()),
        text!("parameter", "the factor", |swept, bar| swept.study.design.factors[bar.factor].name.as_str()),
        text!("low", "of the two levels the one that comes first", |_, bar| bar.low.level.as_str()),
        text!("base", "its level at the base point", |_, bar| bar.base_level.as_str()),
        text!("high", "the one that comes last", |_, bar| bar.high.level.as_str()),
        of_bar!("mean_low", "mean of the response at the level `low`", low.mean),
        of_bar!("mean_base", "mean of the response at the base point", base),
        of_bar!("mean_high", "mean of the response at the level `high`", high.mean),
        of_bar!("change_low", "mean difference of the level `low` to the base, replication by replication", low.change),
        of_bar!("change_low_ci_low", "lower limit of its confidence interval", low.low),
        of_bar!("change_low_ci_high", "upper limit of its confidence interval", low.high),
        of_bar!("change_high", "mean difference of the level `high` to the base, replication by replication", high.change),
        of_bar!("change_high_ci_low", "lower limit of its confidence interval", high.low),
        of_bar!("change_high_ci_high", "upper limit of its confidence interval", high.high),
        of_bar!("swing", "how far apart the two levels and the base lie", swing),
    ],
};
