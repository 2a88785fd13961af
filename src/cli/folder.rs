//! The output folder: nothing in it is overwritten unasked, and no half-written file ever has a final name.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::failure::Failure;
use super::signals::Signals;

/// A folder that files are written into.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens a folder for files of these names, and makes it if need be. Files that are there already are a failure, or, with
    /// `force`, are removed, the last of the names first.
    pub(super) fn open(path: &Path, names: &[String], force: bool) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(Failure::Output(format!("{} is a file, expected a folder for the output", path.display())));
        }
        let there: Vec<&String> = names.iter().filter(|name| path.join(name).exists()).collect();
        if let (Some(first), false) = (there.first(), force) {
            let message =
                format!("{} holds {first} already; give --force to overwrite, or another folder with --out", path.display());
            return Err(Failure::Output(message));
        }
        let folder = Self { path: path.to_owned() };
        folder.make(path)?;
        for name in there.into_iter().rev() {
            let file = path.join(name);
            fs::remove_file(&file).map_err(|error| Failure::writing(&file, &error))?;
        }
        // Now, not after the simulation, is the time to find out that nothing can be written.
        folder.temporary(path)?;
        Ok(folder)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file under a temporary name, and gives it its own name once it is whole. Does nothing after a signal.
    pub(super) fn write(
        &self,
        name: &str,
        signals: &Signals,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        signals.check()?;
        let path = self.path.join(name);
        let parent = path.parent().unwrap_or(&self.path);
        self.make(parent)?;
        let mut file = BufWriter::with_capacity(1 << 16, self.temporary(parent)?);
        content(&mut file).and_then(|()| file.flush()).map_err(|error| Failure::writing(&path, &error))?;
        let file = file.into_inner().map_err(|error| Failure::writing(&path, error.error()))?;
        file.persist(&path).map_err(|error| Failure::writing(&path, &error.error))?;
        Ok(())
    }

    fn make(&self, path: &Path) -> Result<(), Failure> {
        fs::create_dir_all(path).map_err(|error| Failure::writing(path, &error))
    }

    fn temporary(&self, parent: &Path) -> Result<NamedTempFile, Failure> {
        let mut builder = Builder::new();
        builder.prefix(".handover-").suffix(".tmp");
        // Temporary files are private; these are to become results that others may read.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(parent).map_err(|error| Failure::writing(parent, &error))
    }
}
