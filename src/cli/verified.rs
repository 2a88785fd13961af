//! Whether a result folder still holds what the program has written.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::experiment::{FileRecord, Seal};
use crate::report::Notice;

use super::failure::Failure;
use super::files::{MANIFEST, digest, load, open, refuse_links};

/// Most bytes of a manifest. One with the longest scenario and the most design points has less.
const LARGEST_MANIFEST: u64 = 256 << 20;
/// Most bytes of a table that is loaded as a whole, and of a line.
const LARGEST_TABLE: u64 = 1 << 30;
const LONGEST_LINE: usize = 64 << 20;
/// Most changed files that are named.
const NAMED: usize = 5;

/// A file whose lines are bounded, so that no reader takes more memory than a line.
pub(super) struct Lines<R> {
    file: R,
    /// Bytes since the last end of a line.
    since: usize,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(bytes)?;
        let last = bytes[..count].iter().rposition(|byte| *byte == b'\n');
        self.since = last.map_or(self.since + count, |last| count - last - 1);
        if self.since > LONGEST_LINE {
            return Err(io::Error::other(format!("a line of more than {LONGEST_LINE} bytes")));
        }
        Ok(count)
    }
}

/// Opens a table of a result folder. If it is loaded as a whole, its size is bounded too.
pub(super) fn table(path: &Path, is_loaded: bool) -> io::Result<Lines<File>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if is_loaded && length > LARGEST_TABLE {
        return Err(io::Error::other(format!("{length} bytes, expected at most {LARGEST_TABLE}")));
    }
    Ok(Lines { file, since: 0 })
}

/// Returns the manifest of a folder, with whether it is as it was written; none if there is none.
///
/// Fails if it cannot be read.
pub(super) fn seal(folder: &Path) -> Result<Option<(Seal, bool)>, Failure> {
    let path = folder.join(MANIFEST);
    match std::fs::symlink_metadata(&path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(Failure::reading(folder, &error)),
        Ok(_) => {}
    }
    let seal = Seal::read(&text(folder)?);
    let cannot = |error| Failure::Usage(format!("{}: not a manifest of results: {error}", path.display()));
    seal.map(Some).map_err(cannot)
}

/// Returns the text of the manifest of a folder.
pub(super) fn text(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(MANIFEST);
    let loaded = load(&path, LARGEST_MANIFEST).map_err(|error| error.to_string());
    let text = loaded.and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()));
    text.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

/// Returns what was changed in a folder since its results were written: the manifest, and the files that are wanted.
/// `known` are the names that result files may have.
pub(super) fn changes(
    folder: &Path,
    (seal, is_as_written): &(Seal, bool),
    known: &[String],
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    refuse_links(folder, known)?;
    let own = (!is_as_written).then(|| format!("{MANIFEST} was changed"));
    let mut changes: Vec<String> = own.into_iter().collect();
    for file in seal.files.iter().filter(|file| is_wanted(&file.name)) {
        if !known.contains(&file.name) {
            return Err(Failure::Usage(format!("{}: {MANIFEST} names no result file: {}", folder.display(), file.name)));
        }
        changes.extend(change(folder, file)?);
    }
    let is_own = |name: &String| name == MANIFEST || seal.files.iter().any(|file| file.name == *name);
    let added = known.iter().filter(|name| is_wanted(name) && !is_own(name) && folder.join(name).exists());
    changes.extend(added.map(|name| format!("{name} was added")));
    Ok(changes)
}

/// Returns how a file differs from what was written, if it does.
fn change(folder: &Path, file: &FileRecord) -> Result<Option<String>, Failure> {
    let path = folder.join(&file.name);
    match digest(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Some(format!("{} is missing", file.name))),
        Ok((bytes, sha256)) if bytes == file.bytes && sha256 == file.sha256 => Ok(None),
        Ok(_) => Ok(Some(format!("{} was changed", file.name))),
        Err(error) => Err(Failure::Usage(format!("{}: {error}", path.display()))),
    }
}

/// Returns the failure of a folder that was changed.
pub(super) fn refusal(folder: &Path, changes: &[String], help: &str) -> Failure {
    Failure::Usage(format!("{}: {} since the run; {help}", folder.display(), in_words(changes)))
}

/// Returns the notice on a page made from changed files.
pub(super) fn notice(changes: &[String]) -> Notice {
    let title = "Not verified: these files are not as they were written".to_owned();
    Notice { title, points: changes.to_vec() }
}

/// Returns changes in a sentence.
fn in_words(changes: &[String]) -> String {
    let named: Vec<&str> = changes.iter().take(NAMED).map(String::as_str).collect();
    let more = changes.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
