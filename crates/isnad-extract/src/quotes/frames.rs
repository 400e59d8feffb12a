//! Frames: from a cue to its speaker, addressee and content.

use isnad_lexicon::{ClauseWord, FormKind};

use super::actors::{Actor, before, starting_at};
use super::content::content_end;
use super::marks::is_quotation_mark;
use super::page::Page;
use super::walk::{Opening, Walk, is_governed, walk};
use crate::cues::Cue;

/// How a quotation was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Verb, subject, أن.
    Vso,
    /// Subject, verb, أن.
    Svo,
    /// The subject is the last speaker.
    ProDrop,
    /// A participle in the wake of a verb.
    Participle,
    /// A verbal noun is what was said.
    Masdar,
    /// «بحسب X».
    According,
    /// The marks come first.
    Postposed,
    /// Marks alone.
    Marks,
    /// «X: …».
    Headline,
}

impl Rule {
    /// The rule's name in output.
    pub(crate) const ALL: [(Rule, &'static str); 9] = [
        (Rule::Vso, "frame:vso"),
        (Rule::Svo, "frame:svo"),
        (Rule::ProDrop, "frame:pro-drop"),
        (Rule::Participle, "frame:participle"),
        (Rule::Masdar, "frame:masdar"),
        (Rule::According, "frame:according"),
        (Rule::Postposed, "frame:postposed"),
        (Rule::Marks, "marks"),
        (Rule::Headline, "headline"),
    ];
}

/// A quotation by its words.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// First word of the content.
    pub(crate) first: usize,
    /// Behind its last word.
    pub(crate) end: usize,
    /// Byte offset where the content begins, where a proclitic is cut off; else 0.
    pub(crate) cut: u32,
    pub(crate) kind: Kind,
    pub(crate) speakers: Vec<Actor>,
    pub(crate) addressees: Vec<Actor>,
    /// Indices of cues in the page.
    pub(crate) cues: Vec<usize>,
    pub(crate) rule: Rule,
    pub(crate) score: f32,
    /// A medium handed it on.
    pub(crate) relayed: bool,
}

impl Found {
    /// A quotation without cue, addressee or cut.
    pub(crate) fn new(
        first: usize,
        end: usize,
        kind: Kind,
        speakers: Vec<Actor>,
        rule: Rule,
        score: f32,
    ) -> Self {
        let (addressees, cues) = (Vec::new(), Vec::new());
        Found { first, end, cut: 0, kind, speakers, addressees, cues, rule, score, relayed: false }
    }

    /// Whether a word stands in the content.
    pub(crate) fn holds(&self, index: usize) -> bool {
        self.first <= index && index < self.end
    }

    /// Adds cues that are not there yet.
    pub(crate) fn add_cues(&mut self, cues: &[usize]) {
        for cue in cues {
            if !self.cues.contains(cue) {
                self.cues.push(*cue);
            }
        }
    }
}

/// Whose words the content is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The speaker's own words.
    Direct,
    /// The reporter's words.
    Indirect,
    /// The reporter's words with some of the speaker's.
    Mixed,
}

/// Reads the frame of a verb, participle or verbal noun of speech. `last` is the last speaker.
pub(crate) fn read(page: &Page<'_>, index: usize, last: &[Actor]) -> Option<Found> {
    let cue = page.cues.get(index)?;
    let form = cue.form()?;
    let lemma = page.lexicon.cues.lemma(form.lemma)?;
    if form.kind == FormKind::Masdar && form.pronoun == 0 && !noun_speaks(page, cue) {
        return None;
    }
    let walk = walk(page, index, cue, lemma, form.kind);
    let Some(opening) = walk.opening else { return postposed(page, index, cue, walk, last) };
    let (rule, speakers) = speakers(page, cue, form.kind, &walk, last);
    let (first, cut) = match opening {
        Opening::Clause(at) | Opening::Colon(at) => (at, 0),
        Opening::Mark(open) => (open, 0),
        Opening::Noun(at, cut) => (at, cut),
    };
    let rule = if matches!(opening, Opening::Noun(..)) && rule == Rule::Vso { Rule::Masdar } else { rule };
    let (first, end, kind) = extent(page, first, opening)?;
    let mut cues = vec![index];
    cues.extend(&walk.extra_cues);
    let sure = lemma.strong && !speakers.is_empty();
    let score = match opening {
        Opening::Noun(..) => 0.6,
        _ if sure => 0.9,
        _ => 0.7,
    };
    Some(Found {
        first,
        end,
        cut: if page.scan.span(first).begin < cut { cut } else { 0 },
        kind,
        speakers,
        addressees: walk.addressees,
        cues,
        rule,
        score,
        relayed: walk.relayed,
    })
}

