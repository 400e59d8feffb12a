//! `export.jsonl`: one JSON record per document and line.

use std::sync::Arc;

use isnad_core::{
    Batch, ByteSink, Context, Contract, Example, Files, Names, OptionError, Reads, Sink, SinkKind, Stage,
    StageError, Worker,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{RecordWriter, Shape, Which};
use crate::ruler::Unit;

pub(crate) const NAME: &str = "export.jsonl";
pub(crate) const ABOUT: &str =
    "writes one JSON record per document and line: its texts, metadata and annotations";
pub(crate) const DOCS: &str = "\
Writes JSON Lines: one record per document, in input order.

| member | what |
|---|---|
| `isnad` | version of the record: 1 |
| `id`, `meta`, `origin` | the document's id, its other input fields as they came, and where it came from |
| `offsets`, `spans` | what spans count, and the text they point into |
| `text`, `normalized_text` | the texts asked for |
| `annotations` | the rows: `id`, `layer`, `label`, `span`, `text`, `attrs`, `refs`, `by`, `rule`, `score` |

Annotations stand in document order: by where they begin in the normalized text, the longer first. Every value of
`refs` is an array of annotation ids; a reference to a row that is not written is left out. The `text` of an annotation
is what stands at its `span`. What the pipeline withheld is printed as one U+2588 per character, everywhere in the
record; spans count in the text as printed.
";

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        about: "a quotation and what it refers to",
        options: r#"{"layers": ["quote", "cue", "entity"]}"#,
        before: "قال كريم الدلهمي إن الطريق سيفتح غدا.",
        after: concat!(
            r##"{"isnad":1,"id":"article","##,
            r##""meta":{"published":"2026-03-10"},"origin":{"path":null,"record":0},"offsets":"char","spans":"raw","##,
            r##""text":"قال كريم الدلهمي إن الطريق سيفتح غدا.","annotations":["##,
            r##"{"id":"a1","layer":"cue","label":"","span":[0,3],"text":"قال","##,
            r##""attrs":{"lemma":"قال","stance":"assert"},"refs":{},"by":"extract.cues","rule":"finite","score":0.9},"##,
            r##"{"id":"a2","layer":"entity","label":"PER","span":[4,16],"text":"كريم الدلهمي","##,
            r##""attrs":{"entity":"#1"},"refs":{},"by":"extract.entities","rule":"speech-frame","score":0.6},"##,
            r##"{"id":"a3","layer":"quote","label":"indirect","span":[20,36],"text":"الطريق سيفتح غدا","##,
            r##""attrs":{},"refs":{"speaker":["a2"],"cue":["a1"]},"by":"extract.quotes","rule":"frame:vso","score":0.9}]}"##,
        ),
    },
    Example {
        about: "names only, in the normalized text, counted in UTF-16",
        options: r#"{"layers": ["entity"], "text": "normalized", "spans": "normalized", "offsets": "utf16"}"#,
        before: "وصل الوفد إلى القاهـــرة 🇪🇬 ثم إلى دمشق.",
        after: concat!(
            r##"{"isnad":1,"id":"article","##,
            r##""meta":{"published":"2026-03-10"},"origin":{"path":null,"record":0},"offsets":"utf16","spans":"normalized","##,
            r##""text":"وصل الوفد إلى القاهرة 🇪🇬 ثم إلى دمشق.","annotations":["##,
            r##"{"id":"a1","layer":"entity","label":"GPE","span":[14,21],"text":"القاهرة","##,
            r##""attrs":{"name":"القاهرة","name_en":"Cairo","wikidata":"Q85","country":"EG","entity":"Q85"},"refs":{},"by":"extract.entities","rule":"lexicon","score":0.95},"##,
            r##"{"id":"a2","layer":"entity","label":"GPE","span":[34,38],"text":"دمشق","##,
            r##""attrs":{"name":"دمشق","name_en":"Damascus","wikidata":"Q3766","country":"SY","entity":"Q3766"},"refs":{},"by":"extract.entities","rule":"lexicon","score":0.95}]}"##,
        ),
    },
];

