//! How the files of a command get their final names: all of them, even if the command is killed meanwhile.
//!
//! A journal lists what is to be renamed and removed. It is written when all temporary files are complete and safe. If
//! the command is killed from then on, the next one in this folder does the rest.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use crate::experiment::FileRecord;

use super::failure::{Failure, shown};
use super::files::{MANIFEST, digest, is_temporary, load, refuse_links, remove, synchronise, temporary};

/// The journal of a folder whose files are being renamed.
const JOURNAL: &str = ".handover-journal";
/// Most bytes of a journal: many times as many as all names of result files have.
const LARGEST: u64 = 1 << 20;

/// What is renamed and removed in a folder. All paths are relative to it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The manifest comes last.
    pub(super) renames: Vec<Rename>,
    /// Files of earlier results that have no successor.
    pub(super) removals: Vec<String>,
}

/// A temporary file, and what it becomes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Rename {
    pub(super) from: String,
    pub(super) to: FileRecord,
}

impl Rename {
    /// Returns whether the file exists under its temporary name, or already under its final one.
    fn is_possible(&self, folder: &Path) -> bool {
        let is_there = || digest(&folder.join(&self.to.name)).ok();
        folder.join(&self.from).exists() || is_there() == Some((self.to.bytes, self.to.sha256.clone()))
    }

    /// Gives the file its final name, if it does not have it.
    fn carry_out(&self, folder: &Path) -> Result<(), Failure> {
        let path = folder.join(&self.to.name);
        match fs::rename(folder.join(&self.from), &path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.exists() => Ok(()),
            renamed => renamed.map_err(|error| Failure::writing(&path, &error)),
        }
    }
}

impl Journal {
    /// Writes the journal. From then on its files get their names, whatever happens to this command.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file = temporary(folder)?;
        // In one piece: the serializer writes every mark by itself.
        file.as_file_mut().write_all(&serde_json::to_vec(self)?)?;
        file.as_file_mut().flush()?;
        file.as_file().sync_data()?;
        file.persist(folder.join(JOURNAL)).map_err(|error| error.error)?;
        synchronise(folder)
    }

    /// Reads the journal of a folder, in which only files of the known names may be renamed or removed.
    fn read(folder: &Path, known: &[String]) -> Option<Self> {
        let journal: Self = serde_json::from_slice(&load(&folder.join(JOURNAL), LARGEST).ok()?).ok()?;
        let is_known = |name: &String| known.contains(name);
        let is_own = |Rename { from, to }: &Rename| {
            is_known(&to.name)
                && Path::new(from).parent() == Path::new(&to.name).parent()
                && is_plain(from)
                && is_temporary(Path::new(from))
        };
        (journal.renames.iter().all(is_own) && journal.removals.iter().all(is_known)).then_some(journal)
    }

    /// Renames and removes all that is not yet renamed and removed, then removes the journal. Returns whether the files
    /// are complete. If somebody has removed some, nothing is renamed.
    pub(super) fn carry_out(&self, folder: &Path) -> Result<bool, Failure> {
        let is_possible = self.renames.iter().all(|rename| rename.is_possible(folder));
        if is_possible {
            let (last, files): (Vec<_>, Vec<_>) = self.renames.iter().partition(|rename| rename.to.name == MANIFEST);
            // While some files are old and some new, nothing may claim that they belong together.
            if last.iter().any(|rename| folder.join(&rename.from).exists()) {
                remove(&folder.join(MANIFEST))?;
            }
            files.iter().try_for_each(|rename| rename.carry_out(folder))?;
            self.removals.iter().try_for_each(|name| remove(&folder.join(name)))?;
            let folders: BTreeSet<&Path> = files.iter().filter_map(|rename| Path::new(&rename.to.name).parent()).collect();
            folders.iter().try_for_each(|below| safe(&folder.join(below)))?;
            last.iter().try_for_each(|rename| rename.carry_out(folder))?;
        } else {
            self.renames.iter().try_for_each(|rename| remove(&folder.join(&rename.from)))?;
        }
        safe(folder)?;
        remove(&folder.join(JOURNAL))?;
        Ok(is_possible)
    }
}

/// Makes the names in a folder safe against power loss.
fn safe(folder: &Path) -> Result<(), Failure> {
    synchronise(folder).map_err(|error| Failure::writing(folder, &error))
}

