//! The output folder: nothing in it is overwritten without consent, and no half-written file ever has a final name.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};

use crate::experiment::FileRecord;
use crate::report::number::hexadecimal;

use super::failure::Failure;
use super::files::{MANIFEST, Owner, digest, folders, litter, make, refuse_links, temporary};
use super::naming::{Journal, Rename, lock, recover, recover_locked};
use super::signals::Signals;

/// A folder for output. Files are written under temporary names, and renamed together once all are complete.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The names that its files may have.
    names: Vec<String>,
    /// Existing files that will be replaced.
    old: Vec<String>,
    /// Length and SHA-256 of the manifest that existed when the folder was opened.
    manifest: Option<(u64, String)>,
    /// Whether files that appear meanwhile may be replaced.
    force: bool,
    /// Temporary files of killed runs.
    litter: Vec<PathBuf>,
    /// From the first file on. A signal during the simulation, which may end the process at once, leaves no file.
    owner: Option<Owner>,
    written: Vec<Written>,
}

/// A complete file under a temporary name.
#[derive(Debug)]
struct Written {
    temporary: TempPath,
    record: FileRecord,
}

impl Folder {
    /// Opens a folder for files of these names, and creates it if necessary. Fails if any of them exists, unless
    /// `force` allows replacing them. If a command was killed while it renamed them, this renames the rest first.
    pub(super) fn open(path: &Path, names: &[String], force: bool) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(Failure::Output(format!("{} is a file; expected a folder for the output", path.display())));
        }
        refuse_links(path, names)?;
        recover(path, names)?;
        let has_manifest = names.iter().any(|name| name == MANIFEST);
        let manifest = digest(&path.join(MANIFEST)).ok().filter(|_| has_manifest);
        let old: Vec<String> = names.iter().filter(|name| path.join(name).exists()).cloned().collect();
        if let (Some(first), false) = (old.first(), force) {
            let message =
                format!("{} already holds {first}; pass --force to overwrite, or choose another folder", path.display());
            return Err(Failure::Output(message));
        }
        if let Some(folder) = old.iter().map(|old| path.join(old)).find(|old| old.is_dir()) {
            return Err(Failure::Output(format!("{} is a folder where a result file belongs", folder.display())));
        }
        let litter = litter(path, names);
        make(path)?;
        // Find out now, not after the simulation, whether files can be written.
        for folder in folders(path, names).iter().filter(|folder| folder.exists()) {
            temporary(folder).map_err(|error| Failure::writing(folder, &error))?;
        }
        Ok(Self {
            path: path.to_owned(),
            names: names.to_vec(),
            old,
            manifest,
            force,
            litter,
            owner: None,
            written: Vec::new(),
        })
    }

    /// Returns the files written so far, in the order of their names.
    pub(super) fn records(&self) -> Vec<FileRecord> {
        let mut records: Vec<FileRecord> = self.written.iter().map(|written| written.record.clone()).collect();
        records.sort_by(|one, other| one.name.cmp(&other.name));
        records
    }

    fn temporary(&mut self, parent: &Path) -> io::Result<NamedTempFile> {
        let owner = match self.owner.take() {
            Some(owner) => owner,
            None => Owner::of(&self.path)?,
        };
        self.owner.insert(owner).temporary(parent)
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
        let parent = path.parent().unwrap_or(&path);
        make(parent)?;
        let temporary = self.temporary(parent).map_err(|error| Failure::writing(parent, &error))?;
        let (file, temporary) = temporary.into_parts();
        let measured = Measured { file, signals, sha256: Sha256::new(), bytes: 0 };
        let mut out = BufWriter::with_capacity(1 << 16, measured);
        let done = content(&mut out).and_then(|()| out.flush());
        signals.check()?;
        done.map_err(|error| Failure::writing(&path, &error))?;
        let Measured { sha256, bytes, .. } = out.into_parts().0;
        let record = FileRecord { name: name.to_owned(), bytes, sha256: hexadecimal(&sha256.finalize()) };
        self.written.push(Written { temporary, record });
        Ok(())
    }

    /// Renames all files, the manifest last. Each replaces the old file of its name, if there is one. Old files without
    /// a successor are removed. If the command is killed meanwhile, the next one does the rest.
    pub(super) fn finish(self, signals: &Signals) -> Result<(), Failure> {
        signals.check()?;
        // All at once, because most systems then write them together.
        self.written.par_iter().try_for_each(|Written { temporary, record }| {
            let synced = fs::File::open(temporary).and_then(|file| file.sync_data());
            synced.map_err(|error| Failure::writing(&self.path.join(&record.name), &error))
        })?;
        let lock = lock(&self.path);
        // Another command may have been killed while it renamed its files. It has won.
        recover_locked(&self.path, &self.names)?;
        self.refuse_others()?;
        let journal = self.journal();
        let cannot = |error: &dyn std::fmt::Display| Failure::writing(&self.path, error);
        journal.write(&self.path).map_err(|error| cannot(&error))?;
        for written in self.written {
            written.temporary.keep().map_err(|error| cannot(&error.error))?;
        }
        if !journal.carry_out(&self.path)? {
            return Err(Failure::writing(&self.path, &"a file was removed in the meantime"));
        }
        // A file that cannot be removed does no harm, or another command has removed it.
        self.litter.iter().for_each(|file| drop(fs::remove_file(file)));
        drop(lock);
        Ok(())
    }

    fn journal(&self) -> Journal {
        let rename = |written: &Written| {
            let name = &written.record.name;
            let temporary = Path::new(name).with_file_name(written.temporary.file_name().unwrap_or_default());
            Rename { from: temporary.to_string_lossy().into_owned(), to: written.record.clone() }
        };
        let mut renames: Vec<Rename> = self.written.iter().map(rename).collect();
        renames.sort_by_key(|rename| rename.to.name == MANIFEST);
        let has_successor = |old: &&String| self.written.iter().any(|written| written.record.name == **old);
        let removals = self.old.iter().filter(|old| !has_successor(old)).cloned().collect();
        Journal { renames, removals }
    }

    /// Fails if another command has written other results there since the folder was opened.
    fn refuse_others(&self) -> Result<(), Failure> {
        for FileRecord { name, bytes, sha256 } in self.written.iter().map(|written| &written.record) {
            let path = self.path.join(name);
            let is_old = name != MANIFEST && (self.force || self.old.contains(name));
            if is_old || !path.exists() {
                continue;
            }
            // None if it is no file that a command has written.
            let there = digest(&path).ok();
            let is_known = name == MANIFEST && self.manifest == there;
            if !is_known && there != Some((*bytes, sha256.clone())) {
                let message = "was written by another run in the meantime; this run wrote nothing";
                return Err(Failure::Output(format!("{} {message}", path.display())));
            }
        }
        Ok(())
    }
}

