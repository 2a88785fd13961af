//! Syntax errors: which of them are worth showing, and what may have been meant.

use std::ops::Range;

use super::date::no_date;
use super::diagnostic::Diagnostic;
use super::document::shortened;

/// Turns the errors of the TOML parser into diagnostics: one per line, and one for everything that follows from an unclosed
/// bracket or quote.
pub(super) fn mistakes(text: &str, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut errors: Vec<(Range<usize>, &str)> =
        errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(place, _)| place.start);
    let open = errors.iter().find_map(|(_, message)| opened(message));
    for (place, message) in errors {
        let place = within(text, place);
        if found.last().is_some_and(|last| !text[last.place.start..place.start].contains('\n')) {
            continue;
        }
        if let Some(open) = open.filter(|_| opened(message).is_some() || follows_from_open(message)) {
            found.push(left_open(text, place, open));
            break;
        }
        found.push(mistake(text, place, message));
    }
    found
}

/// What may follow an equals sign.
const VALUE: &str = "a number, \"text\", true, false, a date, [a list] or { a table }";

/// How deep tables and lists may be nested: a limit of the parser.
const DEEPEST: usize = 80;

fn is_too_deep(message: &str) -> bool {
    message.contains("recurs")
}

/// Returns the place of the first key with too many parts, as the parser reports it at the start of the text.
fn too_deep_key(text: &str) -> Option<Range<usize>> {
    let mut begin = 0;
    for line in text.split_inclusive('\n') {
        let key = line.split(['=', '#']).next().unwrap_or_default().trim_end();
        if key.split('.').count() > DEEPEST {
            return Some(begin..begin + key.len());
        }
        begin += line.len();
    }
    None
}

fn mistake(text: &str, place: Range<usize>, message: &str) -> Diagnostic {
    let at_start = place.start == 0 && is_too_deep(message);
    let place = if at_start { too_deep_key(text).unwrap_or(place) } else { place };
    let named = text[place.clone()].lines().next().unwrap_or_default();
    let no_date = message.starts_with("invalid").then(|| no_date(named.trim_end())).flatten();
    // For a date that does not exist, the reason is help enough.
    let help = if no_date.is_some() { None } else { help(text, &place, message) };
    let is_no_value = ["string values must", "invalid boolean", "invalid float"].iter().any(|no| message.starts_with(no));
    let message = match message {
        _ if no_date.is_some() => no_date.unwrap_or_default(),
        "duplicate key" => format!("`{named}` is given twice"),
        _ if is_too_deep(message) => format!("nested deeper than {DEEPEST} levels"),
        _ if is_no_value && named.trim().is_empty() => format!("nothing found, expected {VALUE}"),
        _ if is_no_value => format!("`{}` is not a value: expected {VALUE}", shortened(named)),
        _ => message.replace('\n', ", "),
    };
    Diagnostic { place, key: String::new(), message, help, is_absence: false, overridden: None }
}

/// Returns the bracket or quotes that an error reports as unclosed to the end of the text.
fn opened(message: &str) -> Option<&'static str> {
    match message {
        message if message.starts_with("unclosed array") => Some("["),
        message if message.starts_with("unclosed inline table") => Some("{"),
        message if message.contains("multi-line basic string") => Some("\"\"\""),
        message if message.contains("multi-line literal string") => Some("'''"),
        _ => None,
    }
}

fn follows_from_open(message: &str) -> bool {
    message.starts_with("missing comma between") || message.starts_with("missing key for inline table")
}

/// Reports something unclosed. It makes all the rest meaningless, so its place extends to the end.
fn left_open(text: &str, place: Range<usize>, open: &str) -> Diagnostic {
    let is_text = open.len() > 1;
    let begin = if is_text { text[..place.start].rfind(open).unwrap_or(place.start) } else { place.start };
    let message = if is_text { format!("{open} is not closed") } else { format!("`{open}` is not closed before this") };
    let help = Some(format!("close it with `{}`", if open == "[" { "]" } else { open }.replace('{', "}")));
    Diagnostic { place: begin..text.len(), key: String::new(), message, help, is_absence: false, overridden: None }
}

/// Moves a place to the boundaries of characters.
fn within(text: &str, place: Range<usize>) -> Range<usize> {
    let border = |byte: usize| (0..=byte.min(text.len())).rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0);
    border(place.start)..border(place.end.max(place.start))
}

