//! What a page works with in a browser: style, script, data, and the policy that allows nothing else.
//!
//! The charts are drawn by uPlot (MIT, `uplot/LICENSE`), which the page carries; nothing is fetched.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::drawing::lettering::{BOLD, FAMILY, REGULAR};
use super::drawing::theme::{self, Theme};
use super::escape::one_line;

const PAGE_STYLE: &str = include_str!("page.css");
const PAGE_SCRIPT: &str = include_str!("page.js");
const UPLOT_STYLE: &str = include_str!("uplot/uPlot.min.css");
const UPLOT: &str = include_str!("uplot/uPlot.iife.min.js");
const UPLOT_LICENCE: &str = include_str!("uplot/LICENSE");

/// What the colours of `page.css` are in the dark.
const DARK: &str = "color-scheme: dark; --ink: #e4e6ea; --muted: #a4abb5; --line: #3a4049; --paper: #16191d; --box: #20242a; --link: #6cb6ec;";

/// The style of every page. Charts are drawn as on paper: on a dark screen their colours stand for others.
pub(super) fn style() -> String {
    let (mut light, mut dark, mut rules) = (String::new(), DARK.to_owned(), String::new());
    for (index, (paper, screen)) in theme::on_screen().enumerate() {
        write!(light, "--c{index}:{paper};").expect("a String takes all text");
        write!(dark, "--c{index}:{screen};").expect("a String takes all text");
        writeln!(rules, "svg [fill=\"{paper}\"]{{fill:var(--c{index})}}svg [stroke=\"{paper}\"]{{stroke:var(--c{index})}}")
            .expect("a String takes all text");
    }
    let face = |weight: u32, font: &[u8]| {
        let font = base64(font);
        format!("@font-face{{font-family:\"{FAMILY}\";font-weight:{weight};src:url(data:font/ttf;base64,{font})}}\n")
    };
    // Charts are laid out by the widths of these letters.
    let faces = face(400, REGULAR) + &face(700, BOLD);
    format!(
        "{faces}{UPLOT_STYLE}\n:root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root:not(.light){{{dark}}}}}\n\
         @media screen{{:root.dark{{{dark}}}}}\n{rules}{PAGE_STYLE}"
    )
}

/// The script of every page that has something to draw.
pub(super) fn script() -> String {
    let uplot = UPLOT.trim_end().trim_end_matches(';');
    format!("/* {}\n*/\n{uplot};\n{PAGE_SCRIPT}", UPLOT_LICENCE.trim())
}

/// What the browser may do with the page: apply this style and run this script, and nothing else.
pub(super) fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; font-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        fingerprint(style),
        fingerprint(script)
    )
}

/// What the script must know of each strategy: its number, its name, and how its lines look on paper and on a screen.
pub(super) fn strategies(strategies: &[(usize, String)]) -> Vec<Json> {
    let strategy = |(slot, name): &(usize, String)| {
        let hue = theme::strategy(*slot);
        let lines = [Theme::Print, Theme::Screen].map(|theme| theme.shown(hue.line).to_string());
        let dash = hue.dash.map_or(Vec::new(), |(on, off)| vec![on, off]);
        json!({ "slot": slot, "name": one_line(name), "line": lines, "dash": dash })
    };
    strategies.iter().map(strategy).collect()
}

/// A sample of the lines of the strategy with this number, as SVG.
pub(super) fn sample(slot: usize) -> String {
    let hue = theme::strategy(slot);
    let dash = hue.dash.map_or(String::new(), |(on, off)| format!(" stroke-dasharray=\"{on} {off}\""));
    format!(
        "<svg width=\"24\" height=\"8\" viewBox=\"0 0 24 8\" aria-hidden=\"true\">\
         <path d=\"M0,4h24\" stroke=\"{}\" stroke-width=\"3\"{dash}/></svg>",
        hue.line
    )
}

/// JSON that ends no element of a page, whatever its texts hold.
pub(super) fn embedded(data: &Json) -> String {
    let mut text = String::new();
    for letter in data.to_string().chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(text, "\\u{:04x}", u32::from(letter)).expect("a String takes all text");
            }
            other => text.push(other),
        }
    }
    text
}

/// SHA-256 in base 64, as policies name scripts.
fn fingerprint(text: &str) -> String {
    base64(&Sha256::digest(text))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_is_that_of_the_standard() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(texts, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }

    #[test]
    fn neither_style_nor_script_ends_its_element_or_fetches() {
        let (style, script) = (style(), script());
        for text in [&style, &script] {
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
        }
        assert!(style.matches("url(").count() == 2 && style.matches("url(data:font/ttf;base64,").count() == 2);
        assert!(!style.contains("@import"));
        for way in ["fetch(", "XMLHttpRequest", "import(", "sendBeacon", "WebSocket", "new Image", "eval(", "innerHTML"] {
            assert!(!script.contains(way), "{way}");
        }
        assert!(script.contains("Copyright (c) 2022 Leon Sorokin"), "the licence goes with the library");
    }

    #[test]
    fn data_ends_no_element() {
        let data = json!({ "</script><script>": "<!-- & \u{2028}" });
        let text = embedded(&data);
        assert_eq!(text, "{\"\\u003c/script\\u003e\\u003cscript\\u003e\":\"\\u003c!-- \\u0026 \\u2028\"}");
        assert_eq!(serde_json::from_str::<Json>(&text).expect("it is JSON"), data);
    }
}
