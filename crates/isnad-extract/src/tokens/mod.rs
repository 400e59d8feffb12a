//! `extract.tokens`: words, numbers, punctuation, and the things of the web, with their places.

mod scan;
mod web;

use std::sync::Arc;

use isnad_arabic::{Path, find_proclitic};
use isnad_core::{
    Annotator, Contract, DocError, Example, LayerId, Names, Reads, RowRef, Span, StageError, StageKind, Sym,
    Writes, per_doc,
};
use isnad_lexicon::{Lexicon, word_hash};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};
use crate::words::{WordNames, may_be_proclitic};
use scan::{Folds, LABELS, Label, Tokenizer};

const ABOUT: &str = "divides text into words, numbers, punctuation, addresses, handles and hashtags";

const DOCS: &str = "\
Writes `token` rows. Marks, tatweel and zero-width characters belong to the word around them.
Punctuation is a token of its own, the same sign repeated is one. A number keeps single separators between its
digits (`.` `,` `،` U+060C, `٫` U+066B, `٬` U+066C); of a time or date in digits each number is a token.
A web address begins with a scheme, or its host ends in a known top-level domain (table `tlds.tsv`);
addresses, handles and hashtags end where twitter-text ends them, but a path may go on in Arabic letters.
Attrs: `norm`, the folded form, where it differs from the text; `clitics`, the proclitics of a word, where the lexicon
knows the rest and not the whole.

| text | tokens |
|---|---|
| وبلينكين،أكد | وبلينكين · ، · أكد |
| 1,356.20 | one `number` |
| https://example.org/a?b=1. | `url` without the full stop |
| press@example.org | `email` |
| aawsat.com | `url` |
| @MFA_Morocco | `handle` |
| #رجب_طيب_أردوغان | `hashtag` |
| CNN الأمريكية | `latin` · `word` |
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "words with their folded form and their proclitics, a number and its unit",
        options: "{}",
        before: "وبالسعودية بلغت الأسعار 1,250.5 دولار،أمس",
        after: "token word «وبالسعودية» norm=وبالسعوديه clitics=و+ب+\n\
                token word «بلغت»\n\
                token word «الأسعار» norm=الاسعار\n\
                token number «1,250.5»\n\
                token word «دولار»\n\
                token punct «،»\n\
                token word «أمس» norm=امس",
    },
    Example {
        about: "things of the web",
        options: "{\"attrs\": false}",
        before: "كتب @MFA_Morocco على aawsat.com: #قمة_الرباط https://t.co/a1B2c3",
        after: "token word «كتب»\n\
                token handle «@MFA_Morocco»\n\
                token word «على»\n\
                token url «aawsat.com»\n\
                token punct «:»\n\
                token hashtag «#قمة_الرباط»\n\
                token url «https://t.co/a1B2c3»",
    },
];

/// Options of `extract.tokens`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether tokens bear the attrs `norm` and `clitics`.
    attrs: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { attrs: true }
    }
}

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    let kind = StageKind::new("extract.tokens", ABOUT, DOCS, move |options: Options, _| {
        let contract = Contract::new()
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(
                Writes::rows("token", 1)
                    .exclusive()
                    .labels(LABELS)
                    .attrs(["norm", "clitics"])
                    .rules(["script"]),
            );
        let lexicon = lexicon.get();
        let (tokenizer, spellings) = (Tokenizer::new(), Spellings::new());
        let open = move |names: &Arc<Names>| Open::new(names, &lexicon);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let text = content.text();
            open.found.clear();
            open.words.clear();
            let (mut changed, mut changed_len) = (0, 0);
            for token in tokenizer.tokens(text) {
                if token.label == Label::Word {
                    open.words.push((open.found.len() as u32, token.folds));
                    if token.folds != Folds::Same {
                        changed += 1;
                        changed_len += token.span.len();
                    }
                }
                open.found.push((token.span, open.labels[token.label as usize]));
            }
            rows.add_all(open.layer, open.rule, 1.0, &open.found)?;
            let is_read = options.attrs && open.names.are_read(rows.tables());
            if !is_read {
                return Ok(());
            }
            // One word in eight or so has proclitics; they are short.
            let attached = open.words.len() / 8;
            rows.reserve_attrs(open.layer, changed + attached, changed_len + 4 * attached);
            open.write_attrs(text, &tokenizer, &spellings, &mut rows)
        }))
    });
    kind.with_examples(EXAMPLES)
}

