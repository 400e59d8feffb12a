//! `export.summary`: what an article says, for a person at a terminal.

mod facts;
mod page;
mod sections;

use std::sync::Arc;

use isnad_core::{
    Batch, ByteSink, Context, Contract, Example, Files, Names, OptionError, Reads, Sink, SinkKind, Stage,
    StageError, Worker,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use facts::Lookup;
use page::Direction;

pub(crate) const NAME: &str = "export.summary";
pub(crate) const ABOUT: &str =
    "prints who said what, the names, times and numbers of each document, for a person";
pub(crate) const DOCS: &str = "\
Prints a page of plain text per document: its id, date, source, language and title; who said what, by speaker; the names
with how often they are mentioned and how else they are written; times and numbers with the words that express them.

It shows what the layers `entity`, `role`, `source`, `cue`, `quote`, `time`, `number`, `region` and `language` hold, as
far as the pipeline gives them. Long quotations are cut in the middle. The layout may change: programs read
`export.jsonl`.
";

pub(crate) const EXAMPLES: &[Example] = &[Example {
    about: "a page",
    options: r#"{"direction": "plain", "width": 72}"#,
    before: "الرباط – قالت وزيرة الطاقة لينا هولمبيرغ للصحافيين: «سنوقع الاتفاق يوم الخميس المقبل». وأضافت الوزيرة أن المشروع يكلف 300 مليون دولار.",
    after: "\
■ article · 2026-03-10 · ar
Who said what
  لينا هولمبيرغ — وزيرة الطاقة; الوزيرة
    direct, «قالت», by press-conference
      «سنوقع الاتفاق يوم الخميس المقبل»
    indirect, «أضافت»
      «المشروع يكلف 300 مليون دولار»
Names
  PER: لينا هولمبيرغ
  GPE: Rabat الرباط
Times
  2026-03-12 «يوم الخميس المقبل»
Numbers
  300000000 USD «300 مليون دولار»",
}];

/// Options of `export.summary`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// Where to write; `-` is standard output.
    path: String,
    /// How many columns a line may have, 30 or more.
    width: u16,
    /// How Arabic stands inside left-to-right lines: `marks` puts it between invisible direction marks (U+2068 and
    /// U+2069), so that it neither turns nor moves what stands beside it; `plain` writes no marks.
    direction: Direction,
}

impl Default for Options {
    fn default() -> Self {
        Options { path: "-".to_owned(), width: 80, direction: Direction::default() }
    }
}

/// The stage.
pub(crate) struct Summary {
    options: Options,
    contract: Contract,
}

const MIN_WIDTH: u16 = 30;
const LAYERS: [&str; 9] =
    ["entity", "role", "source", "cue", "quote", "time", "number", "region", "language"];

impl Summary {
    /// # Errors
    /// `width` is too small.
    pub(crate) fn new(options: Options) -> Result<Self, Vec<OptionError>> {
        if options.width < MIN_WIDTH {
            let message =
                format!("{} columns are too few for a page; give {MIN_WIDTH} or more", options.width);
            return Err(vec![OptionError::new("width", message)]);
        }
        let reads = LAYERS.iter().map(|layer| Reads::layer(*layer, 1).optional());
        let contract = reads.fold(Contract::new().reads_meta().sink(SinkKind::Rows), Contract::reads);
        Ok(Summary { options, contract })
    }
}

impl Stage for Summary {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(SummaryWorker { options: &self.options, lookup: Lookup::new(names) }))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        Ok(Some(Box::new(ByteSink::create(files, &self.options.path)?)))
    }
}

struct SummaryWorker<'s> {
    options: &'s Options,
    lookup: Lookup,
}

impl Worker for SummaryWorker<'_> {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let (documents, out) = batch.chunk(cx);
        for document in documents {
            cx.checkpoint()?;
            let mut page = page::Page::new(out, self.options.width.into(), self.options.direction);
            sections::write(document, &self.lookup, &mut page);
        }
        Ok(())
    }
}
