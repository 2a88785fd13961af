//! Why a command could not do what it was asked to, with its exit status.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::input::diagnostic::visible;

/// A command that failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Bad usage, or something wrong with the scenario or its path: status 2.
    Usage(String),
    /// The same, and all that there is to say is said in its own form.
    Rendered(String),
    /// Output could not be written: status 1.
    Output(String),
    /// A signal ended it, and what that leaves: status 128 and its number.
    Signal(u8, String),
    /// Stopped in good order before the end, or parts are missing: status 3.
    Partial(String),
    /// Done, but the gates of these goals are not met: status 4.
    Gate(String),
    /// Known truths that do not hold: status 1.
    Untrue(String),
    /// Done, but some estimates are not as precise as asked for: status 5.
    Imprecise(String),
    /// Whoever reads standard output has gone: nothing more to do or say.
    ReaderGone,
}

impl Failure {
    /// A failure to write to a path.
    pub(super) fn writing(path: &Path, cause: &dyn Display) -> Self {
        Self::Output(format!("cannot write {}: {cause}", path.display()))
    }

    /// A failure to read a path.
    pub(super) fn reading(path: &Path, cause: &dyn Display) -> Self {
        Self::Output(format!("cannot read {}: {cause}", path.display()))
    }

    /// A failure to write to standard output.
    pub(super) fn printing(cause: &io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Output(format!("cannot write to standard output: {cause}")),
        }
    }

    pub(super) fn status(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Output(_) | Self::Untrue(_) => 1,
            Self::Usage(_) | Self::Rendered(_) => 2,
            Self::Partial(_) => 3,
            Self::Gate(_) => 4,
            Self::Imprecise(_) => 5,
            Self::Signal(number, _) => 128 + number,
        }
    }

    /// Says on standard error what went wrong.
    pub(super) fn tell(&self) {
        let text = match self {
            Self::ReaderGone => return,
            Self::Usage(message) | Self::Output(message) => format!("error: {}", visible(message)),
            Self::Rendered(text) | Self::Gate(text) | Self::Untrue(text) | Self::Imprecise(text) => text.clone(),
            Self::Partial(message) => visible(message),
            Self::Signal(_, left) => format!("interrupted: {}", visible(left)),
        };
        // With standard error closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Whether messages may be coloured: on a terminal, unless `NO_COLOR` is set.
pub(super) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints text to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::printing(&error))
}

/// Says something on standard error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
