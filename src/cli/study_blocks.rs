//! The blocks of a study in its result folder: one file each, reused by any run that needs the same replications.
//!
//! A block is written to a temporary file and renamed, so every named file is complete. Its checksum shows later
//! damage. Beside the blocks is a record of each study that has started there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::experiment::Record;
use crate::report::number::readable;
use crate::run::{Block, BlockKey, Content, Plan, Shape, Store, Work, sealed};
use crate::scenario::Identity;

use super::block_files::{
    DamagedBlock, complete, folder, identities, is_file, name, own_blocks, path, read, records, write_aside,
};
use super::failure::Failure;
use super::files::{MANIFEST, litter_in, remove, synchronise};
use super::signals::Milestone;

/// Seconds after which finished blocks are safe against power loss.
const SAFE_AFTER: Duration = Duration::from_secs(5);

/// The blocks of a study in its folder: earlier ones, and those being finished.
#[derive(Debug)]
pub(super) struct StudyBlocks {
    results: PathBuf,
    record: Record,
    plan: Arc<Plan>,
    /// What is computed here, if known.
    work: Option<Work>,
    /// Whether the folder of blocks and the record existed at the start, and the records of others.
    has_folder: bool,
    has_record: bool,
    others: BTreeSet<PathBuf>,
    is_recorded: AtomicBool,
    there: Mutex<BTreeSet<BlockKey>>,
    /// Blocks that turned out to be damaged.
    damaged: Mutex<Vec<PathBuf>>,
    unsafe_yet: Mutex<Unsafe>,
    /// Hears of the first block that is computed.
    listener: Mutex<Option<Sender<Milestone>>>,
    has_begun_computing: AtomicBool,
    has_saved: AtomicBool,
}

/// Files that a power loss could still destroy.
#[derive(Debug)]
struct Unsafe {
    paths: Vec<PathBuf>,
    since: Instant,
    /// Makes earlier files safe.
    working: Option<JoinHandle<io::Result<()>>>,
}

impl StudyBlocks {
    /// Opens the blocks of a study in its result folder. `work` is what is computed there, if known.
    pub(super) fn open(results: &Path, record: Record, plan: Arc<Plan>, work: Option<Work>) -> Result<Self, Failure> {
        let has_folder = folder(results).is_dir();
        let places = identities(&plan).into_iter().map(|identity| folder(results).join(identity.short()));
        if let Some(link) = places.chain([folder(results)]).find(|place| place.is_symlink()) {
            return Err(Failure::Output(format!("{} is a link; expected a folder of blocks", link.display())));
        }
        let has_record = folder(results).join(name(&record)).exists();
        // One of thousands of shards in a folder looks at none of the others.
        let own = work.as_ref().filter(|_| record.shards().is_some());
        let (others, there) = match own {
            Some(work) => {
                let keys = work.iter().map(|job| plan.key(&job));
                (BTreeSet::new(), keys.filter(|key| is_file(&path(results, key))).collect())
            }
            None => (
                records(results)?.into_iter().map(|(path, _)| path).collect(),
                own_blocks(results, &plan)?.into_iter().map(|(key, _)| key).collect(),
            ),
        };
        let unsafe_yet = Unsafe { paths: Vec::new(), since: Instant::now(), working: None };
        Ok(Self {
            results: results.to_owned(),
            record,
            plan,
            work,
            has_folder,
            has_record,
            others,
            is_recorded: AtomicBool::new(has_record),
            there: Mutex::new(there),
            damaged: Mutex::default(),
            unsafe_yet: Mutex::new(unsafe_yet),
            listener: Mutex::default(),
            has_begun_computing: AtomicBool::new(false),
            has_saved: AtomicBool::new(false),
        })
    }

    /// Reports the first block that is computed from now on.
    pub(super) fn report_to(&self, listener: Sender<Milestone>) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    /// Returns whether a block was computed and saved.
    pub(super) fn has_saved(&self) -> bool {
        self.has_saved.load(Ordering::Relaxed)
    }

