//! `--points design.csv`: a design made elsewhere, with one row per point.

use std::ops::Range;

use super::POINTS_AT_MOST;
use super::bad::{Mistake, Mistakes, Origin};
use super::known::{KnownFactor, Source};
use super::levels::{identity, trimmed, value};
use super::varied::{NamedFactor, VariedFactor, named, settled};

/// A cell, without its quotes, and its place.
struct Cell {
    text: String,
    place: Range<usize>,
    /// Whether its quotes are never closed. It then takes the rest of the file.
    is_open: bool,
}

/// Returns the factors of a table of points, and for each point the position of its level of each factor.
pub(super) fn listed(
    (label, text): (&str, &str),
    files: &[Source<'_>],
    known: &[KnownFactor],
    found: &mut Mistakes,
) -> (Vec<VariedFactor>, Vec<Vec<usize>>) {
    let origin = Origin::of(label, text);
    let rows = rows(text);
    if let Some(open) = rows.last().and_then(|row| row.last()).filter(|cell| cell.is_open) {
        let quote = open.place.start..open.place.start + 1;
        found.refuse(&origin.part(quote), Mistake::new("", "a quote found that is never closed"));
        return (Vec::new(), Vec::new());
    }
    let mut rows = rows.into_iter();
    let Some(header) = rows.next() else {
        let help = "the first line names the factors, each further line has a point";
        found.refuse(&origin.part(0..0), Mistake::new("", "the file has no lines, expected points").help(help));
        return (Vec::new(), Vec::new());
    };
    let columns: Vec<Option<NamedFactor<'_>>> =
        header.iter().map(|cell| column(&origin.part(cell.place.clone()), cell, known, found)).collect();
    let mut levels: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
    let mut identities: Vec<std::collections::BTreeMap<String, usize>> =
        vec![std::collections::BTreeMap::new(); columns.len()];
    let mut points = Vec::new();
    for row in rows {
        if points.len() == POINTS_AT_MOST {
            found.refuse(&at(&origin, &row), Mistake::new("", format!("more than {POINTS_AT_MOST} points found")));
            break;
        }
        if row.len() != columns.len() {
            let message = format!("{} cells found, expected {}: one for each column", row.len(), columns.len());
            found.refuse(&at(&origin, &row), Mistake::new("", message));
            continue;
        }
        let mut point = Vec::new();
        for (index, cell) in row.iter().enumerate() {
            let Some(column) = &columns[index] else { continue };
            let Some(level) = level(&origin, cell, column, found) else { continue };
            let next = levels[index].len();
            let position = *identities[index].entry(identity(&level)).or_insert(next);
            if position == next {
                levels[index].push(level);
            }
            point.push(position);
        }
        points.push(point);
    }
    if points.is_empty() && found.is_empty() {
        found.refuse(&origin.part(0..0), Mistake::new("", "no point found, expected one in each line after the first"));
    }
    (factors(columns, levels, files, found), points)
}

fn factors(
    columns: Vec<Option<NamedFactor<'_>>>,
    levels: Vec<Vec<String>>,
    files: &[Source<'_>],
    found: &mut Mistakes,
) -> Vec<VariedFactor> {
    let mut all = Vec::new();
    for (column, levels) in columns.into_iter().zip(levels) {
        let Some(NamedFactor { known, mut factor, origin }) = column else { continue };
        if let Some(mistake) = known.and_then(|known| known.differs(files, factor.also.is_empty())) {
            found.refuse(&origin, mistake);
            continue;
        }
        if let Some(known) = known {
            let position = |level: &String| known.factor.levels.iter().position(|other| identity(other) == identity(level));
            let positions: Vec<usize> = levels.iter().filter_map(position).collect();
            for (_, values) in &mut factor.also {
                *values = positions.iter().map(|&position| values[position].clone()).collect();
            }
        }
        factor.levels = levels;
        all.extend(settled(factor, origin, files, found));
    }
    all
}

fn column<'k>(origin: &Origin, cell: &Cell, known: &'k [KnownFactor], found: &mut Mistakes) -> Option<NamedFactor<'k>> {
    if cell.text.contains(';') {
        let help = "use a comma between columns, and a point in numbers";
        found.refuse(origin, Mistake::new("", "a semicolon found among the columns").help(help));
        return None;
    }
    // A quoted name is read without its quotes.
    let bare = Origin { text: cell.text.clone(), place: 0..cell.text.len(), ..origin.clone() };
    let mut of_cell = Mistakes::default();
    let named = named(&bare, known, &mut of_cell);
    for bad in of_cell.finish().iter().flat_map(|bad| &bad.mistakes.all) {
        let mistake = Mistake { key: bad.key.clone(), message: bad.message.clone(), help: None };
        found.refuse(origin, mistake.help("the first line has names of factors or keys, e.g. recruiters.count"));
    }
    named.map(|named| NamedFactor { origin: origin.clone(), ..named })
}

