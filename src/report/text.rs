//! A table as plain text for a terminal.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Row, TableStyle, Width,
};

use super::escape::one_line;
use super::table::{Align, Column, Table};

/// No borders: a rule under the headings, and a space between columns besides their own.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '));

/// `table` with aligned columns, no wider than `max_width` characters where the numbers allow it.
pub fn render(table: &Table, max_width: Option<usize>) -> String {
    let cells = table.shown();
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(STYLE).set_truncation_indicator("…").set_header(table.columns.iter().map(Column::heading));
    for row in 0..table.rows.len() {
        let mut line = Row::from(cells.iter().map(|column| &column[row]));
        line.max_height(1);
        drawn.add_row(line);
    }
    if let Some(width) = max_width {
        drawn.set_width(u16::try_from(width).unwrap_or(u16::MAX)).set_content_arrangement(ContentArrangement::Dynamic);
    }
    let last = table.columns.len().saturating_sub(1);
    for (index, column) in drawn.column_iter_mut().enumerate() {
        column.set_padding((0, u16::from(index < last)));
        if table.columns[index].align == Align::Right {
            let widest = cells[index].iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
            column.set_cell_alignment(CellAlignment::Right);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(widest).unwrap_or(u16::MAX))));
        }
    }
    let title = one_line(&table.title);
    let title = if title.is_empty() { title } else { title + "\n\n" };
    format!("{title}{}\n", drawn.trim_fmt())
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
        insta::assert_snapshot!(render(&example(), None), @r"
        What each strategy costs

        strategy                                     cost over the horizon (EUR)  on time (%)
        ──────────────────────────────────────────── ──────────────────────────── ───────────
        build-operate-transfer with a local partner                   12,345,678         93.4
        captive                                                           -1,500            –
        ");
    }

    #[test]
    fn a_narrow_terminal_breaks_headings_and_cuts_words_but_no_number() {
        let text = render(&example(), Some(48));
        assert!(text.lines().all(|line| line.chars().count() <= 48), "{text}");
        insta::assert_snapshot!(text, @r"
        What each strategy costs

        strategy              cost over the  on time (%)
                              horizon (EUR)
        ───────────────────── ────────────── ───────────
        build-operate-trans…     12,345,678         93.4
        captive                      -1,500            –
        ");
    }

    proptest! {
        #[test]
        fn no_table_panics(title in "\\PC*", name in ".*", cell in any::<String>(), number in any::<f64>(), room in 0_usize..60) {
            let columns = vec![Column::text(name), Column::number("n", "")];
            let rows = vec![vec![cell.into(), number.into()], vec![]];
            let table = Table { title, columns, rows };
            render(&table, Some(room));
            render(&Table::default(), Some(room));
        }
    }
}
