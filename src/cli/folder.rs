//! The output folder: nothing in it is overwritten unasked, and no half-written file ever has a final name.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::{Builder, NamedTempFile, TempPath};

use super::failure::Failure;
use super::signals::Signals;

/// What names of temporary files begin and end with.
const PREFIX: &str = ".handover-";
const SUFFIX: &str = ".tmp";

/// A folder that files are written into. They are written under temporary names, and get their own names together, once
/// all are whole.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Files that are there already and give way.
    old: Vec<PathBuf>,
    /// Temporary files of runs that were killed.
    litter: Vec<PathBuf>,
    written: Vec<(TempPath, PathBuf)>,
}

impl Folder {
    /// Opens a folder for files of these names, and makes it if need be. Files that are there already are a failure, or, with
    /// `force`, give way to the new ones.
    pub(super) fn open(path: &Path, names: &[String], force: bool) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(Failure::Output(format!("{} is a file, expected a folder for the output", path.display())));
        }
        let there: Vec<&String> = names.iter().filter(|name| path.join(name).exists()).collect();
        if let (Some(first), false) = (there.first(), force) {
            let message =
                format!("{} holds {first} already; give --force to overwrite, or name another folder", path.display());
            return Err(Failure::Output(message));
        }
        let old: Vec<PathBuf> = there.into_iter().map(|name| path.join(name)).collect();
        if let Some(folder) = old.iter().find(|old| old.is_dir()) {
            return Err(Failure::Output(format!("{} is a folder where a result file belongs", folder.display())));
        }
        let litter = litter(path, names);
        let folder = Self { path: path.to_owned(), old, litter, written: Vec::new() };
        make(path)?;
        // Now, not after the simulation, is the time to find out that nothing can be written.
        temporary(path)?;
        Ok(folder)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file under a temporary name; a signal ends it.
    pub(super) fn write(
        &mut self,
        name: &str,
        signals: &Signals,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        signals.check()?;
        let path = self.path.join(name);
        let parent = path.parent().unwrap_or(&self.path);
        make(parent)?;
        let (file, temporary) = temporary(parent)?.into_parts();
        let mut out = BufWriter::with_capacity(1 << 16, Interruptible { file, signals });
        let done = content(&mut out).and_then(|()| out.flush());
        signals.check()?;
        done.map_err(|error| Failure::writing(&path, &error))?;
        self.written.push((temporary, path));
        Ok(())
    }

    /// Gives all files their names, in the order in which they were written; those of before go first, the last one first.
    pub(super) fn finish(self, signals: &Signals) -> Result<(), Failure> {
        signals.check()?;
        self.refuse_others()?;
        // All at once, as most systems then write them together.
        self.written.par_iter().try_for_each(|(temporary, path)| {
            let synced = fs::File::open(temporary).and_then(|file| file.sync_data());
            synced.map_err(|error| Failure::writing(path, &error))
        })?;
        for old in self.old.iter().rev() {
            fs::remove_file(old).map_err(|error| Failure::writing(old, &error))?;
        }
        let mut folders = BTreeSet::new();
        for (temporary, path) in self.written {
            temporary.persist(&path).map_err(|error| Failure::writing(&path, &error.error))?;
            folders.extend(path.parent().map(Path::to_owned));
        }
        folders.iter().for_each(|folder| synchronise(folder));
        // Whoever was quicker has removed it.
        self.litter.iter().for_each(|file| drop(fs::remove_file(file)));
        Ok(())
    }

    /// Fails if somebody else has written other results there since the folder was opened.
    fn refuse_others(&self) -> Result<(), Failure> {
        for (temporary, path) in self.written.iter().filter(|(_, path)| !self.old.contains(path)) {
            let same = |there: Vec<u8>| fs::read(temporary).is_ok_and(|here| here == there);
            if let (true, false) = (path.exists(), fs::read(path).is_ok_and(same)) {
                let message =
                    format!("{} was written by another run meanwhile; nothing of this one is written", path.display());
                return Err(Failure::Output(message));
            }
        }
        Ok(())
    }
}

/// A file that takes nothing more after a signal.
struct Interruptible<'s> {
    file: fs::File,
    signals: &'s Signals,
}

impl Write for Interruptible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.signals.check().is_err() {
            return Err(io::Error::other("interrupted"));
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn make(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::writing(path, &error))
}

fn temporary(parent: &Path) -> Result<NamedTempFile, Failure> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // Temporary files are private; these are to become results that others may read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(parent).map_err(|error| Failure::writing(parent, &error))
}

/// Removes what runs that were killed have left of files of these names.
pub(super) fn sweep(path: &Path, names: &[String]) {
    // What cannot be removed does no harm.
    litter(path, names).iter().for_each(|file| drop(fs::remove_file(file)));
}

/// The temporary files of files of these names, whoever left them.
fn litter(path: &Path, names: &[String]) -> Vec<PathBuf> {
    let folders: BTreeSet<PathBuf> = names.iter().filter_map(|name| Some(path.join(name).parent()?.to_owned())).collect();
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let is_temporary = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    };
    entries.map(|entry| entry.path()).filter(is_temporary).collect()
}

/// Makes what is in a folder, and what no longer is, outlive a loss of power; where folders cannot be written, that is left to
/// the system.
pub(super) fn synchronise(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}
