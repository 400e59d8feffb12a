//! The reader: cuts inputs into records and hands them out in batches, without ever holding more than
//! one batch and one record.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use isnad_core::Origin;
use memchr::memchr;

use super::find::{InputFile, Inputs};
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
    /// The line of the input on which it begins, from 1.
    pub(crate) line: u64,
    /// Where it lies in the batch's bytes; `None` for a record that is too long.
    pub(crate) bytes: Option<Range<usize>>,
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
    let Inputs { files, mut stdin } = inputs;
    let batch = RawBatch { bytes: first, ..RawBatch::default() };
    let mut reader = Reader { limits, batch, outlet, cancelled, stopped: false };
    for file in files {
        let opened: io::Result<Box<dyn Read + Send>> = match &file.path {
            Some(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Read + Send>),
            None => stdin.take().ok_or_else(|| io::Error::other("nothing was handed in for it")),
        };
        let done = opened.and_then(|input| reader.read_input(&file, input));
        done.map_err(|error| RunError::Input(vec![format!("cannot read `{}`: {error}", file.name)]))?;
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

const BUFFER: usize = 256 * 1024;
const BOM: &[u8] = "\u{FEFF}".as_bytes(); // BYTE ORDER MARK

impl Reader<'_> {
    fn read_input(&mut self, file: &InputFile, input: Box<dyn Read + Send>) -> io::Result<()> {
        let mut input = BufReader::with_capacity(BUFFER, input);
        let format = match file.format {
            Some(format) => format,
            None => sniff(fill(&mut input)?),
        };
        match format {
            Format::Jsonl => self.read_records(&file.name, &mut input),
            _ => self.read_text(&file.name, &mut input),
        }
    }

    /// One document a line; a line ends at `\n` only.
    fn read_records(&mut self, name: &Arc<str>, input: &mut impl BufRead) -> io::Result<()> {
        let (mut offset, mut line, mut record) = (0, 0, 0);
        while !self.stopped {
            let begin = self.batch.bytes.len();
            let Some(length) = self.read_line(input)? else { break };
            let (at, next) = (offset, offset + length);
            offset = next;
            line += 1;
            let whole = self.batch.bytes.get(begin..).unwrap_or_default();
            let mut bytes = begin + bom_len(whole, line)..self.batch.bytes.len();
            while let Some(b'\n' | b'\r') = self.batch.bytes.get(bytes.clone()).and_then(<[u8]>::last) {
                bytes.end -= 1;
            }
            let text = self.batch.bytes.get(bytes.clone()).unwrap_or_default();
            let cut = length > (self.batch.bytes.len() - begin) as u64;
            if !cut && text.iter().all(u8::is_ascii_whitespace) {
                self.batch.bytes.truncate(begin);
                continue;
            }
            record += 1;
            let too_long = cut || text.len() as u64 > self.limits.max_document;
            let range = match too_long {
                true => (at, next),
                false => (at + (bytes.start - begin) as u64, at + (bytes.end - begin) as u64),
            };
            let origin = Origin { path: Some(name.clone()), record, bytes: range };
            self.push(origin, Format::Jsonl, line, (!too_long).then_some(bytes), begin);
        }
        Ok(())
    }

    /// Appends a line, with its end, to the batch's bytes; its length, or `None` at the end of input. A
    /// line that is too long is cut short, but its whole length is returned.
    fn read_line(&mut self, input: &mut impl BufRead) -> io::Result<Option<u64>> {
        let (mut length, mut complete) = (0, false);
        while !complete && !self.cancelled() {
            let available = fill(input)?;
            if available.is_empty() {
                break;
            }
            let used = memchr(b'\n', available).map_or(available.len(), |at| at + 1);
            let part = available.get(..used).unwrap_or_default();
            complete = part.last() == Some(&b'\n');
            if length <= self.longest() {
                self.batch.bytes.extend_from_slice(part);
            }
            length += used as u64;
            input.consume(used);
        }
        self.batch.consumed += length;
        Ok((length > 0 && !self.stopped).then_some(length))
    }

    /// The whole input is one document.
    fn read_text(&mut self, name: &Arc<str>, input: &mut impl BufRead) -> io::Result<()> {
        let begin = self.batch.bytes.len();
        let mut length = 0;
        while !self.cancelled() {
            let available = fill(input)?;
            if available.is_empty() {
                break;
            }
            let used = available.len();
            if length <= self.longest() {
                self.batch.bytes.extend_from_slice(available);
            }
            length += used as u64;
            input.consume(used);
        }
        if self.stopped {
            return Ok(());
        }
        self.batch.consumed += length;
        let whole = self.batch.bytes.get(begin..).unwrap_or_default();
        let skipped = bom_len(whole, 1);
        let too_long = length - skipped as u64 > self.limits.max_document;
        let bytes = begin + skipped..self.batch.bytes.len();
        let origin = Origin { path: Some(name.clone()), record: 1, bytes: (skipped as u64, length) };
        self.push(origin, Format::Text, 1, (!too_long).then_some(bytes), begin);
        Ok(())
    }

    fn push(&mut self, origin: Origin, format: Format, line: u64, bytes: Option<Range<usize>>, begin: usize) {
        if bytes.is_none() {
            self.batch.bytes.truncate(begin);
        }
        self.batch.records.push(RawRecord { origin, format, line, bytes });
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

    /// So much is taken into memory before a record counts as too long: its limit, and what does not
    /// count (a byte order mark, the end of the line).
    fn longest(&self) -> u64 {
        self.limits.max_document + (BOM.len() + 2) as u64
    }

    fn cancelled(&mut self) -> bool {
        self.stopped |= self.cancelled.load(Ordering::Relaxed);
        self.stopped
    }
}

fn fill(input: &mut impl BufRead) -> io::Result<&[u8]> {
    // The first call only waits for bytes: borrowing its result would outlive the retry.
    while let Err(error) = input.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

fn bom_len(line: &[u8], number: u64) -> usize {
    if number == 1 && line.starts_with(BOM) { BOM.len() } else { 0 }
}

/// Whether an input without an ending begins as JSON lines do: no article begins with `{"`.
fn sniff(start: &[u8]) -> Format {
    let start = start.strip_prefix(BOM).unwrap_or(start).trim_ascii_start();
    match start.strip_prefix(b"{").map(<[u8]>::trim_ascii_start) {
        Some([b'"' | b'}', ..] | []) => Format::Jsonl,
        _ => Format::Text,
    }
}
