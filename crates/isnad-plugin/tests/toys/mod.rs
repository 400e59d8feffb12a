//! A few stages as an author would write them, which between them do everything that a stage may do.

#![allow(dead_code, reason = "each program that includes it uses another part")]

use std::sync::Arc;

use isnad_core::{
    Attach, Batch, ByteSink, Context, Contract, DocError, Example, Files, LayerId, Names, OptionError, Reads,
    Registry, RowRef, Sink, SinkKind, Span, Stage, StageError, StageErrorKind, StageKind, Sym, Worker,
    Writes, per_doc,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Registers all of them.
pub(crate) fn register(registry: &mut Registry) {
    registry.add(StageKind::new("toy.words", "Marks words.", "", |options, _| words(options)).with_examples(
        &[Example {
            about: "Two words",
            options: r#"{"most": 2}"#,
            before: "قال نعم",
            after: "word short «قال»\n",
        }],
    ));
    registry.add(StageKind::new("toy.pairs", "Marks pairs of words.", "", |options, _| Ok(pairs(options))));
    registry.add(StageKind::new("toy.tidy", "Rewrites.", "", |options, _| Ok(tidy(options))));
    registry.add(StageKind::new("toy.lines", "Writes lines.", "", |options, _| Ok(Lines::new(options))));
    registry.add(StageKind::new("toy.listed", "Marks words of a file.", "", listed));
    registry.add(StageKind::new("toy.naughty", "Misbehaves.", "", |options, _| Ok(naughty(options))));
}

/// Options of `toy.words`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Words {
    /// How many words of a text are marked.
    most: usize,
    /// From how many bytes on a word is long.
    long: usize,
    /// Whether each word is linked to the one before.
    linked: bool,
}

impl Default for Words {
    fn default() -> Self {
        Words { most: 10, long: 10, linked: true }
    }
}

