//! A journal of blocks: finished blocks one after the other, each with a checksum, after a label that says what they are of.
//!
//! ```text
//! journal: mark of journals, length of the label (8 bytes), SHA-256 of the label, label, then blocks
//! block:   mark of blocks, first replication, replication after the last (4 bytes each), length (8 bytes), SHA-256 of the
//!          content, the first 16 bytes of the SHA-256 of the label's SHA-256 and all of this, content
//! ```
//!
//! Numbers are little-endian. A journal only ever grows, by whole blocks. What was cut off or has changed since is passed
//! over: the checksum of a block's head tells a block of another label, or of none; that of its content, any changed bit.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use sha2::{Digest, Sha256};

/// What a journal begins with; the number is that of its form.
const JOURNAL_MARK: [u8; 16] = *b"handover blocks1";
/// What a block begins with.
const BLOCK_MARK: [u8; 8] = *b"\nHOblock";
/// Bytes of the head of a block.
const HEAD_BYTES: usize = 8 + 4 + 4 + 8 + 32 + 16;
/// Longest label that is read.
const LONGEST_LABEL: u64 = 1 << 26;
/// Bytes that are read at a time.
const PIECE_BYTES: usize = 1 << 16;

/// A checksum: SHA-256.
pub type Checksum = [u8; 32];

/// What ties blocks to the label of their journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal(Checksum);

/// Where the content of a block is, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The replications of the block.
    pub replications: Range<u32>,
    /// Checksum of its content: equal for equal blocks.
    pub checksum: Checksum,
    /// Where the content begins, in bytes.
    place: u64,
    /// How long it is, in bytes.
    length: u64,
}

impl Entry {
    /// A block of so many bytes that was added at this place of a journal.
    #[must_use]
    pub fn added(at: u64, replications: Range<u32>, checksum: Checksum, length: usize) -> Self {
        Self { replications, checksum, place: at + HEAD_BYTES as u64, length: length as u64 }
    }
}

/// What was found in a journal.
#[derive(Clone, Debug)]
pub struct Contents {
    /// What its blocks are of.
    pub label: Vec<u8>,
    /// The blocks that are whole.
    pub entries: Vec<Entry>,
    /// How many times there was something else: blocks of which a bit has changed, or the end of one that was cut off.
    pub damaged: u32,
}

/// Begins a journal.
///
/// # Errors
/// If it cannot be written.
pub fn begin(out: &mut impl Write, label: &[u8]) -> io::Result<Seal> {
    let checksum: Checksum = Sha256::digest(label).into();
    let length = (label.len() as u64).to_le_bytes();
    out.write_all(&[&JOURNAL_MARK, &length[..], &checksum, label].concat())?;
    Ok(Seal(checksum))
}

impl Seal {
    /// Adds a block at the end of the journal, and gives the checksum of its content.
    ///
    /// # Errors
    /// If it cannot be written; then part of it may be there.
    pub fn append(&self, out: &mut impl Write, replications: &Range<u32>, content: &[u8]) -> io::Result<Checksum> {
        let checksum = Sha256::digest(content).into();
        out.write_all(&self.head(replications, content.len() as u64, checksum))?;
        out.write_all(content)?;
        Ok(checksum)
    }

    fn head(&self, replications: &Range<u32>, length: u64, checksum: Checksum) -> [u8; HEAD_BYTES] {
        let (start, end) = (replications.start.to_le_bytes(), replications.end.to_le_bytes());
        let content: [&[u8]; 5] = [&BLOCK_MARK, &start, &end, &length.to_le_bytes(), &checksum];
        let mut head = [0; HEAD_BYTES];
        let (front, seal) = head.split_at_mut(HEAD_BYTES - 16);
        front.copy_from_slice(&content.concat());
        seal.copy_from_slice(&Sha256::new().chain_update(self.0).chain_update(front).finalize()[..16]);
        head
    }

    /// Replications, length and checksum of a head, if it is one of this journal.
    fn read_head(&self, head: &[u8; HEAD_BYTES]) -> Option<(Range<u32>, u64, Checksum)> {
        let number = |at: usize| head.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        let replications = number(8)?..number(12)?;
        let length = u64::from_le_bytes(head.get(16..24)?.try_into().ok()?);
        let checksum = head.get(24..56)?.try_into().ok()?;
        (self.head(&replications, length, checksum) == *head).then_some((replications, length, checksum))
    }
}

