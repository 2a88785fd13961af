//! Files of a result folder: temporary ones, and how they are removed and made safe.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::failure::Failure;

/// Prefix and suffix of the names of temporary files.
const PREFIX: &str = ".handover-";
const SUFFIX: &str = ".tmp";
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
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // Temporary files are private, but these become results that others may read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(parent)
}

/// Returns the temporary files in a folder, whichever command left them.
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
pub(super) fn synchronise(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// Returns bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
