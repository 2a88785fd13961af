//! Makes text from others safe for terminals, XML and HTML.

/// Returns whether a character shows nothing, or changes how the text around it is shown: a control character, or one
/// of Unicode's `Default_Ignorable_Code_Point`s (UAX #44), of the line and paragraph separators, of the interlinear
/// annotations, of the noncharacters, of characters for private use, and of formats and blanks that fonts show as nothing.
#[must_use]
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{FFFE}'..='\u{FFFF}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
            | '\u{2800}' | '\u{13430}'..='\u{1345F}' | '\u{16FE4}' | '\u{1D159}'
            | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Returns text with everything invisible in it shown as an escape, except line feeds and tabs.
/// A terminal prints it as text.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if !matches!(letter, '\n' | '\t') && is_invisible(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Returns the same for text with colours: sequences of a renderer that has replaced the escape characters of others.
#[must_use]
pub fn visible_but_colours(text: &str) -> String {
    text.split('\u{1b}').map(visible).collect::<Vec<_>>().join("\u{1b}")
}

/// Returns JSON with everything invisible in its strings as an escape of JSON, so that a terminal prints it as text.
#[must_use]
pub fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && is_invisible(letter) {
            let mut units = [0; 2];
            letter.encode_utf16(&mut units).iter().for_each(|unit| shown += &format!("\\u{unit:04x}"));
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Returns `text` as content or attribute value of XML or HTML. Line feeds stay; other control characters become
/// spaces.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in cleaned(text) {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Returns `text` on one line, with single spaces and only visible characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in cleaned(text) {
        let is_space = matches!(letter, ' ' | '\n' | '\u{2028}' | '\u{2029}');
        if !is_space {
            line.push(letter);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Removes what XML forbids, and what would change the direction of the text that follows.
pub(super) fn cleaned(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|letter| match letter {
        '\n' => Some('\n'),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' | '\u{FEFF}' => None,
        other if other.is_control() => Some(' '),
        other => Some(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_control_characters_go() {
        assert_eq!(
            escaped("<script>alert(\"1\" & '2')</script>\u{0}\u{202E}"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt; "
        );
        assert_eq!(escaped("two\nlines"), "two\nlines");
    }

    #[test]
    fn nothing_invisible_reaches_a_terminal() {
        assert_eq!(visible("a\u{1b}]0;x\u{7}b\u{202E}c\u{200B}\nd"), "a\\u{1b}]0;x\\u{7}b\\u{202e}c\\u{200b}\nd");
        assert_eq!(visible("Ärger, 日本, 1 – 2 €"), "Ärger, 日本, 1 – 2 €");
        let json = serde_json::json!({ "a": "\u{202E}\u{E0041}\u{1b}" });
        let text = visible_json(&format!("{json:#}"));
        assert!(!text.chars().any(|letter| letter != '\n' && is_invisible(letter)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("it is JSON"), json);
    }

    #[test]
    fn one_line_has_single_spaces() {
        assert_eq!(one_line("  a\t\r\n b\u{7}c  "), "a b c");
        assert_eq!(one_line("\u{1b}[31m"), "[31m");
        assert_eq!(one_line(""), "");
    }
}
