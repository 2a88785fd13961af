//! Reads scenario files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::scenario::{Refusal, Scenario};

use super::Error;

/// Size of the largest scenario file that is read.
const LARGEST_BYTES: u64 = 10 * 1024 * 1024;

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
        Self::parse(&text, &[]).map_err(|refused| match refused {
            Refusal::Mistakes(mistakes) => Error::Mistakes(path.display().to_string(), mistakes),
            refused @ Refusal::Override(_) => refused.into(),
        })
    }
}

/// Reads a text file of a plausible size.
///
/// # Errors
/// Fails if the file cannot be read, is empty or too large, or is not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, Unread> {
    let refuse = |message: String| Unread { path: path.display().to_string(), message, is_missing: false };
    if path.is_dir() {
        return Err(refuse("is a folder, expected a file".into()));
    }
    let file = File::open(path).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        Unread { is_missing, ..refuse(format!("cannot be read: {error}")) }
    })?;
    read_text_from(file, &path.display().to_string())
}

/// Reads a text of a plausible size. Messages call it `name`.
///
/// # Errors
/// Fails if it cannot be read, is empty or too large, or is not UTF-8.
pub(crate) fn read_text_from(from: impl Read, name: &str) -> Result<String, Unread> {
    let refuse = |message: String| Unread { path: name.to_owned(), message, is_missing: false };
    let mut bytes = Vec::new();
    let read = from.take(LARGEST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > LARGEST_BYTES {
        return Err(refuse(format!("is larger than {} MiB, too large for a scenario", LARGEST_BYTES / 1024 / 1024)));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(refuse("is empty".into()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
        refuse(format!("is not UTF-8 text: byte {} in line {line} is not part of a character", valid.len() + 1))
    })
}