    /// Returns whether there was a folder of blocks, even an empty one. The end of a run removes it.
    pub(super) fn has_folder(&self) -> bool {
        self.has_folder
    }

    /// Returns whether such a study has started here and not ended, by its record.
    pub(super) fn has_record(&self) -> bool {
        self.has_record
    }

    /// Returns whether part of it exists.
    pub(super) fn has_begun(&self) -> bool {
        self.has_record || !self.there.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Returns whether nothing is left to compute.
    pub(super) fn is_all_there(&self) -> bool {
        self.work.is_some() && self.missing_share() <= 0.0
    }

    /// Returns the share that is still to be computed.
    pub(super) fn missing_share(&self) -> f64 {
        let Some(work) = &self.work else { return 1.0 };
        let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = work.iter().filter(|job| !there.contains(&self.plan.key(job))).count();
        missing as f64 / work.jobs().max(1) as f64
    }

    /// Returns the replications that are done for all strategies, and the number wanted, if known.
    fn replications(&self) -> (u64, Option<u64>) {
        let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(work) = &self.work else {
            let complete = complete(&there, self.plan.strategies(0).len());
            return (complete.iter().map(|range| range.len() as u64).sum(), None);
        };
        let (mut kept, mut of, mut all_of_block) = (0, 0, true);
        for job in work.iter() {
            let is_last = job.strategy + 1 == self.plan.strategies(job.point).len();
            all_of_block &= there.contains(&self.plan.key(&job));
            if is_last {
                let replications = job.replications.len() as u64;
                kept += if all_of_block { replications } else { 0 };
                of += replications;
                all_of_block = true;
            }
        }
        (kept, Some(of))
    }

    /// Returns how many replications are done, and where they are kept.
    pub(super) fn share(&self) -> String {
        let (kept, of) = self.replications();
        let of = of.map_or_else(String::new, |of| format!(" of {}", readable(of as f64)));
        format!("{}{of} replications are done and kept in {}", readable(kept as f64), self.results.display())
    }

    /// Returns the message at the start of a study that resumes.
    pub(super) fn resuming(&self) -> Option<String> {
        (self.replications().0 > 0).then(|| format!("resuming: {}", self.share()))
    }

    /// Returns the messages on blocks that had to be computed again.
    pub(super) fn lost(&self) -> Vec<String> {
        let damaged = std::mem::take(&mut *self.damaged.lock().unwrap_or_else(PoisonError::into_inner));
        damaged.iter().map(|path| format!("{}: truncated or damaged; computed again", path.display())).collect()
    }

    /// Returns the message of a study that ends early.
    pub(super) fn last_words(&self) -> String {
        if self.replications().0 == 0 {
            return "no results were written".to_owned();
        }
        format!("{}; run the same command again to continue", self.share())
    }

    /// Returns the failure to save a block.
    pub(super) fn failure(&self, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::IsADirectory {
            return Failure::Output(format!("{error}; remove it, and run the same command again"));
        }
        Failure::Output(format!("cannot write to {}: {error}; {}", folder(&self.results).display(), self.last_words()))
    }

    /// Returns the failure to write results of which all blocks are kept. Beside results of another run it cannot continue.
    pub(super) fn unwritten(&self, failure: Failure) -> Failure {
        match failure {
            Failure::Output(message) if !self.results.join(MANIFEST).exists() => {
                Failure::Output(format!("{message}; {}", self.last_words()))
            }
            other => other,
        }
    }

    /// Makes sure that all blocks are safe against power loss.
    pub(super) fn close(&self) -> Result<(), Failure> {
        let mut left = self.unsafe_yet.lock().unwrap_or_else(PoisonError::into_inner);
        let paths = std::mem::take(&mut left.paths);
        let before = left.working.take().map_or(Ok(()), joined);
        before.and_then(|()| make_safe(&paths)).map_err(|error| Failure::writing(&folder(&self.results), &error))
    }

    /// Ends a shard. A shard without blocks leaves its record too, so that its folder counts as part of the study.
    pub(super) fn leave(&self) -> Result<(), Failure> {
        self.write_record().map_err(|error| self.failure(&error))?;
        self.close()
    }

    /// Ends a study early. Makes finished blocks safe, and leaves nothing if there are none.
    pub(super) fn abandon(&self) -> Result<(), Failure> {
        self.close()?;
        let is_empty = self.there.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if is_empty && !self.has_record { self.clear() } else { Ok(()) }
    }

    /// Ends a study whose results are complete, and removes its blocks and record. If a larger study has left further
    /// blocks, keeps all that it can resume from and returns a message on them.
    pub(super) fn finish(&self, replications: u32) -> Result<Option<String>, Failure> {
        let blocks = own_blocks(&self.results, &self.plan)?;
        let beyond: BTreeSet<BlockKey> =
            blocks.iter().map(|(key, _)| key).filter(|key| key.replications.end > replications).cloned().collect();
        if beyond.is_empty() {
            let wanted = self.wanted_by_others()?;
            let is_wanted = |key: &BlockKey| {
                let up_to = wanted.get(&(key.identity, key.seed)).copied();
                up_to.is_some_and(|up_to| key.replications.start < up_to)
            };
            // Removed files need not be safe.
            let working = self.unsafe_yet.lock().unwrap_or_else(PoisonError::into_inner).working.take();
            working.map_or(Ok(()), joined).map_err(|error| Failure::writing(&folder(&self.results), &error))?;
            let gone = blocks.iter().filter(|(key, _)| !is_wanted(key));
            gone.clone().try_for_each(|(_, path)| remove(path))?;
            if gone.count() < blocks.len() {
                self.close()?;
            }
            self.clear()?;
            return Ok(None);
        }
        self.close()?;
        remove(&folder(&self.results).join(name(&self.record)))?;
        let complete = complete(&beyond, self.plan.strategies(0).len());
        let more: u64 = complete.iter().map(|range| u64::from(range.end - range.start.max(replications))).sum();
        let (more, place) = (readable(more as f64), self.results.display());
        Ok(Some(format!("{place} keeps {more} more replications; a run with a larger -n resumes from them")))
    }

    /// Returns the blocks that other unfinished studies want: identities and seeds with the number of replications.
    fn wanted_by_others(&self) -> Result<BTreeMap<(Identity, u64), u32>, Failure> {
        let mut wanted = BTreeMap::new();
        for record in records(&self.results)?.into_iter().filter_map(|(_, record)| record) {
            let Ok(question) = record.question() else { continue };
            if self.record.other_values(&record).is_empty() {
                continue;
            }
            let (plan, _) = question.plan();
            for strategy in (0..plan.points()).flat_map(|point| plan.strategies(point)) {
                let up_to = wanted.entry((strategy.identity, strategy.seed)).or_insert(0);
                *up_to = record.replications().max(*up_to);
            }
        }
        Ok(wanted)
    }

    /// Removes the records of this study and empty folders. Files of others stay.
    fn clear(&self) -> Result<(), Failure> {
        let all = folder(&self.results);
        let clear = |folder: &Path| {
            litter_in(folder).iter().for_each(|file| drop(fs::remove_file(file)));
            // Fails if others keep files there, which stay.
            let _ = fs::remove_dir(folder);
        };
        identities(&self.plan).iter().for_each(|identity| clear(&all.join(identity.short())));
        for (path, record) in records(&self.results)? {
            if record.is_some_and(|record| self.record.other_values(&record).is_empty()) {
                remove(&path)?;
            }
        }
        clear(&all);
        synchronise(&self.results).map_err(|error| Failure::writing(&self.results, &error))
    }

    /// Ends a study whose blocks stay for others, and removes only its record.
    pub(super) fn finish_and_keep(&self) -> Result<(), Failure> {
        self.close()?;
        let record = folder(&self.results).join(name(&self.record));
        if record.exists() { remove(&record) } else { Ok(()) }
    }

    /// Writes the record of the study, once.
    fn write_record(&self) -> io::Result<()> {
        if self.is_recorded.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let path = folder(&self.results).join(name(&self.record));
        write_aside(&path, &self.record.bytes()).inspect_err(|_| self.is_recorded.store(false, Ordering::Relaxed))?;
        self.refuse_others(&path)?;
        self.unsafe_yet.lock().unwrap_or_else(PoisonError::into_inner).paths.push(path);
        Ok(())
    }

    /// Fails if another study with results of the same names has started here since this was opened. Each study checks
    /// after it has written its own record, so of two at least one sees the other. If both do, the one whose record has
    /// the first name continues. If both continue, the first to finish wins.
    fn refuse_others(&self, own: &Path) -> io::Result<()> {
        if self.record.shards().is_some() {
            return Ok(());
        }
        let all = records(&self.results).map_err(|_| io::ErrorKind::Other)?;
        let new = all.into_iter().filter(|(path, _)| path.as_path() < own && !self.others.contains(path));
        for other in new.filter_map(|(_, record)| record).filter(|other| other.shards().is_none()) {
            if let Some(first) = self.record.other_values(&other).first() {
                remove(own).map_err(|_| io::ErrorKind::Other)?;
                return Err(io::Error::other(format!("another run has started there in the meantime: {first}")));
            }
        }
        Ok(())
    }

    /// Notes a file that a power loss could destroy. Every few seconds a thread makes such files safe.
    fn note(&self, path: PathBuf) -> io::Result<()> {
        let mut left = self.unsafe_yet.lock().unwrap_or_else(PoisonError::into_inner);
        left.paths.push(path);
        if left.since.elapsed() < SAFE_AFTER || left.working.as_ref().is_some_and(|working| !working.is_finished()) {
            return Ok(());
        }
        let paths = std::mem::take(&mut left.paths);
        left.since = Instant::now();
        let paths = Arc::new(paths);
        let later = Arc::clone(&paths);
        // Where no thread can start, this one does it.
        let before = match std::thread::Builder::new().spawn(move || make_safe(&later)) {
            Ok(working) => left.working.replace(working),
            Err(_) => return make_safe(&paths),
        };
        before.map_or(Ok(()), joined)
    }
}

impl Store for StudyBlocks {
    fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block> {
        let path = path(&self.results, key);
        let found = read(&path, key, content, shape).unwrap_or_else(|DamagedBlock| {
            self.damaged.lock().unwrap_or_else(PoisonError::into_inner).push(path);
            None
        });
        if found.is_none() && !self.has_begun_computing.swap(true, Ordering::Relaxed) {
            let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Nobody needs to listen.
            let _ = listener.map(|listener| listener.send(Milestone::Begun));
        }
        found
    }

    fn keep(&self, key: &BlockKey, block: &Block) -> io::Result<()> {
        self.write_record()?;
        let path = path(&self.results, key);
        write_aside(&path, &sealed(key, block))?;
        self.note(path)?;
        self.there.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        self.has_saved.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Makes files and their names safe against power loss. A file that is gone needs nothing.
fn make_safe(paths: &[PathBuf]) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    for path in paths {
        match File::open(path).and_then(|file| file.sync_data()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            synchronised => synchronised?,
        }
        folders.extend(path.ancestors().skip(1).take(3).map(Path::to_owned));
    }
    folders.iter().try_for_each(|folder| synchronise(folder))
}

fn joined(working: JoinHandle<io::Result<()>>) -> io::Result<()> {
    working.join().unwrap_or_else(|_| Err(io::Error::other("the thread that saves blocks has failed")))
}
