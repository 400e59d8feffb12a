//! One article: raw text, rewritten text and its alignment, rows, and what became of it.

use std::any::Any;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use isnad_arabic::{Census, Folded};
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::alignment::{Alignment, Segment};
use crate::chain::Grants;
use crate::disclosure::Disclosure;
use crate::edit::{Edit, EditError, Edits, edits_between};
use crate::names::{LayerId, StageId, Sym};
use crate::span::Span;
use crate::stage::Context;
use crate::table::{LayerTables, Row, RowError, RowRef, Tables, TablesMark};

/// Where a document came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The input as it was named: a path, or `-` for standard input.
    pub path: Option<Arc<str>>,
    /// The record's number in the input, from 1.
    pub record: u64,
    /// The byte range of the record in the input.
    pub bytes: (u64, u64),
}

/// What a document is made of when it enters a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// Its id; need not be unique.
    pub id: String,
    /// The article's text as decoded.
    pub raw: String,
    /// Every input field that was not mapped, unchanged, and `published` as it was given.
    pub meta: Map<String, Value>,
    /// The publication date, where known.
    pub published: Option<Date>,
    /// Length in bytes of the title at the beginning of `raw`; 0 where there is none.
    pub title_len: usize,
    /// Where it came from.
    pub origin: Origin,
}

/// The texts of a document and what is known about it: what stages read.
#[derive(Debug)]
pub struct Content {
    article: Article,
    /// `None` while the text is the raw text.
    text: Option<String>,
    alignment: Alignment,
    views: Views,
}

/// A document on its way through a pipeline.
#[derive(Debug)]
pub struct Document {
    content: Content,
    tables: Tables,
    fate: Fate,
    warnings: Vec<Warning>,
    /// Texts and alignments replaced since the last mark, oldest first.
    undo: Vec<(Option<String>, Alignment)>,
    /// Kept where this document is a copy of one on the other side of a border.
    copied: Option<Copied>,
}

/// What a copy was when it was made, and how it was rewritten since.
#[derive(Debug, Default)]
struct Copied {
    tables: TablesMark,
    /// How each of the texts lies on the one before.
    rounds: Vec<Alignment>,
}

/// What a stage behind a border is shown of a document: all is lent, and nothing changes while it is.
#[derive(Clone, Debug)]
pub struct Shown<'d, L> {
    /// The document's id.
    pub id: &'d str,
    /// The text as it came.
    pub raw: &'d str,
    /// The text as rewritten so far; `None` while it is the raw text.
    pub text: Option<&'d str>,
    /// How the text lies on the raw text.
    pub alignment: &'d [Segment],
    /// The metadata, for stages that look at it.
    pub meta: Option<&'d Map<String, Value>>,
    /// The publication date, where known.
    pub published: Option<Date>,
    /// Length in bytes of the title at the beginning of `raw`; 0 where there is none.
    pub title_len: usize,
    /// The input, as it was named.
    pub path: Option<&'d str>,
    /// The record's number in the input, from 1.
    pub record: u64,
    /// The byte range of the record in the input.
    pub bytes: (u64, u64),
    /// The layers that are lent: an iterator of [`LayerId`] and [`LayerTables`].
    pub layers: L,
    /// The text in which the values of attrs lie.
    pub arena: &'d str,
}

/// What became of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It goes on.
    #[default]
    Live,
    /// A stage could not go on with it.
    Failed(DocError),
    /// A stage took it out on purpose; the reason is counted in the report.
    Dropped(Cow<'static, str>),
}

/// Why a document cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocError {
    /// The kind of failure, one word with dashes, for counting: `row`, `edit`, `panic`, `encoding` …
    pub code: Cow<'static, str>,
    /// What happened, for a person.
    pub message: String,
}

impl DocError {
    /// A failure of this kind.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        DocError { code: code.into(), message: message.into() }
    }
}

impl From<RowError> for DocError {
    fn from(error: RowError) -> Self {
        DocError::new("row", error.to_string())
    }
}

impl From<EditError> for DocError {
    fn from(error: EditError) -> Self {
        DocError::new("edit", error.to_string())
    }
}

/// Something odd about a document that did not stop it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its kind, one word with dashes, for counting: `bad-date`, `not-arabic` …
    pub code: Cow<'static, str>,
    /// What it is, for a person.
    pub message: String,
}

/// A state of a document to which it can be rolled back: what a failed stage did is undone by it.
#[derive(Clone, Debug)]
pub struct Mark {
    tables: TablesMark,
    warnings: usize,
    fate: Fate,
}

