//! What a configured stage reads, writes and may do.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A contract: the whole of what a stage may touch, as it is configured.
///
/// ```
/// use isnad_core::{Contract, Reads, Writes};
///
/// let contract = Contract::new()
///     .reads(Reads::layer("token", 1))
///     .reads(Reads::layer("sentence", 1).optional())
///     .writes(Writes::rows("time", 1).labels(["DATE", "TIME"]).attrs(["expr"]).rules(["weekday"]));
/// assert_eq!(contract.writes[0].attrs, ["expr"]);
/// ```
///
/// As JSON, in which a stage behind a border states it, it has these names for its fields, and each may be left
/// out: `{"writes": [{"layer": "said", "version": 1, "rows": true}]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contract {
    /// The layers it looks at.
    pub reads: Vec<Reads>,
    /// The layers it adds rows, attrs or links to.
    pub writes: Vec<Writes>,
    /// Whether it looks at the metadata of documents.
    pub meta: bool,
    /// Whether it rewrites text.
    pub text: TextAccess,
    /// Whether it takes documents out of the run.
    pub documents: DocumentEffect,
    /// Whether it must see documents in input order.
    pub order: Order,
    /// What it is at the end of a chain.
    pub sink: SinkKind,
}

/// A string in a contract.
pub type Text = Cow<'static, str>;

/// A layer that a stage reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// Name of the layer.
    pub layer: Text,
    /// Its version.
    #[serde(default = "one")]
    pub version: u16,
    /// Attrs and links it needs on the rows.
    #[serde(default)]
    pub keys: Vec<Text>,
    /// Whether it goes without.
    #[serde(default)]
    pub optional: bool,
}

/// A layer that a stage writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Writes {
    /// Name of the layer.
    pub layer: Text,
    /// Its version.
    #[serde(default = "one")]
    pub version: u16,
    /// Whether rows are added (else only attrs and links, to rows of earlier stages).
    #[serde(default)]
    pub rows: bool,
    /// Whether the rows of this layer come from one stage only.
    #[serde(default)]
    pub exclusive: bool,
    /// Labels that rows may bear.
    #[serde(default)]
    pub labels: Vec<Text>,
    /// Attrs it writes.
    #[serde(default)]
    pub attrs: Vec<Text>,
    /// Links it writes.
    #[serde(default)]
    pub links: Vec<Text>,
    /// Rules that rows may name.
    #[serde(default)]
    pub rules: Vec<Text>,
}

/// What a stage does to the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextAccess {
    /// It only reads it.
    #[default]
    Reads,
    /// It rewrites it, through edits.
    Rewrites,
}

/// What a stage does to the number of documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentEffect {
    /// All go on.
    #[default]
    Keeps,
    /// Some are dropped, on purpose.
    Drops,
}

/// Which order a stage needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// None: a worker per thread.
    #[default]
    Any,
    /// Input order: one worker.
    Input,
}

/// Whether a stage writes output, and what it needs for that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SinkKind {
    /// It writes none.
    #[default]
    None,
    /// It writes documents, whatever they hold.
    Documents,
    /// It writes rows: without a stage that makes some it has nothing to do.
    Rows,
}

/// The version of a layer whose contract does not say one.
fn one() -> u16 {
    1
}

impl Contract {
    /// A contract that allows nothing but reading the text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer that is read.
    pub fn reads(mut self, reads: Reads) -> Self {
        self.reads.push(reads);
        self
    }

    /// Adds a layer that is written.
    pub fn writes(mut self, writes: Writes) -> Self {
        self.writes.push(writes);
        self
    }

    /// The stage looks at the metadata of documents.
    pub fn reads_meta(mut self) -> Self {
        self.meta = true;
        self
    }

    /// The stage rewrites text.
    pub fn rewrites_text(mut self) -> Self {
        self.text = TextAccess::Rewrites;
        self
    }

    /// The stage may drop documents.
    pub fn drops_documents(mut self) -> Self {
        self.documents = DocumentEffect::Drops;
        self
    }

    /// The stage must see documents in input order.
    pub fn in_input_order(mut self) -> Self {
        self.order = Order::Input;
        self
    }

    /// The stage writes output.
    pub fn sink(mut self, sink: SinkKind) -> Self {
        self.sink = sink;
        self
    }
}

impl Reads {
    /// Needs a layer.
    pub fn layer(layer: impl Into<Text>, version: u16) -> Self {
        Reads { layer: layer.into(), version, keys: Vec::new(), optional: false }
    }

    /// Needs these attrs or links on its rows too.
    pub fn keys<T: Into<Text>>(mut self, keys: impl IntoIterator<Item = T>) -> Self {
        self.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Takes the layer if it is there and goes without if it is not.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

impl Writes {
    /// Adds rows to an open layer.
    pub fn rows(layer: impl Into<Text>, version: u16) -> Self {
        Writes {
            layer: layer.into(),
            version,
            rows: true,
            exclusive: false,
            labels: Vec::new(),
            attrs: Vec::new(),
            links: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// Adds attrs or links to rows of earlier stages.
    pub fn onto(layer: impl Into<Text>, version: u16) -> Self {
        Writes { rows: false, ..Self::rows(layer, version) }
    }

    /// The rows of this layer come from this stage only.
    pub fn exclusive(mut self) -> Self {
        self.exclusive = true;
        self
    }

    /// Declares labels.
    pub fn labels<T: Into<Text>>(mut self, labels: impl IntoIterator<Item = T>) -> Self {
        self.labels.extend(labels.into_iter().map(Into::into));
        self
    }

    /// Declares attrs.
    pub fn attrs<T: Into<Text>>(mut self, attrs: impl IntoIterator<Item = T>) -> Self {
        self.attrs.extend(attrs.into_iter().map(Into::into));
        self
    }

    /// Declares links.
    pub fn links<T: Into<Text>>(mut self, links: impl IntoIterator<Item = T>) -> Self {
        self.links.extend(links.into_iter().map(Into::into));
        self
    }

    /// Declares rules.
    pub fn rules<T: Into<Text>>(mut self, rules: impl IntoIterator<Item = T>) -> Self {
        self.rules.extend(rules.into_iter().map(Into::into));
        self
    }
}
