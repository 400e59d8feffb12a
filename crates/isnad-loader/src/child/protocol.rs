//! What isnad and the processes of stages say to each other: each message is a length and a value in `postcard`.
//! A process is never trusted: what does not read as an answer ends it, as a crash would.

use std::borrow::Cow;
use std::io;
use std::os::fd::AsFd;

use isnad_core::{
    Attr, Heads, LayerId, LayerTables, Link, OptionError, Row, Segment, Shown, StageError, StageErrorKind,
};
use serde::{Deserialize, Serialize};

use super::blocks::Block;
use crate::apply::Handed;

/// Both sides are the same program, so a change needs no more than another number.
pub(crate) const PROTOCOL: u32 = 1;

/// No message is longer: a length above it is none.
const LONGEST: usize = 256 << 20;

/// How many bytes are read at once.
const READ: usize = 256 << 10;

/// What isnad asks of a process. The first message is `Hello`, the second one of `Describe`, `Try` and `Open`.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Request<'m> {
    /// The protocol, and how the process shall be.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The most memory it may take, in bytes.
        memory: Option<u64>,
        /// Messages of the log above this level are not wanted: a number of the plugin interface.
        log: u32,
    },
    /// What is in a library?
    Describe(&'m [u8]),
    /// Make a stage, and a worker of it, and let go of both.
    Try(#[serde(borrow)] Making<'m>),
    /// Make a stage and a worker: documents follow.
    Open(#[serde(borrow)] Making<'m>, #[serde(borrow)] Place<'m>),
    /// The file that was asked for, or why there is none.
    File(#[serde(borrow)] Result<&'m [u8], Cow<'m, str>>),
    /// Process a document.
    Document(#[serde(borrow)] Box<Shipped<'m>>),
    /// There are no more documents.
    Finish,
}

/// Which stage.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Making<'m> {
    /// The path of its library; `None` for a stage that is built in.
    pub(crate) library: Option<&'m [u8]>,
    /// Its kind.
    pub(crate) kind: &'m str,
    /// Its options, a JSON object.
    pub(crate) options: Cow<'m, str>,
}

/// Where in a pipeline a stage stands.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Place<'m> {
    /// Names and versions of the layers of the plan.
    #[serde(borrow)]
    pub(crate) layers: Vec<(&'m str, u16)>,
    /// Its symbols.
    #[serde(borrow)]
    pub(crate) symbols: Vec<&'m str>,
    /// The ids of its stages.
    #[serde(borrow)]
    pub(crate) stages: Vec<&'m str>,
    /// The number of the stage among them.
    pub(crate) stage: u16,
    /// The contract that the plan was made with, as JSON.
    pub(crate) contract: Cow<'m, str>,
}

/// A document on its way into a process.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Shipped<'m> {
    id: &'m str,
    raw: &'m str,
    text: Option<&'m str>,
    alignment: Cow<'m, [Segment]>,
    /// As JSON.
    meta: Option<Cow<'m, str>>,
    published: Option<(i16, i8, i8)>,
    title_len: usize,
    path: Option<&'m str>,
    record: u64,
    bytes: (u64, u64),
    layers: Vec<ShippedLayer<'m>>,
    arena: &'m str,
}

/// A layer of a document on its way.
#[derive(Debug, Deserialize, Serialize)]
struct ShippedLayer<'m> {
    layer: LayerId,
    rows: Block<'m, Row, 5>,
    attrs: Block<'m, Attr, 5>,
    links: Block<'m, Link, 5>,
    heads: Block<'m, Heads, 2>,
}

/// What a process says.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Answer<'m> {
    /// It is here, and speaks this protocol.
    Hello(u32),
    /// What is in the library, as JSON, or why it is none.
    Described(Result<Cow<'m, str>, Cow<'m, str>>),
    /// The contract of the stage, as JSON.
    Tried(Result<Cow<'m, str>, Refusal>),
    /// The worker is there.
    Opened(Result<(), Refusal>),
    /// It needs this file to make the stage.
    Read(&'m str),
    /// What was done with the document.
    Done(Handed),
    /// The stage panicked over the document, twice.
    Panicked(Cow<'m, str>),
    /// The stage ended the run.
    Failed(Failure),
    /// The worker has finished.
    Finished(Result<(), Failure>),
    /// What it is about to do: if it ends now, that is why.
    Step(&'m str),
    /// A message for the log: its level, its target, its text.
    Log(u32, &'m str, Cow<'m, str>),
}

/// Why there is no stage.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Refusal {
    /// Its library or its kind is not there.
    Kind(String),
    /// Its options are not right: paths and messages.
    Options(Vec<(String, String)>),
    /// Its worker cannot be opened, or what it says of itself makes no sense.
    Stage(Failure),
}

/// A [`StageError`] on its way.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Failure {
    kind: FailureKind,
    message: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum FailureKind {
    Options,
    Cancelled,
    Io,
    Bug,
}

impl<'m> Shipped<'m> {
    /// A document as it is shown to a stage; nothing of it is copied but its metadata.
    pub(crate) fn of(shown: &Shown<'m, impl Iterator<Item = (LayerId, LayerTables<'m>)> + Clone>) -> Self {
        let layers = shown.layers.clone().filter(|(_, tables)| !tables.rows.is_empty());
        Shipped {
            id: shown.id,
            raw: shown.raw,
            text: shown.text,
            alignment: Cow::Borrowed(shown.alignment),
            meta: shown.meta.map(|meta| serde_json::to_string(meta).unwrap_or_default().into()),
            published: shown.published.map(|day| (day.year(), day.month(), day.day())),
            title_len: shown.title_len,
            path: shown.path,
            record: shown.record,
            bytes: shown.bytes,
            layers: layers.map(|(layer, tables)| ShippedLayer::of(layer, tables)).collect(),
            arena: shown.arena,
        }
    }

    /// The document as it was shown. `meta` is what [`meta`](Self::meta) returned.
    pub(crate) fn shown<'s>(
        &'s self,
        meta: Option<&'s serde_json::Map<String, serde_json::Value>>,
    ) -> Shown<'s, impl Iterator<Item = (LayerId, LayerTables<'s>)> + Clone> {
        let day = |(year, month, day)| jiff::civil::Date::new(year, month, day).ok();
        Shown {
            id: self.id,
            raw: self.raw,
            text: self.text,
            alignment: &self.alignment,
            meta,
            published: self.published.and_then(day),
            title_len: self.title_len,
            path: self.path,
            record: self.record,
            bytes: self.bytes,
            layers: self.layers.iter().map(|layer| (layer.layer, layer.tables())),
            arena: self.arena,
        }
    }

    /// The metadata, where the stage looks at them.
    pub(crate) fn meta(&self) -> Option<serde_json::Map<String, serde_json::Value>> {
        self.meta.as_deref().map(|meta| serde_json::from_str(meta).unwrap_or_default())
    }
}