/// Options of `export.jsonl`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// Where to write; `-` is standard output.
    path: String,
    /// Which layers to write, such as `["entity", "quote"]` (`"name@2"` asks for version 2 of a layer). By default
    /// all but `token` and `sentence`, and of `cue` only the rows that another row refers to.
    layers: Option<Vec<String>>,
    /// What spans count: `char` (code points), `byte` (of UTF-8) or `utf16` (code units).
    offsets: Unit,
    /// Which text of the article to write: `raw` as it came, `normalized`, `both` (then as `text` and
    /// `normalized_text`), or `none`.
    text: Texts,
    /// Which text spans point into: `raw` or `normalized`.
    spans: Spans,
}

/// The texts of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Texts {
    /// The text as it came.
    #[default]
    Raw,
    /// The normalized text.
    Normalized,
    /// The text as it came in `text`, and the normalized text in `normalized_text`.
    Both,
    /// None.
    None,
}

/// The text that spans point into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Spans {
    /// The text as it came.
    #[default]
    Raw,
    /// The normalized text.
    Normalized,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            path: "-".to_owned(),
            layers: None,
            offsets: Unit::default(),
            text: Texts::default(),
            spans: Spans::default(),
        }
    }
}

/// The stage.
pub(crate) struct Jsonl {
    options: Options,
    /// The names of the layers asked for, without versions.
    layers: Option<Vec<String>>,
    contract: Contract,
}

const LEFT_OUT: [&str; 2] = ["token", "sentence"];
const ON_DEMAND: &str = "cue";

impl Jsonl {
    /// # Errors
    /// An entry of `layers` is no layer name, or stands there twice.
    pub(crate) fn new(options: Options) -> Result<Self, Vec<OptionError>> {
        let mut contract = Contract::new().reads_meta().sink(SinkKind::Documents);
        let mut errors = Vec::new();
        let layers = options.layers.as_ref().map(|layers| {
            let mut names: Vec<String> = Vec::with_capacity(layers.len());
            for (index, entry) in layers.iter().enumerate() {
                match layer_version(entry) {
                    Some((name, _)) if names.iter().any(|known| known == name) => {
                        errors.push(OptionError::new(format!("layers.{index}"), format!("`{name}` is listed twice")));
                    }
                    Some((name, version)) => {
                        contract.reads.push(Reads::layer(name.to_owned(), version));
                        names.push(name.to_owned());
                    }
                    None => errors.push(OptionError::new(
                        format!("layers.{index}"),
                        format!("`{entry}` is no layer; write a name such as `quote`, or `quote@1` with its version"),
                    )),
                }
            }
            names
        });
        if errors.is_empty() { Ok(Jsonl { options, layers, contract }) } else { Err(errors) }
    }

    fn shape(&self, names: &Names) -> Shape {
        let on_demand = if self.layers.is_none() { names.layer(ON_DEMAND) } else { None };
        let layers = match &self.layers {
            Some(chosen) => chosen.iter().filter_map(|name| names.layer(name)).collect(),
            None => {
                let shown = names.layers().filter(|(_, info)| !LEFT_OUT.contains(&info.name.as_str()));
                shown.map(|(layer, _)| layer).filter(|layer| Some(*layer) != on_demand).collect()
            }
        };
        Shape {
            layers,
            on_demand,
            text: match self.options.text {
                Texts::Raw | Texts::Both => Some(Which::Raw),
                Texts::Normalized => Some(Which::Normalized),
                Texts::None => None,
            },
            normalized_text: self.options.text == Texts::Both,
            spans: match self.options.spans {
                Spans::Raw => Which::Raw,
                Spans::Normalized => Which::Normalized,
            },
            unit: self.options.offsets,
        }
    }
}

impl Stage for Jsonl {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(JsonlWorker { records: RecordWriter::new(names, self.shape(names)) }))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        Ok(Some(Box::new(ByteSink::create(files, &self.options.path)?)))
    }
}

struct JsonlWorker {
    records: RecordWriter,
}

impl Worker for JsonlWorker {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let (documents, out) = batch.chunk(cx);
        for document in documents {
            cx.checkpoint()?;
            self.records.write(document, out);
        }
        Ok(())
    }
}

/// A layer's name and version out of `name` or `name@version`.
fn layer_version(entry: &str) -> Option<(&str, u16)> {
    let (name, version) = match entry.split_once('@') {
        Some((name, version)) => (name, version.parse().ok()?),
        None => (entry, 1),
    };
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(fits)).then_some((name, version))
}
