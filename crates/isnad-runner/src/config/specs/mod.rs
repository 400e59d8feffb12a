//! `[[test]]` and `[[property]]` of a pipeline file: what a run should make of an article, and what should
//! hold for every article. A run does not look at them; `isnad check` and `isnad test` do.

mod draft;
mod patterns;
mod properties;
mod schema;
mod tests;
mod vocabulary;

use std::path::Path;

use isnad_core::Article;

use super::file::PipelineFile;
use super::report::{Origin, Report};
use super::tree::Node;
use super::{InputSpec, Location};
use crate::pipeline::Pipeline;
use vocabulary::Vocabulary;

pub(super) use draft::{Drafts, draft};
pub(super) use schema::{property_schema, test_schema};

/// The tests and properties of a pipeline file, in its order.
#[derive(Clone, Debug, Default)]
pub struct Specs {
    /// What a run should make of single articles.
    pub tests: Vec<TestSpec>,
    /// What should hold for all articles.
    pub properties: Vec<PropertySpec>,
}

/// A `[[test]]`: an article, and what the stages should make of it.
#[derive(Clone, Debug)]
pub struct TestSpec {
    /// Its name, unique in the file.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// The article.
    pub article: Article,
    /// Rows that should be there.
    pub expect: Vec<ExpectedRow>,
    /// Rows that should not be there.
    pub absent: Vec<RowPattern>,
    /// Layers that should hold no other rows than the expected ones.
    pub only: Vec<String>,
    /// The whole text after normalization.
    pub normalized: Option<String>,
    /// What should become of the document.
    pub outcome: TestOutcome,
}

/// What becomes of the document of a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TestOutcome {
    /// It goes through to the end.
    #[default]
    Kept,
    /// A stage takes it out on purpose.
    Dropped,
    /// A stage cannot handle it.
    Quarantined,
}

/// A row that should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedRow {
    /// What it looks like.
    pub row: RowPattern,
    /// How many such rows there should be; `None`: one or more.
    pub count: Option<usize>,
}

/// What rows look like. What is `None` or empty may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPattern {
    /// The layer they are in.
    pub layer: String,
    /// Their label.
    pub label: Option<String>,
    /// Their text, as it stands in the raw article.
    pub text: Option<String>,
    /// Attrs with their values.
    pub attrs: Vec<(String, String)>,
    /// Links, each with the raw texts of all rows that it leads to, in any order.
    pub refs: Vec<(String, Vec<String>)>,
}

/// A `[[property]]`: something that should hold for every article.
#[derive(Clone, Debug)]
pub struct PropertySpec {
    /// Its name, unique in the file.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What should hold.
    pub claim: Claim,
    /// Articles that were given, tried before the generated ones.
    pub articles: Vec<Article>,
    /// How many articles are generated.
    pub cases: u32,
    /// Another seed makes other articles.
    pub seed: u64,
}

/// What a property claims.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Stages keep their laws.
    Law {
        /// The name of the law, one of [`LAWS`]; `None`: all of them.
        law: Option<String>,
        /// The places of the stages in the pipeline.
        stages: Vec<usize>,
    },
    /// Every row of this kind is as it should be.
    Every {
        /// Which rows.
        rows: RowPattern,
        /// Attrs that each has.
        attrs: Vec<String>,
        /// Links that each has.
        refs: Vec<String>,
        /// A layer in one of whose rows each lies.
        inside: Option<String>,
        /// A layer none of whose rows each touches.
        outside: Option<String>,
    },
    /// There is no such row.
    Never(RowPattern),
}

/// The laws of stages that a property may name. What each says, the crate `isnad-testkit` tells, which this
/// one does not know; a test of the crate `isnad` keeps the two in step.
pub const LAWS: [&str; 15] = [
    "no-panic",
    "honest",
    "rows",
    "views",
    "normal",
    "needs-its-reads",
    "deterministic",
    "batch-free",
    "order",
    "threads",
    "rollback",
    "cancel",
    "sink",
    "hostile",
    "memory",
];

/// What the specs of a file are held against.
pub(super) struct Surroundings<'s> {
    /// The pipeline; `None` where it has errors.
    pub(super) pipeline: Option<&'s Pipeline>,
    pub(super) file: &'s PipelineFile<'s>,
    /// Where paths start.
    pub(super) base: &'s Path,
}

/// Makes the specs of what a file says and reports what does not fit the pipeline.
pub(super) fn make(
    drafts: &Drafts,
    around: &Surroundings<'_>,
    origin: &Origin<'_>,
    report: &mut Report,
) -> Specs {
    let vocabulary = Vocabulary::of(around);
    let bench =
        Bench { vocabulary: &vocabulary, base: around.base, input: &around.file.input, report, origin };
    bench.make(drafts)
}

/// What is at hand while specs are made.
struct Bench<'b> {
    vocabulary: &'b Vocabulary,
    base: &'b Path,
    input: &'b InputSpec,
    report: &'b mut Report,
    origin: &'b Origin<'b>,
}

impl Bench<'_> {
    fn make(mut self, drafts: &Drafts) -> Specs {
        let origin = self.origin;
        let mut cursor = origin.cursor();
        let mut place = |at| origin.location(at, cursor.as_mut());
        let mut specs = Specs::default();
        for (index, node) in drafts.tests.iter().enumerate() {
            let location = place(node.place);
            specs.tests.extend(self.test(node, &format!("test[{index}]"), location));
        }
        for (index, node) in drafts.properties.iter().enumerate() {
            let location = place(node.place);
            specs.properties.extend(self.property(node, &format!("property[{index}]"), location));
        }
        specs
    }
}

/// The string of a key.
fn string(node: &Node, key: &str) -> Option<String> {
    node.as_table()?.get(key)?.as_str().map(str::to_owned)
}

/// The items of a key that is an array.
fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.as_table().and_then(|table| table.get(key)).and_then(Node::as_array).unwrap_or_default()
}

impl TestOutcome {
    pub(super) const ALL: [TestOutcome; 3] =
        [TestOutcome::Kept, TestOutcome::Dropped, TestOutcome::Quarantined];

    /// The name of the outcome in pipeline files.
    pub fn name(self) -> &'static str {
        match self {
            TestOutcome::Kept => "kept",
            TestOutcome::Dropped => "dropped",
            TestOutcome::Quarantined => "quarantined",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<TestOutcome> {
        TestOutcome::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}