impl<'m> ShippedLayer<'m> {
    fn of(layer: LayerId, tables: LayerTables<'m>) -> Self {
        ShippedLayer {
            layer,
            rows: Block(Cow::Borrowed(tables.rows)),
            attrs: Block(Cow::Borrowed(tables.attrs)),
            links: Block(Cow::Borrowed(tables.links)),
            heads: Block(Cow::Borrowed(tables.heads)),
        }
    }

    fn tables(&self) -> LayerTables<'_> {
        LayerTables { rows: &self.rows.0, attrs: &self.attrs.0, links: &self.links.0, heads: &self.heads.0 }
    }
}

impl From<StageError> for Failure {
    fn from(error: StageError) -> Self {
        let kind = match error.kind() {
            StageErrorKind::Options => FailureKind::Options,
            StageErrorKind::Cancelled => FailureKind::Cancelled,
            StageErrorKind::Io => FailureKind::Io,
            _ => FailureKind::Bug,
        };
        Failure { kind, message: error.to_string() }
    }
}

impl From<Failure> for StageError {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::Options => StageErrorKind::Options,
            FailureKind::Cancelled => StageErrorKind::Cancelled,
            FailureKind::Io => StageErrorKind::Io,
            FailureKind::Bug => StageErrorKind::Bug,
        };
        StageError::new(kind, failure.message)
    }
}

impl Failure {
    /// The stage broke a promise.
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Failure { kind: FailureKind::Bug, message: message.into() }
    }
}

impl Refusal {
    /// As the options of a stage are refused.
    pub(crate) fn into_option_errors(self) -> Vec<OptionError> {
        match self {
            Refusal::Kind(message) => vec![OptionError::new("", message)],
            Refusal::Options(errors) => {
                errors.into_iter().map(|(path, message)| OptionError::new(path, message)).collect()
            }
            Refusal::Stage(failure) => vec![OptionError::new("", failure.message)],
        }
    }

    /// As an error of a run.
    pub(crate) fn into_stage_error(self) -> StageError {
        match self {
            Refusal::Stage(failure) => failure.into(),
            other => {
                let errors: Vec<String> =
                    other.into_option_errors().iter().map(ToString::to_string).collect();
                StageError::new(StageErrorKind::Options, errors.join("; "))
            }
        }
    }
}

/// Writes a message behind others.
///
/// # Errors
/// It is too long for a message; nothing was written.
pub(crate) fn append(message: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    let begin = out.len();
    out.extend([0; 4]);
    // An encoder into a vector fails for lengths that are not known only, and there are none here.
    *out = postcard::to_extend(message, std::mem::take(out)).map_err(io::Error::other)?;
    let len = out.len() - begin - 4;
    match (u32::try_from(len), out.get_mut(begin..begin + 4)) {
        (Ok(number), Some(head)) if len <= LONGEST => head.copy_from_slice(&number.to_le_bytes()),
        _ => {
            out.truncate(begin);
            return Err(io::Error::other("it is longer than 256 MiB"));
        }
    }
    Ok(())
}

