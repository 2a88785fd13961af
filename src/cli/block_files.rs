//! Which files keep blocks, and what they are of: their names, and how they are found and read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::experiment::Record;
use crate::run::{Block, BlockKey, Content, Plan, Sealed, Shape};
use crate::scenario::Identity;

use super::failure::Failure;

/// The folder of blocks within that of the results.
const FOLDER: &str = "blocks";
/// How the names of blocks end.
pub(super) const BLOCK: &str = "block";
/// How the names of records begin and end.
const RECORD: (&str, &str) = ("study-", ".json");
/// The folder in which the blocks of a result folder are.
pub(super) fn folder(results: &Path) -> PathBuf {
    results.join(FOLDER)
}

/// Where a block is kept.
pub(super) fn path(results: &Path, key: &BlockKey) -> PathBuf {
    let Range { start, end } = key.replications;
    folder(results).join(key.identity.short()).join(format!("{}-{start}-{end}.{BLOCK}", key.seed))
}

/// A block is no longer what it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Damaged;

/// Reads a block; none if it is not there, or does not hold that much.
pub(super) fn read(path: &Path, key: &BlockKey, content: Content, shape: &Shape) -> Result<Option<Block>, Damaged> {
    if !path.is_file() {
        return Ok(None);
    }
    let Ok(bytes) = fs::read(path) else { return Ok(None) };
    // One under the name of another is damage too.
    let sealed = Sealed::open(&bytes).filter(|sealed| sealed.key == *key).ok_or(Damaged)?;
    if sealed.content < content {
        return Ok(None);
    }
    sealed.block(shape).map(Some).ok_or(Damaged)
}

/// What the strategies of a plan depend on, each once.
pub(super) fn identities(plan: &Plan) -> BTreeSet<Identity> {
    (0..plan.points()).flat_map(|point| plan.strategies(point)).map(|strategy| strategy.identity).collect()
}

/// All blocks of the strategies of a plan under their seeds, of whatever replications, by their names.
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

/// Seed and replications of a block, from the name of its file.
pub(super) fn numbers(path: &Path) -> Option<(u64, Range<u32>)> {
    let mut numbers = path.file_stem()?.to_str()?.splitn(3, '-');
    let seed = numbers.next()?.parse().ok()?;
    let (start, end) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (path.extension()? == BLOCK).then_some((seed, start..end))
}

/// Replications of which the blocks of so many strategies are there.
pub(super) fn complete(there: &BTreeSet<BlockKey>, strategies: usize) -> Vec<Range<u32>> {
    let mut counts: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    there.iter().for_each(|key| *counts.entry((key.replications.start, key.replications.end)).or_default() += 1);
    counts.into_iter().filter(|(_, count)| *count >= strategies).map(|((start, end), _)| start..end).collect()
}

/// The records in a result folder; none for one that cannot be read as one.
pub(super) fn records(results: &Path) -> Result<Vec<(PathBuf, Option<Record>)>, Failure> {
    let is_record = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(RECORD.0) && name.ends_with(RECORD.1)
    };
    let paths = entries(&folder(results))?.into_iter().filter(is_record);
    Ok(paths.map(|path| (path.clone(), fs::read(path).ok().and_then(|bytes| Record::read(&bytes)))).collect())
}

/// What is in a folder, in the order of the names; nothing, if there is no such folder.
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

/// The name of the file that says what a study is.
pub(super) fn name(record: &Record) -> String {
    format!("{}{}{}", RECORD.0, record.short(), RECORD.1)
}
