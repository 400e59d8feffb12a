//! Inputs: which there are, the records in them, and the documents these become.
//!
//! ```text
//! find     names, folders, globs              -> files
//! open     first bytes, compression           -> a stream, its encoding and its format
//! read     the stream, lines                  -> batches of records, still bytes
//! record   decode, fields, date               -> documents (on the worker threads)
//! ```

mod collect;
mod compression;
mod decode;
mod detect;
mod encoding;
mod fields;
mod find;
mod lines;
mod not_json;
mod open;
mod read;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use collect::articles;
pub use encoding::Encoding;
pub(crate) use fields::FieldMap;
pub use find::Inputs;
pub(crate) use read::{Limits, RawBatch, RawRecord, read_inputs};
pub(crate) use record::{Mapping, document};