/// Reads the label of a journal; none if it has none.
///
/// # Errors
/// If it cannot be read.
pub fn label<R: Read + Seek>(journal: &mut R) -> io::Result<Option<Vec<u8>>> {
    let end = journal.seek(SeekFrom::End(0))?;
    journal.rewind()?;
    Ok(read_label(journal, end)?.map(|(label, _)| label))
}

/// Reads a journal through; none if it does not begin as one, as when it was cut off within its label.
///
/// # Errors
/// If it cannot be read.
pub fn read<R: Read + Seek>(journal: &mut R) -> io::Result<Option<Contents>> {
    let end = journal.seek(SeekFrom::End(0))?;
    journal.rewind()?;
    let Some((label, seal)) = read_label(journal, end)? else { return Ok(None) };
    let mut contents = Contents { label, entries: Vec::new(), damaged: 0 };
    let mut at = journal.stream_position()?;
    let mut piece = vec![0; PIECE_BYTES];
    while at < end {
        journal.seek(SeekFrom::Start(at))?;
        let mut head = [0; HEAD_BYTES];
        let is_whole = is_read(journal.read_exact(&mut head))?;
        if let Some((replications, length, checksum)) = is_whole.then(|| seal.read_head(&head)).flatten() {
            let place = at + HEAD_BYTES as u64;
            at = place.saturating_add(length);
            if at <= end && digest(journal, length, &mut piece)? == Some(checksum) {
                contents.entries.push(Entry { replications, checksum, place, length });
            } else {
                contents.damaged += 1;
            }
        } else {
            contents.damaged += 1;
            at = next_mark(journal, at + 1, &mut piece)?.unwrap_or(end);
        }
    }
    Ok(Some(contents))
}

/// Reads the content of a block; none if it is no longer what it was.
///
/// # Errors
/// If it cannot be read.
pub fn load<R: Read + Seek>(journal: &mut R, entry: &Entry) -> io::Result<Option<Vec<u8>>> {
    journal.seek(SeekFrom::Start(entry.place))?;
    let mut content = Vec::new();
    journal.take(entry.length).read_to_end(&mut content)?;
    Ok((Checksum::from(Sha256::digest(&content)) == entry.checksum).then_some(content))
}

fn read_label(journal: &mut impl Read, end: u64) -> io::Result<Option<(Vec<u8>, Seal)>> {
    let (mut mark, mut length, mut checksum) = ([0; 16], [0; 8], [0; 32]);
    for part in [&mut mark[..], &mut length, &mut checksum] {
        if !is_read(journal.read_exact(part))? {
            return Ok(None);
        }
    }
    let length = u64::from_le_bytes(length);
    if mark != JOURNAL_MARK || length > LONGEST_LABEL.min(end) {
        return Ok(None);
    }
    let mut label = Vec::new();
    journal.take(length).read_to_end(&mut label)?;
    let is_label = label.len() as u64 == length && Checksum::from(Sha256::digest(&label)) == checksum;
    Ok(is_label.then_some((label, Seal(checksum))))
}

