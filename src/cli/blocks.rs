//! The blocks of a run on disk: each is written to a journal as it is finished, and found again by the run that goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::experiment::{Label, Study};
use crate::report::number::readable;
use crate::run::journal::{self, Entry, Seal};
use crate::run::{Block, Shape, Shard, Store, blocks_of, replications_of};

use super::failure::Failure;
use super::folder::{remove, synchronise};
use super::journals::{self, ENDING, Index, Journal, Journals, paths};
use super::synchroniser::Synchroniser;

/// The blocks of a run: those of before, and those that are finished now.
#[derive(Debug)]
pub(super) struct Blocks {
    results: PathBuf,
    label: Label,
    /// What the journal of this run says that it is of.
    journal_label: Label,
    shape: Shape,
    journals: Vec<Journal>,
    index: Index,
    /// Journals that were there at the start.
    before: BTreeSet<PathBuf>,
    /// Those of them that are of another run, and give way.
    others: Vec<PathBuf>,
    /// Whether the folder of journals was there at the start.
    has_folder: bool,
    /// Whether blocks that are finished now are kept, and where.
    is_growing: bool,
    own: Mutex<Option<Own>>,
    kept: Arc<Kept>,
}

/// Which replications a run computes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Replications of the whole run, at most.
    pub(super) at_most: u32,
    /// Whether that is how many there will be.
    pub(super) is_known: bool,
    /// The part of them that is computed here.
    pub(super) shard: Option<Shard>,
}

impl Extent {
    /// The blocks that are computed.
    pub(super) fn blocks(self) -> Range<u32> {
        self.shard.map_or(0..blocks_of(self.at_most), |shard| shard.blocks(self.at_most))
    }

    /// How many replications that are.
    pub(super) fn replications(self) -> u32 {
        count_of(self.blocks(), self.at_most)
    }
}

/// How many replications are kept, for whoever asks.
#[derive(Debug)]
pub(super) struct Kept {
    replications: AtomicU32,
    /// How many there are to be, if that is known.
    of: Option<u32>,
    place: String,
}

/// The journal that this run writes.
#[derive(Debug)]
struct Own {
    path: PathBuf,
    file: File,
    seal: Seal,
    synchroniser: Synchroniser,
    /// Blocks that are whole in it, by their first replication.
    blocks: BTreeMap<u32, Entry>,
}

impl Blocks {
    /// Opens the blocks of a run, or of a shard of it, in the folder of its results. Those of another run are a failure, or,
    /// with `force`, give way when this one is finished.
    pub(super) fn open(results: &Path, study: &Study, extent: Extent, force: bool) -> Result<Self, Failure> {
        let label = Label::of(study, extent.shard);
        let mut found = Journals::default();
        found.add(results)?;
        let before = found.readable.iter().map(|journal| &journal.path).chain(&found.unreadable).cloned().collect();
        let differs = |journal: &Journal| !label.other_values(&journal.label).is_empty();
        if let (Some(other), false) = (found.readable.iter().find(|journal| differs(journal)), force) {
            let message = format!(
                "{} holds an unfinished run of something else: {}; name another folder, or give --force to discard it",
                results.display(),
                label.other_values(&other.label).join("; ")
            );
            return Err(Failure::Usage(message));
        }
        let others = found.readable.iter().filter(|journal| differs(journal)).map(|journal| journal.path.clone()).collect();
        found.readable.retain(|journal| !differs(journal));
        let larger = found.readable.iter().map(|journal| &journal.label);
        let larger = larger.filter(|larger| extent.shard.is_none() && larger.replications() > label.replications());
        // A larger run will resume from these blocks too, so they are labelled as its own.
        let journal_label = larger.max_by_key(|larger| larger.replications()).unwrap_or(&label).clone();
        let opened = Self::new(results, (study, label), found.readable, extent)?;
        Ok(Self { before, others, is_growing: true, journal_label, ..opened })
    }

    /// The blocks of some journals, to which none are added.
    pub(super) fn assembled(results: &Path, study: &Study, journals: Vec<Journal>) -> Result<Self, Failure> {
        let extent = Extent { at_most: study.settings.replications, is_known: true, shard: None };
        Self::new(results, (study, Label::of(study, None)), journals, extent)
    }

