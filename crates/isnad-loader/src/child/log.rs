//! The log of a process that runs stages: what is written to it there comes out of the log of isnad.

use std::borrow::Cow;
use std::fmt::{Debug, Write};
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::protocol::Answer;
use super::serve::Mouth;

/// Levels by their numbers in the plugin interface, from 1.
const LEVELS: [Level; 5] = [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE];

/// The number of the least important level that is written to the log; 0: none is.
pub(crate) fn wanted() -> u32 {
    let most = LevelFilter::current().into_level();
    most.and_then(|most| LEVELS.iter().position(|level| *level == most)).map_or(0, |index| index as u32 + 1)
}

/// Writes a message of a process to the log.
pub(crate) fn pass_on(level: u32, source: &str, text: &str) {
    match level {
        1 => tracing::error!(source, text, "a stage in a process of its own"),
        2 => tracing::warn!(source, text, "a stage in a process of its own"),
        3 => tracing::info!(source, text, "a stage in a process of its own"),
        4 => tracing::debug!(source, text, "a stage in a process of its own"),
        _ => tracing::trace!(source, text, "a stage in a process of its own"),
    }
}

/// From now on what this process writes to the log, down to the level of this number, is said to isnad.
pub(super) fn forward(level: u32, mouth: Arc<Mouth>) {
    let level = (level as usize).checked_sub(1).and_then(|index| LEVELS.get(index));
    let level = level.map_or(LevelFilter::OFF, |level| LevelFilter::from_level(*level));
    let subscriber = tracing_subscriber::registry().with(Forward { mouth }.with_filter(level));
    // Where the program has a log already, that is kept.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

struct Forward {
    mouth: Arc<Mouth>,
}

impl<S: Subscriber> Layer<S> for Forward {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = LEVELS.iter().position(|level| level == event.metadata().level()).unwrap_or_default();
        let mut line = Line::default();
        event.record(&mut line);
        let target = event.metadata().target();
        // Where nobody listens any more, the work ends soon.
        let _ = self.mouth.say(&Answer::Log(level as u32 + 1, target, Cow::Owned(line.0)));
    }
}

/// The fields of an event in a line, the message first.
#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            let rest = std::mem::take(&mut self.0);
            // Writing to a string does not fail.
            let _ = write!(self.0, "{value:?}{rest}");
        } else {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }
}
