//! Signals: Ctrl-C and SIGTERM end a command within a second. A time limit ends it cleanly.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};

use super::failure::Failure;

/// Time that a command may take to stop cleanly.
const PATIENCE: Duration = Duration::from_millis(800);

/// Whether a signal has come, or the time limit has passed.
#[derive(Clone, Debug, Default)]
pub(super) struct Signals {
    cause: Arc<Cause>,
    last_words: LastWords,
}

/// Why a command ends early. A signal wins over the time limit, whichever comes first. The sender of the signal waits
/// for its exit status, and a limit that passes while the command stops must not hide it.
///
/// Workers watch `stop` alone, as often as they like, with relaxed loads. It is stored last, with release, and `why`
/// loads it with acquire before it loads `number`. So a thread that acts upon `stop` sees what caused it. Without that
/// order, a command that a signal stops could read that there is no signal yet, and blame a time limit that it does not
/// have.
#[derive(Debug, Default)]
struct Cause {
    stop: Arc<AtomicBool>,
    /// The number of the signal; 0 while none has come.
    number: AtomicU8,
}

/// Why a command stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Signal(u8),
    TimeOver,
}

impl Cause {
    /// Records a signal. Of several, the first counts.
    fn hear(&self, number: u8) {
        let _ = self.number.compare_exchange(0, number, Ordering::Release, Ordering::Relaxed);
        self.stop.store(true, Ordering::Release);
    }

    fn end_time(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Returns why the command must stop; none if it need not.
    fn why(&self) -> Option<Why> {
        self.stop.load(Ordering::Acquire).then(|| match self.number.load(Ordering::Acquire) {
            0 => Why::TimeOver,
            number => Why::Signal(number),
        })
    }
}

/// The message of a command that ends early.
#[derive(Clone, Default)]
struct LastWords(Arc<Mutex<Option<Words>>>);

type Words = Box<dyn Fn() -> String + Send>;

impl fmt::Debug for LastWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastWords")
    }
}

/// What a time limit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Milestone {
    /// The first block that is not saved yet is being computed.
    Begun,
    /// Nothing more is computed.
    Ended,
}

/// A time limit that holds until it is dropped.
#[derive(Debug)]
pub(super) struct Limit {
    milestones: mpsc::Sender<Milestone>,
    waiting: Option<JoinHandle<()>>,
}

impl Limit {
    /// Returns where to report milestones.
    pub(super) fn milestones(&self) -> mpsc::Sender<Milestone> {
        self.milestones.clone()
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        let _ = self.milestones.send(Milestone::Ended);
        if let Some(waiting) = self.waiting.take() {
            // From here on nothing stops any more.
            let _ = waiting.join();
        }
    }
}

impl Signals {
    /// Starts to listen.
    pub(super) fn listen() -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        // A file that exceeds a shell limit is then an ordinary write error with its message.
        #[cfg(unix)]
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
        // Without a listener a signal ends the process as usual, which harms no file either.
        if let Ok(mut listener) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
            let waiting = move || {
                if let Some(number) = listener.forever().next() {
                    heard.cause.hear(u8::try_from(number).unwrap_or(2));
                    // A replication of an enormous team may take long. No file depends on waiting for it.
                    thread::sleep(PATIENCE);
                    let failure = heard.failure();
                    failure.print();
                    std::process::exit(failure.status().into());
                }
            };
            // If no thread can start, the listener is dropped.
            let _ = thread::Builder::new().spawn(waiting);
        }
        signals
    }

    /// Stops cleanly after this time, whatever happens to the system clock, until the returned limit is dropped. The time
    /// begins when the first block is computed: so a command that is run again and again gets on, however many blocks it
    /// has to read first.
    ///
    /// Fails if no thread can start.
    pub(super) fn limit(&self, time: Duration) -> Result<Limit, Failure> {
        let (milestones, reached) = mpsc::channel();
        let cause = Arc::clone(&self.cause);
        let waiting = thread::Builder::new().spawn(move || {
            if is_over(time, &reached) {
                cause.end_time();
            }
        });
        let waiting = waiting.map_err(|error| Failure::Output(format!("cannot start a thread: {error}")))?;
        Ok(Limit { milestones, waiting: Some(waiting) })
    }

    /// Sets the message of a command that ends early.
    pub(super) fn leave(&self, last_words: impl Fn() -> String + Send + 'static) {
        *self.last_words.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(last_words));
    }

    /// Returns a flag that becomes true when a signal comes or the time limit passes.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cause.stop)
    }

    /// Fails after a signal, or when the time limit has passed.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.cause.why().map_or(Ok(()), |why| Err(self.failure_of(why)))
    }

    /// Returns the failure of the signal or the time limit.
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

/// Waits for the end of a time limit. Returns false if everything is computed earlier.
fn is_over(time: Duration, milestones: &Receiver<Milestone>) -> bool {
    milestones.recv() == Ok(Milestone::Begun) && milestones.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    const INT: u8 = SIGINT as u8;
    const TERM: u8 = SIGTERM as u8;

    /// Returns the exit status after these signals and time limits (0), in this order.
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
    fn a_time_limit_begins_with_the_first_block_that_is_computed() {
        let (sender, reached) = mpsc::channel();
        sender.send(Milestone::Begun).expect("it listens");
        assert!(is_over(Duration::ZERO, &reached));
        // Everything was saved before.
        sender.send(Milestone::Ended).expect("it listens");
        assert!(!is_over(Duration::ZERO, &reached));
    }

    #[test]
    fn a_signal_is_never_lost_among_time_limits_that_pass_at_the_same_time() {
        for _ in 0..500 {
            let signals = Signals::default();
            let limit = signals.limit(Duration::ZERO).expect("a thread starts");
            limit.milestones().send(Milestone::Begun).expect("it listens");
            thread::scope(|scope| {
                scope.spawn(|| signals.cause.hear(TERM));
                scope.spawn(|| signals.cause.end_time());
            });
            drop(limit);
            assert_eq!(signals.failure().status(), 143);
        }
    }
}