/// Returns whether a path leads to something below the folder that it is relative to.
fn is_plain(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Ends what a killed command began: gives its files their final names. Returns whether there was such a command, and its
/// files are complete. `known` are the names that files there may have.
pub(super) fn recover(folder: &Path, known: &[String]) -> Result<bool, Failure> {
    if !is_unfinished(folder) {
        return Ok(false);
    }
    // A command that is alive is about to end.
    let _lock = lock(folder);
    recover_locked(folder, known)
}

/// Does the same while no other command renames files in the folder.
pub(super) fn recover_locked(folder: &Path, known: &[String]) -> Result<bool, Failure> {
    if !is_unfinished(folder) {
        return Ok(false);
    }
    refuse_links(folder, known)?;
    let journal = Journal::read(folder, known).ok_or_else(|| Failure::Output(foreign(folder)))?;
    journal.carry_out(folder)
}

/// Returns what is wrong with a journal that this program has not written.
fn foreign(folder: &Path) -> String {
    let path = folder.join(JOURNAL);
    format!("{}: lists other files than this command knows; remove it to continue", shown(&path))
}

/// Returns why files in a folder do not have their final names yet, and what to do; none if they have.
pub(super) fn why_unfinished(folder: &Path, known: &[String]) -> Option<String> {
    if !is_unfinished(folder) {
        return None;
    }
    Some(match Journal::read(folder, known) {
        Some(_) => format!("{}: interrupted while its files were named; run the command again", shown(folder)),
        // Meanwhile the command may have ended.
        None if is_unfinished(folder) => foreign(folder),
        None => return None,
    })
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
    use sha2::{Digest, Sha256};

    use super::*;

    const KNOWN: [&str; 4] = ["a", "b", "charts/c", MANIFEST];

    fn known() -> Vec<String> {
        KNOWN.map(str::to_owned).to_vec()
    }

    fn folder_with(files: &[(&str, &str)], journal: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("the system has a folder for temporary files");
        fs::create_dir(folder.path().join("charts")).expect("it is new");
        let write = |(name, content): &(&str, &str)| fs::write(folder.path().join(name), content);
        files.iter().try_for_each(write).expect("they can be written");
        fs::write(folder.path().join(JOURNAL), journal).expect("it can be written");
        folder
    }

    fn content(folder: &tempfile::TempDir, name: &str) -> Option<String> {
        fs::read_to_string(folder.path().join(name)).ok()
    }

    /// Temporary files, their names, and their content.
    const RENAMES: [(&str, &str, &str); 3] = [
        (".handover-1.tmp", "a", "new a"),
        ("charts/.handover-2.tmp", "charts/c", "new c"),
        (".handover-3.tmp", MANIFEST, "new manifest"),
    ];

    fn journal() -> String {
        let rename = |(from, name, content): &(&str, &str, &str)| {
            let sha256 = crate::report::number::hexadecimal(&Sha256::digest(content));
            let to = FileRecord { name: (*name).to_owned(), bytes: content.len() as u64, sha256 };
            Rename { from: (*from).to_owned(), to }
        };
        let journal = Journal { renames: RENAMES.iter().map(rename).collect(), removals: vec!["b".to_owned()] };
        serde_json::to_string(&journal).expect("it is plain data")
    }

    /// Returns the files of a command that was killed when this many of its files had their names.
    fn killed_after(renamed: usize) -> Vec<(&'static str, &'static str)> {
        let new = RENAMES.iter().enumerate().map(
            |(at, (from, name, content))| {
                if at < renamed { (*name, *content) } else { (*from, *content) }
            },
        );
        let old = [("a", "old a"), ("b", "old b"), (MANIFEST, "old manifest")];
        let is_renamed = |name: &str| RENAMES[..renamed].iter().any(|(_, known, _)| *known == name);
        new.chain(old.into_iter().filter(|(name, _)| !is_renamed(name))).collect()
    }

    /// Wherever the command was killed, the rest is done.
    #[test]
    fn what_a_killed_command_began_is_ended() {
        for renamed in 0..=RENAMES.len() {
            let folder = folder_with(&killed_after(renamed), &journal());
            assert!(recover(folder.path(), &known()).expect("it can be done"), "{renamed}");
            for (from, name, new) in RENAMES {
                assert_eq!(content(&folder, name).as_deref(), Some(new), "{renamed}");
                assert!(content(&folder, from).is_none(), "{renamed}");
            }
            assert!(["b", JOURNAL].iter().all(|name| content(&folder, name).is_none()), "{renamed}");
        }
    }

    /// A temporary file that somebody removed is not mistaken for one that has its name already.
    #[test]
    fn nothing_is_renamed_if_a_file_is_lost() {
        for (lost, _, _) in RENAMES {
            let mut files = killed_after(0);
            files.retain(|(name, _)| *name != lost);
            let folder = folder_with(&files, &journal());
            assert!(!recover(folder.path(), &known()).expect("it can be done"), "{lost}");
            for (name, old) in [("a", "old a"), ("b", "old b"), (MANIFEST, "old manifest")] {
                assert_eq!(content(&folder, name).as_deref(), Some(old), "{lost}");
            }
            assert!(content(&folder, JOURNAL).is_none() && content(&folder, ".handover-1.tmp").is_none(), "{lost}");
        }
    }

    #[test]
    fn a_journal_leads_nowhere_else_by_a_link() {
        let outside = folder_with(&[("c", "mine")], "");
        let removes = r#"{"renames":[],"removals":["charts/c"]}"#;
        let folder = folder_with(&[], removes);
        fs::remove_dir(folder.path().join("charts")).expect("it is there");
        std::os::unix::fs::symlink(outside.path(), folder.path().join("charts")).expect("it is new");
        assert!(recover(folder.path(), &known()).is_err());
        assert_eq!(content(&outside, "c").as_deref(), Some("mine"));
    }

    #[test]
    fn a_journal_of_a_stranger_renames_and_removes_nothing_else() {
        let strange = [
            r#"{"renames":[{"from":"mine","to":{"name":"a","bytes":4,"sha256":""}}],"removals":[]}"#,
            r#"{"renames":[{"from":".handover-1.tmp","to":{"name":"mine","bytes":4,"sha256":""}}],"removals":[]}"#,
            r#"{"renames":[{"from":"../.handover-1.tmp","to":{"name":"a","bytes":4,"sha256":""}}],"removals":[]}"#,
            r#"{"renames":[{"from":"charts/.handover-1.tmp","to":{"name":"a","bytes":4,"sha256":""}}],"removals":[]}"#,
            r#"{"renames":[],"removals":["mine"]}"#,
            r#"{"renames":[],"removals":["../a"]}"#,
            "nonsense",
        ];
        for journal in strange {
            let files = ["mine", "a", ".handover-1.tmp"].map(|name| (name, name));
            let folder = folder_with(&files, journal);
            assert!(recover(folder.path(), &known()).is_err(), "{journal}");
            let is_as_before = |name: &&str| content(&folder, name).as_deref() == Some(*name);
            assert!(["mine", "a", ".handover-1.tmp"].iter().all(is_as_before), "{journal}");
        }
    }
}