impl Document {
    /// A document that has just been read.
    pub fn new(article: Article) -> Self {
        let alignment = Alignment::identity(article.raw.len());
        Document {
            content: Content { article, text: None, alignment, views: Views::default() },
            tables: Tables::default(),
            fate: Fate::Live,
            warnings: Vec::new(),
            undo: Vec::new(),
            copied: None,
        }
    }

    /// What the document is like for a stage that may do what `grants` says.
    pub fn shown<'d>(
        &'d self,
        grants: &'d Grants,
        layers: u16,
    ) -> Shown<'d, impl Iterator<Item = (LayerId, LayerTables<'d>)> + Clone> {
        let (content, article) = (&self.content, &self.content.article);
        let lent = (0..layers).map(LayerId).filter(|layer| grants.lent(*layer));
        Shown {
            id: &article.id,
            raw: &article.raw,
            text: content.text.as_deref(),
            alignment: content.alignment.segments(),
            meta: grants.meta.then_some(&article.meta),
            published: article.published,
            title_len: article.title_len,
            path: article.origin.path.as_deref(),
            record: article.origin.record,
            bytes: article.origin.bytes,
            layers: lent.map(|layer| (layer, self.tables.layer(layer))),
            arena: self.tables.arena(),
        }
    }

    /// Makes this document a copy of what is shown of another, in the memory that it has. What is done to it
    /// from then on can be asked for: [`rewrites`](Document::rewrites) and [`added`](Document::added), its fate
    /// and its warnings, which begin anew.
    pub fn copy_of<'d>(
        &mut self,
        shown: &Shown<'d, impl Iterator<Item = (LayerId, LayerTables<'d>)> + Clone>,
    ) {
        let article = &mut self.content.article;
        renew(&mut article.id, shown.id);
        renew(&mut article.raw, shown.raw);
        article.meta = shown.meta.cloned().unwrap_or_default();
        article.published = shown.published;
        article.title_len = shown.title_len;
        if article.origin.path.as_deref() != shown.path {
            article.origin.path = shown.path.map(Arc::from);
        }
        (article.origin.record, article.origin.bytes) = (shown.record, shown.bytes);
        match (shown.text, &mut self.content.text) {
            (Some(text), Some(own)) => renew(own, text),
            (Some(text), own) => *own = Some(text.to_owned()),
            (None, own) => *own = None,
        }
        self.content.alignment.copy(shown.alignment);
        self.content.views = Views::default();
        self.tables.copy(shown.layers.clone(), shown.arena);
        self.fate = Fate::Live;
        self.warnings.clear();
        self.undo.clear();
        let copied = self.copied.get_or_insert_default();
        copied.rounds.clear();
        self.tables.mark_again(&mut copied.tables);
    }

    /// What was added to a [copy](Document::copy_of) since it was made: as [`Tables::since`].
    pub fn added(&self) -> impl Iterator<Item = (LayerId, LayerTables<'_>)> {
        self.copied.iter().flat_map(|copied| self.tables.since(&copied.tables))
    }

    /// What was done to the text of a [copy](Document::copy_of): the edits of each run of edits, from the first
    /// to the last; those of a run belong to the text that the run before it made.
    pub fn rewrites(&self) -> impl Iterator<Item = Vec<Edit<'_>>> {
        let rounds = self.copied.iter().flat_map(|copied| &copied.rounds).enumerate();
        rounds
            .map(|(round, alignment)| edits_between(self.text_of(round), self.text_of(round + 1), alignment))
    }

    /// The text before the run of edits of this number.
    fn text_of(&self, round: usize) -> &str {
        match self.undo.get(round) {
            Some((text, _)) => text.as_deref().unwrap_or(&self.content.article.raw),
            None => self.content.text(),
        }
    }

    /// The texts and what is known about the article.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The rows, attrs and links.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The content to read, and the hand that writes rows for the stage that `cx` names.
    pub fn annotate<'d>(&'d mut self, cx: &'d Context<'_>) -> (&'d Content, Annotator<'d>) {
        let content = &self.content;
        let annotator = Annotator {
            text: content.text(),
            tables: &mut self.tables,
            stage: cx.stage(),
            grants: cx.grants(),
        };
        (content, annotator)
    }

    /// Rewrites the text: `plan` looks at the text and makes edits. Where it makes none, nothing changes.
    ///
    /// # Errors
    /// The stage may not rewrite, rows lie on the text, or an edit was refused; the text is then as it was.
    pub fn edit(
        &mut self,
        cx: &Context<'_>,
        plan: impl for<'t> FnOnce(&'t Content, &mut Edits<'t>) -> Result<(), EditError>,
    ) -> Result<(), EditError> {
        if !cx.grants().edits {
            return Err(EditError::NotDeclared);
        }
        if !self.tables.is_empty() {
            return Err(EditError::Frozen);
        }
        let mut edits = Edits::counting(self.content.text(), self.content.views.census.get());
        plan(&self.content, &mut edits)?;
        if edits.is_empty() {
            return Ok(());
        }
        let (text, later, census) = edits.finish_counting();
        if let Some(copied) = &mut self.copied {
            copied.rounds.push(later.clone());
        }
        let alignment = self.content.alignment.then(later);
        let old_text = self.content.text.replace(text);
        let old_alignment = std::mem::replace(&mut self.content.alignment, alignment);
        self.undo.push((old_text, old_alignment));
        self.content.views =
            Views { census: census.map(OnceCell::from).unwrap_or_default(), ..Views::default() };
        Ok(())
    }

    /// What became of it so far.
    pub fn fate(&self) -> &Fate {
        &self.fate
    }

    /// Whether it goes on.
    pub fn is_live(&self) -> bool {
        self.fate == Fate::Live
    }

    /// Marks it as failed: later stages skip it, and the run does with it what `on_error` says.
    pub fn fail(&mut self, error: DocError) {
        if self.is_live() {
            self.fate = Fate::Failed(error);
        }
    }

    /// Takes it out of the run on purpose.
    pub fn drop_for(&mut self, reason: impl Into<Cow<'static, str>>) {
        if self.is_live() {
            self.fate = Fate::Dropped(reason.into());
        }
    }

    /// Notes something odd that did not stop it.
    pub fn warn(&mut self, code: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.warnings.push(Warning { code: code.into(), message: message.into() });
    }

    /// What was odd about it.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// What outputs may show of it.
    pub fn disclosure(&self) -> Disclosure<'_> {
        Disclosure::new(&self.content)
    }

    /// The present state. Ends the reach of earlier marks.
    pub fn mark(&mut self) -> Mark {
        self.undo.clear();
        self.copied.iter_mut().for_each(|copied| copied.rounds.clear());
        Mark { tables: self.tables.mark(), warnings: self.warnings.len(), fate: self.fate.clone() }
    }

    /// Takes back everything done since the last [`mark`](Document::mark), which `mark` must be.
    pub fn rollback(&mut self, mark: &Mark) {
        if !self.undo.is_empty() {
            let (text, alignment) = self.undo.swap_remove(0);
            self.undo.clear();
            self.copied.iter_mut().for_each(|copied| copied.rounds.clear());
            self.content.text = text;
            self.content.alignment = alignment;
        }
        self.content.views = Views::default();
        self.tables.rollback(&mark.tables);
        self.warnings.truncate(mark.warnings);
        self.fate = mark.fate.clone();
    }
}

