//! What authors say with `tracing`, forwarded to the log of the host.

use std::fmt::{Debug, Write};
use std::sync::OnceLock;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Interest, Subscriber, set_global_default};
use tracing::{Event, Level, Metadata};

use crate::abi::{Host, Str, level};
use crate::host::table_of;

/// Where messages go: to the host that was there first, which lives as long as this library.
static HOST: OnceLock<LogHost> = OnceLock::new();

struct LogHost {
    host: *const Host,
    table: Host,
}

// SAFETY: the table is constant, and `log` may be called on any thread at any time, as the header says.
unsafe impl Send for LogHost {}
// SAFETY: as above.
unsafe impl Sync for LogHost {}

/// Sends everything that is said with `tracing` in this library to the host.
///
/// # Safety
/// `host` is null or points to a host's table, which lives as long as the library.
pub(crate) unsafe fn install(host: *const Host) {
    // SAFETY: as the caller says.
    let Some(table) = (unsafe { table_of(host) }) else { return };
    HOST.get_or_init(|| LogHost { host, table });
    // In a program that has a subscriber already, the stages log to that one.
    let _ = set_global_default(Forward { most: filter(table.log_level) });
}

/// A message for the host's log, if there is a host that looks at messages of this level.
pub(crate) fn to_host(level: u32, target: &str, message: &str) {
    let Some(LogHost { host, table }) = HOST.get() else { return };
    if let (Some(log), true) = (table.log, level <= table.log_level) {
        // SAFETY: the host lives as long as the library, and reads the texts before the function returns.
        unsafe { log(*host, level, Str::new(target), Str::new(message)) }
    }
}

/// Passes events on. Spans are never enabled, so none is ever made.
struct Forward {
    most: LevelFilter,
}

impl Subscriber for Forward {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= self.most
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.most)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut said = Said::default();
        event.record(&mut said);
        said.message.push_str(&said.fields);
        let metadata = event.metadata();
        to_host(number(*metadata.level()), metadata.target(), &said.message);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The message of an event, and its other fields as ` name=value`.
#[derive(Default)]
struct Said {
    message: String,
    fields: String,
}

impl Visit for Said {
    /// Marks of Arabic are not escaped, as `Debug` would.
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message.push_str(value);
            return;
        }
        let _ = write!(self.fields, " {}=\"", field.name());
        for c in value.chars() {
            match c {
                '"' | '\\' => self.fields.extend(['\\', c]),
                _ if c.is_control() => self.fields.extend(c.escape_debug()),
                _ => self.fields.push(c),
            }
        }
        self.fields.push('"');
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

fn number(of: Level) -> u32 {
    match of {
        Level::ERROR => level::ERROR,
        Level::WARN => level::WARN,
        Level::INFO => level::INFO,
        Level::DEBUG => level::DEBUG,
        Level::TRACE => level::TRACE,
    }
}

fn filter(most: u32) -> LevelFilter {
    match most {
        0 => LevelFilter::OFF,
        level::ERROR => LevelFilter::ERROR,
        level::WARN => LevelFilter::WARN,
        level::INFO => LevelFilter::INFO,
        level::DEBUG => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}
