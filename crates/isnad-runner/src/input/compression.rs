//! Compressed inputs: told by their first bytes, read as a stream.

use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::engine::guard;

/// How an input is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

/// Data that cannot be read on, being damaged or no text at all; what came before them is right.
#[derive(Debug)]
pub(super) struct Damaged {
    /// The code of the failed document.
    pub(super) code: &'static str,
    /// What is wrong, as the end of a sentence.
    message: String,
}

/// How far the reading of a compressed input has come.
#[derive(Debug, Default)]
pub(super) struct Meter {
    compressed: AtomicU64,
    /// Whether the compressed bytes themselves could not be read.
    failed: AtomicBool,
    /// What was asked for already.
    told: AtomicU64,
}

/// The endings of compressed files.
const ENDINGS: [(&str, Compression); 2] = [("gz", Compression::Gzip), ("zst", Compression::Zstd)];

/// So many bytes tell how an input is compressed.
pub(super) const MAGIC: usize = 4;

impl Compression {
    /// How a file of this name is compressed, and its name without the ending that says so.
    pub(super) fn of_name(path: &Path) -> (Option<Compression>, &Path) {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let found = ENDINGS.iter().find(|(name, _)| ending.as_deref() == Some(name));
        match (found, path.file_stem()) {
            (Some((_, compression)), Some(stem)) => (Some(*compression), Path::new(stem)),
            _ => (None, path),
        }
    }

    /// How an input is compressed that begins with these bytes. No text begins so in any encoding.
    pub(super) fn of_head(head: &[u8]) -> Option<Compression> {
        match head {
            [0x1F, 0x8B, 0x08, ..] => Some(Compression::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Compression::Zstd),
            // A frame to be skipped, with which files of several threads begin.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }

    /// The name that people know it by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    /// What the compressed bytes of `input` hold. Where they are damaged or cut off the error holds a
    /// [`Damaged`]; errors of `input` itself are passed on.
    pub(super) fn open(self, input: Box<dyn Read + Send>) -> (Box<dyn Read + Send>, Arc<Meter>) {
        let meter = Arc::new(Meter::default());
        let input = BufReader::with_capacity(BUFFER, Metered { input, meter: meter.clone() });
        let decoder: Box<dyn Read + Send> = match self {
            Compression::Gzip => Box::new(MultiGzDecoder::new(input)),
            Compression::Zstd => Box::new(Zstd { input, decoder: FrameDecoder::new(), inside: false }),
        };
        (Box::new(Checked { decoder, compression: self, meter: meter.clone() }), meter)
    }
}

impl Damaged {
    /// That an error says no more than this.
    pub(super) fn of(error: &io::Error) -> Option<&Damaged> {
        error.get_ref()?.downcast_ref()
    }

    /// That an input is not compressed although its name says so.
    pub(super) fn misnamed(compression: Compression) -> Damaged {
        let name = compression.name();
        let message = format!("is not {name} though its name says so; rename it if it is not compressed");
        Damaged { code: CODE, message }
    }

    /// That an input is something else than text.
    pub(super) fn no_text(what: &str) -> Damaged {
        Damaged { code: "no-text", message: format!("is {what}, not text; convert it first") }
    }
}

impl Meter {
    /// The compressed bytes that were read since the last call.
    pub(super) fn advance(&self) -> u64 {
        let now = self.compressed.load(Ordering::Relaxed);
        now - self.told.swap(now, Ordering::Relaxed)
    }
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Damaged {}

impl From<Damaged> for io::Error {
    fn from(damaged: Damaged) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, damaged)
    }
}

const CODE: &str = "compression";

const BUFFER: usize = 64 * 1024;

struct Metered {
    input: Box<dyn Read + Send>,
    meter: Arc<Meter>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer);
        match &read {
            Ok(length) => {
                self.meter.compressed.fetch_add(*length as u64, Ordering::Relaxed);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.meter.failed.store(true, Ordering::Relaxed),
        }
        read
    }
}

/// Tells data that are damaged from data that cannot be read.
struct Checked {
    decoder: Box<dyn Read + Send>,
    compression: Compression,
    meter: Arc<Meter>,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // After a panic of the decoder nobody reads on.
        let read = guard(|| self.decoder.read(buffer)).unwrap_or_else(|panic| Err(io::Error::other(panic)));
        read.map_err(|error| {
            let is_ours = error.kind() != io::ErrorKind::Interrupted;
            if !is_ours || self.meter.failed.load(Ordering::Relaxed) {
                return error;
            }
            let name = self.compression.name();
            let message = match is_cut(&error) {
                true => format!("is cut off: its {name} data end in the middle"),
                false => format!("is damaged: its {name} data cannot be read on ({error})"),
            };
            Damaged { code: CODE, message }.into()
        })
    }
}

/// Whether the data ended where more had to come, somewhere at the root of an error.
fn is_cut(error: &io::Error) -> bool {
    let mut error: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = error {
        let io = this.downcast_ref::<io::Error>();
        if io.is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof) {
            return true;
        }
        // An error of `io` that wraps another is not its own source's source.
        error = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => this.source(),
        };
    }
    false
}

/// Zstandard frames one behind the other, with those that are to be skipped.
struct Zstd<R> {
    input: R,
    decoder: FrameDecoder,
    /// Whether a frame has begun and not ended.
    inside: bool,
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.inside {
                if self.input.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.inside = self.begin()?;
                continue;
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.input, step).map_err(io::Error::other)?;
            }
            let length = self.decoder.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            let said = self.decoder.get_checksum_from_data();
            if said.is_some() && said != self.decoder.get_calculated_checksum() {
                return Err(io::Error::other("the checksum differs"));
            }
            self.inside = false;
        }
    }
}

impl<R: BufRead> Zstd<R> {
    /// Begins a frame; false if it is one to be skipped, which it is then.
    fn begin(&mut self) -> io::Result<bool> {
        match self.decoder.reset(&mut self.input) {
            Ok(()) => Ok(true),
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                let length = u64::from(length);
                let skipped = io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
                if skipped < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(false) }
            }
            Err(error) => Err(io::Error::other(error)),
        }
    }
}