/// Rows with labels, rules, attrs, and links backwards.
pub(crate) fn words(options: Words) -> Result<impl Stage, Vec<OptionError>> {
    let mut errors = Vec::new();
    if options.most == 0 {
        errors.push(OptionError::new("most", "is 0; mark one word at least"));
    }
    if options.long == 0 {
        errors.push(OptionError::new("long", "is 0; no word is that short"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let contract = Contract::new().writes(
        Writes::rows("word", 1).labels(["long", "short"]).attrs(["first"]).links(["before"]).rules(["space"]),
    );
    let open = |names: &Arc<Names>| {
        let layer = names.layer("word").ok_or_else(|| StageError::undeclared("word"))?;
        let sym = |name: &str| names.sym(name).ok_or_else(|| StageError::undeclared(name));
        Ok((layer, [sym("long")?, sym("short")?, sym("space")?, sym("first")?, sym("before")?]))
    };
    Ok(per_doc(contract, open, move |(layer, [long, short, rule, first, link]), document, cx| {
        let (content, mut rows) = document.annotate(cx);
        let mut before = None;
        for span in spans(content.text()).take(options.most) {
            let label = if span.len() >= options.long { *long } else { *short };
            let row = rows.add(*layer, span, label, *rule, 0.5)?;
            rows.attr(row, *first, span.of(content.text()).get(..2).unwrap_or_default())?;
            if let (true, Some(before)) = (options.linked, before) {
                rows.link(row, *link, before)?;
            }
            before = Some(row);
        }
        Ok(())
    }))
}

fn spans(text: &str) -> impl Iterator<Item = Span> {
    text.split_whitespace().map(|word| {
        let at = word.as_ptr().addr() - text.as_ptr().addr();
        Span::new(at, at + word.len())
    })
}

/// Options of `toy.pairs`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pairs {
    /// Documents with a word of this many bytes fail.
    fails_at: Option<usize>,
    /// Documents with fewer words are dropped.
    least: usize,
}

/// Rows that are linked to rows of an earlier stage, attrs and links on these, warnings, failures, drops, metadata.
pub(crate) fn pairs(options: Pairs) -> impl Stage {
    let contract = Contract::new()
        .reads(Reads::layer("word", 1).keys(["first"]))
        .writes(Writes::rows("pair", 1).links(["word"]).attrs(["meta"]))
        .writes(Writes::onto("word", 1).attrs(["seen"]).links(["pair"]))
        .reads_meta()
        .drops_documents();
    let open = |names: &Arc<Names>| {
        let layer = |name: &str| names.layer(name).ok_or_else(|| StageError::undeclared(name));
        let sym = |name: &str| names.sym(name).ok_or_else(|| StageError::undeclared(name));
        Ok((layer("word")?, layer("pair")?, [sym("word")?, sym("meta")?, sym("seen")?, sym("pair")?]))
    };
    per_doc(contract, open, move |(word, pair, [to_word, meta, seen, to_pair]), document, cx| {
        let words: Vec<(RowRef, Span, usize)> = document
            .tables()
            .refs(*word)
            .map(|(at, row)| {
                (at, row.span, document.tables().attrs(at).count() + document.tables().links(at).count())
            })
            .collect();
        if words.len() < options.least {
            document.warn("few-words", format!("{} words", words.len()));
            document.drop_for("few words");
            return Ok(());
        }
        let fails = words.iter().any(|(_, span, _)| Some(span.len()) == options.fails_at);
        let (content, mut rows) = document.annotate(cx);
        let published = content.published().map(|day| day.to_string()).unwrap_or_default();
        for two in words.chunks_exact(2) {
            let [(one, begin, hangs), (other, end, _)] = two else { continue };
            let row = rows.add(*pair, begin.hull(*end), Sym::NONE, Sym::NONE, 1.0)?;
            rows.link(row, *to_word, *one)?;
            rows.link(row, *to_word, *other)?;
            let about = format!(
                "{}{published}{:?}{}",
                serde_json::to_string(content.meta()).unwrap_or_default(),
                content.title(),
                content.to_raw(*begin).begin
            );
            rows.attr(row, *meta, &about)?;
            rows.attr(*one, *seen, &hangs.to_string())?;
            rows.link(*one, *to_pair, row)?;
        }
        if fails {
            return Err(DocError::new("length", "a word of the forbidden length"));
        }
        Ok(())
    })
}

/// Options of `toy.tidy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tidy {
    /// What stands for each space.
    space: Option<String>,
    /// Whether the first word is withheld.
    hides: bool,
    /// Whether the second word is turned round.
    turns: bool,
}

/// Edits of all kinds, in two rounds.
pub(crate) fn tidy(options: Tidy) -> impl Stage {
    let nothing = |_: &Arc<Names>| Ok(());
    per_doc(Contract::new().rewrites_text(), nothing, move |(), document, cx| {
        document.edit(cx, |content, edits| {
            for (at, c) in content.text().char_indices() {
                let range = at..at + c.len_utf8();
                match (c, &options.space) {
                    ('\u{0640}', _) => edits.delete(range, Attach::Before)?, // ARABIC TATWEEL
                    ('\u{200F}', _) => edits.delete(range, Attach::Nothing)?, // RIGHT-TO-LEFT MARK
                    ('ى', _) => edits.replace(range, "ي")?,
                    (' ', Some(with)) => edits.replace(range, with)?,
                    _ => {}
                }
            }
            Ok(())
        })?;
        document.edit(cx, |content, edits| {
            let words: Vec<Span> = spans(content.text()).take(2).collect();
            if let (true, Some(word)) = (options.hides, words.first()) {
                edits.withhold(word.range(), "███")?;
            }
            if let (true, Some(word)) = (options.turns, words.get(1)) {
                edits.reverse(word.range())?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

/// A stage with a sink.
pub(crate) struct Lines {
    contract: Contract,
    options: LinesOptions,
}

/// Options of `toy.lines`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LinesOptions {
    /// Where to.
    path: String,
}

impl Default for LinesOptions {
    fn default() -> Self {
        LinesOptions { path: "lines.txt".into() }
    }
}

impl Lines {
    /// Writes a line for each document.
    pub(crate) fn new(options: LinesOptions) -> Self {
        Lines { contract: Contract::new().sink(SinkKind::Documents), options }
    }
}

impl Stage for Lines {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, _: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(LinesWorker))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        Ok(Some(Box::new(ByteSink::create(files, &self.options.path)?)))
    }
}

struct LinesWorker;

impl Worker for LinesWorker {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let (documents, bytes) = batch.chunk(cx);
        for document in documents {
            bytes.extend_from_slice(document.content().text().replace('\n', " ").as_bytes());
            bytes.push(b'\n');
        }
        Ok(())
    }
}

/// Options of `toy.listed`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Listed {
    /// A file with a word on each line.
    words: String,
}

/// A stage that reads a file.
fn listed(options: Listed, files: &dyn Files) -> Result<impl Stage + use<>, Vec<OptionError>> {
    let wrong = |message: String| vec![OptionError::new("words", message)];
    let bytes = files.read(&options.words).map_err(|error| wrong(error.to_string()))?;
    let words = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let layer = |names: &Arc<Names>| names.layer("listed").ok_or_else(|| StageError::undeclared("listed"));
    let contract = Contract::new().writes(Writes::rows("listed", 1));
    Ok(per_doc(contract, layer, move |layer: &mut LayerId, document, cx| {
        let (content, mut rows) = document.annotate(cx);
        for span in spans(content.text()) {
            if words.lines().any(|word| word == span.of(content.text())) {
                rows.add(*layer, span, Sym::NONE, Sym::NONE, 1.0)?;
            }
        }
        Ok(())
    }))
}

/// Options of `toy.naughty`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Naughty {
    /// What goes wrong: `panics`, `panics-oddly`, `waits`, `loses`, `stops`, `logs`.
    what: String,
    /// In documents with this text.
    word: String,
}

/// A stage that misbehaves where a word stands.
pub(crate) fn naughty(options: Naughty) -> impl Stage {
    NaughtyStage { options, contract: Contract::new() }
}

struct NaughtyStage {
    options: Naughty,
    contract: Contract,
}

impl Stage for NaughtyStage {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, _: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        assert_ne!(self.options.what, "opens-badly", "no worker today");
        Ok(Box::new(NaughtyWorker { options: &self.options }))
    }
}

struct NaughtyWorker<'s> {
    options: &'s Naughty,
}

/// Panics once more when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the payload went off");
    }
}

impl Worker for NaughtyWorker<'_> {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let word = self.options.word.as_str();
        if !batch.live_mut().any(|document| document.content().text().contains(word)) {
            return Ok(());
        }
        match self.options.what.as_str() {
            "panics" => panic!("cannot bear «{word}»"),
            "panics-oddly" => std::panic::panic_any(Bomb),
            "waits" => loop {
                cx.checkpoint()?;
            },
            "loses" => {
                batch.documents_mut().pop();
            }
            "stops" => return Err(StageError::new(StageErrorKind::Bug, "cannot go on")),
            "logs" => {
                let _span = tracing::info_span!("inside", word).entered();
                tracing::warn!(target: "toy", count = 3, word, note = "two\nlines", "found");
                tracing::trace!(target: "toy", "too small to be seen");
            }
            _ => {}
        }
        Ok(())
    }
}
