//! `extract.cues`: the words that introduce what somebody said.

use std::sync::Arc;

use isnad_arabic::Path;
use isnad_core::{
    Contract, Example, LayerId, Names, Reads, Span, StageError, StageKind, Sym, Writes, per_doc,
};
use isnad_lexicon::{CueForm, CueLexicon, Facts, FormKind, Lexicon, PhraseKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{fresh, layer, sym};
use crate::words::{Reading, Scan, WordNames};

const ABOUT: &str = "finds verbs, participles, nouns and phrases that introduce speech";

const DOCS: &str = "\
Writes `cue` rows for every form of the lemmas in `cues.tsv`, which are made by rule (tense, person, gender,
number, attached pronouns), and for the phrases of `cue_phrases.tsv`. Attrs: `lemma`, `stance`. Whether a cue is
used is decided by `extract.quotes`; what is exported by default are the used ones.

| text | lemma | rule |
|---|---|---|
| وقالت الوزارة إن | قال | finite |
| مشيرة إلى أن | أشار | participle |
| نقل عنه قوله | قال | masdar |
| بحسب مصدر أمني | بحسب | phrase |
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "verb, participle, phrase",
        options: "{}",
        before: "قالت الوزيرة إن الخطة جاهزة، مشيرة إلى أن التمويل متوفر، بحسب بيان البنك المركزي.",
        after: "\
cue «قالت» lemma=قال stance=assert
cue «مشيرة» lemma=أشار stance=assert
cue «بحسب بيان» lemma=بحسب بيان stance=assert",
    },
    Example {
        about: "a verbal noun and a verb with another stance",
        options: "{}",
        before: "ونقلت الصحيفة عن الطبيب قوله إن العلاج مجاني، ونفى المدير وقوع إصابات.",
        after: "\
cue «نقلت» lemma=نقل stance=quote
cue «قوله» lemma=قال stance=assert
cue «نفى» lemma=نفى stance=deny",
    },
];

/// Options of `extract.cues`: none yet.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {}

const RULES: [&str; 4] = ["finite", "participle", "masdar", "phrase"];

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.cues", ABOUT, DOCS, move |_: Options, _| {
        let lexicon = lexicon.get();
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(Writes::rows("cue", 1).attrs(["lemma", "stance"]).rules(RULES));
        let shared = Arc::clone(&lexicon);
        let open = move |names: &Arc<Names>| Open::new(names, &shared);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let scan = open.words.scan(content, rows.tables());
            let mut index = 0;
            while index < scan.len() {
                let Some(cue) = find(&scan, index, &lexicon) else {
                    index += 1;
                    continue;
                };
                let rule = open.rules.get(cue.rule()).copied().unwrap_or(Sym::NONE);
                index = cue.last + 1;
                let added = rows.add(open.layer, cue.span, Sym::NONE, rule, cue.score(&lexicon.cues));
                let Some(row) = fresh(added)? else { continue };
                let (lemma, stance) = cue.lemma(&lexicon.cues);
                rows.attr(row, open.lemma, lemma)?;
                rows.attr(row, open.stance, stance)?;
            }
            Ok(())
        }))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    layer: LayerId,
    lemma: Sym,
    stance: Sym,
    rules: Vec<Sym>,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "cue")?,
            lemma: sym(names, "lemma")?,
            stance: sym(names, "stance")?,
            rules: RULES.iter().map(|rule| sym(names, rule)).collect::<Result<_, _>>()?,
        })
    }
}

/// A word or phrase that may introduce speech.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cue {
    /// Its first word.
    pub(crate) first: usize,
    /// Its last word.
    pub(crate) last: usize,
    /// Its place in the text, without proclitics.
    pub(crate) span: Span,
    /// The proclitics before it.
    pub(crate) path: Path,
    /// What it is.
    pub(crate) what: What,
}

/// A form of a lemma, or a phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    Form(CueForm),
    Phrase(u16),
}

impl Cue {
    /// Whether it is a verb with a subject of its own.
    pub(crate) fn is_finite(&self) -> bool {
        matches!(self.what, What::Form(form) if matches!(form.kind, FormKind::Perfect | FormKind::Imperfect | FormKind::Passive))
    }