/// A file whose bytes are counted and hashed, and that accepts nothing more after a signal.
struct Measured<'s> {
    file: fs::File,
    signals: &'s Signals,
    sha256: Sha256,
    bytes: u64,
}

impl Write for Measured<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.signals.check().is_err() {
            return Err(io::Error::other("interrupted"));
        }
        let count = self.file.write(bytes)?;
        self.sha256.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Removes the temporary files that killed runs left for files of these names.
pub(super) fn sweep(path: &Path, names: &[String]) {
    // Nothing of a command that is about to end.
    let _lock = lock(path);
    // A file that cannot be removed does no harm.
    litter(path, names).iter().for_each(|file| drop(fs::remove_file(file)));
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

    fn opened(path: &Path, force: bool) -> Folder {
        let names = ["a", "b", MANIFEST].map(str::to_owned);
        Folder::open(path, &names, force).expect("it may write")
    }

    fn written(mut folder: Folder, content: &str) -> Result<(), Failure> {
        let signals = Signals::default();
        for name in ["a", MANIFEST] {
            folder.write(name, &signals, |out| out.write_all(content.as_bytes()))?;
        }
        folder.finish(&signals)
    }

    /// Of two commands that have both opened a folder, the second to finish may only write the same.
    #[test]
    fn of_two_different_commands_exactly_one_wins_and_equal_ones_may_both() {
        for (force, before) in [(false, &[][..]), (true, &["a", "b", MANIFEST])] {
            for (second, wins) in [("one", true), ("other", false)] {
                let folder = folder_with(before);
                let [first, later] = [(); 2].map(|()| opened(folder.path(), force));
                written(first, "one").expect("it is first");
                assert_eq!(written(later, second).is_ok(), wins, "{force} {second}");
                assert_eq!(names(folder.path()), ["a", MANIFEST]);
                for name in ["a", MANIFEST] {
                    assert_eq!(fs::read(folder.path().join(name)).expect("it is there"), b"one");
                }
            }
        }
    }

    /// Other commands in the folder remove what a killed command has left, and nothing of one that is alive.
    #[test]
    fn temporary_files_of_a_living_command_are_left_alone() {
        let folder = folder_with(&[".handover-dead-a.tmp", ".handover-alone.tmp"]);
        let mut living = opened(folder.path(), false);
        let signals = Signals::default();
        living.write("a", &signals, |out| out.write_all(b"new")).expect("it can be written");
        sweep(folder.path(), &["a".to_owned()]);
        assert!(!folder.path().join(".handover-dead-a.tmp").exists() && !folder.path().join(".handover-alone.tmp").exists());
        living.write(MANIFEST, &signals, |out| out.write_all(b"new")).expect("it can be written");
        living.finish(&signals).expect("nothing was removed");
        assert_eq!(names(folder.path()), ["a", MANIFEST]);
    }

    #[test]
    fn a_link_where_a_result_belongs_is_refused() {
        let names = ["a".to_owned(), "charts/c".to_owned()];
        for link in ["a", "charts"] {
            let (folder, elsewhere) = (folder_with(&[]), folder_with(&["mine"]));
            std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(link)).expect("it is new");
            assert!(Folder::open(folder.path(), &names, true).is_err(), "{link}");
        }
    }

    #[test]
    fn files_that_are_gone_already_are_no_obstacle() {
        let folder = folder_with(&["a", "b", MANIFEST]);
        let opened = opened(folder.path(), true);
        ["a", "b", MANIFEST].iter().for_each(|name| fs::remove_file(folder.path().join(name)).expect("it is there"));
        opened.finish(&Signals::default()).expect("there is nothing to remove");
    }
}