/// Whether something was there to be read.
fn is_read(read: io::Result<()>) -> io::Result<bool> {
    match read {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// The checksum of what follows; none if the journal ends before.
fn digest(journal: &mut impl Read, length: u64, piece: &mut [u8]) -> io::Result<Option<Checksum>> {
    let mut sum = Sha256::new();
    let mut left = length;
    while left > 0 {
        let part = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        if !is_read(journal.read_exact(&mut piece[..part]))? {
            return Ok(None);
        }
        sum.update(&piece[..part]);
        left -= part as u64;
    }
    Ok(Some(sum.finalize().into()))
}

/// Where the next block may begin.
fn next_mark<R: Read + Seek>(journal: &mut R, from: u64, piece: &mut [u8]) -> io::Result<Option<u64>> {
    let mut at = from;
    loop {
        journal.seek(SeekFrom::Start(at))?;
        let mut filled = 0;
        while filled < piece.len() {
            match journal.read(&mut piece[filled..])? {
                0 => break,
                more => filled += more,
            }
        }
        if filled < BLOCK_MARK.len() {
            return Ok(None);
        }
        let found = piece[..filled].windows(BLOCK_MARK.len()).position(|window| window == BLOCK_MARK);
        if let Some(found) = found {
            return Ok(Some(at + found as u64));
        }
        at += (filled - BLOCK_MARK.len() + 1) as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const LABEL: &[u8] = b"what the blocks are of";

    /// The content of the block that begins at a replication; some of it looks like the beginning of a block.
    fn content(first: u32) -> Vec<u8> {
        let mut content: Vec<u8> = (0..200 + first % 57).map(|at| (at * 7 + first) as u8).collect();
        content[40..48].copy_from_slice(&BLOCK_MARK);
        content
    }

    fn journal(blocks: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let seal = begin(&mut bytes, LABEL).expect("memory can be written");
        for first in (0..blocks).map(|block| 256 * block) {
            seal.append(&mut bytes, &(first..first + 256), &content(first)).expect("memory can be written");
        }
        bytes
    }

    /// A journal of three blocks, where the first begins, and where each ends.
    fn three_blocks() -> (Vec<u8>, usize, Vec<usize>) {
        (journal(3), journal(0).len(), (1..=3).map(|blocks| journal(blocks).len()).collect())
    }

    /// First replications of the blocks that are found with what was written, and how much else there was.
    fn found(bytes: &[u8]) -> Option<(Vec<u32>, u32)> {
        let mut journal = Cursor::new(bytes);
        let contents = read(&mut journal).expect("memory can be read")?;
        assert_eq!(contents.label, LABEL);
        for entry in &contents.entries {
            let loaded = load(&mut journal, entry).expect("memory can be read");
            assert_eq!(loaded, Some(content(entry.replications.start)));
            assert_eq!(entry.replications.len(), 256);
        }
        Some((contents.entries.iter().map(|entry| entry.replications.start).collect(), contents.damaged))
    }

    #[test]
    fn what_is_written_is_found() {
        assert_eq!(found(&journal(3)), Some((vec![0, 256, 512], 0)));
        assert_eq!(found(&journal(0)), Some((vec![], 0)));
    }

    #[test]
    fn a_journal_cut_off_anywhere_keeps_the_blocks_before() {
        let (whole, begins, ends) = three_blocks();
        for length in 0..whole.len() {
            let found = found(&whole[..length]);
            if length < begins {
                assert_eq!(found, None, "{length}");
                continue;
            }
            let (blocks, damaged) = found.expect("it has its label");
            assert_eq!(blocks.len(), ends.iter().filter(|&&end| end <= length).count(), "{length}");
            let is_whole = length == begins || ends.contains(&length);
            assert_eq!(damaged > 0, !is_whole, "{length}");
        }
    }

    #[test]
    fn a_bit_that_changes_anywhere_costs_its_block_and_no_other() {
        let (whole, begins, ends) = three_blocks();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            let Some((blocks, damaged)) = found(&changed) else {
                assert!(at < begins, "{at}");
                continue;
            };
            assert!(at >= begins && damaged > 0, "{at}");
            let lost = ends.iter().filter(|&&end| end <= at).count();
            let others: Vec<u32> = (0..3_u32).filter(|&block| block as usize != lost).map(|block| 256 * block).collect();
            assert_eq!(blocks, others, "{at}");
        }
    }

    #[test]
    fn blocks_of_another_label_are_not_taken() {
        let mut bytes = journal(1);
        let mut other = Vec::new();
        let seal = begin(&mut other, b"something else").expect("memory can be written");
        seal.append(&mut bytes, &(256..512), &content(256)).expect("memory can be written");
        let (blocks, damaged) = found(&bytes).expect("it has its label");
        assert_eq!((blocks, damaged > 0), (vec![0], true));
    }

    #[test]
    fn content_that_changes_after_reading_is_not_loaded() {
        let mut bytes = journal(1);
        let contents = read(&mut Cursor::new(&bytes)).expect("memory can be read").expect("it is a journal");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        assert_eq!(load(&mut Cursor::new(&bytes), &contents.entries[0]).expect("memory can be read"), None);
        bytes.truncate(last);
        assert_eq!(load(&mut Cursor::new(&bytes), &contents.entries[0]).expect("memory can be read"), None);
    }

    #[test]
    fn lengths_that_cannot_be_take_no_memory() {
        let mut bytes = journal(0);
        bytes[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(found(&bytes), None);
        let mut bytes = Vec::new();
        let seal = begin(&mut bytes, LABEL).expect("memory can be written");
        bytes.extend(seal.head(&(0..256), u64::MAX, [0; 32]));
        assert_eq!(found(&bytes), Some((vec![], 1)));
    }
}