fn level(origin: &Origin, cell: &Cell, column: &NamedFactor<'_>, found: &mut Mistakes) -> Option<String> {
    let origin = origin.part(cell.place.clone());
    let name = &column.factor.name;
    let level = value(&cell.text).map_err(|message| found.refuse(&origin, Mistake::new(name, message))).ok()?;
    let known = column.known.filter(|known| !known.factor.also.is_empty());
    if known.is_some_and(|known| known.factor.levels.iter().all(|other| identity(other) != identity(&level))) {
        let levels = known.map_or_else(String::new, |known| known.factor.levels.join(", "));
        let mistake = Mistake::new(name, format!("{level} is not a level of this factor, which also sets other keys"));
        found.refuse(&origin, mistake.help(format!("its levels are {levels}")));
        return None;
    }
    Some(level)
}

/// Returns the place of a row.
fn at(origin: &Origin, row: &[Cell]) -> Origin {
    let start = row.first().map_or(0, |cell| cell.place.start);
    origin.part(start..row.last().map_or(start, |cell| cell.place.end))
}

/// Returns the rows of a CSV table, without empty ones.
fn rows(text: &str) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut row: Vec<Cell> = Vec::new();
    let mut at = text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len());
    while at < text.len() {
        let (cell, end) = cell(text, at);
        row.push(cell);
        let is_over = !text[end..].starts_with(',');
        at = end + 1;
        // A comma at the very end is followed by an empty cell.
        if !is_over && at >= text.len() {
            row.push(Cell { text: String::new(), place: text.len()..text.len(), is_open: false });
        }
        if (is_over || at >= text.len()) && (row.len() > 1 || row.iter().any(|cell| !cell.text.is_empty())) {
            rows.push(std::mem::take(&mut row));
        }
        if is_over {
            row.clear();
        }
    }
    rows
}

/// Returns the cell that starts at a byte, and the byte at which it ends: that of a comma, a line feed, or the end.
fn cell(text: &str, start: usize) -> (Cell, usize) {
    let ends = |from: usize| text[from..].find([',', '\n']).map_or(text.len(), |length| from + length);
    let begin = start + (text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len());
    if !text[begin..].starts_with('"') {
        let place = trimmed(text, start..ends(start));
        return (Cell { text: text[place.clone()].to_owned(), place, is_open: false }, ends(start));
    }
    let mut inner = String::new();
    let mut characters = text[begin + 1..].char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_double = character == '"' && characters.peek().is_some_and(|(_, next)| *next == '"');
        if character == '"' && !is_double {
            let close = begin + 1 + at + 1;
            let end = ends(close);
            // Text after the quotes belongs to the cell, which is then invalid.
            inner += text[close..end].trim_end();
            return (Cell { text: inner.trim().to_owned(), place: begin..close, is_open: false }, end);
        }
        if is_double {
            characters.next();
        }
        inner.push(character);
    }
    (Cell { text: inner, place: begin..text.len(), is_open: true }, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let all = rows(text);
        for cell in all.iter().flatten() {
            assert!(text.get(cell.place.clone()).is_some(), "{:?}", cell.place);
        }
        all.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn tables_are_read_as_spreadsheets_write_them() {
        assert_eq!(cells("\u{feff}a, b\r\n1,2\r\n\r\n3 , 4"), [["a", "b"], ["1", "2"], ["3", "4"]]);
        assert_eq!(cells("a,b\n\"\"\"x,y\"\"\",\"[1, 2]\"\n"), [["a", "b"], ["\"x,y\"", "[1, 2]"]]);
        assert_eq!(cells("a,b\n1,\n,2\n"), [["a", "b"], ["1", ""], ["", "2"]]);
        assert_eq!(cells("a,"), [["a", ""]]);
        assert!(cells("").is_empty() && cells("\n\n").is_empty());
        assert!(rows("a\n\"1").iter().flatten().any(|cell| cell.is_open), "unclosed quotes");
        assert_eq!(cells("a\n\"1\" x"), [["a"], ["1 x"]]);
    }
}
