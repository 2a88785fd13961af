//! Whether a result folder still holds what the program has written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::experiment::{FileRecord, Seal};
use crate::report::Notice;

use super::failure::Failure;
use super::files::{MANIFEST, hexadecimal};
use super::folder::refuse_links;
use super::naming::is_plain;

/// Most bytes of a manifest. One with the longest scenario and the most design points has less.
const LARGEST_MANIFEST: u64 = 256 << 20;
/// Most bytes of a table that is loaded as a whole, and of a line.
const LARGEST_TABLE: u64 = 1 << 30;
const LONGEST_LINE: usize = 64 << 20;
/// Most changed files that are named.
const NAMED: usize = 5;

/// Opens a file of a result folder, which must be a regular file: not a link, which could lead anywhere, and nothing
/// that could wait for ever.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a pipe does not wait for its other end.
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let is_link = || fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
    let file = options.open(path).map_err(|error| if is_link() { io::Error::other("a link, not a file") } else { error })?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}

/// Reads a file of a result folder that has at most this many bytes.
pub(super) fn load(path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > at_most {
        return Err(io::Error::other(format!("{length} bytes, expected at most {at_most}")));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(at_most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

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
    let text = match load(&path, LARGEST_MANIFEST) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        loaded => loaded.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
    };
    let read = String::from_utf8(text).map_err(|error| error.to_string());
    let seal = read.and_then(|text| Seal::read(&text).map_err(|error| error.to_string()));
    seal.map(Some).map_err(|error| Failure::Usage(format!("{}: not a manifest of results: {error}", path.display())))
}

/// Returns what was changed in a folder since its results were written: the manifest, and the files that are wanted.
pub(super) fn changes(
    folder: &Path,
    (seal, is_as_written): &(Seal, bool),
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    let own = (!is_as_written).then(|| format!("{MANIFEST} was changed"));
    let mut changes: Vec<String> = own.into_iter().collect();
    for file in seal.files.iter().filter(|file| is_wanted(&file.name)) {
        changes.extend(change(folder, file)?);
    }
    Ok(changes)
}

/// Returns how a file differs from what was written, if it does.
fn change(folder: &Path, file: &FileRecord) -> Result<Option<String>, Failure> {
    if !is_plain(&file.name) {
        return Err(Failure::Usage(format!("{}: {MANIFEST} names a file outside: {}", folder.display(), file.name)));
    }
    refuse_links(folder, std::slice::from_ref(&file.name))?;
    let path = folder.join(&file.name);
    let mut bytes = match open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(format!("{} is missing", file.name))),
        opened => opened.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
    };
    let changed = || Some(format!("{} was changed", file.name));
    let cannot = |error: io::Error| Failure::reading(&path, &error);
    if bytes.metadata().map_err(cannot)?.len() != file.bytes {
        return Ok(changed());
    }
    let (mut hash, mut part) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match bytes.read(&mut part).map_err(cannot)? {
            0 => break,
            count => hash.update(&part[..count]),
        }
    }
    Ok(if hexadecimal(&hash.finalize()) == file.sha256 { None } else { changed() })
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
