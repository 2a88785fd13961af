//! Stores finished blocks and finds them again.

use std::collections::BTreeMap;
use std::io;
use std::sync::{PoisonError, RwLock};

use super::block::{Block, Content};
use super::encoding::{BlockKey, Shape};

/// Stores blocks as they are finished, and finds those stored earlier, for whatever question.
///
/// Threads that simulate use it at the same time.
pub trait Store: Send + Sync {
    /// Returns the block of a key, if it is stored with at least this content.
    fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block>;

    /// Saves a finished block.
    ///
    /// # Errors
    /// Fails if the block cannot be saved. The simulation then ends.
    fn keep(&self, key: &BlockKey, block: &Block) -> io::Result<()>;
}

/// Stores nothing.
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

/// Stores blocks in memory.
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
