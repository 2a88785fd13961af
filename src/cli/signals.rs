//! Signals: Ctrl-C and SIGTERM end a command within a second; a limit of time ends it in good order.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};

use super::failure::Failure;

/// How long a command may take to stop in good order.
const PATIENCE: Duration = Duration::from_millis(800);

/// Whether a signal has come, or the time is over.
#[derive(Clone, Debug, Default)]
pub(super) struct Signals {
    stop: Arc<AtomicBool>,
    /// The number of the signal; 0 while none has come.
    number: Arc<AtomicU8>,
    last_words: LastWords,
}

/// What is left when the command ends early.
#[derive(Clone, Default)]
struct LastWords(Arc<Mutex<Option<Words>>>);

type Words = Box<dyn Fn() -> String + Send>;

impl fmt::Debug for LastWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastWords")
    }
}

/// A limit of time that holds until it is dropped.
#[derive(Debug)]
pub(super) struct Limit {
    ended: Option<mpsc::Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Drop for Limit {
    fn drop(&mut self) {
        drop(self.ended.take());
        if let Some(waiting) = self.waiting.take() {
            // Afterwards nothing stops any more.
            let _ = waiting.join();
        }
    }
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        // A file that grows beyond a limit of the shell is then an error of writing like any other, which has its message.
        #[cfg(unix)]
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
        // Without a listener a signal ends the process the usual way, which harms no file either.
        if let Ok(mut listener) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
            thread::spawn(move || {
                if let Some(number) = listener.forever().next() {
                    heard.number.store(u8::try_from(number).unwrap_or(2), Ordering::Relaxed);
                    heard.stop.store(true, Ordering::Relaxed);
                    // A replication of an enormous team may take long: no file depends on waiting for it.
                    thread::sleep(PATIENCE);
                    let failure = heard.failure();
                    failure.tell();
                    std::process::exit(failure.status().into());
                }
            });
        }
        signals
    }

    /// Stops in good order when this much time has passed, whatever the clocks on the wall do meanwhile; not any more once what
    /// is given back is dropped.
    pub(super) fn limit(&self, time: Duration) -> Limit {
        let (ended, end) = mpsc::channel();
        let stop = Arc::clone(&self.stop);
        let waiting = thread::spawn(move || {
            // An end before the time gives another error.
            let is_over = end.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            stop.fetch_or(is_over, Ordering::Relaxed);
        });
        Limit { ended: Some(ended), waiting: Some(waiting) }
    }

    /// Has these words said if the command ends early, rather than that nothing was written.
    pub(super) fn leave(&self, last_words: impl Fn() -> String + Send + 'static) {
        *self.last_words.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(last_words));
    }

    /// Turns true when a signal comes, or the time is over.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Fails after a signal, or when the time is over.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.stop.load(Ordering::Relaxed) { Err(self.failure()) } else { Ok(()) }
    }

    /// The failure that the signal is, or the end of the time.
    pub(super) fn failure(&self) -> Failure {
        let last_words = self.last_words.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = last_words.as_ref().map_or_else(|| "no result was written".to_owned(), |last_words| last_words());
        match self.number.load(Ordering::Relaxed) {
            0 => Failure::Partial(format!("the time is over: {left}")),
            number => Failure::Signal(number, left),
        }
    }
}
