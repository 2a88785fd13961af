//! Makes text from others safe for XML and HTML.

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
    fn one_line_has_single_spaces() {
        assert_eq!(one_line("  a\t\r\n b\u{7}c  "), "a b c");
        assert_eq!(one_line("\u{1b}[31m"), "[31m");
        assert_eq!(one_line(""), "");
    }
}