    fn new(
        results: &Path,
        (study, label): (&Study, Label),
        journals: Vec<Journal>,
        extent: Extent,
    ) -> Result<Self, Failure> {
        let index = Index::of(&journals)?;
        let blocks = extent.blocks();
        let missing = count_of(index.missing(blocks.clone(), extent.at_most), extent.at_most);
        let all = count_of(blocks, extent.at_most);
        let kept = Kept {
            replications: AtomicU32::new(all - missing),
            of: extent.is_known.then_some(all),
            place: results.display().to_string(),
        };
        Ok(Self {
            results: results.to_owned(),
            journal_label: label.clone(),
            label,
            shape: Shape::new(&study.scenario, &study.settings),
            journals,
            index,
            before: BTreeSet::new(),
            others: Vec::new(),
            has_folder: journals::folder(results).is_dir(),
            is_growing: false,
            own: Mutex::new(None),
            kept: Arc::new(kept),
        })
    }

    /// Whether a run of this kind has begun here before.
    pub(super) fn has_begun(&self) -> bool {
        !self.journals.is_empty()
    }

    /// Whether there was a folder of journals, even an empty one, which the end of a run removes.
    pub(super) fn has_folder(&self) -> bool {
        self.has_folder
    }

    /// How many replications there are to be, at most.
    pub(super) fn total(&self) -> u32 {
        self.kept.of.unwrap_or(u32::MAX)
    }

    /// Whether nothing is left to compute.
    pub(super) fn is_all_there(&self) -> bool {
        self.kept.of == Some(self.kept.replications.load(Ordering::Relaxed))
    }

    /// The share of the replications that is still to be computed.
    pub(super) fn missing_share(&self) -> f64 {
        let kept = f64::from(self.kept.replications.load(Ordering::Relaxed));
        self.kept.of.map_or(1.0, |of| 1.0 - kept / f64::from(of.max(1)))
    }

    /// How many replications are kept.
    pub(super) fn kept(&self) -> Arc<Kept> {
        Arc::clone(&self.kept)
    }

    /// What is said of the blocks of before, if there is anything to say.
    pub(super) fn found(&self) -> Vec<String> {
        let mut said = Vec::new();
        let damaged = self.journals.iter().filter(|journal| journal.damaged > 0);
        said.extend(
            damaged
                .map(|journal| format!("{}: cut off or damaged; what was lost is computed again", journal.path.display())),
        );
        if self.kept.replications.load(Ordering::Relaxed) > 0 {
            said.push(format!("going on: {}", self.kept.share()));
        }
        said
    }

    /// Makes sure that the blocks of a shard outlive a loss of power. One that has none leaves a journal too, so that its folder
    /// is known as one of the run.
    pub(super) fn leave(&self) -> Result<(), Failure> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.is_none() && self.journals.is_empty() {
            *own = Some(self.begin().map_err(|error| self.failure(&error))?);
        }
        if let Some(own) = own.as_ref() {
            own.synchronise()?;
        }
        self.others.iter().try_for_each(|path| remove(path))
    }

    /// Makes sure that what is kept outlives a loss of power; where nothing is, leaves nothing.
    pub(super) fn close(&self) -> Result<(), Failure> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = own.as_ref() else { return Ok(()) };
        if !own.blocks.is_empty() {
            return own.synchronise();
        }
        fs::remove_file(&own.path).map_err(|error| Failure::writing(&own.path, &error))?;
        let _ = fs::remove_dir(journals::folder(&self.results));
        Ok(())
    }

    /// The failure that a block could not be kept.
    pub(super) fn failure(&self, error: &io::Error) -> Failure {
        let message =
            format!("cannot write to {}: {error}; {}", journals::folder(&self.results).display(), self.kept.last_words());
        Failure::Output(message)
    }

    /// Ends a run whose results are complete: removes its blocks, and those that gave way to it. If
    /// a larger run has left some beyond, all stay that it can resume from; returns what to say of them.
    pub(super) fn finish(&self, replications: u32) -> Result<Option<String>, Failure> {
        let beyond = self.beyond(replications);
        if beyond > 0 {
            self.close()?;
            self.others.iter().try_for_each(|path| remove(path))?;
            let (beyond, place) = (readable(beyond.into()), self.results.display());
            return Ok(Some(format!("{place} keeps {beyond} more replications; a run with a larger -n resumes from them")));
        }
        self.remove()?;
        Ok(None)
    }

    /// Counts the replications beyond these that other runs have left. Those that this run has computed ahead, before it was
    /// precise enough, do not count: no run asks for them.
    fn beyond(&self, replications: u32) -> u32 {
        let others = self.journals.iter().filter(|journal| journal.label != self.label);
        let ranges = others.flat_map(|journal| &journal.entries).map(|entry| &entry.replications);
        let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
        for range in ranges.filter(|range| range.end > replications) {
            let end = ends.entry(range.start.max(replications)).or_default();
            *end = range.end.max(*end);
        }
        ends.into_iter().map(|(start, end)| end - start).sum()
    }

    fn remove(&self) -> Result<(), Failure> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        self.before.iter().chain(own.as_ref().map(|own| &own.path)).try_for_each(|path| remove(path))?;
        // What another run keeps there stays.
        let _ = fs::remove_dir(journals::folder(&self.results));
        synchronise(&self.results);
        Ok(())
    }

    /// A block that this run has finished; none if it is no longer what it was.
    fn find_own(&self, replications: &Range<u32>) -> Option<Block> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let own = own.as_mut()?;
        let entry = own.blocks.get(&replications.start).filter(|entry| entry.replications == *replications)?;
        let content = journal::load(&mut own.file, entry).ok()??;
        self.shape.decode(&content, replications.len())
    }

    /// Begins the journal of this run, unless another run has begun here meanwhile.
    fn begin(&self) -> io::Result<Own> {
        let folder = journals::folder(&self.results);
        fs::create_dir_all(&folder)?;
        let (path, mut file) = (1_u32..)
            .find_map(|number| {
                let path = folder.join(format!("{number}.{ENDING}"));
                match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                    file => Some(file.map(|file| (path, file))),
                }
            })
            .ok_or(io::ErrorKind::AlreadyExists)??;
        let begun = journal::begin(&mut file, &self.journal_label.bytes()).and_then(|seal| {
            self.refuse_others(&path)?;
            [&folder, &self.results].into_iter().for_each(|folder| synchronise(folder));
            Ok(seal)
        });
        match begun {
            Ok(seal) => Ok(Own { path, file, seal, synchroniser: Synchroniser::default(), blocks: BTreeMap::new() }),
            Err(error) => {
                let _ = fs::remove_file(&path);
                let _ = fs::remove_dir(&folder);
                Err(error)
            }
        }
    }

    /// Fails if a run of something else has begun here since this one was started. Each looks after it has begun its own
    /// journal, so that of two at least one sees the other.
    fn refuse_others(&self, own: &Path) -> io::Result<()> {
        for path in paths(&self.results).map_err(|_| io::ErrorKind::Other)? {
            if path == own || self.before.contains(&path) {
                continue;
            }
            let Ok(mut file) = File::open(&path) else { continue };
            let label = journal::label(&mut file)?.and_then(|label| Label::read(&label));
            if let Some(first) = label.and_then(|label| self.label.other_values(&label).into_iter().next()) {
                return Err(io::Error::other(format!("a run of something else has begun there meanwhile: {first}")));
            }
        }
        Ok(())
    }
}

