//! Journals that are there: the finished blocks of runs that were interrupted, and of shards.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::experiment::Label;
use crate::run::journal::{self, Entry};
use crate::run::{Block, Shape, replications_of};

use super::failure::Failure;

/// The folder of journals within that of the results.
const FOLDER: &str = "blocks";
/// How the name of a journal ends.
pub(super) const ENDING: &str = "blocks";

/// The folder in which the journals of a result folder are.
pub(super) fn folder(results: &Path) -> PathBuf {
    results.join(FOLDER)
}

/// A journal, and what was found in it.
#[derive(Debug)]
pub(super) struct Journal {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What its blocks are of.
    pub(super) label: Label,
    /// Its blocks.
    pub(super) entries: Vec<Entry>,
    /// How many times there was something else.
    pub(super) damaged: u32,
    file: Mutex<File>,
}

/// The journals of a folder, and those files that are named so and are none.
#[derive(Debug, Default)]
pub(super) struct Journals {
    pub(super) readable: Vec<Journal>,
    pub(super) unreadable: Vec<PathBuf>,
}

impl Journals {
    /// Adds the journals of a result folder, read through; there may be none.
    pub(super) fn add(&mut self, results: &Path) -> Result<(), Failure> {
        for path in paths(results)? {
            let cannot = |error| Failure::reading(&path, &error);
            let mut file = match File::open(&path) {
                // Another run in this folder has come to its end meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                file => file.map_err(cannot)?,
            };
            let contents = journal::read(&mut file).map_err(cannot)?;
            match contents.and_then(|contents| Some((Label::read(&contents.label)?, contents))) {
                Some((label, contents)) => {
                    let (entries, damaged) = (contents.entries, contents.damaged);
                    self.readable.push(Journal { path, label, entries, damaged, file: Mutex::new(file) });
                }
                None => self.unreadable.push(path),
            }
        }
        Ok(())
    }
}

/// The files of a result folder that are named as journals, in the order of their names.
pub(super) fn paths(results: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder(results);
    let cannot = |error| Failure::reading(&folder, &error);
    let entries = match fs::read_dir(&folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        entries => entries.map_err(cannot)?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>().map_err(cannot)?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    paths.sort();
    Ok(paths)
}

/// Where the blocks of some journals are, by their replications.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Number of the journal, and where in it.
    blocks: BTreeMap<(u32, u32), (usize, Entry)>,
    /// Blocks that were there more than once; all but the first are left out.
    pub(super) duplicates: u32,
}

impl Index {
    /// The blocks of some journals of the same run.
    pub(super) fn of(journals: &[Journal]) -> Result<Self, Failure> {
        let mut index = Self::default();
        for (number, journal) in journals.iter().enumerate() {
            for entry in &journal.entries {
                let Range { start, end } = entry.replications;
                match index.blocks.entry((start, end)) {
                    Place::Vacant(place) => {
                        place.insert((number, entry.clone()));
                    }
                    Place::Occupied(known) if known.get().1.checksum == entry.checksum => index.duplicates += 1,
                    Place::Occupied(known) => {
                        let (one, other) = (journals[known.get().0].path.display(), journal.path.display());
                        let message = format!(
                            "{one} and {other} hold different results for replications {start} to {}: a fault of a machine, \
                             or another build of the program; compute again whichever you do not trust",
                            end - 1
                        );
                        return Err(Failure::Usage(message));
                    }
                }
            }
        }
        Ok(index)
    }

    /// The block of these replications; none if there is none, or not any longer.
    pub(super) fn load(&self, journals: &[Journal], replications: &Range<u32>, shape: &Shape) -> Option<Block> {
        let (number, entry) = self.blocks.get(&(replications.start, replications.end))?;
        let mut file = journals[*number].file.lock().unwrap_or_else(PoisonError::into_inner);
        let content = journal::load(&mut *file, entry).ok()??;
        drop(file);
        shape.decode(&content, replications.len())
    }

    /// The blocks that are not there, of some of a run of so many replications.
    pub(super) fn missing(&self, blocks: Range<u32>, replications: u32) -> Vec<u32> {
        let is_there = |block: &u32| {
            let Range { start, end } = replications_of(*block, replications);
            self.blocks.contains_key(&(start, end))
        };
        blocks.filter(|block| !is_there(block)).collect()
    }
}

/// Numbers as ranges, as job arrays take them: `0-3,7`.
pub(super) fn ranges(numbers: impl IntoIterator<Item = u32>) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some(last) if last.end == number => last.end += 1,
            _ => ranges.push(number..number + 1),
        }
    }
    ranges
}

/// The replications of some blocks, as ranges.
pub(super) fn replications_in(blocks: &[u32], replications: u32) -> Vec<Range<u32>> {
    let of = |blocks: Range<u32>| {
        replications_of(blocks.start, replications).start..replications_of(blocks.end - 1, replications).end
    };
    ranges(blocks.iter().copied()).into_iter().map(of).collect()
}

/// Ranges as text, first and last included: `0-3,7`.
pub(super) fn as_text(ranges: &[Range<u32>]) -> String {
    let text = |range: &Range<u32>| {
        if range.len() == 1 { range.start.to_string() } else { format!("{}-{}", range.start, range.end - 1) }
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}
