//! The responses of replications once more: as they are kept, or, of a long run, from its blocks.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::run::{BLOCK_REPLICATIONS, Block, Forgetful, Store, Worker, replications_of};
use crate::stats::Column;

use super::estimates::{Results, Study};

/// Where the blocks of a run are found again; those that are not there are computed again, to the same bits.
#[derive(Clone)]
pub struct Source(Arc<dyn Store + Send>);

impl Source {
    /// The store in which a run has kept its blocks.
    #[must_use]
    pub fn new(store: Arc<dyn Store + Send>) -> Self {
        Self(store)
    }

    fn block(&self, study: &Study, replications: &Range<u32>) -> io::Result<Block> {
        let compute =
            || Worker::new(&study.scenario, &study.settings).compute(replications.clone(), &AtomicBool::new(false));
        let lost = || io::Error::other(format!("replications from {} on are lost", replications.start));
        self.0.find(replications).or_else(compute).ok_or_else(lost)
    }
}

impl Default for Source {
    /// Finds nothing.
    fn default() -> Self {
        Self(Arc::new(Forgetful))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Source")
    }
}

impl Results {
    /// The responses of some replications of a strategy, by its position: a column each.
    ///
    /// They begin with a block, and end with one or with the last replication.
    ///
    /// # Errors
    /// If replications that are not kept can neither be found nor be computed again.
    pub(super) fn replications(&self, strategy: usize, rows: &Range<usize>) -> io::Result<Vec<Cow<'_, [f64]>>> {
        let kept = self.responses[strategy].iter().map(|column| Some(column.as_kept()?.get(rows.clone())?.into()));
        kept.collect::<Option<_>>().map_or_else(|| self.found(strategy, rows), Ok)
    }

    fn found(&self, strategy: usize, rows: &Range<usize>) -> io::Result<Vec<Cow<'_, [f64]>>> {
        let block_rows = BLOCK_REPLICATIONS as usize;
        let mut columns = vec![Vec::with_capacity(rows.len()); self.responses[strategy].len()];
        for index in rows.start / block_rows..rows.end.div_ceil(block_rows) {
            let replications = replications_of(index as u32, self.study.settings.replications);
            let block = self.source.block(&self.study, &replications)?;
            for (column, values) in columns.iter_mut().zip(block.strategies[strategy].responses.chunks(replications.len())) {
                column.extend_from_slice(values);
            }
        }
        Ok(columns.into_iter().map(Cow::from).collect())
    }
}

/// Rows of replications that come one at a time, to columns that are kept or counted.
#[derive(Debug)]
pub(super) struct Gathered {
    columns: Vec<Column>,
    rows: Vec<Vec<f64>>,
}

impl Gathered {
    /// Rows that wait to be counted.
    const WAITING: usize = 4096;

    /// So many columns, of values that are counted or kept.
    pub(super) fn new(columns: usize, is_counted: bool) -> Self {
        let column = || if is_counted { Column::counted() } else { Column::Kept(Vec::new()) };
        Self { columns: (0..columns).map(|_| column()).collect(), rows: vec![Vec::new(); columns] }
    }

    /// Adds a value to a column.
    pub(super) fn push(&mut self, column: usize, value: f64) {
        let waiting = &mut self.rows[column];
        waiting.push(value);
        if waiting.len() == Self::WAITING {
            self.columns[column].add(waiting);
            waiting.clear();
        }
    }

    /// The columns.
    pub(super) fn finish(mut self) -> Vec<Column> {
        self.columns.iter_mut().zip(&self.rows).for_each(|(column, waiting)| column.add(waiting));
        self.columns
    }
}