/// Another text in the memory of a string.
fn renew(string: &mut String, text: &str) {
    string.clear();
    string.push_str(text);
}

impl Content {
    /// The document's id.
    pub fn id(&self) -> &str {
        &self.article.id
    }

    /// The article's text as it came, never changed.
    pub fn raw(&self) -> &str {
        &self.article.raw
    }

    /// The text as rewritten so far.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.article.raw)
    }

    /// How the text lies on the raw text.
    pub fn alignment(&self) -> &Alignment {
        &self.alignment
    }

    /// The raw span that a span of the text came from.
    pub fn to_raw(&self, span: Span) -> Span {
        self.alignment.to_old(span)
    }

    /// Every input field that was not mapped, and `published` as given.
    pub fn meta(&self) -> &Map<String, Value> {
        &self.article.meta
    }

    /// The publication date, where known.
    pub fn published(&self) -> Option<Date> {
        self.article.published
    }

    /// Where the document came from.
    pub fn origin(&self) -> &Origin {
        &self.article.origin
    }

    /// The raw span of the title at the beginning of the article, if it came with one.
    pub fn title(&self) -> Option<Span> {
        (self.article.title_len > 0).then(|| Span::new(0, self.article.title_len))
    }

    /// What in the text is not plain, and where. Made on first use, dropped by an edit.
    pub fn census(&self) -> &Census {
        self.views.census.get_or_init(|| Census::of(self.text()))
    }

    /// The folded text. Made on first use, dropped by an edit.
    pub fn folded(&self) -> &Folded {
        self.views.folded.get_or_init(|| Folded::new(self.text()))
    }

    /// A view of type `T` derived from the text, made by `make` on first use and dropped by an edit.
    /// It must be a function of the text and of exclusive layers that no later stage writes.
    pub fn view<T: Any + Send>(&self, make: impl FnOnce(&Content) -> T) -> &T {
        self.views.others.get_or_insert(|| make(self))
    }
}

/// The hand that writes rows for one stage: everything it writes is checked against the text and the
/// contract of that stage.
#[derive(Debug)]
pub struct Annotator<'d> {
    text: &'d str,
    tables: &'d mut Tables,
    stage: StageId,
    grants: &'d Grants,
}

