//! A table as plain text for a terminal.

use super::{
    escape::one_line,
    table::{Align, Table},
};

/// Between two columns.
const GAP: &str = "  ";
/// No column of words is made narrower than this.
const NARROWEST: usize = 8;

/// `table` with aligned columns, no wider than `max_width` characters where the numbers allow it.
pub fn render(table: &Table, max_width: Option<usize>) -> String {
    let cells = table.shown();
    let headings: Vec<String> = table.columns.iter().map(super::table::Column::heading).collect();
    let widths = widths(table, &cells, &headings, max_width);
    let mut text = String::new();
    let title = one_line(&table.title);
    if !title.is_empty() {
        text.push_str(&title);
        text.push_str("\n\n");
    }
    for line in heading_lines(&headings, &widths) {
        push_line(&mut text, table, &widths, &line);
    }
    let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    push_line(&mut text, table, &widths, &rules);
    for row in 0..table.rows.len() {
        let line: Vec<String> = cells.iter().map(|column| column[row].clone()).collect();
        push_line(&mut text, table, &widths, &line);
    }
    text
}

fn widths(table: &Table, cells: &[Vec<String>], headings: &[String], max_width: Option<usize>) -> Vec<usize> {
    let needed: Vec<usize> = cells.iter().map(|column| column.iter().map(|cell| width(cell)).max().unwrap_or(0)).collect();
    let full: Vec<usize> = needed.iter().zip(headings).map(|(cell, heading)| (*cell).max(width(heading))).collect();
    let room = max_width.map_or(usize::MAX, |width| width.saturating_sub(GAP.len() * headings.len().saturating_sub(1)));
    if full.iter().sum::<usize>() <= room {
        return full;
    }
    let longest_word = |heading: &String| heading.split(' ').map(width).max().unwrap_or(0);
    let mut widths: Vec<usize> =
        needed.iter().zip(headings).map(|(cell, heading)| (*cell).max(longest_word(heading))).collect();
    shrink_words(table, &mut widths, room);
    spread(&mut widths, &full, room);
    widths
}

/// Takes from the widest column of words, one character at a time.
fn shrink_words(table: &Table, widths: &mut [usize], room: usize) {
    while widths.iter().sum::<usize>() > room {
        let words = widths
            .iter_mut()
            .zip(&table.columns)
            .filter(|(width, column)| column.align == Align::Left && **width > NARROWEST);
        match words.max_by_key(|(width, _)| **width) {
            Some((width, _)) => *width -= 1,
            None => return,
        }
    }
}

/// Gives room that is left to columns whose headings are broken, from the left.
fn spread(widths: &mut [usize], full: &[usize], room: usize) {
    for index in 0..widths.len() {
        let left = room.saturating_sub(widths.iter().sum());
        widths[index] += left.min(full[index].saturating_sub(widths[index]));
    }
}

/// Headings broken at spaces, and set so that their last lines are level.
fn heading_lines(headings: &[String], widths: &[usize]) -> Vec<Vec<String>> {
    let broken: Vec<Vec<String>> = headings.iter().zip(widths).map(|(heading, width)| broken(heading, *width)).collect();
    let height = broken.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|line| {
            let of_column =
                |lines: &Vec<String>| (line + lines.len()).checked_sub(height).map_or(String::new(), |at| lines[at].clone());
            broken.iter().map(of_column).collect()
        })
        .collect()
}

fn broken(heading: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in heading.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

fn push_line(text: &mut String, table: &Table, widths: &[usize], cells: &[String]) {
    let start = text.len();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push_str(GAP);
        }
        let cell = cut(cell, widths[index]);
        let padding = " ".repeat(widths[index] - width(&cell));
        match table.columns[index].align {
            Align::Left => text.extend([cell, padding]),
            Align::Right => text.extend([padding, cell]),
        }
    }
    let end = start + text[start..].trim_end().len();
    text.truncate(end);
    text.push('\n');
}

fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if width(&short) + columns_of(letter) + 1 > room {
            break;
        }
        short.push(letter);
    }
    short + "…"
}

/// Columns of a terminal that `text` takes.
fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Good enough for names: marks that combine take none, East Asian letters and pictures take two.
fn columns_of(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' => 2,
        '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{1F300}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
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
        ───────────────────────────────────────────  ───────────────────────────  ───────────
        build-operate-transfer with a local partner                   12,345,678         93.4
        captive                                                           -1,500            –
        ");
    }

    #[test]
    fn a_narrow_terminal_breaks_headings_and_cuts_words_but_no_number() {
        let text = render(&example(), Some(48));
        assert!(text.lines().all(|line| width(line) <= 48), "{text}");
        insta::assert_snapshot!(text, @r"
        What each strategy costs

                                         cost over
                                               the    on
                                           horizon  time
        strategy                             (EUR)   (%)
        ──────────────────────────────  ──────────  ────
        build-operate-transfer with a…  12,345,678  93.4
        captive                             -1,500     –
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
