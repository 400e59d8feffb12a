//! Frames: from a cue to its speaker, addressee and content.

use isnad_lexicon::{ClauseWord, CueLemma, Facts, FormKind};

use super::actors::{Actor, before, starting_at};
use super::content::content_end;
use super::marks::is_quotation_mark;
use super::page::Page;
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

/// How far behind a cue its content may begin, in words.
const REACH: usize = 45;

/// What a walk behind a cue comes upon.
struct Walk {
    speakers: Vec<Actor>,
    addressees: Vec<Actor>,
    extra_cues: Vec<usize>,
    opening: Option<Opening>,
    relayed: bool,
}

/// How the content is opened.
#[derive(Clone, Copy, Debug)]
enum Opening {
    /// By أن: the content begins at this word.
    Clause(usize),
    /// By a colon.
    Colon(usize),
    /// By a mark: the pair's first mark.
    Mark(usize),
    /// A noun phrase is the content; it begins at this word, perhaps behind a proclitic.
    Noun(usize, u32),
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

fn walk(page: &Page<'_>, index: usize, cue: &Cue, lemma: &CueLemma, kind: FormKind) -> Walk {
    let mut walk =
        Walk { speakers: Vec::new(), addressees: Vec::new(), extra_cues: Vec::new(), opening: None, relayed: false };
    let end = page.sentence_end(cue.last).max(page.pair_around(cue.last).map_or(0, |_| 0));
    let mut at = cue.last + 1;
    let takes_none = lemma.particles.is_empty() || lemma.particles.iter().any(String::is_empty);
    let mut about = false;
    // Words passed that are no actor, time or comma: the more, the less likely what follows is content.
    let mut plain = 0;
    while at < end.min(cue.last + REACH) {
        let folded = page.scan.folded(at);
        if page.is_complementizer(at) && lemma.frame.complementizer {
            // «إن "…"»: the marks behind it are looked at with the content.
            walk.opening = Some(Opening::Clause(at + 1));
            return walk;
        }
        if folded == ":" {
            walk.opening = Some(Opening::Colon(at + 1));
            return walk;
        }
        if is_quotation_mark(page.scan, at) {
            let Some(pair) = page.pair_from(at) else {
                at += 1;
                continue;
            };
            if is_title(page, pair.open, pair.close) {
                at = pair.open + 1;
                while at <= pair.close {
                    at = take_actor(page, at, lemma, about, &mut walk).unwrap_or(at + 1);
                }
                continue;
            }
            // Far from the cue a short fragment in marks is no speech: «… بتسجيله "هاتريك"».
            if plain > 2 && pair.len() <= 4 {
                at = pair.close + 1;
                continue;
            }
            walk.opening = Some(Opening::Mark(at));
            return walk;
        }
        if let Some(next) = particle(page, at, lemma) {
            if page.is_complementizer(next) {
                at = next;
                continue;
            }
            if lemma.frame.masdar && (kind != FormKind::Masdar) && !(lemma.lemma == "أعلن" && next == at) {
                let cut = if next == at { page.scan.readings(at).iter().find(|r| r.path.particle.is_some()).map_or(0, |r| r.begin) } else { 0 };
                if opens_noun(page, next) && plain <= 2 {
                    walk.opening = Some(Opening::Noun(next, cut));
                    return walk;
                }
            }
        }
        if folded == "عن" && (lemma.lemma == "نقل" || lemma.lemma == "نسب") {
            about = true;
            walk.relayed = !walk.speakers.is_empty();
            walk.speakers.clear();
            at += 1;
            continue;
        }
        if let Some(next) = take_actor(page, at, lemma, about, &mut walk) {
            at = next;
            continue;
        }
        if let Some(other) = page.cue_at(at)
            && page.is_according(other)
        {
            // «ذكرت الوكالة نقلا عن مصدر أن»: the source takes the medium's place.
            if page.scan.folded(at) == "نقلا" {
                about = true;
                walk.relayed = !walk.speakers.is_empty();
                walk.speakers.clear();
                walk.extra_cues.extend(page.cues.iter().position(|c| c.first == other.first));
                at = other.last + 1;
                continue;
            }
            at = other.last + 1;
            if let Some(actor) = starting_at(page.actors, at) {
                at = actor.last + 1;
            }
            continue;
        }
        if let Some(other) = page.cue_at(at) {
            // «وأضاف … قائلا», «تابع مؤكدا»: two cues of one quotation.
            let wake = other.form().is_some_and(|form| {
                matches!(form.kind, FormKind::Participle) || (form.kind == FormKind::Masdar && form.pronoun > 0)
            });
            if wake && page.cues.iter().position(|c| c.first == other.first) == Some(index + 1) {
                walk.extra_cues.push(index + 1);
                at = other.last + 1;
                continue;
            }
            if other.is_finite() && !page.is(at.saturating_sub(1), ClauseWord::Subordinate) && lone_verb(page, other) {
                return walk;
            }
        }
        let subject_known = !walk.speakers.is_empty() || matches!(kind, FormKind::Participle);
        if lemma.frame.masdar && takes_none && lemma.strong && subject_known && !page.is_sign(at) && begins_object(page, at) {
            walk.opening = Some(Opening::Noun(at, 0));
            return walk;
        }
        plain += usize::from(page.scan.is_word(at) && page.channel_at(at).is_none());
        at += 1;
    }
    walk
}

/// Whether a finite verb of speech here is one: a strong lemma, or one with its أن.
fn lone_verb(page: &Page<'_>, cue: &Cue) -> bool {
    cue.form().and_then(|form| page.lexicon.cues.lemma(form.lemma)).is_some_and(|lemma| lemma.strong)
}

/// Takes an actor at a word as speaker or addressee; returns the word behind.
fn take_actor(page: &Page<'_>, at: usize, lemma: &CueLemma, about: bool, walk: &mut Walk) -> Option<usize> {
    let actor = starting_at(page.actors, at)?;
    let next = actor.last + 1;
    let before = at.checked_sub(1);
    let governed = actor.governed || (!about && is_governed(page, at));
    if governed {
        let to = page.scan.folded(at).starts_with('ل') && lemma.addressee.split('|').any(|a| a == "ل");
        let with = before.is_some_and(|i| matches!(page.scan.folded(i), "مع" | "الي"));
        if (to || (with && lemma.addressee.contains("إلى"))) && walk.addressees.is_empty() {
            walk.addressees.push(*actor);
        }
        return Some(next);
    }
    if walk.speakers.is_empty() {
        walk.speakers.push(*actor);
    } else if actor.joined || before.is_some_and(|i| page.scan.folded(i) == "و") {
        // «بوتين وأردوغان»: joined with nothing but a comma between.
        let beside = walk.speakers.last().is_some_and(|last| (last.last + 1..at).all(|i| page.is_comma(i) || page.scan.folded(i) == "و"));
        if beside {
            walk.speakers.push(*actor);
        }
    } else if lemma.addressee.split('|').any(|a| a == "object") && walk.addressees.is_empty() {
        walk.addressees.push(*actor);
    }
    Some(next)
}

/// Whether a preposition governs the name at a word, itself or through nouns: «على موقع تويتر».
fn is_governed(page: &Page<'_>, at: usize) -> bool {
    let scan = page.scan;
    let mut index = at;
    for _ in 0..3 {
        let Some(before) = index.checked_sub(1).filter(|&i| scan.sentence(i) == scan.sentence(at)) else { return false };
        if page.is(before, ClauseWord::Preposition) {
            return true;
        }
        let head = scan.readings(before).iter().find(|r| r.facts.has(Facts::ORG_HEAD.or(Facts::TITLE)));
        let Some(head) = head.filter(|_| !crate::naming::is_definite(scan, before)) else { return false };
        if head.path.particle.is_some() {
            return true;
        }
        index = before;
    }
    false
}

/// The word behind a particle of the lemma (`إلى`, `على`, `عن`, `من`), or the word itself where it is attached (`ب`).
fn particle(page: &Page<'_>, at: usize, lemma: &CueLemma) -> Option<usize> {
    let word = page.scan.text(at);
    for particle in lemma.particles.iter().filter(|particle| !particle.is_empty()) {
        if word == particle.as_str() {
            return Some(at + 1);
        }
        let attached = particle.chars().count() == 1 && page.scan.is_word(at);
        if attached
            && page.scan.readings(at).iter().any(|reading| {
                reading.path.particle.is_some_and(|p| particle.starts_with(p)) && reading.path.conjunction.is_none()
            })
            && !page.is_complementizer(at)
            && !crate::naming::is_ordinary(page.scan, at)
        {
            return Some(at);
        }
    }
    None
}

/// Whether a noun phrase that can be what was said begins at a word.
fn opens_noun(page: &Page<'_>, at: usize) -> bool {
    (page.scan.is_word(at) || is_quotation_mark(page.scan, at)) && !page.is_comma(at)
}

/// Whether the object of a verb like «أكد» begins here: no time, preposition, comma or channel.
fn begins_object(page: &Page<'_>, at: usize) -> bool {
    let scan = page.scan;
    if !scan.is_word(at) || page.is(at, ClauseWord::Preposition) || page.is(at, ClauseWord::Opener) {
        return false;
    }
    if page.channel_at(at).is_some() || page.cue_at(at).is_some_and(|cue| cue.is_finite()) {
        return false;
    }
    let class = crate::naming::word_class(scan, at, page.lexicon);
    let nominal = matches!(class, Some(isnad_lexicon::WordClass::Noun));
    // An adjective of the speaker or a word of time is none; a noun without article is the best sign.
    nominal && !crate::naming::is_definite(scan, at) && scan.readings(at).first().is_some_and(|r| r.path.is_none())
        && !scan.readings(at).iter().skip(1).any(|r| r.path.particle.is_some() && page.lexicon.vocabulary.class(r.hash, scan.stem(r)).is_some() && page.lexicon.vocabulary.class(scan.readings(at)[0].hash, scan.folded(at)).is_none())
        && page.lexicon.titles.head(scan.readings(at)[0].hash, scan.folded(at)).is_none()
}

/// Whether what stands between marks is a name or a single title, not speech: actors fill it.
fn is_title(page: &Page<'_>, open: usize, close: usize) -> bool {
    let inside = page.actors.iter().any(|actor| actor.first == open + 1 && actor.last + 1 >= close);
    let names = close - open - 1 <= 4 && (close + 1..close + 8).any(|i| page.is_complementizer(i) || page.scan.folded(i) == ":");
    inside || names
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
                return (Rule::ProDrop, source_before(page, cue).map_or_else(|| last.to_vec(), |actor| vec![actor]));
            }
            return (Rule::Vso, walk.speakers.clone());
        }
        _ => {}
    }
    if !walk.speakers.is_empty() {
        return (Rule::Vso, walk.speakers.clone());
    }
    // «لكنه قال»: the pronoun is the last speaker.
    let pronoun = cue.first.checked_sub(1).is_some_and(|i| page.is(i, ClauseWord::Opener) && page.scan.folded(i).ends_with(['ه', 'ا', 'م']) && page.scan.folded(i).contains("لكن"));
    if cue.path.conjunction.is_none()
        && !(pronoun && !last.is_empty())
        && let Some(actor) = svo(page, cue)
    {
        return (Rule::Svo, vec![actor]);
    }
    (Rule::ProDrop, last.to_vec())
}

