//! The output folder: nothing in it is overwritten without consent, and no half-written file ever has a final name.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::{Builder, NamedTempFile, TempPath};

use super::failure::Failure;
use super::signals::Signals;

/// Prefix and suffix of the names of temporary files.
const PREFIX: &str = ".handover-";
const SUFFIX: &str = ".tmp";
/// The file that makes a result folder complete.
pub(super) const MANIFEST: &str = "manifest.json";
/// Marks a folder while its files are renamed, and lists them. If a command is killed meanwhile, the next may replace
/// these files, and no others.
const MARKER: &str = ".handover-unfinished.tmp";

/// A folder for output. Files are written under temporary names, and renamed together once all are complete.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Existing files that will be replaced.
    old: Vec<PathBuf>,
    /// Whether a run was killed here, or is about to end, which leaves a list of its files.
    is_marked: bool,
    /// Temporary files of killed runs.
    litter: Vec<PathBuf>,
    written: Vec<(TempPath, PathBuf)>,
}

impl Folder {
    /// Opens a folder for files of these names, and creates it if necessary. Fails if any of them exists, unless
    /// `force` allows replacing them, or a command was killed while it renamed them.
    pub(super) fn open(path: &Path, names: &[String], force: bool) -> Result<Self, Failure> {
        Self::open_beside(path, (names, names), force)
    }

    /// Opens a folder whose other files are replaced too. `all` lists these files and those of other kinds of results.
    pub(super) fn open_beside(path: &Path, (names, all): (&[String], &[String]), force: bool) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(Failure::Output(format!("{} is a file; expected a folder for the output", path.display())));
        }
        let there: Vec<&String> = all.iter().filter(|name| path.join(name).exists()).collect();
        // Checked after the files are listed. If a command finishes in between, its manifest is not among them, and
        // this command refuses to replace it.
        let listed = fs::read_to_string(path.join(MARKER)).unwrap_or_default();
        let is_listed = |name: &&String| *name != MANIFEST && listed.lines().any(|known| known == *name);
        // A command of another kind, which writes other files, may have been killed here.
        let is_same_kind = listed.lines().all(|known| names.iter().any(|name| name == known));
        let is_unfinished = is_same_kind && there.iter().all(is_listed);
        if let (Some(first), false) = (there.first(), force || is_unfinished) {
            let message =
                format!("{} already holds {first}; pass --force to overwrite, or choose another folder", path.display());
            return Err(Failure::Output(message));
        }
        let old: Vec<PathBuf> = there.into_iter().map(|name| path.join(name)).collect();
        if let Some(folder) = old.iter().find(|old| old.is_dir()) {
            return Err(Failure::Output(format!("{} is a folder where a result file belongs", folder.display())));
        }
        let litter = litter(path, names);
        let is_marked = path.join(MARKER).exists();
        let folder = Self { path: path.to_owned(), old, is_marked, litter, written: Vec::new() };
        make(path)?;
        // Find out now, not after the simulation, whether files can be written.
        temporary(path).map_err(|error| Failure::writing(path, &error))?;
        Ok(folder)
    }

    /// Returns its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file under a temporary name. A signal ends it.
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
        let temporary = temporary(parent).map_err(|error| Failure::writing(parent, &error))?;
        let (file, temporary) = temporary.into_parts();
        let mut out = BufWriter::with_capacity(1 << 16, Interruptible { file, signals });
        let done = content(&mut out).and_then(|()| out.flush());
        signals.check()?;
        done.map_err(|error| Failure::writing(&path, &error))?;
        self.written.push((temporary, path));
        Ok(())
    }

    /// Renames all files, the manifest last. Each replaces the old file of its name, if there is one. Old files without
    /// a successor are removed.
    pub(super) fn finish(self, signals: &Signals) -> Result<(), Failure> {
        signals.check()?;
        // All at once, because most systems then write them together.
        self.written.par_iter().try_for_each(|(temporary, path)| {
            let synced = fs::File::open(temporary).and_then(|file| file.sync_data());
            synced.map_err(|error| Failure::writing(path, &error))
        })?;
        let (marker, manifest) = (self.path.join(MARKER), self.path.join(MANIFEST));
        match self.mark(&marker) {
            // If two commands finish at once, the second finds the list of the first, or all files it has renamed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(Self::meanwhile(&marker)),
            marked => marked.map_err(|error| Failure::writing(&self.path, &error))?,
        }
        if let Err(failure) = self.refuse_others() {
            let _ = fs::remove_file(&marker);
            return Err(failure);
        }
        // While some files are old and some new, nothing may claim that they belong together.
        if self.old.contains(&manifest) {
            remove(&manifest)?;
        }
        synchronise(&self.path);
        let named: BTreeSet<PathBuf> = self.written.iter().map(|(_, path)| path.clone()).collect();
        let (last, files): (Vec<_>, Vec<_>) = self.written.into_iter().partition(|(_, path)| *path == manifest);
        name(files)?;
        self.old.iter().filter(|old| !named.contains(*old)).try_for_each(|old| remove(old))?;
        name(last)?;
        // A file that cannot be removed does no harm, or another command has removed it.
        self.litter.iter().chain([&marker]).for_each(|file| drop(fs::remove_file(file)));
        Ok(())
    }

    /// Writes the names of all files that change.
    fn mark(&self, marker: &Path) -> io::Result<()> {
        let paths = self.written.iter().map(|(_, path)| path).chain(&self.old);
        let names = paths.filter_map(|path| path.strip_prefix(&self.path).ok());
        let list: String = names.map(|name| format!("{}\n", name.display())).collect();
        let mut options = fs::File::options();
        let options = options.write(true).create(true).truncate(true).create_new(!self.is_marked);
        let mut file = options.open(marker)?;
        file.write_all(list.as_bytes())?;
        file.sync_data()
    }

    fn meanwhile(path: &Path) -> Failure {
        let message = "was written by another run in the meantime; this run wrote nothing";
        Failure::Output(format!("{} {message}", path.display()))
    }

    /// Fails if another command has written other results there since the folder was opened.
    fn refuse_others(&self) -> Result<(), Failure> {
        for (temporary, path) in self.written.iter().filter(|(_, path)| !self.old.contains(path)) {
            let same = |there: Vec<u8>| fs::read(temporary).is_ok_and(|here| here == there);
            if let (true, false) = (path.exists(), fs::read(path).is_ok_and(same)) {
                return Err(Self::meanwhile(path));
            }
        }
        Ok(())
    }
}

