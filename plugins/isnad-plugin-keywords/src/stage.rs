//! The stage: options, what it says of itself, and the rows.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use isnad_arabic::fold;
use isnad_core::{
    Content, Context, Contract, DocError, Document, Example, Files, LayerId, Names, OptionError, Reads,
    RowError, Span, Stage, StageError, StageKind, Sym, Tables, Writes, per_doc,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::background::Background;
use crate::phrases::{LONGEST, Unit};
use crate::ranking::{Keyword, Wanted, rank};
use crate::words::{Parts, Role, WORDS};

/// Options of `keywords.phrases`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How many phrases an article gets at most.
    pub count: u32,
    /// How many words a phrase has at most, 5 or less.
    #[schemars(range(min = 1, max = 5))]
    pub longest: u32,
    /// How often a phrase must stand in the article.
    #[schemars(range(min = 1))]
    pub min_count: u32,
    /// A table of document frequencies made by `keywords-background`; without it, the one that comes along.
    pub background: Option<String>,
    /// More words, in any spelling, that no phrase begins or ends with.
    pub stopwords: Vec<String>,
    /// Which occurrences of a phrase get a row: the `first` one, or `all`.
    pub occurrences: Occurrences,
}

/// Which occurrences of a phrase get a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Occurrences {
    /// The first one.
    #[default]
    First,
    /// All of them.
    All,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            count: 10,
            longest: 3,
            min_count: 2,
            background: None,
            stopwords: Vec::new(),
            occurrences: Occurrences::First,
        }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new("keywords.phrases", "finds the key phrases of an article", DOCS, make)
        .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Writes `keyword` rows, label `word` or `phrase`, for what an article speaks of. A phrase is a run of words within a
sentence that neither begins nor ends with a function word. It counts by how often it stands in the article and how
rarely in others (TF-IDF); a part of a longer phrase that hardly stands alone is left out, and an adjective of relation («التركية») that nearly
always stands behind its noun counts half. It needs `extract.tokens`
before it, and `extract.sentences` for phrases to end where sentences do.

Attrs: `norm`, the words folded, without attached conjunctions, prepositions and the article; `rank`, from 1; `count`,
how often it stands in the article. The score is the share of occurrences, beside the most frequent word, times the
rarity in the background table.

| text | norm | why |
|---|---|---|
| سدّ النهضة, السـد, والسدود | سد نهضه, سد, سدود | spelling, tatweel and what is attached make no difference |
| وزير | وزير | the و belongs to the word: «زير» is in no table |
| قال, اليوم, جديد | — | words that bear no topic are in `stopwords.tsv` |
| بيانها | — | what a pronoun stands at does not say by itself what it is about |

The background that comes along is made of Arabic Wikinews and small; a table made of one's own archive by
`keywords-background` serves better.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "what a short article is about",
        options: r#"{ "count": 3 }"#,
        before: "قال وزير الري إن سد النهضة يهدد حصة المياه. وأضاف الوزير أن ملء سد النهضة يبدأ في يوليو، وأن المياه حق للجميع.",
        after: "\
keyword phrase «سد النهضة» norm=سد نهضه rank=1 count=2
keyword word «المياه» norm=مياه rank=2 count=2",
    },
    Example {
        about: "every occurrence, words only",
        options: r#"{ "longest": 1, "occurrences": "all", "count": 1 }"#,
        before: "المفاوضات مستمرة، ولا اتفاق في المفاوضات. وستعود الوفود للمفاوضات غدا.",
        after: "\
keyword word «المفاوضات» norm=مفاوضات rank=1 count=3
keyword word «المفاوضات» norm=مفاوضات rank=1 count=3
keyword word «للمفاوضات» norm=مفاوضات rank=1 count=3",
    },
];

fn make(options: Options, files: &dyn Files) -> Result<impl Stage + use<>, Vec<OptionError>> {
    let mut errors = Vec::new();
    let longest = options.longest as usize;
    if !(1..=LONGEST).contains(&longest) {
        errors.push(OptionError::new("longest", format!("a phrase has 1 to {LONGEST} words")));
    }
    if options.min_count == 0 {
        errors.push(OptionError::new(
            "min_count",
            "a phrase stands in its article at least once; give 1 or more",
        ));
    }
    let background = match options.background.as_deref().map(|path| read(files, path)) {
        None => Cow::Borrowed(Background::builtin()),
        Some(Ok(background)) => Cow::Owned(background),
        Some(Err(message)) => {
            errors.push(OptionError::new("background", message));
            Cow::Owned(Background::default())
        }
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    let stopwords: HashSet<String> = options.stopwords.iter().map(|word| fold(word)).collect();
    let wanted = Wanted { count: options.count as usize, longest, least: options.min_count };
    let contract = Contract::new()
        .reads(Reads::layer("token", 1))
        .reads(Reads::layer("sentence", 1).optional())
        .reads(Reads::layer("language", 1).optional())
        .writes(Writes::rows("keyword", 1).labels(["word", "phrase"]).attrs(["norm", "rank", "count"]));
    let occurrences = options.occurrences;
    Ok(per_doc(contract, Open::new, move |open, document, cx| {
        let (words, keywords) = {
            let words = open.words(document.content(), document.tables(), &background, &stopwords);
            let norms: Vec<&str> = words.norms.iter().map(|norm| &**norm).collect();
            let keywords = rank(&words.units, &norms, &background, wanted);
            (words.spans, keywords)
        };
        open.write(document, cx, &words, &keywords, occurrences)
    }))
}

fn read(files: &dyn Files, path: &str) -> Result<Background, String> {
    let bytes = files.read(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("`{path}` is not UTF-8; make it with `keywords-background`"))?;
    Background::parse(&text).map_err(|error| format!("`{path}`, {error}"))
}

struct Open {
    token: LayerId,
    sentence: Option<LayerId>,
    language: Option<LayerId>,
    arabic: Option<Sym>,
    /// The labels of tokens that are words.
    of_words: [Option<Sym>; 2],
    keyword: LayerId,
    labels: [Sym; 2],
    attrs: [Sym; 3],
}

/// The words of a document.
#[derive(Debug, Default)]
struct Words<'d> {
    units: Vec<Unit>,
    /// Where each stands in the text, without what is attached, but with its article.
    spans: Vec<Span>,
    norms: Vec<Cow<'d, str>>,
}