impl Annotator<'_> {
    /// Adds a row.
    ///
    /// # Errors
    /// The span is empty, outside the text or inside a code point; the contract does not declare rows
    /// of this layer; the score is no number from 0 to 1; or a row of this span and label is there
    /// already ([`RowError::Duplicate`] names it).
    pub fn add(
        &mut self,
        layer: LayerId,
        span: Span,
        label: Sym,
        rule: Sym,
        score: f32,
    ) -> Result<RowRef, RowError> {
        if !self.grants.rows(layer) {
            return Err(RowError::Undeclared(layer, label));
        }
        check_span(self.text, span)?;
        if !(0.0..=1.0).contains(&score) {
            return Err(RowError::Score);
        }
        self.tables.add(layer, Row { span, score, label, rule, stage: self.stage })
    }

    /// Adds rows of one layer, rule and score, as [`add`](Annotator::add) does, but checks only once what
    /// is the same for all. Made for many rows in the order of the text.
    ///
    /// # Errors
    /// As for [`add`](Annotator::add). The rows before the one at fault stay.
    pub fn add_all(
        &mut self,
        layer: LayerId,
        rule: Sym,
        score: f32,
        rows: &[(Span, Sym)],
    ) -> Result<(), RowError> {
        let Some(&(_, first)) = rows.first() else { return Ok(()) };
        if !self.grants.rows(layer) {
            return Err(RowError::Undeclared(layer, first));
        }
        if !(0.0..=1.0).contains(&score) {
            return Err(RowError::Score);
        }
        let (text, stage) = (self.text, self.stage);
        let mut fault = None;
        let good = rows.iter().map_while(|&(span, label)| match check_span(text, span) {
            Ok(()) => Some(Row { span, score, label, rule, stage }),
            Err(error) => {
                fault = Some(error);
                None
            }
        });
        self.tables.add_all(layer, rows.len(), good)?;
        fault.map_or(Ok(()), Err)
    }

    /// Makes room for attrs on rows of a layer, with this many bytes of values together. Made for many; what
    /// is not used in the end only lies there.
    pub fn reserve_attrs(&mut self, layer: LayerId, attrs: usize, bytes: usize) {
        self.tables.reserve_attrs(layer, attrs, bytes);
    }

    /// Writes an attr on a row.
    ///
    /// # Errors
    /// There is no such row, the contract does not declare the attr, or it has a value already.
    pub fn attr(&mut self, row: RowRef, key: Sym, value: &str) -> Result<(), RowError> {
        if !self.grants.attr(row.layer, key) {
            return Err(RowError::Undeclared(row.layer, key));
        }
        self.tables.add_attr(row, key, value, self.stage)
    }

    /// Links a row to another; a key may link to several rows, one call each.
    ///
    /// # Errors
    /// There is no such row, the contract does not declare the link, it is there already, or another
    /// stage wrote this key.
    pub fn link(&mut self, row: RowRef, key: Sym, to: RowRef) -> Result<(), RowError> {
        if !self.grants.link(row.layer, key) {
            return Err(RowError::Undeclared(row.layer, key));
        }
        self.tables.add_link(row, key, to, self.stage)
    }

    /// The tables as they are now.
    pub fn tables(&self) -> &Tables {
        self.tables
    }
}

fn check_span(text: &str, span: Span) -> Result<(), RowError> {
    if span.begin < span.end && text.get(span.range()).is_some() {
        return Ok(());
    }
    if span.begin >= span.end {
        return Err(RowError::Empty(span));
    }
    if span.end as usize > text.len() {
        return Err(RowError::OutOfText(span));
    }
    Err(RowError::InsideCodePoint(span))
}

/// What is derived from the text on demand.
#[derive(Debug, Default)]
struct Views {
    census: OnceCell<Census>,
    folded: OnceCell<Folded>,
    others: ViewList,
}

/// A list of views of different types; grows only.
#[derive(Default)]
struct ViewList(OnceCell<Box<(Box<dyn Any + Send>, ViewList)>>);

impl ViewList {
    fn get_or_insert<T: Any + Send>(&self, make: impl FnOnce() -> T) -> &T {
        let mut list = self;
        while let Some(node) = list.0.get() {
            if let Some(view) = node.0.downcast_ref() {
                return view;
            }
            list = &node.1;
        }
        let made = make();
        // `make` may have added views itself: go on to the end of the list.
        while let Some(node) = list.0.get() {
            list = &node.1;
        }
        let node = list.0.get_or_init(|| Box::new((Box::new(made), ViewList::default())));
        node.0.downcast_ref().expect("the node was made with this type just now")
    }
}

impl std::fmt::Debug for ViewList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ViewList")
    }
}
