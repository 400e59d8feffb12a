//! Standard error: messages, the log, the progress bar, what a panic says.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isnad::runner::{DiskFiles, Progress, panic_is_contained};

use super::LogLevel;

/// Prints a line to standard error.
pub(crate) fn say(line: &str) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(io::stderr().lock(), "{}", harmless(line));
}

/// Documents bear ids of any characters: those that would do something to the terminal are shown by their code
/// points. Line breaks and tabs stay.
fn harmless(line: &str) -> Cow<'_, str> {
    let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !line.contains(acts) {
        return Cow::Borrowed(line);
    }
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        match acts(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Starts the log.
pub(super) fn start_log(level: LogLevel) {
    let log = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false);
    // A second start is refused, and there is none.
    let _ = log.with_max_level(tracing::level_filters::LevelFilter::from(level)).without_time().try_init();
}

/// From now on a panic that ends up in the quarantine does not print itself.
pub(crate) fn quiet_contained_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic_is_contained() {
            let place = panic.location().map(ToString::to_string);
            tracing::debug!(place, "a stage panicked");
        } else {
            before(panic);
        }
    }));
}

/// A progress bar on standard error, if somebody sees it and it disturbs no output.
pub(crate) struct Bar<'f> {
    files: &'f DiskFiles,
    wanted: bool,
    bar: ProgressBar,
    documents: u64,
}

impl<'f> Bar<'f> {
    /// A bar for a run that writes to these files.
    pub(crate) fn new(files: &'f DiskFiles, quiet: bool) -> Self {
        let wanted = !quiet && io::stderr().is_terminal();
        Bar { files, wanted, bar: ProgressBar::hidden(), documents: 0 }
    }

    /// Takes the bar off the terminal.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar<'_> {
    fn started(&mut self, total: Option<u64>) {
        if !self.wanted || (self.files.stdout_taken() && io::stdout().is_terminal()) {
            return;
        }
        let template = match total {
            Some(_) => "{bar:30} {percent}% {bytes}/{total_bytes} {bytes_per_sec} {msg} eta {eta}",
            None => "{spinner} {bytes} {bytes_per_sec} {msg}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar =
            ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10)).with_style(style);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn advanced(&mut self, documents: u64, bytes: u64) {
        self.documents += documents;
        self.bar.inc(bytes);
        self.bar.set_message(format!("{} documents", self.documents));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_a_terminal_is_shown() {
        assert_eq!(harmless("خبر\tعاجل\n"), "خبر\tعاجل\n");
        assert_eq!(harmless("\u{1b}[31m\r\u{7}"), "\\u{1b}[31m\\u{d}\\u{7}");
    }
}
