//! Phrases that read as a translation are banned from the manual, the help, and the comments and messages of the program.

use std::fs;
use std::path::{Path, PathBuf};

use super::program::{COMMANDS, Folder, walk};

/// A phrase that may not appear, what to write instead, and longer phrases in which it is right.
type Ban = (&'static str, &'static str, &'static [&'static str]);

/// The banned phrases, in lower case. To ban another, add a line; the test lists every place to correct.
const BANNED: &[Ban] = &[
    ("what there is not", "say what is missing", &[]),
    ("is content", "say that it succeeds", &[]),
    ("are content", "say that they succeed", &[]),
    ("go on", "`continue` or `resume`", &[]),
    ("goes on", "`continues` or `resumes`", &[]),
    ("going on", "`continuing` or `resuming`", &[]),
    ("gone on", "`continued` or `resumed`", &[]),
    ("so many", "`this many`, or leave it out", &[]),
    ("what there is", "`all there is`", &[]),
    ("luck of its own", "`independent random numbers`", &[]),
    ("of its own", "`its own` before the noun", &["of its own organisations", "code of its own"]),
    ("of their own", "`their own` before the noun", &[]),
    ("all the same", "`still`, or leave it out", &[]),
    ("come about", "`happen`", &[]),
    ("comes about", "`happens`", &[]),
    ("came about", "`happened`", &[]),
    ("told", "`reported`, `printed` or `given`", &[]),
    ("whoever", "name the person or the thing", &[]),
    ("besides", "`also` or `in addition to`", &[]),
    ("hence", "`so`", &[]),
    ("whereby", "a sentence of two parts", &[]),
    ("thereby", "`so`", &[]),
    ("herewith", "leave it out", &[]),
    ("respectively", "two sentences", &[]),
    ("even so", "`still`", &[]),
    ("once more", "`again`", &[]),
    ("in any case", "`always`", &[]),
    ("in good order", "`cleanly`", &[]),
    ("what is said", "name it: a sentence, an estimate, a message", &[]),
    ("said of", "`reported`", &[]),
    ("beside each other", "`side by side`", &[]),
    ("can be given several times", "`repeatable`", &[]),
    ("is there already", "`already exists`", &[]),
    ("are there already", "`already exist`", &[]),
    ("at the begin", "`at the start`", &[]),
    ("the begin of", "`the start of`", &[]),
];

/// Pages that are generated from text that is searched itself.
const NOT_SEARCHED: &str = "docs/reference";

/// Consecutive words with their line numbers: a page, a comment or a text.
type Passage = Vec<(usize, String)>;

/// Adds the words of a line, in lower case and without punctuation around them.
fn add_words(passage: &mut Passage, line: usize, text: &str) {
    let text = text.replace("\\n", " ").to_lowercase();
    let words = text.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    passage.extend(words.filter(|word| !word.is_empty()).map(|word| (line, word.to_owned())));
}

fn page(text: &str) -> Vec<Passage> {
    let mut passage = Passage::new();
    text.lines().enumerate().for_each(|(index, line)| add_words(&mut passage, index + 1, line));
    vec![passage]
}

