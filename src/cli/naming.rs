//! How the files of a command get their final names: all of them, even if the command is killed meanwhile.
//!
//! A journal lists what is to be renamed and removed. It is written when all temporary files are complete and safe. If
//! the command is killed from then on, the next one in this folder does the rest.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::files::{MANIFEST, is_temporary, remove, synchronise, temporary};

/// The journal of a folder whose files are being renamed.
const JOURNAL: &str = ".handover-journal";
/// Most bytes of a journal: many times as many as all names of result files have.
const LARGEST: u64 = 1 << 20;

/// What is renamed and removed in a folder. All paths are relative to it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// Temporary files with their final names, the manifest last.
    pub(super) renames: Vec<(String, String)>,
    /// Files of earlier results that have no successor.
    pub(super) removals: Vec<String>,
}

impl Journal {
    /// Writes the journal. From then on its files get their names, whatever happens to this command.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file = temporary(folder)?;
        serde_json::to_writer(file.as_file_mut(), self)?;
        file.as_file_mut().flush()?;
        file.as_file().sync_data()?;
        file.persist(folder.join(JOURNAL)).map_err(|error| error.error)?;
        synchronise(folder);
        Ok(())
    }

    /// Reads the journal of a folder, in which only files of the known names may be renamed or removed.
    fn read(folder: &Path, known: &[String]) -> Option<Self> {
        let path = folder.join(JOURNAL);
        let is_small_file = fs::symlink_metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
        let journal: Self = serde_json::from_slice(&fs::read(path).ok().filter(|_| is_small_file)?).ok()?;
        let is_known = |name: &String| known.contains(name);
        let is_own = |(from, to): &(String, String)| {
            is_known(to)
                && Path::new(from).parent() == Path::new(to).parent()
                && is_plain(from)
                && is_temporary(Path::new(from))
        };
        (journal.renames.iter().all(is_own) && journal.removals.iter().all(is_known)).then_some(journal)
    }

    /// Renames and removes all that is not yet renamed and removed, then removes the journal. Returns whether the files
    /// are complete: not if somebody has removed some.
    pub(super) fn carry_out(&self, folder: &Path) -> Result<bool, Failure> {
        let (last, files): (Vec<_>, Vec<_>) = self.renames.iter().partition(|(_, name)| name == MANIFEST);
        // While some files are old and some new, nothing may claim that they belong together.
        if last.iter().any(|(from, _)| folder.join(from).exists()) {
            remove(&folder.join(MANIFEST))?;
        }
        let mut is_complete = true;
        for rename in &files {
            is_complete &= renamed(folder, rename)?;
        }
        self.removals.iter().try_for_each(|name| remove(&folder.join(name)))?;
        let folders: BTreeSet<&Path> = files.iter().filter_map(|(_, name)| Path::new(name).parent()).collect();
        folders.iter().for_each(|below| synchronise(&folder.join(below)));
        for (from, name) in &last {
            is_complete &= if is_complete { renamed(folder, &(from.clone(), name.clone()))? } else { false };
            if !is_complete {
                remove(&folder.join(from))?;
            }
        }
        synchronise(folder);
        remove(&folder.join(JOURNAL))?;
        Ok(is_complete)
    }
}

/// Gives a temporary file its final name. Returns whether that exists now.
fn renamed(folder: &Path, (from, name): &(String, String)) -> Result<bool, Failure> {
    let path = folder.join(name);
    match fs::rename(folder.join(from), &path) {
        // Renamed before, or removed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.exists()),
        renamed => renamed.map(|()| true).map_err(|error| Failure::writing(&path, &error)),
    }
}

/// Returns whether a path leads to something below the folder that it is relative to.
pub(super) fn is_plain(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Ends what a killed command began: gives its files their final names. Returns the names that it was about to give;
/// none if no command was killed there. `known` are the names that files there may have.
pub(super) fn recover(folder: &Path, known: &[String]) -> Result<Option<Vec<String>>, Failure> {
    let path = folder.join(JOURNAL);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    // A command that is alive is about to end.
    let _lock = lock(folder);
    let Some(journal) = Journal::read(folder, known) else {
        if fs::symlink_metadata(&path).is_ok() {
            let message = format!("{}: not a list of result files; remove it to continue", path.display());
            return Err(Failure::Output(message));
        }
        return Ok(None);
    };
    let is_complete = journal.carry_out(folder)?;
    Ok(is_complete.then(|| journal.renames.into_iter().map(|(_, name)| name).collect()))
}

/// Returns whether a command was killed, or is busy, while renaming files in this folder.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(JOURNAL)).is_ok()
}

