//! Signals: Ctrl-C and SIGTERM end a command within a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};

use super::failure::Failure;

/// How long a command may take to stop in good order.
const PATIENCE: Duration = Duration::from_millis(800);

/// Whether a signal has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Signals {
    stop: Arc<AtomicBool>,
    number: Arc<AtomicU8>,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        // Without a listener a signal ends the process the usual way, which harms no file either.
        if let Ok(mut listener) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
            thread::spawn(move || {
                if let Some(number) = listener.forever().next() {
                    let number = u8::try_from(number).unwrap_or(2);
                    heard.number.store(number, Ordering::Relaxed);
                    heard.stop.store(true, Ordering::Relaxed);
                    // A replication of an enormous team may take long: no file depends on waiting for it.
                    thread::sleep(PATIENCE);
                    Failure::Signal(number).tell();
                    std::process::exit(128 + i32::from(number));
                }
            });
        }
        signals
    }

    /// Turns true when a signal comes.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Fails after a signal.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.stop.load(Ordering::Relaxed) { Err(self.failure()) } else { Ok(()) }
    }

    /// The failure that a signal is.
    pub(super) fn failure(&self) -> Failure {
        Failure::Signal(self.number.load(Ordering::Relaxed))
    }
}
