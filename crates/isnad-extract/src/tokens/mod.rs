//! `extract.tokens`: words, numbers, punctuation, and the things of the web, with their places.

mod scan;
mod web;

use std::sync::Arc;

use isnad_arabic::{Path, each_proclitic};
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
        let tokenizer = Tokenizer::new();
        let open = move |names: &Arc<Names>| Open::new(names, &lexicon);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let text = content.text();
            open.found.clear();
            open.words.clear();
            for token in tokenizer.tokens(text) {
                if token.label == Label::Word {
                    open.words.push((open.found.len() as u32, token.folds));
                }
                let label = open.labels.get(token.label as usize).copied().unwrap_or(Sym::NONE);
                open.found.push((token.span, label));
            }
            rows.add_all(open.layer, open.rule, 1.0, &open.found)?;
            let is_read = options.attrs && open.names.are_read(rows.tables());
            if is_read { open.write_attrs(text, &tokenizer, &mut rows) } else { Ok(()) }
        }))
    });
    kind.with_examples(EXAMPLES)
}

struct Open {
    names: WordNames,
    lexicon: Arc<Lexicon>,
    layer: LayerId,
    labels: Vec<Sym>,
    norm: Sym,
    clitics: Sym,
    rule: Sym,
    /// The tokens of the document at hand, and which of them are words.
    found: Vec<(Span, Sym)>,
    words: Vec<(u32, Folds)>,
    folded: String,
    value: String,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            names: WordNames::open(names, lexicon)?,
            lexicon: Arc::clone(lexicon),
            layer: layer(names, "token")?,
            labels: LABELS.iter().map(|label| sym(names, label)).collect::<Result<_, _>>()?,
            norm: sym(names, "norm")?,
            clitics: sym(names, "clitics")?,
            rule: sym(names, "script")?,
            found: Vec::new(),
            words: Vec::new(),
            folded: String::new(),
            value: String::new(),
        })
    }

    /// Writes `norm` and `clitics` on the tokens that are words.
    fn write_attrs(
        &mut self,
        text: &str,
        tokenizer: &Tokenizer,
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
                && let Some(path) = known_path(word, &self.lexicon, &mut self.value)
            {
                self.value.clear();
                spell(path, &mut self.value);
                rows.attr(row, self.clitics, &self.value)?;
            }
        }
        Ok(())
    }
}

/// The proclitics of the first reading of a folded word of which the lexicon knows the stem; `None` where
/// that is the whole word.
fn known_path(word: &str, lexicon: &Lexicon, stem: &mut String) -> Option<Path> {
    let mut known = None;
    each_proclitic(word, |reading| {
        if known.is_some() {
            return;
        }
        let rest = word.get(reading.stem..).unwrap_or_default();
        let hash = if reading.elided_alef {
            stem.clear();
            stem.push('ا');
            stem.push_str(rest);
            word_hash(stem)
        } else {
            word_hash(rest)
        };
        known = (!lexicon.facts(hash).is_empty()).then_some(reading.path);
    });
    known.filter(|path| !path.is_none())
}

/// «و+ل+ال+».
fn spell(path: Path, value: &mut String) {
    for clitic in [path.conjunction, path.particle].into_iter().flatten() {
        value.extend([clitic, '+']);
    }
    if path.interrogative {
        value.push_str("أ+");
    }
    if path.article {
        value.push_str("ال+");
    }
}
