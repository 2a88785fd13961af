//! A table as plain text for a terminal.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Row, TableStyle, Width,
};

use super::escape::one_line;
use super::number::CORRECTED;
use super::table::{Align, Column, Table};

/// No borders: a rule under the headings, and a space between columns.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Most characters of the first column, and most of it if all others would not fit.
const FIRST_AT_MOST: [usize; 2] = [34, 20];
/// Characters between two columns.
const GAP: usize = 2;
/// The mark of the best of a row; other cells leave room for it.
const MARKS: [&str; 2] = ["  ", " *"];

/// Returns `table` with aligned columns. Columns that do not fit into `width` characters follow below in further
/// tables, each with the first column.
pub fn render(table: &Table, width: usize) -> String {
    let cells = marked(table);
    let widths: Vec<usize> = cells.iter().zip(&table.columns).map(|(cells, column)| narrowest(cells, column)).collect();
    let whole: Vec<usize> =
        widths.iter().zip(&table.columns).map(|(width, column)| column.heading().chars().count().max(*width)).collect();
    let sum = |widths: &[usize]| widths.iter().skip(1).map(|width| width + GAP).sum::<usize>();
    // Headings stay on one line if there is room.
    let widths =
        if sum(&whole) + whole.first().map_or(0, |first| *first.min(&FIRST_AT_MOST[0])) <= width { whole } else { widths };
    let others = sum(&widths);
    let longest = widths.first().copied().unwrap_or(0);
    let [usual, tight] = FIRST_AT_MOST.map(|most| longest.min(most));
    let first = [longest, usual].into_iter().find(|first| first.saturating_add(others) <= width).unwrap_or(tight);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for (index, column) in widths.iter().enumerate().skip(1) {
        let needed = column + GAP;
        match groups.last_mut() {
            Some(group) if needed <= room => group.push(index),
            _ => {
                room = width.saturating_sub(first);
                groups.push(vec![index]);
            }
        }
        room = room.saturating_sub(needed);
    }
    if groups.is_empty() {
        groups.push(Vec::new());
    }
    let title = one_line(&table.title);
    let title = if title.is_empty() { title } else { title + "\n" };
    let drawn: Vec<String> = groups.iter().map(|group| columns(table, &cells, (group, first), &widths)).collect();
    title + &drawn.join("\n")
}

/// Returns whether a cell of some table is marked as the best of its row.
pub fn has_best(tables: &[Table]) -> bool {
    tables.iter().any(|table| (0..table.columns.len()).any(|column| is_marked(table, column)))
}

/// Returns whether a number of some table has the mark of an interval that is corrected for skewness.
pub fn has_corrected(tables: &[Table]) -> bool {
    let has_mark = |(cells, column): (Vec<String>, &Column)| {
        column.align == Align::Right && cells.iter().flat_map(|cell| cell.lines()).any(|line| line.ends_with(CORRECTED))
    };
    tables.iter().any(|table| table.shown().into_iter().zip(&table.columns).any(has_mark))
}

/// Returns `text` in lines of at most `width` characters, broken between words.
pub fn wrap(text: &str, width: usize) -> String {
    let (mut lines, mut length) = (String::new(), 0);
    for word in one_line(text).split(' ') {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > width {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += letters;
    }
    lines + "\n"
}

fn is_marked(table: &Table, column: usize) -> bool {
    (0..table.rows.len()).any(|row| table.is_best(row, column))
}

/// Returns the cells by column, with marks if a row of the table has any.
fn marked(table: &Table) -> Vec<Vec<String>> {
    let mut cells = table.shown();
    if !(0..table.columns.len()).any(|column| is_marked(table, column)) {
        return cells;
    }
    for (index, column) in cells.iter_mut().enumerate() {
        if table.columns[index].align == Align::Left {
            continue;
        }
        for (row, cell) in column.iter_mut().enumerate() {
            let lines = cell.lines().enumerate();
            let mark = |line: usize| MARKS[usize::from(line == 0 && table.is_best(row, index))];
            *cell = lines.map(|(line, text)| format!("{text}{}", mark(line))).collect::<Vec<_>>().join("\n");
        }
    }
    cells
}

/// Returns the fewest characters that show a column. Its numbers are never broken; its heading breaks between words.
fn narrowest(cells: &[String], column: &Column) -> usize {
    let widest = |lines: &mut dyn Iterator<Item = &str>| lines.map(|line| line.chars().count()).max().unwrap_or(0);
    let heading = column.heading();
    widest(&mut cells.iter().flat_map(|cell| cell.lines())).max(widest(&mut heading.split(' ')))
}

/// Returns the first column and some others.
fn columns(table: &Table, cells: &[Vec<String>], (group, first): (&[usize], usize), widths: &[usize]) -> String {
    let shown: Vec<usize> = [0].into_iter().chain(group.iter().copied()).filter(|&index| index < cells.len()).collect();
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(STYLE).set_header(shown.iter().map(|&index| table.columns[index].heading()));
    let rows = (0..table.rows.len()).map(|row| Row::from(shown.iter().map(|&index| &cells[index][row])));
    drawn.add_rows(rows);
    drawn.set_width(u16::MAX).set_content_arrangement(ContentArrangement::Dynamic);
    for (position, column) in drawn.column_iter_mut().enumerate() {
        let index = shown[position];
        let gap = usize::from(position + 1 < shown.len());
        let widest = if index == 0 { first } else { widths[index] };
        column.set_padding((0, u16::from(gap > 0)));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(u16::try_from(widest + gap).unwrap_or(u16::MAX))));
        if table.columns[index].align == Align::Right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{}\n", drawn.trim_fmt())
}

