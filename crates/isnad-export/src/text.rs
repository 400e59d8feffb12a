//! `export.text`: the normalized texts, one behind the other.

use std::sync::Arc;

use isnad_core::{
    Batch, ByteSink, Context, Contract, Example, Files, Names, Sink, SinkKind, Stage, StageError, Worker,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::printed::Printed;

pub(crate) const NAME: &str = "export.text";
pub(crate) const ABOUT: &str = "writes the normalized text of each document";
pub(crate) const DOCS: &str = "\
Writes the normalized text of each document, in input order, and no annotations: for pipelines that only normalize.

Behind each text stands a line feed, unless it ends in one already, and then the `separator`. With the default `\"\\n\"`
documents are set apart by a blank line; with `\"\"` a corpus of one-line documents keeps one line per document.
What the pipeline withheld is not written.
";

pub(crate) const EXAMPLES: &[Example] = &[Example {
    about: "the text as the stages before it left it",
    options: "{}",
    before: "قــال   الوزيرُ إنّ الطريقَ مفتوحة ،وسيبقى كذلك .",
    after: "قال الوزير إن الطريق مفتوحة، وسيبقى كذلك.",
}];

/// Options of `export.text`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// Where to write; `-` is standard output.
    path: String,
    /// What to write behind each document, after the line feed that ends its text.
    separator: String,
}

impl Default for Options {
    fn default() -> Self {
        Options { path: "-".to_owned(), separator: "\n".to_owned() }
    }
}

/// The stage.
pub(crate) struct PlainText {
    options: Options,
    contract: Contract,
}

impl PlainText {
    pub(crate) fn new(options: Options) -> Self {
        PlainText { options, contract: Contract::new().sink(SinkKind::Documents) }
    }
}

impl Stage for PlainText {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, _: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(TextWorker { separator: &self.options.separator }))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        Ok(Some(Box::new(ByteSink::create(files, &self.options.path)?)))
    }
}

struct TextWorker<'s> {
    separator: &'s str,
}

impl Worker for TextWorker<'_> {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let (documents, out) = batch.chunk(cx);
        for document in documents {
            cx.checkpoint()?;
            let disclosure = document.disclosure();
            let printed = Printed::normalized(document.content(), &disclosure);
            out.extend_from_slice(printed.text().as_bytes());
            if !printed.text().ends_with('\n') {
                out.push(b'\n');
            }
            out.extend_from_slice(self.separator.as_bytes());
        }
        Ok(())
    }
}
