//! The walk from a cue to what was said: whom it meets on the way, and how the content is opened.

use isnad_lexicon::{ClauseWord, CueLemma, Facts, FormKind, WordClass};

use super::actors::{Actor, starting_at};
use super::marks::is_quotation_mark;
use super::page::Page;
use crate::cues::Cue;
use crate::naming::is_definite;

/// How far behind a cue its content may begin, in words.
const REACH: usize = 45;

/// A short fragment in marks, or a noun behind a preposition, is what was said only this near to the cue, counted
/// in words that are no actor, time, channel or sign.
const NEAR: usize = 2;

/// How the content is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opening {
    /// By أن: the content begins at this word.
    Clause(usize),
    /// By a colon.
    Colon(usize),
    /// By a mark: the pair's first mark.
    Mark(usize),
    /// A noun phrase is the content; it begins at this word, or at this byte offset behind a proclitic.
    Noun(usize, u32),
}

/// What a walk has met.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) speakers: Vec<Actor>,
    pub(crate) addressees: Vec<Actor>,
    /// Further cues of the same quotation («وأضاف … قائلا»), by index in the page.
    pub(crate) extra_cues: Vec<usize>,
    pub(crate) opening: Option<Opening>,
    /// A medium handed it on: «نقلت الوكالة عن …».
    pub(crate) relayed: bool,
}

/// What the walk does next.
enum Step {
    /// Go on at this word.
    To(usize),
    /// The content is found.
    Open(Opening),
    /// There is none.
    Stop,
}

/// Walks from the cue `index` of the page to its content.
pub(crate) fn walk(page: &Page<'_>, index: usize, cue: &Cue, lemma: &CueLemma, kind: FormKind) -> Walk {
    let end = page.sentence_end(cue.last).min(cue.last + REACH);
    let mut walker = Walker { page, index, lemma, kind, about: false, plain: 0, walk: Walk::default() };
    let mut at = cue.last + 1;
    while at < end {
        match walker.step(at) {
            Step::To(next) => at = next,
            Step::Open(opening) => {
                walker.walk.opening = Some(opening);
                break;
            }
            Step::Stop => break,
        }
    }
    walker.walk
}

struct Walker<'p, 'l> {
    page: &'p Page<'p>,
    /// Index of the cue in the page.
    index: usize,
    lemma: &'l CueLemma,
    kind: FormKind,
    /// «عن» was met behind a verb of handing on: who stands next is the speaker.
    about: bool,
    /// Words passed that are no actor, time, channel or sign.
    plain: usize,
    walk: Walk,
}

impl Walker<'_, '_> {
    fn step(&mut self, at: usize) -> Step {
        let page = self.page;
        let frame = self.lemma.frame;
        if page.is_comma(at)
            && let Some(next) = self.relative_aside(at)
        {
            return Step::To(next);
        }
        if page.is_complementizer(at) && frame.complementizer {
            return Step::Open(Opening::Clause(at + 1));
        }
        if page.scan.folded(at) == ":" {
            return Step::Open(Opening::Colon(at + 1));
        }
        if is_quotation_mark(page.scan, at) {
            return self.mark(at);
        }
        if let Some(step) = self.particle(at) {
            return step;
        }
        let hands_on = matches!(self.lemma.lemma.as_str(), "نقل" | "نسب");
        if hands_on && page.scan.folded(at) == "عن" {
            return self.hand_on(at + 1);
        }
        if let Some(next) = self.actor(at) {
            return Step::To(next);
        }
        if let Some(step) = self.other_cue(at) {
            return step;
        }
        let takes_none = self.lemma.particles.is_empty() || self.lemma.particles.iter().any(String::is_empty);
        let subject_known = !self.walk.speakers.is_empty() || self.kind == FormKind::Participle;
        if frame.masdar && takes_none && self.lemma.strong && subject_known && begins_object(page, at) {
            return Step::Open(Opening::Noun(at, 0));
        }
        self.plain += usize::from(page.scan.is_word(at) && page.channel_at(at).is_none());
        Step::To(at + 1)
    }

