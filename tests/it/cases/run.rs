//! Running a case: its pipeline, stage by stage, on its article.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use isnad::core::{self as core, Batch, Context, Document, Fate, NoFiles, Registry, StageId};
use isnad::runner::{Pipeline, load, parse_date};
use isnad_testkit::layer_rows;

use super::page::{Article, Case, View};
use super::shown::show;

/// One for all pages: the lexicon is compiled once.
static REGISTRY: LazyLock<Registry> = LazyLock::new(isnad::registry);

/// What stands for no row and no error.
const NONE: &str = "none\n";

/// The pipelines of a page, each made once.
#[derive(Default)]
pub(super) struct Setups {
    made: BTreeMap<Arc<str>, Arc<Setup>>,
}

/// A pipeline, or what is wrong with it.
type Setup = Result<Pipeline, String>;

impl Setups {
    /// What comes of a case, as its page would show it.
    ///
    /// # Errors
    /// The case does not make sense.
    pub(super) fn run(&mut self, case: &Case) -> Result<String, String> {
        let setup = match self.made.get(&case.pipeline) {
            Some(made) => made.clone(),
            None => {
                let made = Arc::new(setup(&case.pipeline)?);
                self.made.entry(case.pipeline.clone()).or_insert(made).clone()
            }
        };
        match (&*setup, &case.article) {
            (Err(errors), None) => Ok(errors.clone()),
            (Err(errors), Some(_)) => Err(format!("the pipeline is broken:\n{errors}")),
            (Ok(_), None) => Ok(NONE.to_owned()),
            (Ok(pipeline), Some(article)) => outcome(pipeline, article, &case.view),
        }
    }
}

/// The pipeline of a source, or of the name of one that is built in.
fn setup(pipeline: &str) -> Result<Setup, String> {
    let source = match isnad::built_in(pipeline) {
        Some(built_in) => built_in.source,
        None if pipeline.contains(['=', '\n']) => pipeline,
        None => return Err(format!("there is no pipeline `{pipeline}`; `isnad pipelines` lists them")),
    };
    Ok(load(source, "pipeline.toml", &REGISTRY, &NoFiles)
        .map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect()))
}

fn outcome(pipeline: &Pipeline, article: &Article, view: &View) -> Result<String, String> {
    let names = &pipeline.plan.names;
    if let View::Layers(layers) = view {
        for layer in layers {
            if names.layer(layer).is_none() {
                let known: Vec<&str> = names.layers().map(|(_, info)| info.name.as_str()).collect();
                return Err(format!("the pipeline has no layer `{layer}`; it has {}", known.join(", ")));
            }
        }
    }
    let (document, written) = run(pipeline, article)?;
    match document.fate() {
        Fate::Live => {}
        Fate::Failed(error) => return Ok(format!("failed: {}\n", show(&error.message))),
        Fate::Dropped(reason) => return Ok(format!("dropped: {reason}\n")),
    }
    Ok(match view {
        View::Text | View::Errors => show(document.content().text()) + "\n",
        View::Output => show(&written),
        View::Layers(layers) => {
            let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
            match layer_rows(&document, names, &layers) {
                rows if rows.is_empty() => NONE.to_owned(),
                rows => rows,
            }
        }
    })
}

/// The document behind the last stage, and what exporters made of it.
fn run(pipeline: &Pipeline, article: &Article) -> Result<(Document, String), String> {
    let published = article.published.as_deref().map(parse_date).transpose();
    let published = published.map_err(|error| format!("`published` {error}"))?;
    let mut batch = Batch::new(vec![Document::new(core::Article {
        id: "article".to_owned(),
        raw: article.text.clone(),
        published,
        title_len: article.title_len,
        ..core::Article::default()
    })]);
    let running = AtomicBool::new(false);
    let mut written = Vec::new();
    for (index, (stage, grants)) in pipeline.stages.iter().zip(&pipeline.plan.grants).enumerate() {
        let cx = Context::new(StageId(index as u16), grants, &running);
        let outcome = stage.stage.open(&pipeline.plan.names).and_then(|mut worker| {
            worker.process(&mut batch, &cx)?;
            worker.finish()
        });
        outcome.map_err(|error| format!("`{}` ends the run: {error}", stage.id))?;
        written.extend(batch.take_chunk(StageId(index as u16)));
    }
    let document = batch.documents_mut().pop().ok_or("the document is lost")?;
    Ok((document, String::from_utf8(written).map_err(|error| error.to_string())?))
}