#[cfg(test)]
mod tests {
    use super::super::table::{Cell, Column};
    use super::*;
    use proptest::prelude::*;

    fn example() -> Table {
        Table {
            title: "What each strategy costs".to_string(),
            columns: vec![
                Column::text("strategy"),
                Column::number("cost over the horizon", "EUR"),
                Column::number("on time", "%"),
            ],
            rows: vec![
                vec!["build-operate-transfer with a local partner".into(), 12_345_678.0.into(), 93.4.into()],
                vec!["captive".into(), (-1_500.0).into(), Cell::Empty],
            ],
        }
    }

    #[test]
    fn numbers_are_right_aligned_and_empty_cells_are_dashes() {
        insta::assert_snapshot!(render(&example(), 200), @r"
        What each strategy costs
        strategy                                     cost over the horizon (EUR)  on time (%)
        ──────────────────────────────────────────── ──────────────────────────── ───────────
        build-operate-transfer with a local partner                   12,345,678         93.4
        captive                                                           -1,500            –
        ");
    }

    #[test]
    fn a_narrow_terminal_breaks_headings_and_words_but_no_number() {
        let text = render(&example(), 48);
        assert!(text.lines().all(|line| line.chars().count() <= 48), "{text}");
        insta::assert_snapshot!(text, @r"
        What each strategy costs
        strategy               cost over    on
                                     the  time
                                 horizon   (%)
                                   (EUR)
        ───────────────────── ─────────── ────
        build-operate-transf  12,345,678  93.4
        er with a local
        partner
        captive                   -1,500     –
        ");
    }

    #[test]
    fn columns_without_room_follow_below_and_the_best_is_marked() {
        let cell = |lines: &[&str], is_best| Cell::Lines(lines.iter().map(|&line| line.to_owned()).collect(), is_best);
        let table = Table {
            title: "Dates".to_owned(),
            columns: vec![Column::text(""), Column::number("one", ""), Column::number("two", "")],
            rows: vec![vec![
                "staffed".into(),
                cell(&["half by Jun 2028", "7 % never"], true),
                cell(&["by May 2028"], false),
            ]],
        };
        assert!(has_best(std::slice::from_ref(&table)));
        insta::assert_snapshot!(render(&table, 30), @r"
        Dates
                                one
        ──────── ──────────────────
        staffed  half by Jun 2028 *
                        7 % never

                           two
        ──────── ─────────────
        staffed  by May 2028
        ");
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two three", 7), "one two\nthree\n");
        assert_eq!(wrap("unbreakable word", 4), "unbreakable\nword\n");
    }

    proptest! {
        #[test]
        fn no_table_panics(title in "\\PC*", name in ".*", cell in any::<String>(), number in any::<f64>(), room in 0_usize..60) {
            let columns = vec![Column::text(name), Column::number("n", "")];
            let rows = vec![vec![cell.into(), number.into()], vec![]];
            let table = Table { title, columns, rows };
            render(&table, room);
            render(&Table::default(), room);
        }
    }
}