    /// «مصدر، طلب عدم الكشف عن اسمه، أن …»: a clause about the speaker between commas. The word behind it.
    fn relative_aside(&self, comma: usize) -> Option<usize> {
        let page = self.page;
        let verb = page.cue_at(comma + 1).filter(|cue| cue.is_finite() && cue.path.conjunction.is_none())?;
        self.walk.speakers.last()?;
        let close = (verb.last + 1..verb.last + 12).find(|&i| page.is_comma(i))?;
        (page.scan.sentence(close) == page.scan.sentence(comma) && page.is_complementizer(close + 1))
            .then_some(close + 1)
    }

    /// A mark: it opens the content, or stands around a name or a word.
    fn mark(&mut self, at: usize) -> Step {
        let Some(pair) = self.page.pair_from(at) else { return Step::To(at + 1) };
        if is_title(self.page, pair.open, pair.close) {
            let mut inner = pair.open + 1;
            while inner < pair.close {
                inner = self.actor(inner).unwrap_or(inner + 1);
            }
            return Step::To(pair.close + 1);
        }
        // «يعرض متحف "…"»: one word in marks behind a word that need not be one of speech is a name.
        let fragment = !self.lemma.strong && pair.len() < 3;
        if fragment || (self.plain > NEAR && (pair.len() <= 4 || !self.lemma.strong)) {
            return Step::To(pair.close + 1);
        }
        Step::Open(Opening::Mark(at))
    }

    /// A preposition of the lemma: what stands behind it is the content, unless أن comes first.
    fn particle(&mut self, at: usize) -> Option<Step> {
        let next = particle_end(self.page, at, self.lemma)?;
        if self.page.is_complementizer(next) {
            return Some(Step::To(next));
        }
        let noun = self.lemma.frame.masdar && self.kind != FormKind::Masdar && self.plain <= NEAR;
        let opens = self.page.scan.is_word(next) || is_quotation_mark(self.page.scan, next);
        if !noun || !opens {
            return None;
        }
        let cut = if next == at { attached_stem(self.page, at) } else { 0 };
        Some(Step::Open(Opening::Noun(next, cut)))
    }

    /// The medium is known; the speaker comes next.
    fn hand_on(&mut self, next: usize) -> Step {
        self.about = true;
        self.walk.relayed = !self.walk.speakers.is_empty();
        self.walk.speakers.clear();
        Step::To(next)
    }

    /// Takes an actor as speaker or addressee; returns the word behind it.
    fn actor(&mut self, at: usize) -> Option<usize> {
        let page = self.page;
        let actor = starting_at(page.actors, at)?;
        let next = actor.last + 1;
        let before = at.checked_sub(1);
        let addressed = |by: &str| self.lemma.addressee.split('|').any(|a| a == by);
        if actor.governed || (!self.about && is_governed(page, at)) {
            let to = page.scan.folded(at).starts_with('ل') && addressed("ل");
            let towards = before.is_some_and(|i| page.scan.folded(i) == "الي") && addressed("إلى");
            if (to || towards) && self.walk.addressees.is_empty() {
                self.walk.addressees.push(*actor);
            }
            return Some(next);
        }
        // «كتب X على موقع التواصل تويتر»: a network speaks only right behind the verb.
        if actor.network && (!self.walk.speakers.is_empty() || self.plain > 0) {
            return Some(next);
        }
        if self.walk.speakers.is_empty() {
            self.walk.speakers.push(*actor);
        } else if actor.joined || before.is_some_and(|i| page.scan.folded(i) == "و") {
            // «بوتين وأردوغان»: joined with nothing but a comma between.
            let between = |i: usize| page.is_comma(i) || page.scan.folded(i) == "و";
            if self.walk.speakers.last().is_some_and(|last| (last.last + 1..at).all(between)) {
                self.walk.speakers.push(*actor);
            }
        } else if addressed("object") && self.walk.addressees.is_empty() {
            self.walk.addressees.push(*actor);
        }
        Some(next)
    }

