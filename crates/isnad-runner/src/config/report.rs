//! What a check finds: gathered by byte offset while checking, put in file order and placed by line
//! and column at the end.

use std::fmt;
use std::ops::Range;

use super::error::{ConfigError, Location, code};

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
    at: usize,
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
    /// Notes an error at a byte of the source. In a full report it takes the place of the last one.
    pub(crate) fn add(
        &mut self,
        at: usize,
        code: &'static str,
        path: impl fmt::Display,
        message: impl Into<String>,
    ) -> &mut Finding {
        if self.findings.len() == MOST {
            self.findings.pop();
            self.is_full = true;
        }
        let (path, message) = (path.to_string(), message.into());
        self.findings.push(Finding { at, code, path, message, help: None, absence: false });
        self.findings.last_mut().expect("one was just pushed")
    }

    /// Takes over the findings of another report.
    pub(crate) fn absorb(&mut self, other: Report) {
        let room = MOST.saturating_sub(self.findings.len());
        self.is_full |= other.is_full || other.findings.len() > room;
        self.findings.extend(other.findings.into_iter().take(room));
    }

    /// Drops what may only follow from the syntax errors of the file.
    pub(crate) fn distrust(&mut self, trust: &Trust) {
        self.findings.retain(|finding| {
            let is_faulty = trust.faulty.iter().any(|entry| entry.contains(&finding.at));
            finding.at < trust.until && !is_faulty && !finding.absence
        });
    }

    pub(crate) fn len(&self) -> usize {
        self.findings.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The errors in file order. `source` is `None` for a pipeline that was not read from a text.
    pub(crate) fn into_errors(mut self, source: Option<&str>, file: &str) -> Vec<ConfigError> {
        self.findings.sort_by_key(|finding| finding.at);
        if self.is_full {
            let at = self.findings.last().map_or(0, |last| last.at);
            let message = "there are more errors than these; they show when these are mended".to_owned();
            let more =
                Finding { at, code: code::MORE, path: String::new(), message, help: None, absence: false };
            self.findings.push(more);
        }
        let mut cursor = source.map(Cursor::new);
        let place = |finding: Finding| {
            let (line, column) = cursor.as_mut().map_or((0, 0), |cursor| cursor.advance(finding.at));
            let location = Location { file: file.to_owned(), line, column };
            let Finding { code, message, path, help, .. } = finding;
            ConfigError { code, message, path, location, help }
        };
        self.findings.into_iter().map(place).collect()
    }
}

/// Counts lines and columns on one way through the source.
pub(crate) struct Cursor<'s> {
    rest: std::iter::Peekable<std::str::CharIndices<'s>>,
    line: usize,
    column: usize,
}

impl<'s> Cursor<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Cursor { rest: source.char_indices().peekable(), line: 1, column: 1 }
    }

    /// Line and column of a byte offset that is not smaller than the one before.
    pub(crate) fn advance(&mut self, at: usize) -> (usize, usize) {
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