/// Renames files in order, and makes the names safe against power loss.
fn name(files: Vec<(TempPath, PathBuf)>) -> Result<(), Failure> {
    let mut folders = BTreeSet::new();
    for (temporary, path) in files {
        temporary.persist(&path).map_err(|error| Failure::writing(&path, &error.error))?;
        folders.extend(path.parent().map(Path::to_owned));
    }
    folders.iter().for_each(|folder| synchronise(folder));
    Ok(())
}

/// Removes a file that may already be gone.
pub(super) fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(|error| Failure::writing(path, &error)),
    }
}

/// A file that accepts nothing more after a signal.
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

/// Creates a file without a final name in a folder.
pub(super) fn temporary(parent: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // Temporary files are private, but these become results that others may read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(parent)
}

/// Returns whether a command was killed, or is busy, while renaming files in this folder.
pub(super) fn is_unfinished(path: &Path) -> bool {
    path.join(MARKER).exists()
}

/// Removes the temporary files that killed runs left for files of these names.
pub(super) fn sweep(path: &Path, names: &[String]) {
    // A file that cannot be removed does no harm.
    litter(path, names).iter().for_each(|file| drop(fs::remove_file(file)));
}

/// Returns the temporary files for files of these names, whichever command left them.
fn litter(path: &Path, names: &[String]) -> Vec<PathBuf> {
    let folders: BTreeSet<PathBuf> = names.iter().filter_map(|name| Some(path.join(name).parent()?.to_owned())).collect();
    folders.iter().flat_map(|folder| litter_in(folder)).collect()
}

/// Returns the temporary files in a folder, whichever command left them.
pub(super) fn litter_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_temporary = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    };
    entries.map(|entry| entry.path()).filter(is_temporary).collect()
}

/// Makes the entries of a folder safe against power loss. Where folders cannot be synchronised, that is left to the
/// system.
pub(super) fn synchronise(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a folder with files that each contain their own name.
    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("the system has a folder for temporary files");
        files.iter().for_each(|name| fs::write(folder.path().join(name), name).expect("it can be written"));
        folder
    }

    /// Writes these files, with the content `new`, into a folder for `a`, `b` and a manifest.
    fn write(path: &Path, files: &[&str], force: bool) -> Result<(), Failure> {
        let names = ["a", "b", MANIFEST].map(str::to_owned);
        let signals = Signals::default();
        let mut folder = Folder::open(path, &names, force)?;
        for name in files {
            folder.write(name, &signals, |out| out.write_all(b"new"))?;
        }
        folder.finish(&signals)
    }

    fn names(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).expect("it can be listed").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_take_the_place_of_old_ones_and_what_has_no_successor_goes() {
        let folder = folder_with(&["a", "b", MANIFEST, "mine"]);
        assert!(write(folder.path(), &["a", MANIFEST], false).is_err());
        write(folder.path(), &["a", MANIFEST], true).expect("it may overwrite");
        assert_eq!(names(folder.path()), ["a", MANIFEST, "mine"]);
        assert_eq!(fs::read(folder.path().join("a")).expect("it is there"), b"new");
    }

    #[test]
    fn what_a_killed_command_has_named_is_replaced_and_nothing_else() {
        let killed = |files: &[&str], listed: &str| {
            let folder = folder_with(files);
            fs::write(folder.path().join(MARKER), listed).expect("it can be written");
            folder
        };
        let folder = killed(&["a", ".handover-123456.tmp"], "a\nmanifest.json\n");
        write(folder.path(), &["a", "b", MANIFEST], false).expect("it is unfinished");
        assert_eq!(names(folder.path()), ["a", "b", MANIFEST]);
        // One had renamed its manifest, two did not write the existing files, and one is of another kind.
        let others = [
            (&["a", MANIFEST][..], "a\nmanifest.json\n"),
            (&["a", "b"], "a\nmanifest.json\n"),
            (&["a"], ""),
            (&["a"], "a\nother\n"),
        ];
        for (files, listed) in others {
            let folder = killed(files, listed);
            assert!(write(folder.path(), &["a", "b", MANIFEST], false).is_err(), "{files:?}");
            assert_eq!(fs::read(folder.path().join("a")).expect("it is there"), b"a");
        }
    }

    #[test]
    fn files_that_are_gone_already_are_no_obstacle() {
        let folder = folder_with(&["a", "b", MANIFEST]);
        let names = ["a", "b", MANIFEST].map(str::to_owned);
        let opened = Folder::open(folder.path(), &names, true).expect("it may overwrite");
        ["a", "b", MANIFEST].iter().for_each(|name| fs::remove_file(folder.path().join(name)).expect("it is there"));
        opened.finish(&Signals::default()).expect("there is nothing to remove");
    }
}