/// Returns the doc comments and string literals of a source file.
fn passages_of_source(source: &str) -> Vec<Passage> {
    let (mut passages, mut comment, mut line, mut rest) = (Vec::new(), Passage::new(), 1, source);
    while let Some(letter) = rest.chars().next() {
        if let Some(text) = rest.strip_prefix("//") {
            let text = text.split('\n').next().unwrap_or_default();
            if text.starts_with(['/', '!']) {
                add_words(&mut comment, line, &text[1..]);
            }
            rest = &rest[2 + text.len()..];
            continue;
        }
        if !letter.is_whitespace() && !comment.is_empty() {
            passages.push(std::mem::take(&mut comment));
        }
        let length = match letter {
            '"' => quoted(&rest[1..]).map_or(1, |length| length + 2),
            'r' if raw(rest).is_some() => raw(rest).unwrap_or(1),
            '\'' => character(rest),
            _ => letter.len_utf8(),
        };
        if length > 1 && letter != '\'' && rest.is_char_boundary(length) && letter.is_ascii() {
            let mut passage = Passage::new();
            let text = rest[..length].trim_start_matches('r').split('\n').enumerate();
            text.for_each(|(index, text)| add_words(&mut passage, line + index, text));
            passages.push(passage);
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    passages.push(comment);
    passages
}

/// Returns the bytes before the quote that ends a string literal.
fn quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let ends = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

/// Returns the bytes of the raw string literal with which a text starts; none if it starts with none.
fn raw(text: &str) -> Option<usize> {
    let marks: String = text[1..].chars().take_while(|&letter| letter == '#').collect();
    let begin = 1 + marks.len() + 1;
    text[1 + marks.len()..].starts_with('"').then_some(())?;
    let end = text[begin..].find(&format!("\"{marks}"))?;
    Some(begin + end + 1 + marks.len())
}

/// Returns the bytes of the character literal, or of the tick of a lifetime, with which a text starts.
fn character(text: &str) -> usize {
    let mut letters = text[1..].char_indices();
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = 1 + at + escaped.len_utf8();
            text[after..].find('\'').map_or(1, |end| after + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 2,
        _ => 1,
    }
}

/// Returns the lines of a passage that hold a banned phrase.
fn lines_with(passage: &Passage, (phrase, _, allowed): &Ban) -> Vec<usize> {
    let words: Vec<&str> = passage.iter().map(|(_, word)| word.as_str()).collect();
    let banned: Vec<&str> = phrase.split(' ').collect();
    let is_allowed = |at: usize| {
        allowed.iter().any(|longer| {
            let longer: Vec<&str> = longer.split(' ').collect();
            let before = longer.windows(banned.len()).position(|part| part == banned);
            before.and_then(|before| at.checked_sub(before)).is_some_and(|begin| words[begin..].starts_with(&longer))
        })
    };
    let hits = words.windows(banned.len()).enumerate().filter(|(at, part)| *part == banned && !is_allowed(*at));
    hits.map(|(at, _)| passage[at].0).collect()
}

fn hits(place: &str, passages: &[Passage]) -> Vec<String> {
    let of_ban = |ban: &Ban| {
        let lines: Vec<usize> = passages.iter().flat_map(|passage| lines_with(passage, ban)).collect();
        let (phrase, instead, _) = *ban;
        lines.into_iter().map(move |line| format!("{place}:{line}: {phrase:?}: write {instead}"))
    };
    BANNED.iter().flat_map(of_ban).collect()
}

/// Returns the files with this ending below a folder of the project, or at its top, by path from its root.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    if folder.is_empty() {
        let entries = fs::read_dir(root).expect("the project can be listed").flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
    } else if root.join(folder).is_dir() {
        walk(&root.join(folder), &mut files);
    }
    let relative = |path: &PathBuf| path.strip_prefix(root).expect("it is below").display().to_string();
    let mut files: Vec<String> = files.iter().map(relative).collect();
    files.retain(|path| path.ends_with(ending) && !path.starts_with(NOT_SEARCHED));
    files.sort();
    files
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn pages_and_sources_have_no_banned_phrase() {
    let pages: Vec<String> =
        ["", "docs", "benches", "release"].into_iter().flat_map(|folder| files(folder, ".md")).collect();
    let sources = files("src", ".rs");
    assert!(pages.len() > 10 && sources.len() > 100, "{} pages, {} sources", pages.len(), sources.len());
    let of_pages = pages.iter().flat_map(|path| hits(path, &page(&read(path))));
    let of_sources = sources.iter().flat_map(|path| hits(path, &passages_of_source(&read(path))));
    let all: Vec<String> = of_pages.chain(of_sources).collect();
    assert!(all.is_empty(), "{} banned phrases:\n{}", all.len(), all.join("\n"));
}

#[test]
fn help_has_no_banned_phrase() {
    let folder = Folder::new();
    let mut all = hits("handover --help", &page(&folder.succeed(&["--help"]).out));
    for command in COMMANDS {
        all.extend(hits(&format!("handover {command} --help"), &page(&folder.succeed(&[command, "--help"]).out)));
    }
    assert!(all.is_empty(), "{} banned phrases:\n{}", all.len(), all.join("\n"));
}

#[test]
fn banned_phrases_are_found_wherever_they_break() {
    let source = "/// A run that\n/// goes on.\nfn a() { b('\"', 'x', \"it goes \\\n   on\", r#\"luck of \"its\" own\"#) }\n// goes on\n";
    let found = hits("a.rs", &passages_of_source(source));
    let lines: Vec<&str> = found.iter().map(|hit| hit.split(": write").next().unwrap_or_default()).collect();
    assert_eq!(
        lines,
        ["a.rs:2: \"goes on\"", "a.rs:3: \"goes on\"", "a.rs:4: \"luck of its own\"", "a.rs:4: \"of its own\""]
    );
    assert!(hits("a.md", &page("the cost of its own organisations")).is_empty());
    assert_eq!(hits("a.md", &page("nobody is\ntold")).len(), 1);
}
