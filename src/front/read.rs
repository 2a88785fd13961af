//! Reads scenario files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::input::Files;
use crate::scenario::{Refusal, Scenario, named_files};

use super::Error;

/// Size of the largest scenario that is read, its lists of people aside.
const LARGEST_BYTES: u64 = 10 * MIB;
/// Size of the largest list of people that is read.
const LARGEST_LIST_BYTES: u64 = 256 * MIB;
const MIB: u64 = 1024 * 1024;

/// Why a file cannot be read as a scenario: its path and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Unread {
    /// Path as given.
    pub path: String,
    /// Reason.
    pub message: String,
    /// Whether the file does not exist, so that the user may mean another.
    pub is_missing: bool,
}

impl Scenario {
    /// Reads and checks a scenario file.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is not a valid scenario. Reports all mistakes at once, with the path and
    /// their places.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = read_text(path)?;
        refuse_other_text(&text, &path.display().to_string())?;
        let files = read_files(&text, path)?;
        Self::parse_with(&text, &[], &files).map_err(|refused| match refused {
            Refusal::Mistakes(mistakes) => Error::Mistakes(path.display().to_string(), mistakes),
            refused @ Refusal::Override(_) => refused.into(),
        })
    }
}

/// Reads the files that a scenario names. Their names are relative to its folder.
///
/// # Errors
/// Fails if one cannot be read, is empty or too large, or is not UTF-8.
pub(crate) fn read_files(text: &str, scenario: &Path) -> Result<Files, Unread> {
    let folder = scenario.parent().unwrap_or(Path::new(""));
    let read = |name: String| read_list(&folder.join(&name)).map(|text| (name, text));
    named_files(text).into_iter().map(read).collect()
}

/// Reads a text file of a plausible size.
///
/// # Errors
/// Fails if the file cannot be read, is empty or too large, or is not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, Unread> {
    read_text_from(open(path)?, &path.display().to_string())
}

fn open(path: &Path) -> Result<File, Unread> {
    let refuse = |message: String| Unread { path: path.display().to_string(), message, is_missing: false };
    if path.is_dir() {
        return Err(refuse("is a folder, expected a file".into()));
    }
    File::open(path).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        Unread { is_missing, ..refuse(format!("cannot be read: {error}")) }
    })
}

/// Reads a text of a plausible size. Messages call it `name`. A list of people in it may be longer than all else.
///
/// # Errors
/// Fails if it cannot be read, is empty or too large, or is not UTF-8.
pub(crate) fn read_text_from(mut from: impl Read, name: &str) -> Result<String, Unread> {
    let mut bytes = bytes_of(&mut from, LARGEST_BYTES + 1, name)?;
    if bytes.len() as u64 > LARGEST_BYTES && has_list(&bytes) {
        bytes.extend(bytes_of(from, LARGEST_LIST_BYTES, name)?);
    }
    if without_lists(&bytes) > LARGEST_BYTES {
        let message = format!("is larger than {} MiB, too large for a scenario", LARGEST_BYTES / MIB);
        return Err(Unread { path: name.to_owned(), message, is_missing: false });
    }
    as_text(bytes, name)
}

/// Reads a list of people.
fn read_list(path: &Path) -> Result<String, Unread> {
    let name = path.display().to_string();
    let bytes = bytes_of(open(path)?, LARGEST_LIST_BYTES + 1, &name)?;
    if bytes.len() as u64 > LARGEST_LIST_BYTES {
        let message = format!("is larger than {} MiB, too large for a list of people", LARGEST_LIST_BYTES / MIB);
        return Err(Unread { path: name, message, is_missing: false });
    }
    as_text(bytes, &name)
}

fn bytes_of(from: impl Read, most: u64, name: &str) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let read = from.take(most).read_to_end(&mut bytes);
    let refuse = |error| Unread { path: name.to_owned(), message: format!("cannot be read: {error}"), is_missing: false };
    read.map(|_| bytes).map_err(refuse)
}

/// What begins and ends a text of several lines in TOML, as which a list of people is written.
const QUOTES: &[u8] = b"'''";

fn has_list(bytes: &[u8]) -> bool {
    bytes.windows(QUOTES.len()).any(|three| three == QUOTES)
}

/// Returns the bytes that do not belong to texts of several lines.
fn without_lists(bytes: &[u8]) -> u64 {
    let (mut outside, mut from, mut is_outside) = (0, 0, true);
    while let Some(next) = bytes[from..].windows(QUOTES.len()).position(|three| three == QUOTES) {
        outside += if is_outside { next as u64 } else { 0 };
        is_outside = !is_outside;
        from += next + QUOTES.len();
    }
    outside + if is_outside { (bytes.len() - from) as u64 } else { 0 }
}

/// Refuses a text that is plainly something else than a scenario.
///
/// # Errors
/// Fails if it is JSON or a table of comma-separated values.
pub(crate) fn refuse_other_text(text: &str, name: &str) -> Result<(), Unread> {
    let first_line = text.trim_start().lines().next().unwrap_or_default();
    let kind = if first_line.starts_with('{') {
        "JSON"
    } else if first_line.contains([',', ';', '\t']) && !first_line.contains(['=', '#', '[']) {
        "a table of comma-separated values"
    } else {
        return Ok(());
    };
    let message = format!("is {kind}, expected a scenario: TOML text, as `handover new` writes it");
    Err(Unread { path: name.to_owned(), message, is_missing: false })
}

/// Returns what a file is that is plainly no text.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    [(&b"PK\x03\x04"[..], "a workbook or another archive"), (b"%PDF", "a PDF file")]
        .into_iter()
        .find_map(|(begin, kind)| bytes.starts_with(begin).then_some(kind))
}

fn as_text(bytes: Vec<u8>, name: &str) -> Result<String, Unread> {
    let refuse = |message: String| Unread { path: name.to_owned(), message, is_missing: false };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(refuse("is empty".into()));
    }
    if let Some(kind) = other_kind(&bytes) {
        return Err(refuse(format!("is {kind}, expected text")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
        refuse(format!("is not UTF-8 text: byte {} in line {line} is not part of a character", valid.len() + 1))
    })
}
