//! What a check finds: gathered by byte offset while checking, put in file order and placed by line
//! and column at the end.

use std::fmt;
use std::ops::Range;

use super::error::{ConfigError, Location, code};
use super::suggest::shown;
use super::tree::Place;

/// Where something stands in a pipeline; written out only when it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

/// An error whose place is still a byte offset.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    at: Place,
    code: &'static str,
    path: String,
    message: String,
    help: Option<String>,
    absence: bool,
}

/// All findings of a check.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
    is_full: bool,
}

/// What of a file with syntax errors can be taken at its word.
#[derive(Debug)]
pub(crate) struct Trust {
    /// Entries with an error in their value.
    pub(crate) faulty: Vec<Range<usize>>,
    /// Where the parser lost its way.
    pub(crate) until: usize,
}

/// Enough to mend a file by; a file of rubbish could have millions.
const MOST: usize = 1000;

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(Path::Root, key) => f.write_str(key),
            Path::Key(parent, key) => write!(f, "{parent}.{key}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl Finding {
    /// What to do about it.
    pub(crate) fn help(&mut self, help: impl Into<Option<String>>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// The error is that something is not there: in a file with syntax errors it may be there after all.
    pub(crate) fn absence(&mut self) -> &mut Self {
        self.absence = true;
        self
    }
}

impl Report {
    /// Notes an error at a byte of the source, or in a setting. In a full report it takes the place of
    /// the last one.
    pub(crate) fn add(
        &mut self,
        at: impl Into<Place>,
        code: &'static str,
        path: impl fmt::Display,
        message: impl Into<String>,
    ) -> &mut Finding {
        if self.findings.len() == MOST {
            self.findings.pop();
            self.is_full = true;
        }
        let (at, path, message) = (at.into(), path.to_string(), message.into());
        self.findings.push(Finding { at, code, path, message, help: None, absence: false });
        self.findings.last_mut().expect("one was just pushed")
    }

    /// Takes over the findings of another report.
    pub(crate) fn absorb(&mut self, other: Report) {
        let room = MOST.saturating_sub(self.findings.len());
        self.is_full |= other.is_full || other.findings.len() > room;
        self.findings.extend(other.findings.into_iter().take(room));
    }

    /// Says of all errors of a code what they may come from.
    pub(crate) fn explain(&mut self, code: &str, help: &str) {
        for finding in self.findings.iter_mut().filter(|finding| finding.code == code) {
            finding.help = Some(help.to_owned());
        }
    }

    /// Drops what may only follow from the syntax errors of the file.
    pub(crate) fn distrust(&mut self, trust: &Trust) {
        self.findings.retain(|finding| {
            let Place::Source { begin: at, .. } = finding.at else { return false };
            let is_faulty = trust.faulty.iter().any(|entry| entry.contains(&at));
            at < trust.until && !is_faulty && !finding.absence
        });
    }

    /// Whether there is an error at a place, of this code or of any.
    pub(crate) fn has(&self, at: Place, code: Option<&str>) -> bool {
        let is = |finding: &Finding| finding.at == at && code.is_none_or(|code| code == finding.code);
        self.findings.iter().any(is)
    }

    pub(crate) fn len(&self) -> usize {
        self.findings.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The errors, those of the file in its order, then those of settings.
    pub(crate) fn into_errors(mut self, origin: &Origin<'_>) -> Vec<ConfigError> {
        self.findings.sort_by_key(|finding| match finding.at {
            Place::Source { begin, .. } => (0, begin),
            Place::Setting(index) => (1, index),
        });
        if self.is_full {
            let at = self.findings.last().map_or(Place::NOWHERE, |last| last.at);
            let message = "there are more errors than these; they show when these are mended".to_owned();
            let more =
                Finding { at, code: code::MORE, path: String::new(), message, help: None, absence: false };
            self.findings.push(more);
        }
        let mut cursor = origin.cursor();
        let place = |finding: Finding| {
            let location = origin.location(finding.at, cursor.as_mut());
            let Finding { at, code, message, path, help, .. } = finding;
            // A setting names its path itself.
            let path = if matches!(at, Place::Setting(_)) { String::new() } else { path };
            ConfigError { code, message, path, location, help }
        };
        self.findings.into_iter().map(place).collect()
    }
}

/// What places are places in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'s> {
    /// The name of the file.
    pub(crate) file: &'s str,
    /// Its text; `None` for a pipeline that was not read from a text.
    pub(crate) source: Option<&'s str>,
    /// The settings of the command line.
    pub(crate) settings: &'s [String],
}

impl<'s> Origin<'s> {
    /// What was not read from a text.
    pub(crate) fn named(file: &'s str) -> Self {
        Origin { file, source: None, settings: &[] }
    }

    pub(crate) fn cursor(&self) -> Option<Cursor<'s>> {
        self.source.map(Cursor::new)
    }

    /// A place as a user finds it.
    pub(crate) fn location(&self, at: Place, cursor: Option<&mut Cursor<'s>>) -> Location {
        match at {
            Place::Source { begin, .. } => {
                let (line, column) = cursor.map_or((0, 0), |cursor| cursor.advance(begin));
                Location { file: self.file.to_owned(), line, column }
            }
            Place::Setting(index) => {
                let setting = self.settings.get(index).map_or("", String::as_str);
                let file = match setting.split_once('=') {
                    Some((name, _)) => format!("--set {}=…", shown(name)),
                    None => format!("--set {}", shown(setting)),
                };
                Location { file, line: 0, column: 0 }
            }
        }
    }
}

/// Counts lines and columns on the way through the source.
pub(crate) struct Cursor<'s> {
    source: &'s str,
    rest: std::iter::Peekable<std::str::CharIndices<'s>>,
    last: usize,
    line: usize,
    column: usize,
}

impl<'s> Cursor<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Cursor { source, rest: source.char_indices().peekable(), last: 0, line: 1, column: 1 }
    }

    /// Line and column of a byte offset. It is cheap as long as offsets grow.
    pub(crate) fn advance(&mut self, at: usize) -> (usize, usize) {
        if at < self.last {
            *self = Cursor::new(self.source);
        }
        self.last = at;
        while let Some((begin, c)) = self.rest.peek().copied() {
            if begin + c.len_utf8() > at {
                break;
            }
            self.rest.next();
            match c {
                '\n' => (self.line, self.column) = (self.line + 1, 1),
                '\u{FEFF}' if begin == 0 => {} // BYTE ORDER MARK
                _ => self.column += 1,
            }
        }
        (self.line, self.column)
    }
}
