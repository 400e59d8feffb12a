//! What all suites need: their rows, and pipelines to put texts through.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad::core::{Article, Batch, Context, Document, Names, NoFiles, StageId};
use isnad::runner::{Pipeline, load};
use serde_json::Value;

/// A case.
pub(crate) struct Row {
    /// Its id, `SUITE-0001`.
    pub(crate) id: String,
    /// The number at the end of the id.
    pub(crate) number: u32,
    /// What goes in.
    pub(crate) input: String,
    /// The whole case, with `expected`, `op` and what else there is.
    pub(crate) fields: Value,
}

/// What came of a case.
pub(crate) enum Verdict {
    /// It asks for something that isnad does not do.
    NotApplicable,
    /// As expected.
    Passed,
    /// Not as expected.
    Differs {
        /// What isnad makes of it.
        got: String,
        /// What the suite expects.
        expected: String,
    },
}

impl Verdict {
    /// Passed where these are equal.
    pub(crate) fn of(got: impl Into<String>, expected: impl Into<String>) -> Self {
        let (got, expected) = (got.into(), expected.into());
        if got == expected { Verdict::Passed } else { Verdict::Differs { got, expected } }
    }
}

impl Row {
    /// A field that is a text; empty if it is not there.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.fields[field].as_str().unwrap_or_default()
    }
}

/// The rows of a suite.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Row>> {
    let text = fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("`{}`: {error}", path.display())))?;
    text.lines()
        .map(|line| row(line).map_err(|error| io::Error::other(format!("{error} in {line:.80}"))))
        .collect()
}

fn row(line: &str) -> Result<Row, String> {
    let fields: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let id = fields["id"].as_str().ok_or("no `id`")?.to_owned();
    let number =
        id.rsplit('-').next().and_then(|number| number.parse().ok()).ok_or("no number in the `id`")?;
    let input = fields["input"].as_str().unwrap_or_default().to_owned();
    Ok(Row { id, number, input, fields })
}

/// A pipeline as a user writes it, ready for one text after the other.
pub(crate) struct Through {
    pipeline: Pipeline,
}

impl Through {
    /// Loads a pipeline file.
    ///
    /// # Panics
    /// The pipeline is wrong.
    pub(crate) fn new(file: &str) -> Self {
        match load(file, "suite.toml", &isnad::registry(), &NoFiles) {
            Ok(pipeline) => Through { pipeline },
            Err(errors) => {
                panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            }
        }
    }

    /// A pipeline of these stages, with `export.text` behind them.
    ///
    /// # Panics
    /// A stage or an option is wrong.
    pub(crate) fn rewriting(stages: &str) -> Self {
        Self::new(&format!("isnad = 1\n{stages}\n[[stage]]\nuse = \"export.text\"\nseparator = \"\""))
    }

    /// The document that becomes of a text.
    ///
    /// # Panics
    /// A stage ends the run.
    pub(crate) fn document(&self, text: &str) -> Document {
        self.put(text).documents_mut().pop().expect("stages leave documents in their batch")
    }

    /// What the last stage of the pipeline, an exporter, writes of a text.
    ///
    /// # Panics
    /// A stage ends the run.
    pub(crate) fn output(&self, text: &str) -> String {
        let last = StageId(self.pipeline.stages.len().saturating_sub(1) as u16);
        String::from_utf8(self.put(text).take_chunk(last)).expect("exporters of text write UTF-8")
    }

    /// The text that a [rewriting](Through::rewriting) pipeline writes, without the line feed that ends it.
    ///
    /// # Panics
    /// A stage ends the run.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut output = self.output(text);
        output.pop();
        output
    }

    /// The names of layers, labels and keys in its documents.
    pub(crate) fn names(&self) -> &Arc<Names> {
        &self.pipeline.plan.names
    }

    fn put(&self, text: &str) -> Batch {
        let mut batch =
            Batch::new(vec![Document::new(Article { raw: text.to_owned(), ..Article::default() })]);
        let running = AtomicBool::new(false);
        for (place, stage) in self.pipeline.stages.iter().enumerate() {
            let cx = Context::new(StageId(place as u16), &self.pipeline.plan.grants[place], &running);
            let mut worker = stage.stage.open(&self.pipeline.plan.names).expect("a stage of the plan opens");
            worker.process(&mut batch, &cx).expect("no stage ends the run");
        }
        batch
    }
}
