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
    cause: Arc<Cause>,
    last_words: LastWords,
}

/// Why a command ends early. A signal wins over the time limit, whichever comes first: whoever sent it waits for its exit
/// status, and a limit that passes while the command stops must not hide it.
///
/// Workers watch `stop` alone, as often as they like, with relaxed loads. It is stored last, with release, and `why` loads it
/// with acquire before it loads `number`. So who acts upon `stop` sees what caused it. Without that order, a command that a
/// signal stops could read that there is no signal yet, and blame a time limit that it does not have.
#[derive(Debug, Default)]
struct Cause {
    stop: Arc<AtomicBool>,
    /// The number of the signal; 0 while none has come.
    number: AtomicU8,
}

/// What a command is stopped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Signal(u8),
    TimeOver,
}

impl Cause {
    /// A signal has come. Of several, the first counts.
    fn hear(&self, number: u8) {
        let _ = self.number.compare_exchange(0, number, Ordering::Release, Ordering::Relaxed);
        self.stop.store(true, Ordering::Release);
    }

    fn end_time(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Why the command is to stop; none if it is not.
    fn why(&self) -> Option<Why> {
        self.stop.load(Ordering::Acquire).then(|| match self.number.load(Ordering::Acquire) {
            0 => Why::TimeOver,
            number => Why::Signal(number),
        })
    }
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
                    heard.cause.hear(u8::try_from(number).unwrap_or(2));
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
        let cause = Arc::clone(&self.cause);
        let waiting = thread::spawn(move || {
            // An end before the time gives another error.
            if end.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                cause.end_time();
            }
        });
        Limit { ended: Some(ended), waiting: Some(waiting) }
    }

    /// Has these words said if the command ends early, rather than that nothing was written.
    pub(super) fn leave(&self, last_words: impl Fn() -> String + Send + 'static) {
        *self.last_words.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(last_words));
    }

    /// Turns true when a signal comes, or the time is over.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cause.stop)
    }

    /// Fails after a signal, or when the time is over.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.cause.why().map_or(Ok(()), |why| Err(self.failure_of(why)))
    }

    /// The failure that the signal is, or the end of the time.
    pub(super) fn failure(&self) -> Failure {
        self.failure_of(self.cause.why().unwrap_or(Why::TimeOver))
    }

    fn failure_of(&self, why: Why) -> Failure {
        let last_words = self.last_words.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = last_words.as_ref().map_or_else(|| "no results were written".to_owned(), |last_words| last_words());
        match why {
            Why::TimeOver => Failure::Partial(format!("time limit reached: {left}")),
            Why::Signal(number) => Failure::Signal(number, left),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    const INT: u8 = SIGINT as u8;
    const TERM: u8 = SIGTERM as u8;

    /// The exit status after these signals have come and time limits have passed (0), in this order.
    fn status(events: &[u8]) -> u8 {
        let signals = Signals::default();
        for &event in events {
            if event == 0 {
                signals.cause.end_time()
            } else {
                signals.cause.hear(event)
            }
            assert!(signals.stop().load(Ordering::Relaxed), "{events:?}");
        }
        let checked = signals.check().expect_err("the command is to stop").status();
        assert_eq!(checked, signals.failure().status(), "{events:?}");
        checked
    }

    #[test]
    fn a_signal_wins_over_the_time_limit_and_the_first_signal_over_the_next() {
        assert!(Signals::default().check().is_ok());
        assert_eq!([status(&[0]), status(&[INT]), status(&[TERM])], [3, 130, 143]);
        assert_eq!([status(&[0, INT]), status(&[INT, 0]), status(&[0, TERM, 0])], [130, 130, 143]);
        assert_eq!([status(&[INT, TERM]), status(&[TERM, INT])], [130, 143]);
    }

    #[test]
    fn whoever_sees_that_a_signal_stops_the_command_sees_the_signal() {
        for _ in 0..2_000 {
            let signals = Signals::default();
            let together = Barrier::new(2);
            let seen = thread::scope(|scope| {
                scope.spawn(|| {
                    together.wait();
                    signals.cause.hear(INT);
                });
                together.wait();
                while !signals.stop().load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
                signals.failure().status()
            });
            assert_eq!(seen, 130);
        }
    }

    #[test]
    fn a_signal_is_never_lost_among_time_limits_that_pass_at_the_same_time() {
        for _ in 0..500 {
            let signals = Signals::default();
            let limit = signals.limit(Duration::ZERO);
            thread::scope(|scope| {
                scope.spawn(|| signals.cause.hear(TERM));
                scope.spawn(|| signals.cause.end_time());
            });
            drop(limit);
            assert_eq!(signals.failure().status(), 143);
        }
    }
}