/// A verbal noun speaks where somebody stands behind it and أن or a colon behind them: «تأكيد الوزير أن».
fn noun_speaks(page: &Page<'_>, cue: &Cue) -> bool {
    let Some(actor) = starting_at(page.actors, cue.last + 1) else { return false };
    let next = actor.last + 1;
    (next..next + 3).any(|i| page.is_complementizer(i) || page.scan.folded(i) == ":")
}

/// Who speaks: behind the verb, before it, or the last speaker.
fn speakers(page: &Page<'_>, cue: &Cue, kind: FormKind, walk: &Walk, last: &[Actor]) -> (Rule, Vec<Actor>) {
    match kind {
        FormKind::Participle => {
            let own = subject_before(page, cue, last);
            return (Rule::Participle, own);
        }
        FormKind::Masdar => {
            if walk.speakers.is_empty() {
                return (
                    Rule::ProDrop,
                    source_before(page, cue).map_or_else(|| last.to_vec(), |actor| vec![actor]),
                );
            }
            return (Rule::Vso, walk.speakers.clone());
        }
        _ => {}
    }
    if !walk.speakers.is_empty() {
        return (Rule::Vso, walk.speakers.clone());
    }
    // «لكنه قال»: the pronoun is the last speaker.
    let pronoun = cue.first.checked_sub(1).is_some_and(|i| {
        let word = page.scan.folded(i);
        page.is(i, ClauseWord::Opener) && word.contains("لكن") && word.ends_with(['ه', 'ا', 'م'])
    });
    if cue.path.conjunction.is_none()
        && (!pronoun || last.is_empty())
        && let Some(actor) = svo(page, cue)
    {
        return (Rule::Svo, vec![actor]);
    }
    (Rule::ProDrop, last.to_vec())
}

/// «نقلت الوكالة عن X قوله»: the actor behind the last عن before the cue.
fn source_before(page: &Page<'_>, cue: &Cue) -> Option<Actor> {
    let begin = page.sentence_begin(cue.first).max(cue.first.saturating_sub(SUBJECT_REACH));
    (begin..cue.first)
        .rev()
        .find(|&i| page.scan.folded(i) == "عن")
        .and_then(|i| starting_at(page.actors, i + 1))
        .copied()
}

/// Whether «بحسب» or one of its like stands a few words before the name at a word, in the same clause.
fn names_source(page: &Page<'_>, at: usize) -> bool {
    let begin = page.sentence_begin(at).max(at.saturating_sub(5));
    (begin..at)
        .rev()
        .take_while(|&i| !page.is_comma(i))
        .any(|i| page.cue_at(i).is_some_and(|cue| page.is_according(cue)))
}

/// The subject of a participle: the last speaker if they spoke in this sentence, else its first subject.
fn subject_before(page: &Page<'_>, cue: &Cue, last: &[Actor]) -> Vec<Actor> {
    // «…، بحسب الوزارة، مشيرة إلى أن»: the source named right before goes on.
    let begin = page.sentence_begin(cue.first);
    if let Some(nearest) = before(page.actors, begin, cue.first)
        && (nearest.last + 1..cue.first).all(|i| page.is_comma(i))
        && names_source(page, nearest.first)
    {
        return vec![*nearest];
    }
    if !last.is_empty() {
        return last.to_vec();
    }
    first_subject(page, cue.first).into_iter().collect()
}

/// How far before a verb its subject is looked for, in words.
const SUBJECT_REACH: usize = 120;

