//! A table as data: what `text.rs`, `csv.rs` and `html.rs` show in their own ways.

use super::{escape::one_line, number};

/// Which edge of its column a cell keeps to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// As text does.
    #[default]
    Left,
    /// As numbers do.
    Right,
}

/// The head of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What the column holds.
    pub name: String,
    /// Unit of its numbers, if they have one.
    pub unit: Option<String>,
    /// Which edge its cells keep to.
    pub align: Align,
}

impl Column {
    /// A column of text.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: None, align: Align::Left }
    }

    /// A column of numbers; an empty `unit` is none.
    pub fn number(name: impl Into<String>, unit: impl Into<String>) -> Self {
        let unit = unit.into();
        Self { name: name.into(), unit: (!unit.is_empty()).then_some(unit), align: Align::Right }
    }

    /// Name and unit on one line.
    pub fn heading(&self) -> String {
        match &self.unit {
            Some(unit) => one_line(&format!("{} ({unit})", self.name)),
            None => one_line(&self.name),
        }
    }
}

/// One entry of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Lines of words, and whether they are the best of their row by a difference that matters.
    Lines(Vec<String>, bool),
    /// A number in the unit of its column; `NaN` is shown as empty.
    Number(f64),
    /// Nothing to say.
    #[default]
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// Columns and rows; a row that is too short ends in empty cells, and what is too long is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the table shows.
    pub title: String,
    /// Heads, from left to right.
    pub columns: Vec<Column>,
    /// Cells, row by row.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns the table as several, each with the first column and at most so many others.
    #[must_use]
    pub fn side_by_side(&self, most: usize) -> Vec<Self> {
        let others: Vec<usize> = (1..self.columns.len()).collect();
        // Shared out evenly.
        let each = others.len().div_ceil(others.len().div_ceil(most).max(1)).max(1);
        let part = |group: &[usize]| {
            let indices = || [0].into_iter().chain(group.iter().copied());
            let row = |row: &Vec<Cell>| indices().map(|index| row.get(index).cloned().unwrap_or_default()).collect();
            Self {
                title: self.title.clone(),
                columns: indices().map(|index| self.columns[index].clone()).collect(),
                rows: self.rows.iter().map(row).collect(),
            }
        };
        others.chunks(each).map(part).collect()
    }

    /// Whether a cell is the best of its row.
    pub(super) fn is_best(&self, row: usize, column: usize) -> bool {
        matches!(self.rows[row].get(column), Some(Cell::Lines(_, true)))
    }

    /// The cells for people, column by column: numbers readable, an empty cell as a dash.
    pub(super) fn shown(&self) -> Vec<Vec<String>> {
        (0..self.columns.len()).map(|index| self.shown_column(index)).collect()
    }

    fn shown_column(&self, index: usize) -> Vec<String> {
        let cells = || self.rows.iter().map(move |row| row.get(index).unwrap_or(&Cell::Empty));
        let numbers: Vec<f64> = cells().map(|cell| if let Cell::Number(value) = cell { *value } else { f64::NAN }).collect();
        number::readable_column(&numbers)
            .into_iter()
            .zip(cells())
            .map(|(number, cell)| match cell {
                Cell::Text(text) => one_line(text),
                Cell::Lines(lines, _) => lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n"),
                _ => number,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_rows_end_in_dashes_and_long_ones_are_cut() {
        let table = Table {
            title: String::new(),
            columns: vec![Column::text("a"), Column::number("b", "days")],
            rows: vec![vec!["x".into()], vec!["y".into(), 1.5.into(), 9.0.into()], vec![Cell::Empty, 20.0.into()]],
        };
        assert_eq!(table.shown(), [["x", "y", "–"], ["–", "1.5", "20.0"]]);
        assert_eq!(table.columns[1].heading(), "b (days)");
        let parts = Table { columns: vec![Column::text("a"); 6], ..table }.side_by_side(4);
        assert_eq!(parts.iter().map(|part| part.columns.len()).collect::<Vec<_>>(), [4, 3]);
        assert_eq!(parts[0].shown()[2], ["–", "9", "–"]);
    }
}