    /// The form of a lemma, if it is one.
    pub(crate) fn form(&self) -> Option<CueForm> {
        match self.what {
            What::Form(form) => Some(form),
            What::Phrase(_) => None,
        }
    }

    fn rule(&self) -> usize {
        match self.what {
            What::Form(form) => match form.kind {
                FormKind::Perfect | FormKind::Imperfect | FormKind::Passive => 0,
                FormKind::Participle => 1,
                FormKind::Masdar => 2,
            },
            What::Phrase(_) => 3,
        }
    }

    fn score(&self, cues: &CueLexicon) -> f32 {
        match self.what {
            What::Form(form) if cues.lemma(form.lemma).is_some_and(|lemma| lemma.strong) => 0.9,
            What::Form(_) => 0.5,
            What::Phrase(_) => 0.9,
        }
    }

    fn lemma<'l>(&self, cues: &'l CueLexicon) -> (&'l str, &'l str) {
        match self.what {
            What::Form(form) => cues.lemma(form.lemma).map_or(("", ""), |l| (&l.lemma, &l.stance)),
            What::Phrase(index) => cues.phrase(index).map_or(("", ""), |p| (&p.phrase, &p.stance)),
        }
    }
}

/// The cue that begins at a word.
pub(crate) fn find(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<Cue> {
    if !scan.is_word(index) {
        return None;
    }
    phrase(scan, index, &lexicon.cues).or_else(|| form(scan, index, lexicon))
}

fn phrase(scan: &Scan<'_>, index: usize, cues: &CueLexicon) -> Option<Cue> {
    let mut best: Option<Cue> = None;
    for reading in scan.readings(index) {
        let path = reading.path;
        let none = !reading.facts.has(Facts::CUE_START);
        if none || path.article || path.interrogative || path.particle.is_some() {
            continue;
        }
        let mut node = cues.phrases().root();
        let (mut hash, mut word) = (reading.hash, scan.stem(reading));
        let mut last = index;
        while let Some(next) = cues.phrases().step(node, hash, word) {
            node = next;
            if let Some(&found) = cues.phrases().values(node).first()
                && best.is_none_or(|b| last >= b.last)
                && cues.phrase(found).is_some_and(|p| p.kind != PhraseKind::Discontinuous)
            {
                let span = Span::new(reading.begin as usize, scan.span(last).end as usize);
                best = Some(Cue { first: index, last, span, path, what: What::Phrase(found) });
            }
            last += 1;
            if !scan.is_word(last) {
                break;
            }
            word = scan.folded(last);
            hash = isnad_lexicon::word_hash(word);
        }
        if best.is_some() {
            break;
        }
    }
    best
}

fn form(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<Cue> {
    if !scan.readings(index).iter().any(|reading| reading.facts.has(Facts::CUE))
        || lexicon.vocabulary.is_function_word(scan.text(index))
    {
        return None;
    }
    for reading in scan.readings(index) {
        if !reading.facts.has(Facts::CUE) {
            continue;
        }
        let forms = lexicon.cues.forms(reading.hash, scan.stem(reading));
        // «مصر» is the country before it is «مُصِرّ».
        let named = reading.facts.has(Facts::NAME_START);
        let weak = |form: &CueForm| lexicon.cues.lemma(form.lemma).is_some_and(|lemma| !lemma.strong);
        let right = |form: &&CueForm| fits(form, reading) && !(named && weak(form));
        let Some(form) = forms.iter().find(right) else { continue };
        let span = Span::new(reading.begin as usize, scan.span(index).end as usize);
        return Some(Cue { first: index, last: index, span, path: reading.path, what: What::Form(*form) });
    }
    None
}

/// Whether the proclitics of a reading can stand before a form.
fn fits(form: &CueForm, reading: &Reading) -> bool {
    let path = reading.path;
    match form.kind {
        FormKind::Perfect | FormKind::Passive => {
            path.particle.is_none() && !path.article && !path.interrogative
        }
        FormKind::Imperfect => {
            matches!(path.particle, None | Some('س' | 'ل')) && !path.article && !path.interrogative
        }
        FormKind::Participle => path.particle.is_none() && !path.article && !path.interrogative,
        FormKind::Masdar => {
            path.particle != Some('س') && !path.interrogative && (form.pronoun == 0 || !path.article)
        }
    }
}