impl Open {
    fn new(names: &Arc<Names>) -> Result<Self, StageError> {
        let layer = |name: &str| names.layer(name).ok_or_else(|| StageError::undeclared(name));
        let sym = |name: &str| names.sym(name).ok_or_else(|| StageError::undeclared(name));
        Ok(Open {
            token: layer("token")?,
            sentence: names.layer("sentence"),
            language: names.layer("language"),
            arabic: names.sym("ar"),
            of_words: [names.sym("word"), names.sym("latin")],
            keyword: layer("keyword")?,
            labels: [sym("word")?, sym("phrase")?],
            attrs: [sym("norm")?, sym("rank")?, sym("count")?],
        })
    }

    /// The words of an article; none if it is known not to be Arabic.
    fn words<'d>(
        &self,
        content: &'d Content,
        tables: &Tables,
        background: &Background,
        stopwords: &HashSet<String>,
    ) -> Words<'d> {
        let mut words = Words::default();
        let language = self.language.and_then(|layer| tables.rows(layer).first());
        if language.is_some_and(|row| Some(row.label) != self.arabic) {
            return words;
        }
        let folded = content.folded();
        let mut walk = folded.ascending();
        let tokens = tables.rows(self.token);
        // Tokens in their order, with their folded forms; `None` for what is no word.
        let forms: Vec<(Span, Option<Span>)> = tokens
            .iter()
            .map(|token| {
                let is_word = self.of_words.contains(&Some(token.label));
                let begin = walk.from_text(token.span.begin as usize);
                (token.span, is_word.then(|| Span::new(begin, walk.from_text(token.span.end as usize))))
            })
            .collect();
        let here: HashSet<&str, FixedState> =
            forms.iter().filter_map(|(_, form)| Some(form.as_ref()?.of(folded.text()))).collect();
        let mut sentences = self.sentence.map_or(&[][..], |layer| tables.rows(layer)).iter().peekable();
        let mut numbers: HashMap<&'d str, u32, FixedState> = HashMap::default();
        let mut known: HashMap<&'d str, (Role, Parts), FixedState> = HashMap::default();
        let mut breaks = true;
        for (span, form) in forms {
            while sentences.next_if(|sentence| sentence.span.begin <= span.begin).is_some() {
                breaks = true;
            }
            let Some(form) = form.filter(|form| !form.is_empty()) else {
                breaks = true;
                continue;
            };
            let word = form.of(folded.text());
            let &mut (role, parts) = known.entry(word).or_insert_with(|| {
                let role = WORDS.role(word, stopwords);
                if role != Role::Content {
                    return (role, Parts::default());
                }
                let frequency = |word: &str| background.frequency(word);
                let is_here = |word: &str| here.contains(word);
                let parts = WORDS.parts(word, &frequency, &is_here);
                let norm = word.get(parts.norm..).unwrap_or_default();
                let role = if WORDS.has_pronoun(norm, &frequency, &is_here) { Role::Inner } else { role };
                (role, parts)
            });
            let norm = word.get(parts.norm..).unwrap_or_default();
            let role = if role == Role::Content && stopwords.contains(norm) { Role::Stop } else { role };
            let norm = *numbers.entry(norm).or_insert_with(|| {
                words.norms.push(Cow::Borrowed(norm));
                words.norms.len() as u32 - 1
            });
            let begin = match parts.shown {
                0 => span.begin as usize,
                shown => folded.to_text(form.begin as usize + shown),
            };
            words.units.push(Unit { norm, role, breaks: std::mem::take(&mut breaks) || parts.attached });
            words.spans.push(Span::new(begin, span.end as usize));
        }
        words
    }

    fn write(
        &self,
        document: &mut Document,
        cx: &Context<'_>,
        spans: &[Span],
        keywords: &[Keyword],
        occurrences: Occurrences,
    ) -> Result<(), DocError> {
        let mut rows: Vec<(Span, usize, &Keyword)> = Vec::new();
        for (rank, keyword) in (1..).zip(keywords) {
            let wanted = if occurrences == Occurrences::First { 1 } else { usize::MAX };
            for (first, last) in keyword.places.iter().take(wanted) {
                let (Some(first), Some(last)) = (spans.get(*first), spans.get(*last)) else { continue };
                rows.push((first.hull(*last), rank, keyword));
            }
        }
        rows.sort_by_key(|(span, rank, _)| (*span, *rank));
        let (_, mut annotator) = document.annotate(cx);
        for (span, rank, keyword) in rows {
            let label = self.labels[usize::from(keyword.words > 1)];
            let row = match annotator.add(self.keyword, span, label, Sym::NONE, keyword.score as f32) {
                Ok(row) => row,
                // Another stage of the chain has found the same phrase.
                Err(RowError::Duplicate(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let values = [keyword.norm.clone(), rank.to_string(), keyword.places.len().to_string()];
            for (key, value) in self.attrs.iter().zip(&values) {
                annotator.attr(row, *key, value)?;
            }
        }
        Ok(())
    }
}