struct Open {
    names: WordNames,
    lexicon: Arc<Lexicon>,
    layer: LayerId,
    labels: [Sym; LABELS.len()],
    norm: Sym,
    clitics: Sym,
    rule: Sym,
    /// The tokens of the document at hand, and which of them are words.
    found: Vec<(Span, Sym)>,
    words: Vec<(u32, Folds)>,
    folded: String,
    stem: String,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        let mut labels = [Sym::NONE; LABELS.len()];
        for (number, label) in labels.iter_mut().zip(LABELS) {
            *number = sym(names, label)?;
        }
        Ok(Open {
            names: WordNames::open(names, lexicon)?,
            lexicon: Arc::clone(lexicon),
            layer: layer(names, "token")?,
            labels,
            norm: sym(names, "norm")?,
            clitics: sym(names, "clitics")?,
            rule: sym(names, "script")?,
            found: Vec::new(),
            words: Vec::new(),
            folded: String::new(),
            stem: String::new(),
        })
    }

    /// Writes `norm` and `clitics` on the tokens that are words.
    fn write_attrs(
        &mut self,
        text: &str,
        tokenizer: &Tokenizer,
        spellings: &Spellings,
        rows: &mut Annotator<'_>,
    ) -> Result<(), DocError> {
        for &(index, folds) in &self.words {
            let row = RowRef { layer: self.layer, index };
            let span = self.found.get(index as usize).map_or(Span::default(), |(span, _)| *span);
            let mut word = span.of(text);
            if folds != Folds::Same {
                self.folded.clear();
                tokenizer.fold(word, folds, &mut self.folded);
                if folds == Folds::Block || self.folded != word {
                    rows.attr(row, self.norm, &self.folded)?;
                }
                word = &self.folded;
            }
            if may_be_proclitic(word)
                && let Some(path) = known_path(word, &self.lexicon, &mut self.stem)
            {
                rows.attr(row, self.clitics, spellings.of(path))?;
            }
        }
        Ok(())
    }
}

/// The proclitics of the first reading of a folded word of which the lexicon knows the stem; `None` where
/// that is the whole word.
fn known_path(word: &str, lexicon: &Lexicon, stem: &mut String) -> Option<Path> {
    let is_known = |stem: &str| !lexicon.facts(word_hash(stem)).is_empty();
    // Most words are: they are not read at all.
    if is_known(word) {
        return None;
    }
    let known = find_proclitic(word, |reading| {
        let rest = word.get(reading.stem..).unwrap_or_default();
        if reading.elided_alef {
            stem.clear();
            stem.push('ا');
            stem.push_str(rest);
            is_known(stem)
        } else {
            !reading.path.is_none() && is_known(rest)
        }
    });
    known.map(|reading| reading.path)
}

/// How paths of proclitics are written, «و+ل+ال+»: all that there can be, spelled once.
struct Spellings([String; 60]);

impl Spellings {
    fn new() -> Self {
        let mut spellings = Spellings(std::array::from_fn(|_| String::new()));
        for conjunction in [None, Some('و'), Some('ف')] {
            for particle in [None, Some('ب'), Some('ك'), Some('ل'), Some('س')] {
                for (interrogative, article) in [(false, false), (false, true), (true, false), (true, true)] {
                    let path = Path { conjunction, interrogative, particle, article };
                    spellings.0[place(path)] = spell(path);
                }
            }
        }
        spellings
    }

    fn of(&self, path: Path) -> &str {
        &self.0[place(path)]
    }
}

/// The place of a path among all there can be.
fn place(path: Path) -> usize {
    let conjunction = match path.conjunction {
        None => 0,
        Some('و') => 1,
        Some(_) => 2,
    };
    let particle = match path.particle {
        None => 0,
        Some('ب') => 1,
        Some('ك') => 2,
        Some('ل') => 3,
        Some(_) => 4,
    };
    (conjunction * 5 + particle) * 4 + 2 * path.interrogative as usize + path.article as usize
}

fn spell(path: Path) -> String {
    let mut spelled = String::new();
    for clitic in [path.conjunction, path.particle].into_iter().flatten() {
        spelled.extend([clitic, '+']);
    }
    if path.interrogative {
        spelled.push_str("أ+");
    }
    if path.article {
        spelled.push_str("ال+");
    }
    spelled
}