impl Own {
    /// Makes sure that all blocks outlive a loss of power.
    fn synchronise(&self) -> Result<(), Failure> {
        let synchronised = self.synchroniser.outcome().and_then(|()| self.file.sync_data());
        synchronised.map_err(|error| Failure::writing(&self.path, &error))
    }
}

impl Store for Blocks {
    fn find(&self, replications: &Range<u32>) -> Option<Block> {
        self.index.load(&self.journals, replications, &self.shape).or_else(|| self.find_own(replications))
    }

    fn keep(&self, replications: &Range<u32>, block: &Block) -> io::Result<()> {
        if !self.is_growing {
            return Ok(());
        }
        let content = block.encode();
        let mut place = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            *place = Some(self.begin()?);
        }
        let Some(own) = place.as_mut() else { return Ok(()) };
        let end = own.file.seek(SeekFrom::End(0))?;
        let checksum = own.seal.append(&mut own.file, replications, &content).inspect_err(|_| {
            // What is half written is passed over when the journal is read; without it others have more room.
            let _ = own.file.set_len(end);
        })?;
        let entry = Entry::added(end, replications.clone(), checksum, content.len());
        own.blocks.insert(replications.start, entry);
        own.synchroniser.set_out(&own.file)?;
        drop(place);
        self.kept.replications.fetch_add(replications.len() as u32, Ordering::Relaxed);
        Ok(())
    }
}

impl Kept {
    /// How many replications are kept, and where.
    pub(super) fn share(&self) -> String {
        let kept = readable(self.replications.load(Ordering::Relaxed).into());
        let of = self.of.map_or_else(String::new, |of| format!(" of {}", readable(of.into())));
        format!("{kept}{of} replications are kept in {}", self.place)
    }

    /// What is said when a run ends early.
    pub(super) fn last_words(&self) -> String {
        if self.replications.load(Ordering::Relaxed) == 0 {
            return "no result was written".to_owned();
        }
        format!("{}; run the same command again to go on", self.share())
    }
}

/// Replications in some blocks of a run of so many.
fn count_of(blocks: impl IntoIterator<Item = u32>, replications: u32) -> u32 {
    blocks.into_iter().map(|block| replications_of(block, replications).len() as u32).sum()
}
