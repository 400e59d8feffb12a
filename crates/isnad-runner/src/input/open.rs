//! Opening an input: what its first bytes say about compression, encoding and format.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::compression::{Compression, Damaged, MAGIC, Meter};
use super::encoding::{Charset, Encoding, HEAD};
use super::find::InputFile;
use crate::Format;

/// An input that can be cut into records.
pub(super) struct Opened {
    /// Its bytes, no longer compressed.
    pub(super) input: BufReader<Peeked>,
    pub(super) charset: Charset,
    pub(super) format: Format,
    meter: Option<Arc<Meter>>,
}

impl Opened {
    /// How many bytes of the input itself were read for `length` more bytes of what it holds.
    pub(super) fn consumed(&self, length: u64) -> u64 {
        self.meter.as_ref().map_or(length, |meter| meter.advance())
    }
}

/// Opens an input that is in `encoding`, as far as it does not say otherwise itself.
pub(super) fn open(input: Box<dyn Read + Send>, file: &InputFile, encoding: Encoding) -> io::Result<Opened> {
    let mut input = Peeked::new(input, MAGIC);
    let compression = Compression::of_head(&input.head);
    if let Some(named) = file.compression.filter(|named| compression != Some(*named)) {
        input.check()?;
        return Err(Damaged::misnamed(named).into());
    }
    let (input, meter) = match compression {
        Some(compression) => {
            let (decoder, meter) = compression.open(Box::new(input));
            (decoder, Some(meter))
        }
        None => (Box::new(input) as Box<dyn Read + Send>, None),
    };
    let input = Peeked::new(input, HEAD);
    if let Some(what) = no_text(&input.head) {
        return Err(Damaged::no_text(what).into());
    }
    let charset = Charset::of(encoding, &input.head);
    let format = match file.format {
        // Nobody reads it, so that it is one document that fails.
        _ if charset == Charset::Utf32 => Format::Text,
        Some(format) => format,
        None => sniff(charset, &input.head),
    };
    Ok(Opened { input: BufReader::with_capacity(BUFFER, input), charset, format, meter })
}

/// The bytes that are there, waiting for some; none at the end.
pub(super) fn fill(input: &mut impl BufRead) -> io::Result<&[u8]> {
    // The first call only waits for bytes: borrowing its result would outlive the retry.
    while let Err(error) = input.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

const BUFFER: usize = 256 * 1024;

/// An input whose first bytes have been looked at. An error behind them comes when it is its turn.
pub(super) struct Peeked {
    head: Vec<u8>,
    /// How much of the head has been read.
    at: usize,
    error: Option<io::Error>,
    rest: Box<dyn Read + Send>,
}

impl Peeked {
    fn new(mut rest: Box<dyn Read + Send>, length: usize) -> Self {
        let mut head = vec![0; length];
        let (mut filled, mut error) = (0, None);
        while let Some(buffer) = head.get_mut(filled..).filter(|buffer| !buffer.is_empty()) {
            match rest.read(buffer) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(interrupted) if interrupted.kind() == io::ErrorKind::Interrupted => {}
                Err(other) => {
                    error = Some(other);
                    break;
                }
            }
        }
        head.truncate(filled);
        Peeked { head, at: 0, error, rest }
    }

    /// The error behind the head, if there is one.
    fn check(&mut self) -> io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }
}

impl Read for Peeked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut head = self.head.get(self.at..).unwrap_or_default();
        if !head.is_empty() {
            let read = head.read(buffer)?;
            self.at += read;
            return Ok(read);
        }
        self.check()?;
        self.rest.read(buffer)
    }
}

/// What begins so at this byte is no text in any encoding, whatever its name says.
const NO_TEXT: [(usize, &[u8], &str); 14] = [
    (0, b"PK\x03\x04", "a ZIP archive (as .docx, .xlsx and .epub are)"),
    (0, b"%PDF-", "a PDF"),
    (0, b"{\\rtf", "rich text (RTF)"),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "a document of Microsoft Office"),
    (0, b"\x89PNG\r\n", "an image"),
    (0, b"\xFF\xD8\xFF", "an image"),
    (0, b"GIF89a", "an image"),
    (257, b"ustar", "a tar archive"),
    (4, b"1AY&SY", "compressed with bzip2"),
    (0, b"\xFD7zXZ\0", "compressed with xz"),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (0, b"Rar!\x1A\x07", "a RAR archive"),
    (0, b"\x1F\x8B\x08", "compressed twice"),
    (0, b"SQLite format 3\0", "a database"),
];

/// What an input is that begins so, where it is known to be no text.
fn no_text(head: &[u8]) -> Option<&'static str> {
    let is = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    NO_TEXT.iter().find(|(at, magic, _)| is(*at, magic)).map(|(.., what)| *what)
}

/// Whether an input without an ending begins as JSON lines do: no article begins with `{"`.
fn sniff(charset: Charset, head: &[u8]) -> Format {
    let start = head.strip_prefix(charset.mark()).unwrap_or(head);
    // A character that is no ASCII is neither space nor bracket, whichever it is.
    let ascii = |pair: &[u8; 2]| u8::try_from(charset.unit(*pair)).unwrap_or(0xFF);
    let narrow: Vec<u8> = match charset.is_wide() {
        true => start.as_chunks().0.iter().map(ascii).collect(),
        false => start.to_vec(),
    };
    match narrow.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start) {
        Some([b'"' | b'}', ..] | []) => Format::Jsonl,
        _ => Format::Text,
    }
}
