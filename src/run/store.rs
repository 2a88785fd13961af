//! Where finished blocks are kept, and found again by whoever asks for them.

use std::collections::BTreeMap;
use std::io;
use std::sync::{PoisonError, RwLock};

use super::block::{Block, Content};
use super::encoding::{BlockKey, Shape};

/// Keeps blocks as they are finished, and knows those that were kept before, for whatever question.
///
/// Threads that simulate use it at the same time.
pub trait Store: Send + Sync {
    /// The block of a key, if it was kept with at least this content.
    fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block>;

    /// Keeps a finished block.
    ///
    /// # Errors
    /// If it cannot be kept; whoever simulates ends then.
    fn keep(&self, key: &BlockKey, block: &Block) -> io::Result<()>;
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoStore;

impl Store for NoStore {
    fn find(&self, _: &BlockKey, _: Content, _: &Shape) -> Option<Block> {
        None
    }

    fn keep(&self, _: &BlockKey, _: &Block) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps blocks in memory.
#[derive(Debug, Default)]
pub struct Memory(RwLock<BTreeMap<BlockKey, Block>>);

impl Store for Memory {
    fn find(&self, key: &BlockKey, content: Content, _: &Shape) -> Option<Block> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|block| block.content() >= content).cloned()
    }

    fn keep(&self, key: &BlockKey, block: &Block) -> io::Result<()> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), block.clone());
        Ok(())
    }
}
