//! The reader: cuts inputs into records and hands them out in batches, without ever holding more than
//! one batch and one record.
//!
//! Places are those of the bytes as they lie in the input, or in what a compressed input holds.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use isnad_core::{DocError, Origin};

use super::compression::Damaged;
use super::encoding::Charset;
use super::find::{InputFile, Inputs};
use super::lines::{self, Line};
use super::open::{Opened, fill, open};
use crate::{Format, RunError};

/// How much goes into a batch and into a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Documents in a batch, at most.
    pub(crate) documents: usize,
    /// A batch ends with the record that brings it to so many bytes.
    pub(crate) bytes: usize,
    /// A record that is longer is not read.
    pub(crate) max_document: u64,
}

impl Limits {
    /// So much is taken into memory before a record counts as too long: its limit, and what does not
    /// count (a byte order mark, the end of the line).
    fn longest(self) -> u64 {
        self.max_document + 8
    }
}

/// Records that go through the pipeline together, still undecoded.
#[derive(Debug, Default)]
pub(crate) struct RawBatch {
    /// Its number, from 0.
    pub(crate) number: u64,
    /// The bytes of its records.
    pub(crate) bytes: Vec<u8>,
    /// Its records in input order.
    pub(crate) records: Vec<RawRecord>,
    /// Bytes of input that were read for it.
    pub(crate) consumed: u64,
}

/// One record, still undecoded.
#[derive(Debug)]
pub(crate) struct RawRecord {
    pub(crate) origin: Origin,
    pub(crate) format: Format,
    pub(crate) charset: Charset,
    /// The line of the input on which it begins, from 1.
    pub(crate) line: u64,
    pub(crate) body: Body,
}

/// What was read of a record.
#[derive(Debug)]
pub(crate) enum Body {
    /// All of it: where it lies in the batch's bytes.
    Here(Range<usize>),
    /// It is too long, and was passed over.
    TooLong,
    /// In its midst the input cannot be read on, for this reason.
    Damaged(DocError),
}

/// Takes a batch and gives the (empty) buffer of the next one; `None` ends the reading.
pub(crate) type Outlet<'o> = dyn FnMut(RawBatch) -> Option<Vec<u8>> + 'o;

/// Reads all inputs. `first` is the buffer of the first batch.
///
/// # Errors
/// An input cannot be read; what was read before was handed out.
pub(crate) fn read_inputs(
    inputs: Inputs,
    limits: Limits,
    first: Vec<u8>,
    outlet: &mut Outlet<'_>,
    cancelled: &AtomicBool,
) -> Result<(), RunError> {
    let Inputs { files, mut stdin, encoding } = inputs;
    let batch = RawBatch { bytes: first, ..RawBatch::default() };
    let mut reader = Reader { limits, batch, outlet, cancelled, stopped: false };
    for file in files {
        let input: io::Result<Box<dyn Read + Send>> = match &file.path {
            Some(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Read + Send>),
            None => stdin.take().ok_or_else(|| io::Error::other("nothing was handed in for it")),
        };
        let done = match input.and_then(|input| open(input, &file, encoding)) {
            Ok(opened) => reader.read_input(&file, opened),
            Err(error) => reader.damaged(&file, Place::default(), error),
        };
        if let Err(error) = done {
            // What was read before the error is good.
            reader.flush();
            return Err(RunError::Input(vec![format!("cannot read `{}`: {error}", file.name)]));
        }
        if reader.stopped {
            return Ok(());
        }
    }
    reader.flush();
    Ok(())
}

struct Reader<'o> {
    limits: Limits,
    batch: RawBatch,
    outlet: &'o mut Outlet<'o>,
    cancelled: &'o AtomicBool,
    stopped: bool,
}

/// How far the reading of an input has come: where a record begins.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Records before it.
    records: u64,
    /// Lines before it.
    lines: u64,
    /// Bytes before it.
    offset: u64,
}