/// The subject before a verb: the nearest actor with nothing but auxiliaries between, else the first subject of
/// the sentence.
fn svo(page: &Page<'_>, cue: &Cue) -> Option<Actor> {
    let begin = page.sentence_begin(cue.first);
    let nearest = before(page.actors, begin, cue.first)?;
    let between = (nearest.last + 1..cue.first).all(|i| {
        page.is(i, ClauseWord::Auxiliary) || page.is_sign(i) || page.scan.kind(i) != crate::words::Kind::Word
    });
    let governed = |actor: &Actor| actor.governed || is_governed(page, actor.first);
    if between && !governed(nearest) {
        return Some(*nearest);
    }
    first_subject(page, cue.first)
}

/// The first actor of a sentence that no preposition governs.
fn first_subject(page: &Page<'_>, index: usize) -> Option<Actor> {
    let begin = page.sentence_begin(index).max(index.saturating_sub(SUBJECT_REACH));
    let governed = |actor: &&Actor| actor.governed || actor.network || is_governed(page, actor.first);
    let from = page.actors.partition_point(|actor| actor.first < begin);
    let here = page.actors.get(from..).unwrap_or_default().iter().take_while(|actor| actor.first < index);
    here.filter(|actor| actor.last < index).find(|actor| !governed(actor)).copied()
}

/// «"…"، قال X»: a verb with its content before it, in marks.
fn postposed(page: &Page<'_>, index: usize, cue: &Cue, walk: Walk, last: &[Actor]) -> Option<Found> {
    // «"…". ويعد …» begins something new.
    if !cue.is_finite() || cue.path.conjunction.is_some() {
        return None;
    }
    let close = (cue.first.saturating_sub(2)..cue.first).rev().find(|&i| is_quotation_mark(page.scan, i))?;
    if page.scan.sentence(close) != page.scan.sentence(cue.first) {
        return None;
    }
    let pair = page.pair_to(close)?;
    let (first, end) = page.trimmed(pair.open + 1, pair.close)?;
    let speakers = if walk.speakers.is_empty() { last.to_vec() } else { walk.speakers };
    Some(Found {
        first,
        end,
        cut: 0,
        kind: Kind::Direct,
        speakers,
        addressees: walk.addressees,
        cues: vec![index],
        rule: Rule::Postposed,
        score: 0.8,
        relayed: false,
    })
}

/// The extent of the content that opens at a word, and its kind.
fn extent(page: &Page<'_>, first: usize, opening: Opening) -> Option<(usize, usize, Kind)> {
    let mark = (first..first + 2)
        .find(|&i| is_quotation_mark(page.scan, i))
        .filter(|&i| i == first || page.is_sign(first) || matches!(page.scan.folded(first), "ب" | "و"));
    if let Some(pair) = mark.and_then(|open| page.pair_from(open)) {
        let behind = pair.close + 1;
        let sentence_end = page.sentence_end(pair.close.min(page.scan.len().saturating_sub(1)));
        let goes_on = behind < sentence_end
            && page.scan.sentence(behind) == page.scan.sentence(pair.close)
            && matches!(opening, Opening::Clause(_) | Opening::Noun(..))
            && content_goes_on(page, behind);
        if !goes_on {
            let (first, end) = page.trimmed(pair.open + 1, pair.close)?;
            return Some((first, end, Kind::Direct));
        }
    }
    if matches!(opening, Opening::Mark(_)) {
        return None;
    }
    let end = content_end(page, first);
    let (first, end) = page.trimmed(first, end)?;
    let kind = match opening {
        Opening::Colon(_) => Kind::Direct,
        _ if page.has_marks(first, end) => Kind::Mixed,
        _ => Kind::Indirect,
    };
    Some((first, end, kind))
}

/// Whether the sentence of a quotation goes on behind its closing mark.
fn content_goes_on(page: &Page<'_>, behind: usize) -> bool {
    if page.is_sign(behind) {
        return false;
    }
    let cue = page.cue_at(behind).is_some();
    !cue && !page.is(behind, ClauseWord::Opener)
}
