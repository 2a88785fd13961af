//! Blocks of studies in some folders, each verified, for merging them and for listing what is missing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::experiment::Record;
use crate::run::{Block, BlockKey, Content, Plan, Sealed, Shape, Store, Stretch, Work};

use super::block_files::{BLOCK, LARGEST, entries, folder, read, records};
use super::failure::Failure;
use super::files::load;

/// The blocks and records in some folders.
#[derive(Debug, Default)]
pub(super) struct BlockSource {
    /// Records of studies, with their files.
    pub(super) records: Vec<(PathBuf, Record)>,
    blocks: BTreeMap<(BlockKey, Content), (PathBuf, [u8; 32])>,
    /// Keys of blocks that exist more than once.
    duplicates: Vec<BlockKey>,
    /// Blocks that are truncated or have changed.
    pub(super) damaged: Vec<PathBuf>,
    /// Files with the name of a record that are not valid records.
    pub(super) unreadable: Vec<PathBuf>,
}

impl BlockSource {
    /// Adds the content of a result folder, which may be empty.
    pub(super) fn add(&mut self, results: &Path) -> Result<(), Failure> {
        for (path, record) in records(results)? {
            match record {
                Some(record) => self.records.push((path, record)),
                None => self.unreadable.push(path),
            }
        }
        for identity in entries(&folder(results))?.into_iter().filter(|path| path.is_dir()) {
            for path in entries(&identity)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == BLOCK)) {
                self.add_block(path)?;
            }
        }
        Ok(())
    }

    fn add_block(&mut self, path: PathBuf) -> Result<(), Failure> {
        let bytes = match load(&path, LARGEST) {
            // Another study in this folder has just ended.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            // No file that this program has written.
            Err(error) if error.kind() == io::ErrorKind::Other => {
                self.damaged.push(path);
                return Ok(());
            }
            bytes => bytes.map_err(|error| Failure::reading(&path, &error))?,
        };
        let Some(sealed) = Sealed::open(&bytes) else {
            self.damaged.push(path);
            return Ok(());
        };
        match self.blocks.entry((sealed.key.clone(), sealed.content)) {
            Entry::Vacant(place) => {
                place.insert((path, sealed.checksum));
            }
            Entry::Occupied(known) if known.get().1 == sealed.checksum => self.duplicates.push(sealed.key),
            Entry::Occupied(known) => {
                let (one, other) = (known.get().0.display(), path.display());
                let Range { start, end } = sealed.key.replications;
                let message = format!(
                    "{one} and {other} hold different results for replications {start} to {}: a machine failed, or the \
                     programs differ; delete the one you do not trust and compute it again",
                    end - 1
                );
                return Err(Failure::Usage(message));
            }
        }
        Ok(())
    }

    /// Returns how many blocks of a plan exist more than once.
    pub(super) fn duplicates(&self, plan: &Plan) -> usize {
        let is_of_plan = |key: &&BlockKey| {
            let strategies = (0..plan.points()).flat_map(|point| plan.strategies(point));
            strategies.into_iter().any(|strategy| (strategy.identity, strategy.seed) == (key.identity, key.seed))
        };
        self.duplicates.iter().filter(is_of_plan).count()
    }

    /// Returns the missing replications at each point, in whole blocks for which some strategy is missing.
    pub(super) fn missing(&self, plan: &Plan, content: Content, stretches: &[Stretch]) -> Vec<Stretch> {
        let mut missing: Vec<Stretch> = Vec::new();
        for job in Work::new(plan, stretches.to_vec()).iter() {
            if self.path(&plan.key(&job), content).is_some() {
                continue;
            }
            match missing.last_mut() {
                Some(last) if last.point == job.point && last.replications.end >= job.replications.start => {
                    last.replications.end = job.replications.end;
                }
                _ => missing.push(Stretch { point: job.point, replications: job.replications }),
            }
        }
        missing
    }

    fn path(&self, key: &BlockKey, content: Content) -> Option<&Path> {
        let of = |content| self.blocks.get(&(key.clone(), content)).map(|(path, _)| path.as_path());
        of(Content::Everything).or_else(|| if content == Content::Responses { of(content) } else { None })
    }
}

impl Store for BlockSource {
    fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block> {
        read(self.path(key, content)?, key, content, shape).ok()?
    }

    fn keep(&self, _: &BlockKey, _: &Block) -> io::Result<()> {
        Ok(())
    }
}

/// Returns numbers as ranges, in the form of job arrays: `0-3,7`.
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

/// Returns ranges as text, with first and last included: `0-3,7`.
pub(super) fn as_text(ranges: &[Range<u32>]) -> String {
    let text = |range: &Range<u32>| {
        if range.len() == 1 { range.start.to_string() } else { format!("{}-{}", range.start, range.end - 1) }
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_job_arrays() {
        let text = |numbers: &[u32]| as_text(&ranges(numbers.iter().copied()));
        assert_eq!(text(&[0, 1, 2, 5, 7, 8]), "0-2,5,7-8");
        assert_eq!(text(&[]), "");
    }
}