/// «نقلت الوكالة عن X قوله»: the actor behind the last عن before the cue.
fn source_before(page: &Page<'_>, cue: &Cue) -> Option<Actor> {
    let begin = page.sentence_begin(cue.first);
    (begin..cue.first).rev().find(|&i| page.scan.folded(i) == "عن").and_then(|i| starting_at(page.actors, i + 1)).copied()
}

/// The subject of a participle: the last speaker if they spoke in this sentence, else its first subject.
fn subject_before(page: &Page<'_>, cue: &Cue, last: &[Actor]) -> Vec<Actor> {
    if !last.is_empty() {
        return last.to_vec();
    }
    first_subject(page, cue.first).into_iter().collect()
}

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
    let begin = page.sentence_begin(index);
    let governed = |actor: &&Actor| actor.governed || is_governed(page, actor.first);
    page.actors.iter().filter(|actor| actor.first >= begin && actor.last < index).find(|actor| !governed(actor)).copied()
}

/// «"…"، قال X»: a verb with its content before it, in marks.
fn postposed(page: &Page<'_>, index: usize, cue: &Cue, walk: Walk, last: &[Actor]) -> Option<Found> {
    if !cue.is_finite() {
        return None;
    }
    let close = (cue.first.saturating_sub(2)..cue.first).rev().find(|&i| is_quotation_mark(page.scan, i))?;
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
    let mark = (first..first + 2).find(|&i| is_quotation_mark(page.scan, i)).filter(|&i| {
        i == first || page.is_sign(first) || matches!(page.scan.folded(first), "ب" | "و")
    });
    if let Some(pair) = mark.and_then(|open| page.pair_from(open)) {
        let behind = pair.close + 1;
        let sentence_end = page.sentence_end(pair.close.min(page.scan.len().saturating_sub(1)));
        let goes_on = behind < sentence_end
            && page.scan.sentence(behind) == page.scan.sentence(pair.close)
            && matches!(opening, Opening::Clause(_) | Opening::Noun(..))
            && content_goes_on(page, behind);
        if !goes_on {
            let (first, end) = page.trimmed(pair.open + 1, pair.close)?;
            let kind = if matches!(opening, Opening::Noun(..)) && pair.len() <= 2 { Kind::Direct } else { Kind::Direct };
            return Some((first, end, kind));
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