/// Returns how to fix it, as far as the text shows.
fn help(text: &str, place: &Range<usize>, message: &str) -> Option<String> {
    let begin = text[..place.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[place.start..].find('\n').map_or(text.len(), |newline| place.start + newline);
    let (line, rest) = (&text[begin..end], &text[place.start..end]);
    if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
        return Some("version control left two versions here: keep one, and remove the marker lines".to_owned());
    }
    if message == "duplicate key" {
        return Some("keep one of them".to_owned());
    }
    let value = rest.split(['#', ',', '}', ']']).next().unwrap_or_default().trim();
    of_character(&text[place.clone()])
        .or_else(|| of_character(rest.get(..rest.chars().next()?.len_utf8())?))
        .or_else(|| of_line(line, message).map(str::to_owned))
        .or_else(|| is_value(line, place.start - begin).then(|| of_value(value, message)).flatten())
}

/// Whether this byte of a line is in a value, not in a key.
fn is_value(line: &str, at: usize) -> bool {
    line[..at].contains('=')
}

/// Returns help with a character that may look like another.
fn of_character(found: &str) -> Option<String> {
    let is_odd = |c: &char| !c.is_ascii() || (c.is_control() && !"\t\r\n".contains(*c));
    let odd = found.chars().find(is_odd)?;
    if "“”„‟‘’«»".contains(odd) {
        return Some("text needs straight quotes: \"...\"".to_owned());
    }
    let number = u32::from(odd);
    Some(if odd.is_control() {
        format!("take out the control character U+{number:04X}")
    } else {
        format!("the character U+{number:04X} is allowed only in text and in quoted names: \"...\"")
    })
}

fn of_line(line: &str, message: &str) -> Option<&'static str> {
    let key = line.trim_start().split(['=', '#']).next().unwrap_or_default();
    let is_header = line.trim_start().starts_with('[');
    if message.starts_with("carriage return") {
        return Some("lines end with a line feed, or with a carriage return and a line feed");
    }
    if is_header && message.starts_with("unclosed table") && line.contains(']') {
        return Some("a name with a space needs quotes: \"...\"");
    }
    if is_header && message.starts_with("unexpected key or value") {
        return Some("a header is alone on its line, with as many closing as opening brackets");
    }
    if !is_header && !line.contains('=') || key.contains(':') {
        return Some("put `=` between a key and its value: key = value");
    }
    has_number_with_comma(line).then_some("a number takes a point, not a comma, and `_` between thousands: 0.75, 5_000")
}

/// Whether a value in a line is digits, a comma and directly more digits.
fn has_number_with_comma(line: &str) -> bool {
    let after_equals = line.split('=').skip(1).map(str::trim_start);
    let mut digits = after_equals.map(|value| value.trim_start_matches(|c: char| c.is_ascii_digit()));
    digits.any(|rest| rest.strip_prefix(',').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// Returns a date that is written `31.01.2027` as TOML has it.
fn date_with_points(value: &str) -> Option<String> {
    let mut parts = value.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (parts.next().is_none() && is_number(day, 1..=2) && is_number(month, 1..=2) && is_number(year, 4..=4))
        .then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

const POINT: &str = "a number has digits before and after its point: 0.75";

fn of_value(value: &str, message: &str) -> Option<String> {
    let begins_with_digit = value.starts_with(|c: char| c.is_ascii_digit());
    let help = match value.to_lowercase().as_str() {
        _ if message.starts_with("invalid basic string") => "text must end with the quotes that it begins with",
        _ if message.starts_with("missing escaped value") => "a \\ in text is written \\\\",
        _ if message.starts_with("invalid fraction") => POINT,
        value if value.contains("//") => "a comment begins with `#`",
        "true" | "yes" | "on" => "write `true`",
        "false" | "no" | "off" => "write `false`",
        "null" | "none" | "nil" => "leave the key out to get its default",
        value if let Some(date) = date_with_points(value) => return Some(format!("a date is year, month and day: {date}")),
        value if message.starts_with("invalid date") || begins_with_digit && value.matches(['/', '-']).count() == 2 => {
            "a date is year, month and day: 2027-01-31"
        }
        value if value.ends_with('%') => "a share is a number from 0 to 1: 0.75 for 75 %",
        value if value.starts_with('.') || value.ends_with('.') => POINT,
        value if begins_with_digit && value.contains([' ', '_']) => {
            "put commas between the values of a list, each key on its own line, and a single `_` between thousands: 5_000"
        }
        value if begins_with_digit && value.starts_with('0') => "a number does not begin with 0",
        value if value.starts_with(char::is_alphabetic) => "text needs quotes: \"...\"",
        _ => return None,
    };
    Some(help.to_owned())
}