    /// Another cue on the way: an aside, a second cue of the same quotation, or the end of this frame.
    fn other_cue(&mut self, at: usize) -> Option<Step> {
        let page = self.page;
        let other = page.cue_at(at)?;
        let next = other.last + 1;
        if page.is_according(other) {
            // «ذكرت الوكالة نقلا عن مصدر أن»: the source takes the medium's place.
            if page.scan.folded(at) == "نقلا" {
                self.walk.extra_cues.extend(page.cue_index(at));
                return Some(self.hand_on(next));
            }
            let behind = starting_at(page.actors, next).map_or(next, |actor| actor.last + 1);
            return Some(Step::To(behind));
        }
        // «وأضاف … قائلا», «نقل عنه قوله»; but «أعلن اعتذاره» says what was announced.
        let wake = other.form().is_some_and(|form| match form.kind {
            FormKind::Participle => true,
            FormKind::Masdar => {
                form.pronoun > 0 && page.lexicon.cues.lemma(form.lemma).is_some_and(|l| l.lemma == "قال")
            }
            _ => false,
        });
        if wake && page.cues.get(self.index + 1).is_some_and(|cue| cue.first == other.first) {
            self.walk.extra_cues.push(self.index + 1);
            return Some(Step::To(next));
        }
        let strong =
            other.form().and_then(|form| page.lexicon.cues.lemma(form.lemma)).is_some_and(|l| l.strong);
        let subordinate = at.checked_sub(1).is_some_and(|before| page.is(before, ClauseWord::Subordinate));
        (other.is_finite() && strong && !subordinate).then_some(Step::Stop)
    }
}

/// Whether a preposition governs the name at a word, itself or through nouns: «على موقع تويتر».
pub(crate) fn is_governed(page: &Page<'_>, at: usize) -> bool {
    let scan = page.scan;
    let mut index = at;
    for _ in 0..3 {
        let Some(before) = index.checked_sub(1).filter(|&i| scan.sentence(i) == scan.sentence(at)) else {
            return false;
        };
        if page.is(before, ClauseWord::Preposition) {
            return true;
        }
        let head = scan.readings(before).iter().find(|r| r.facts.has(Facts::ORG_HEAD.or(Facts::TITLE)));
        let Some(head) = head.filter(|_| !is_definite(scan, before)) else { return false };
        if head.path.particle.is_some() {
            return true;
        }
        index = before;
    }
    false
}

/// The word behind a particle of the lemma (`إلى`, `على`, `عن`, `من`), or the word itself where it is attached (`ب`).
fn particle_end(page: &Page<'_>, at: usize, lemma: &CueLemma) -> Option<usize> {
    let word = page.scan.text(at);
    lemma.particles.iter().filter(|particle| !particle.is_empty()).find_map(|particle| {
        if word == particle.as_str() {
            return Some(at + 1);
        }
        let one_letter = particle.chars().nth(1).is_none() && page.scan.is_word(at);
        let whole = page.is_complementizer(at) || crate::naming::is_whole(page.scan, at);
        let attached = page.scan.readings(at).iter().any(|reading| {
            reading.path.particle.is_some_and(|p| particle.starts_with(p))
                && reading.path.conjunction.is_none()
        });
        (one_letter && attached && !whole).then_some(at)
    })
}

/// Where the word behind an attached preposition begins in the text.
fn attached_stem(page: &Page<'_>, at: usize) -> u32 {
    page.scan
        .readings(at)
        .iter()
        .find(|reading| reading.path.particle.is_some())
        .map_or(0, |reading| reading.begin)
}

/// Whether the object of a verb like «أكد» begins here: a noun without article that is no title, channel or cue.
fn begins_object(page: &Page<'_>, at: usize) -> bool {
    let scan = page.scan;
    let Some(whole) = scan.readings(at).first().filter(|_| scan.is_word(at)) else { return false };
    let border = page.is(at, ClauseWord::Preposition) || page.is(at, ClauseWord::Opener);
    let other = page.channel_at(at).is_some() || page.cue_at(at).is_some_and(Cue::is_finite);
    let apart = at.checked_sub(1).is_some_and(|before| page.is_comma(before));
    let noun = !apart && page.lexicon.vocabulary.class(whole.hash, scan.stem(whole)) == Some(WordClass::Noun);
    noun && !border && !other && !is_definite(scan, at) && !whole.facts.has(Facts::TITLE)
}

/// Whether what stands between marks is a name or a single title, not speech: actors fill it, or أن follows it.
fn is_title(page: &Page<'_>, open: usize, close: usize) -> bool {
    let filled = page.actors.iter().any(|actor| actor.first == open + 1 && actor.last + 1 >= close);
    let opened_later =
        (close + 1..close + 8).any(|i| page.is_complementizer(i) || page.scan.folded(i) == ":");
    filled || (close - open - 1 <= 4 && opened_later)
}
