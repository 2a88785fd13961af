//! Files of a result folder: temporary ones, and how they are removed and made safe.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::{Builder, NamedTempFile};

use crate::report::number::hexadecimal;

use super::failure::Failure;

/// Prefix and suffix of the names of temporary files.
const PREFIX: &str = ".handover-";
const SUFFIX: &str = ".tmp";
/// The files of a trace: log, ledger and chart.
pub(super) const TRACE: [&str; 4] = ["trace.csv", "ledger.csv", "seats.svg", "seats.png"];
/// The file that makes a result folder complete.
pub(super) const MANIFEST: &str = "manifest.json";

/// Removes a file that may already be gone.
pub(super) fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(|error| Failure::writing(path, &error)),
    }
}

/// Makes a folder and those above it.
pub(super) fn make(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::writing(path, &error))
}

/// Creates a file without a final name in a folder.
pub(super) fn temporary(parent: &Path) -> io::Result<NamedTempFile> {
    with_prefix(PREFIX, parent)
}

fn with_prefix(prefix: &str, parent: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(prefix).suffix(SUFFIX);
    // Temporary files are private, but these become results that others may read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(parent)
}

/// A command that writes into a folder. While it lives, no other removes its temporary files: their names hold that of a
/// file that it has locked.
#[derive(Debug)]
pub(super) struct Owner {
    id: String,
    _locked: NamedTempFile,
}

impl Owner {
    /// Becomes an owner of files in a folder.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let locked = temporary(folder)?;
        // Where the file system has no locks, nobody removes temporary files.
        let _ = locked.as_file().try_lock();
        Ok(Self { id: owner(locked.path()).unwrap_or_default(), _locked: locked })
    }

    /// Creates a file without a final name in the folder, or in one below it.
    pub(super) fn temporary(&self, parent: &Path) -> io::Result<NamedTempFile> {
        with_prefix(&format!("{PREFIX}{}-", self.id), parent)
    }
}

/// Returns the name of the owner of a temporary file.
fn owner(temporary: &Path) -> Option<String> {
    let name = temporary.file_name()?.to_str()?.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    Some(name.split('-').next()?.to_owned())
}

/// Returns whether the owner of a temporary file of a result folder has ended.
fn is_left(results: &Path, temporary: &Path) -> bool {
    let Some(owner) = owner(temporary) else { return false };
    match File::open(results.join(format!("{PREFIX}{owner}{SUFFIX}"))) {
        Err(error) => error.kind() == io::ErrorKind::NotFound,
        Ok(locked) => locked.try_lock().is_ok(),
    }
}

/// Returns the temporary files that commands have left for files of these names.
pub(super) fn litter(path: &Path, names: &[String]) -> Vec<PathBuf> {
    let all = folders(path, names).into_iter().flat_map(|folder| litter_in(&folder));
    all.filter(|file| is_left(path, file)).collect()
}

/// Returns the folders in which files of these names are, with the result folder itself.
pub(super) fn folders(path: &Path, names: &[String]) -> BTreeSet<PathBuf> {
    names.iter().filter_map(|name| Some(path.join(name).parent()?.to_owned())).chain([path.to_owned()]).collect()
}

/// Fails if a result file or a folder of result files is a link, which could lead anywhere.
pub(super) fn refuse_links(path: &Path, names: &[String]) -> Result<(), Failure> {
    let below = folders(path, names).into_iter().filter(|folder| folder != path);
    let is_link = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
    match below.chain(names.iter().map(|name| path.join(name))).find(is_link) {
        Some(link) => Err(Failure::Output(format!("{} is a link; expected a file or folder of results", link.display()))),
        None => Ok(()),
    }
}

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

/// Returns the length and the SHA-256 of a regular file.
pub(super) fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = open(path)?;
    let (mut hash, mut part, mut bytes) = (Sha256::new(), vec![0; 1 << 16], 0);
    loop {
        match file.read(&mut part)? {
            0 => return Ok((bytes, hexadecimal(&hash.finalize()))),
            count => {
                hash.update(&part[..count]);
                bytes += count as u64;
            }
        }
    }
}

/// Returns the temporary files in a folder, whichever command made them.
pub(super) fn litter_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| is_temporary(path)).collect()
}

/// Returns whether a file has the name of a temporary file of this program.
pub(super) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Makes the entries of a folder safe against power loss. Where folders cannot be synchronised, that is left to the
/// system.
pub(super) fn synchronise(folder: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, NotFound, PermissionDenied, Unsupported};
    match fs::File::open(folder).and_then(|folder| folder.sync_all()) {
        // A folder that is gone needs nothing.
        Err(error) if matches!(error.kind(), InvalidInput | NotFound | PermissionDenied | Unsupported) => Ok(()),
        synchronised => synchronised,
    }
}