/// The message in these bytes, or `None` where they are none.
pub(crate) fn read<'m, M: Deserialize<'m>>(bytes: &'m [u8]) -> Option<M> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Some(message),
        _ => None,
    }
}

/// What came out of a pipe, and was not looked at so far.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    bytes: Vec<u8>,
    begin: usize,
}

/// What stands in front in an [`Inbox`].
pub(crate) enum Front {
    /// A whole message of this length.
    Message(usize),
    /// Not yet one.
    Part,
    /// The length of none.
    Nonsense,
}

impl Inbox {
    /// Reads once; 0 is the end of the pipe.
    pub(crate) fn fill(&mut self, pipe: impl AsFd) -> rustix::io::Result<usize> {
        if self.begin > 0 {
            self.bytes.drain(..self.begin);
            self.begin = 0;
        }
        self.bytes.reserve(READ);
        rustix::io::read(pipe, rustix::buffer::spare_capacity(&mut self.bytes))
    }

    /// Whether there is a message.
    pub(crate) fn front(&self) -> Front {
        let Some((head, rest)) = self.bytes.get(self.begin..).and_then(<[u8]>::split_first_chunk) else {
            return Front::Part;
        };
        match u32::from_le_bytes(*head) as usize {
            len if len > LONGEST => Front::Nonsense,
            len if len <= rest.len() => Front::Message(len),
            _ => Front::Part,
        }
    }

    /// Takes the message of this length out, which [`front`](Self::front) found.
    pub(crate) fn take(&mut self, len: usize) -> &[u8] {
        let begin = self.begin + 4;
        self.begin = begin + len;
        self.bytes.get(begin..self.begin).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use isnad_core::{Article, Document, Grants, Names};
    use proptest::prelude::*;

    use super::*;

    /// The messages in a pipe from which bytes come in pieces of this length; `false` behind them: then came nonsense.
    fn messages(bytes: &[u8], piece: usize) -> (Vec<Vec<u8>>, bool) {
        let (from, to) = rustix::pipe::pipe().unwrap();
        let (mut inbox, mut messages) = (Inbox::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            rustix::io::write(&to, piece).unwrap();
            inbox.fill(&from).unwrap();
            loop {
                match inbox.front() {
                    Front::Message(len) => messages.push(inbox.take(len).to_owned()),
                    Front::Part => break,
                    Front::Nonsense => return (messages, false),
                }
            }
        }
        (messages, true)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn messages_come_whole_however_the_pipe_cuts_them(texts in prop::collection::vec("\\PC{0,20}", 0..5), piece in 1usize..40) {
            let mut bytes = Vec::new();
            for text in &texts {
                append(&Request::Describe(text.as_bytes()), &mut bytes).unwrap();
            }
            let (messages, good) = messages(&bytes, piece);
            prop_assert!(good);
            prop_assert_eq!(messages.len(), texts.len());
            for (message, text) in messages.iter().zip(&texts) {
                prop_assert!(matches!(read(message), Some(Request::Describe(read)) if read == text.as_bytes()));
            }
        }

        #[test]
        fn no_bytes_make_a_message_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), piece in 1usize..40) {
            for message in messages(&bytes, piece).0.iter().chain([&bytes]) {
                let _ = read::<Answer<'_>>(message);
                let _ = read::<Request<'_>>(message);
            }
        }

        #[test]
        fn a_document_comes_as_it_is_shown(raw in "[\u{627}-\u{64A} ]{0,20}", id in "[a-z]{0,4}", title_len in 0usize..9, day in prop::option::of(1i8..29)) {
            let published = day.map(|day| jiff::civil::Date::constant(2023, 5, day));
            let article = Article { id, raw, title_len, published, ..Article::default() };
            let document = Document::new(article);
            let (names, grants) = (Names::default(), Grants::default());
            let mut bytes = Vec::new();
            let shown = document.shown(&grants, names.layer_count() as u16);
            append(&Request::Document(Box::new(Shipped::of(&shown))), &mut bytes).unwrap();
            let Some(Request::Document(shipped)) = read(&bytes[4..]) else { panic!("it is no document") };
            let mut copy = Document::new(Article::default());
            copy.copy_of(&shipped.shown(None));
            let (copy, content) = (copy.content(), document.content());
            prop_assert_eq!((copy.id(), copy.raw(), copy.text()), (content.id(), content.raw(), content.text()));
            prop_assert_eq!((copy.published(), copy.title()), (content.published(), content.title()));
            prop_assert_eq!(copy.alignment(), content.alignment());
        }
    }
}
