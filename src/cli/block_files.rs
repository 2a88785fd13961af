//! Files that store blocks: their names, and how they are found and read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::experiment::Record;
use crate::run::{Block, BlockKey, Content, Plan, Sealed, Shape};
use crate::scenario::Identity;

use super::failure::Failure;
use super::files::{load, temporary};

/// Name of the folder of blocks in a result folder.
const FOLDER: &str = "blocks";
/// File extension of blocks.
pub(super) const BLOCK: &str = "block";
/// Most bytes of a block, or of a record of a study: many times as many as the largest has.
pub(super) const LARGEST: u64 = 256 << 20;
/// How often a block is written again if its folder is removed while it is written.
const TRIES: u32 = 20;
/// Prefix and suffix of the names of records.
const RECORD: (&str, &str) = ("study-", ".json");

/// Returns the folder of blocks in a result folder.
pub(super) fn folder(results: &Path) -> PathBuf {
    results.join(FOLDER)
}

/// Returns the path of a block.
pub(super) fn path(results: &Path, key: &BlockKey) -> PathBuf {
    let Range { start, end } = key.replications;
    folder(results).join(key.identity.short()).join(format!("{}-{start}-{end}.{BLOCK}", key.seed))
}

/// A block whose file is damaged.
#[derive(Clone, Copy, Debug)]
pub(super) struct DamagedBlock;

/// Reads a block. Returns none if it does not exist, or holds less than this content.
pub(super) fn read(path: &Path, key: &BlockKey, content: Content, shape: &Shape) -> Result<Option<Block>, DamagedBlock> {
    let bytes = match load(path, LARGEST) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        loaded => loaded.map_err(|_| DamagedBlock)?,
    };
    // A block under the name of another is damaged too.
    let sealed = Sealed::open(&bytes).filter(|sealed| sealed.key == *key).ok_or(DamagedBlock)?;
    if sealed.content < content {
        return Ok(None);
    }
    sealed.block(shape).map(Some).ok_or(DamagedBlock)
}

/// Returns the identities of the strategies of a plan, each once.
pub(super) fn identities(plan: &Plan) -> BTreeSet<Identity> {
    (0..plan.points()).flat_map(|point| plan.strategies(point)).map(|strategy| strategy.identity).collect()
}

/// Returns the files of all blocks of the strategies of a plan with their seeds, whatever their replications.
pub(super) fn own_blocks(results: &Path, plan: &Plan) -> Result<Vec<(BlockKey, PathBuf)>, Failure> {
    let strategies = (0..plan.points()).flat_map(|point| plan.strategies(point));
    let wanted: BTreeSet<(Identity, u64)> = strategies.map(|strategy| (strategy.identity, strategy.seed)).collect();
    if !folder(results).is_dir() {
        return Ok(Vec::new());
    }
    let mut blocks = Vec::new();
    for identity in identities(plan) {
        for path in entries(&folder(results).join(identity.short()))? {
            let numbers = numbers(&path).filter(|(seed, _)| wanted.contains(&(identity, *seed)));
            blocks.extend(numbers.map(|(seed, replications)| (BlockKey { identity, seed, replications }, path)));
        }
    }
    Ok(blocks)
}

/// Returns seed and replications of a block, from the name of its file.
pub(super) fn numbers(path: &Path) -> Option<(u64, Range<u32>)> {
    let mut numbers = path.file_stem()?.to_str()?.splitn(3, '-');
    let seed = numbers.next()?.parse().ok()?;
    let (start, end) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (path.extension()? == BLOCK).then_some((seed, start..end))
}

/// Returns the replications for which this many strategies have a block.
pub(super) fn complete(there: &BTreeSet<BlockKey>, strategies: usize) -> Vec<Range<u32>> {
    let mut counts: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    there.iter().for_each(|key| *counts.entry((key.replications.start, key.replications.end)).or_default() += 1);
    counts.into_iter().filter(|(_, count)| *count >= strategies).map(|((start, end), _)| start..end).collect()
}

/// Returns the records in a result folder; none for a file that is not a valid record.
pub(super) fn records(results: &Path) -> Result<Vec<(PathBuf, Option<Record>)>, Failure> {
    let is_record = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(RECORD.0) && name.ends_with(RECORD.1)
    };
    let blocks = folder(results);
    if blocks.is_symlink() {
        return Err(Failure::Output(format!("{} is a link; expected a folder of blocks", blocks.display())));
    }
    let paths = entries(&blocks)?.into_iter().filter(is_record);
    Ok(paths.map(|path| (path.clone(), record(&path))).collect())
}

/// Reads a record, whose name is its checksum.
fn record(path: &Path) -> Option<Record> {
    let record = Record::read(&load(path, LARGEST).ok()?)?;
    (path.file_name()? == name(&record).as_str()).then_some(record)
}

/// Returns the entries of a folder, sorted by name; empty if there is no such folder.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| Failure::reading(folder, &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        entries => entries.map_err(cannot)?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>().map_err(cannot)?;
    paths.sort();
    Ok(paths)
}

/// Returns the name of the file that holds a record.
pub(super) fn name(record: &Record) -> String {
    format!("{}{}{}", RECORD.0, record.short(), RECORD.1)
}

/// Writes a file that gets its name only when complete. Its folder may not exist, and may be removed meanwhile.
pub(super) fn write_aside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    let write = || {
        let mut file = temporary(folder)?;
        file.as_file_mut().write_all(bytes)?;
        let named = |error: io::Error| match error.kind() {
            io::ErrorKind::IsADirectory => io::Error::new(error.kind(), format!("{} is a folder", path.display())),
            _ => error,
        };
        file.persist(path).map_err(|error| named(error.error)).map(drop)
    };
    let mut written = write();
    for _ in 0..TRIES {
        match written {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            written => return written,
        }
        written = fs::create_dir_all(folder).and_then(|()| write());
    }
    written
}

/// Whether a path leads to a regular file.
pub(super) fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|about| about.is_file())
}
