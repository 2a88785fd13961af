//! A file that grows is made to outlive a loss of power, while nobody waits for the disk.

use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// After how long what was written is made to outlive a loss of power; the end of the program it outlives at once.
const AFTER: Duration = Duration::from_secs(5);

/// Synchronises a file [`AFTER`] something was written to it, and not more often: what is written meanwhile goes with it.
#[derive(Debug, Default)]
pub(super) struct Synchroniser(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_under_way: bool,
    /// The first failure; a system tells of each only once.
    failed: Option<io::Error>,
}

impl Synchroniser {
    /// Something was written to this file: in a while it will be made to last.
    ///
    /// # Errors
    /// If that could not be done for what was written before.
    pub(super) fn set_out(&self, file: &File) -> io::Result<()> {
        self.set_out_after(AFTER, file, File::sync_data)
    }

    fn set_out_after(
        &self,
        after: Duration,
        file: &File,
        synchronise: impl FnOnce(&File) -> io::Result<()> + Send + 'static,
    ) -> io::Result<()> {
        self.outcome()?;
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_under_way {
            return Ok(());
        }
        let (same, shared) = (file.try_clone()?, Arc::clone(&self.0));
        let later = move || {
            thread::sleep(after);
            // What is written from here on may come too late for this time, and sets out again.
            shared.lock().unwrap_or_else(PoisonError::into_inner).is_under_way = false;
            if let Err(error) = synchronise(&same) {
                shared.lock().unwrap_or_else(PoisonError::into_inner).failed.get_or_insert(error);
            }
        };
        match thread::Builder::new().spawn(later) {
            Ok(_) => state.is_under_way = true,
            // No thread can be had: then now.
            Err(_) => file.sync_data()?,
        }
        Ok(())
    }

    /// What has failed so far, told once.
    ///
    /// # Errors
    /// If something has.
    pub(super) fn outcome(&self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed.take().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SOON: Duration = Duration::from_secs(1);
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn what_is_written_lasts_in_a_while_though_nothing_more_comes() {
        let (synchroniser, file) = (Synchroniser::default(), tempfile::tempfile().expect("there is room"));
        let (told, heard) = mpsc::channel();
        let tell = |number: u32| {
            let told = told.clone();
            move |_: &File| told.send(number).map_err(io::Error::other)
        };
        // The second goes with the first; what comes after that sets out again.
        synchroniser.set_out_after(SOON, &file, tell(1)).expect("nothing has failed");
        synchroniser.set_out_after(SOON, &file, tell(2)).expect("nothing has failed");
        assert_eq!(heard.recv_timeout(PATIENCE), Ok(1));
        synchroniser.set_out_after(SOON, &file, tell(3)).expect("nothing has failed");
        assert_eq!(heard.recv_timeout(PATIENCE), Ok(3));
        assert!(heard.try_recv().is_err());
    }

    #[test]
    fn a_failure_is_told_to_whoever_writes_next() {
        let (synchroniser, file) = (Synchroniser::default(), tempfile::tempfile().expect("there is room"));
        let fail = |_: &File| Err(io::ErrorKind::StorageFull.into());
        synchroniser.set_out_after(Duration::ZERO, &file, fail).expect("nothing has failed");
        let begun = std::time::Instant::now();
        let failed = loop {
            match synchroniser.outcome() {
                Ok(()) => thread::yield_now(),
                Err(error) => break error,
            }
            assert!(begun.elapsed() < PATIENCE);
        };
        assert_eq!(failed.kind(), io::ErrorKind::StorageFull);
        assert!(synchroniser.outcome().is_ok(), "it is told twice");
    }
}
