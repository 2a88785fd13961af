//! The progress bar on a terminal: replications, rate and time left.

use std::fmt::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Returns a bar for a number of replications. It is hidden if standard error is not a terminal, or with `--quiet`.
pub(super) fn bar(replications: u64, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(replications), target);
    let template = "{bar:30} {human_pos} of {human_len} replications, {rate} a second, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = |state: &ProgressState, text: &mut dyn Write| {
            // A bar that cannot be shown is no reason to stop.
            let _ = write!(text, "{:.0}", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate).progress_chars("=> "));
    }
    bar
}