/// Waits until no other command renames files in a folder, and keeps others waiting until it is dropped. It ends with
/// the process. Returns none where the file system has no locks.
pub(super) fn lock(folder: &Path) -> Option<File> {
    loop {
        let file = File::open(folder).ok()?;
        file.lock().ok()?;
        // The folder may have been removed and created again while this waited.
        if is_still(&file, folder) {
            return Some(file);
        }
    }
}

#[cfg(unix)]
fn is_still(file: &File, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(folder)) {
        (Ok(here), Ok(there)) => (here.dev(), here.ino()) == (there.dev(), there.ino()),
        _ => true,
    }
}

#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["a", "b", "charts/c", MANIFEST];

    fn known() -> Vec<String> {
        KNOWN.map(str::to_owned).to_vec()
    }

    fn folder_with(files: &[&str], journal: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("the system has a folder for temporary files");
        fs::create_dir(folder.path().join("charts")).expect("it is new");
        files.iter().for_each(|name| fs::write(folder.path().join(name), name).expect("it can be written"));
        fs::write(folder.path().join(JOURNAL), journal).expect("it can be written");
        folder
    }

    fn content(folder: &tempfile::TempDir, name: &str) -> Option<String> {
        fs::read_to_string(folder.path().join(name)).ok()
    }

    const JOURNALED: &str = r#"{"renames":[[".handover-1.tmp","a"],["charts/.handover-2.tmp","charts/c"],[".handover-3.tmp","manifest.json"]],"removals":["b"]}"#;

    /// Wherever the command was killed, the rest is done.
    #[test]
    fn what_a_killed_command_began_is_ended() {
        let all: [&[&str]; 5] = [
            &["a", "b", "manifest.json", ".handover-1.tmp", "charts/.handover-2.tmp", ".handover-3.tmp"],
            &["a", "b", ".handover-1.tmp", "charts/.handover-2.tmp", ".handover-3.tmp"],
            &["a", "b", "charts/.handover-2.tmp", ".handover-3.tmp"],
            &["a", "charts/c", ".handover-3.tmp"],
            &["a", "charts/c", "manifest.json"],
        ];
        for files in all {
            let folder = folder_with(files, JOURNALED);
            let names = recover(folder.path(), &known()).expect("it can be done").expect("a command was killed");
            assert_eq!(names, ["a", "charts/c", MANIFEST]);
            assert!(["a", "charts/c", MANIFEST].iter().all(|name| content(&folder, name).is_some()), "{files:?}");
            let gone = ["b", ".handover-1.tmp", "charts/.handover-2.tmp", ".handover-3.tmp", JOURNAL];
            assert!(gone.iter().all(|name| content(&folder, name).is_none()), "{files:?}");
        }
        let folder = folder_with(all[0], JOURNALED);
        recover(folder.path(), &known()).expect("it can be done");
        assert_eq!(content(&folder, "a").as_deref(), Some(".handover-1.tmp"), "the new file replaces the old");
        assert_eq!(content(&folder, MANIFEST).as_deref(), Some(".handover-3.tmp"));
    }

    #[test]
    fn nothing_is_complete_if_a_file_is_lost() {
        let folder = folder_with(&["a", "b", "manifest.json", ".handover-1.tmp", ".handover-3.tmp"], JOURNALED);
        assert!(recover(folder.path(), &known()).expect("it can be done").is_none());
        assert!([MANIFEST, JOURNAL, ".handover-3.tmp"].iter().all(|name| content(&folder, name).is_none()));
    }

    #[test]
    fn a_journal_of_a_stranger_renames_and_removes_nothing_else() {
        let strange = [
            r#"{"renames":[["mine","a"]],"removals":[]}"#,
            r#"{"renames":[[".handover-1.tmp","mine"]],"removals":[]}"#,
            r#"{"renames":[["../.handover-1.tmp","a"]],"removals":[]}"#,
            r#"{"renames":[["charts/.handover-1.tmp","a"]],"removals":[]}"#,
            r#"{"renames":[],"removals":["mine"]}"#,
            r#"{"renames":[],"removals":["../a"]}"#,
            "nonsense",
        ];
        for journal in strange {
            let folder = folder_with(&["mine", "a", ".handover-1.tmp"], journal);
            assert!(recover(folder.path(), &known()).is_err(), "{journal}");
            let is_as_before = |name: &&str| content(&folder, name).as_deref() == Some(*name);
            assert!(["mine", "a", ".handover-1.tmp"].iter().all(is_as_before), "{journal}");
        }
    }
}