impl Reader<'_> {
    fn read_input(&mut self, file: &InputFile, mut opened: Opened) -> io::Result<()> {
        let mut place = Place::default();
        let read = match opened.format {
            Format::Jsonl => self.read_records(file, &mut opened, &mut place),
            Format::Text => self.read_text(file, &mut opened),
        };
        read.or_else(|error| self.damaged(file, place, error))
    }

    /// One document a line; a line ends at `\n` only.
    fn read_records(&mut self, file: &InputFile, opened: &mut Opened, place: &mut Place) -> io::Result<()> {
        let charset = opened.charset;
        while !self.stopped {
            let begin = self.batch.bytes.len();
            let Some(length) = self.read_line(opened)? else { break };
            let Place { offset, .. } = *place;
            place.offset += length;
            place.lines += 1;
            let line = self.batch.bytes.get(begin..).unwrap_or_default();
            let inner = lines::record(charset, line);
            let record = line.get(inner.clone()).unwrap_or_default();
            let cut = length > line.len() as u64;
            if !cut && lines::is_blank(charset, record) {
                self.batch.bytes.truncate(begin);
                continue;
            }
            let too_long = cut || record.len() as u64 > self.limits.max_document;
            let (body, bytes) = match too_long {
                true => (Body::TooLong, (offset, place.offset)),
                false => (
                    Body::Here(begin + inner.start..begin + inner.end),
                    (offset + inner.start as u64, offset + inner.end as u64),
                ),
            };
            place.records += 1;
            let origin = Origin { path: Some(file.name.clone()), record: place.records, bytes };
            self.push(RawRecord { origin, format: Format::Jsonl, charset, line: place.lines, body }, begin);
        }
        Ok(())
    }

    /// Appends a line, with its end, to the batch's bytes; its length, or `None` at the end of input. A
    /// line that is too long is cut short, but its whole length is returned.
    fn read_line(&mut self, opened: &mut Opened) -> io::Result<Option<u64>> {
        let begin = self.batch.bytes.len();
        let (mut line, mut complete) = (Line::default(), false);
        while !complete && !self.cancelled() {
            let available = match fill(&mut opened.input) {
                Ok(available) => available,
                Err(error) => {
                    self.batch.bytes.truncate(begin);
                    return Err(error);
                }
            };
            if available.is_empty() {
                break;
            }
            let before = line.length;
            let used;
            (used, complete) = line.take(opened.charset, available);
            if before <= self.limits.longest() {
                self.batch.bytes.extend_from_slice(available.get(..used).unwrap_or_default());
            }
            opened.input.consume(used);
        }
        self.batch.consumed += opened.consumed(line.length);
        Ok((line.length > 0 && !self.stopped).then_some(line.length))
    }

    /// The whole input is one document.
    fn read_text(&mut self, file: &InputFile, opened: &mut Opened) -> io::Result<()> {
        let begin = self.batch.bytes.len();
        let mut length = 0;
        while !self.cancelled() {
            let available = match fill(&mut opened.input) {
                Ok(available) => available,
                Err(error) => {
                    self.batch.bytes.truncate(begin);
                    return Err(error);
                }
            };
            if available.is_empty() {
                break;
            }
            let used = available.len();
            if length <= self.limits.longest() {
                self.batch.bytes.extend_from_slice(available);
            }
            length += used as u64;
            opened.input.consume(used);
        }
        self.batch.consumed += opened.consumed(length);
        if self.stopped {
            return Ok(());
        }
        let charset = opened.charset;
        let whole = self.batch.bytes.get(begin..).unwrap_or_default();
        let skipped = if whole.starts_with(charset.mark()) { charset.mark().len() } else { 0 };
        let too_long = length - skipped as u64 > self.limits.max_document;
        let body = match too_long {
            true => Body::TooLong,
            false => Body::Here(begin + skipped..self.batch.bytes.len()),
        };
        let origin = Origin { path: Some(file.name.clone()), record: 1, bytes: (skipped as u64, length) };
        self.push(RawRecord { origin, format: Format::Text, charset, line: 1, body }, begin);
        Ok(())
    }

    /// Compressed data that are damaged end their input, and the record in which they are; other errors
    /// end the run.
    fn damaged(&mut self, file: &InputFile, place: Place, error: io::Error) -> io::Result<()> {
        let Some(damaged) = Damaged::of(&error) else { return Err(error) };
        let Place { records, lines, offset } = place;
        let message = match records {
            0 => format!("`{}` {damaged}", file.name),
            1 => format!("`{}` {damaged}; the record before it was read", file.name),
            _ => format!("`{}` {damaged}; the {records} records before it were read", file.name),
        };
        let origin = Origin { path: Some(file.name.clone()), record: records + 1, bytes: (offset, offset) };
        let body = Body::Damaged(DocError::new(damaged.code, message));
        let begin = self.batch.bytes.len();
        let (format, charset) = (Format::Jsonl, Charset::Utf8);
        self.push(RawRecord { origin, format, charset, line: lines + 1, body }, begin);
        Ok(())
    }

    fn push(&mut self, record: RawRecord, begin: usize) {
        if !matches!(record.body, Body::Here(_)) {
            self.batch.bytes.truncate(begin);
        }
        self.batch.records.push(record);
        if self.batch.records.len() >= self.limits.documents || self.batch.bytes.len() >= self.limits.bytes {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.batch.records.is_empty() {
            return;
        }
        let next = RawBatch { number: self.batch.number + 1, ..RawBatch::default() };
        match (self.outlet)(std::mem::replace(&mut self.batch, next)) {
            Some(buffer) => self.batch.bytes = buffer,
            None => self.stopped = true,
        }
    }

    fn cancelled(&mut self) -> bool {
        self.stopped |= self.cancelled.load(Ordering::Relaxed);
        self.stopped
    }
}
