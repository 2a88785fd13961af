//! Why a command failed, with its exit status.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde_json::Value as Json;

use crate::input::diagnostic::visible;
use crate::report::escape;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Wrong usage, or a mistake in the scenario or its path: status 2.
    Usage(String),
    /// The same, with a text that is already rendered.
    Rendered(String),
    /// Output could not be written: status 1.
    Output(String),
    /// A signal ended the command; the text says what is kept. Status 128 plus its number.
    Signal(u8, String),
    /// Stopped cleanly before the end, or parts are missing: status 3.
    Partial(String),
    /// Done, but some gates are not met: status 4.
    Gate(String),
    /// Known truths do not hold: status 1.
    Untrue(String),
    /// Done, but some estimates miss the requested precision: status 5.
    Imprecise(String),
    /// The reader of standard output has closed it, so there is nothing more to do or say.
    ReaderGone,
}

impl Failure {
    /// Returns the failure to write to a path.
    pub(super) fn writing(path: &Path, cause: &dyn Display) -> Self {
        Self::Output(format!("cannot write {}: {cause}", path.display()))
    }

    /// Returns the failure to read a path.
    pub(super) fn reading(path: &Path, cause: &dyn Display) -> Self {
        Self::Output(format!("cannot read {}: {cause}", path.display()))
    }

    /// Returns the failure to write to standard output.
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

    /// Returns the message as it was made, with whatever a path or a name in it contains.
    pub(super) fn message(&self) -> &str {
        match self {
            Self::ReaderGone => "",
            Self::Usage(text) | Self::Rendered(text) | Self::Output(text) | Self::Partial(text) => text,
            Self::Gate(text) | Self::Untrue(text) | Self::Imprecise(text) | Self::Signal(_, text) => text,
        }
    }

    /// Prints the failure to standard error.
    pub(super) fn print(&self) {
        let text = match self {
            Self::ReaderGone => return,
            Self::Usage(message) | Self::Output(message) => format!("error: {}", visible(message)),
            // The renderer of diagnostics has shown what is invisible, and may have added colours.
            Self::Rendered(text) => text.clone(),
            Self::Gate(text) | Self::Untrue(text) | Self::Imprecise(text) => escape::visible(text),
            Self::Partial(message) => visible(message),
            Self::Signal(_, left) => format!("interrupted: {}", visible(left)),
        };
        // If standard error is closed, nobody can be informed.
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Returns whether messages may be coloured: on a terminal, unless `NO_COLOR` is set.
pub(super) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Returns a path on one line.
pub(super) fn shown(path: &Path) -> String {
    escape::visible(&path.display().to_string()).replace('\n', "\\n")
}

/// Prints text to standard output. Names and titles from files of strangers cannot control the terminal.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    write_out(&escape::visible(text))
}

/// Prints JSON to standard output, indented.
pub(super) fn print_json(json: &Json) -> Result<(), Failure> {
    write_out(&format!("{}\n", escape::visible_json(&format!("{json:#}"))))
}

fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::printing(&error))
}

/// Prints a note to standard error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(text));
}
