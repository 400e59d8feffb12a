//! All quotations of a document: frames first, then sources named by «بحسب», then marks without a cue.

use super::actors::{Actor, starting_at};
use super::content::content_end;
use super::frames::{self, Found, Kind, Rule};
use super::marks::is_quotation_mark;
use super::page::Page;

/// Quotations inside quotations are read this deep.
const MOST_NESTED: usize = 3;

/// How many neighbours are looked at for one that a place belongs to: contents are short and nest a few deep, so
/// that the work stays in proportion to the document.
const WINDOW: usize = 32;

/// How many words behind «بحسب» its source may stand.
const SOURCE_REACH: usize = 12;

/// The fewest words in marks that are speech without a cue.
const SPEECH_LENGTH: usize = 5;

/// Finds the quotations of one document after another in the same scratch memory.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// What was found, in the order of first words.
    pub(crate) found: Vec<Found>,
    /// What the later passes add, until it is merged.
    more: Vec<Found>,
    /// Per cue of the page: it belongs to a quotation.
    used: Vec<bool>,
}

impl Finder {
    /// Finds the quotations of a document.
    pub(crate) fn find(&mut self, page: &Page<'_>) {
        self.found.clear();
        self.more.clear();
        self.used.clear();
        self.used.resize(page.cues.len(), false);
        self.frames(page);
        self.sort();
        for index in 0..page.cues.len() {
            self.according(page, index);
        }
        self.merge();
        self.headlines(page);
        self.merge();
        self.marks_alone(page);
        self.merge();
    }

    fn frames(&mut self, page: &Page<'_>) {
        let mut last: Vec<Actor> = Vec::new();
        for (index, cue) in page.cues.iter().enumerate() {
            if self.used.get(index) == Some(&true) || page.is_according(cue) {
                continue;
            }
            let around = || self.found.iter().rev().take(WINDOW).filter(|f| f.holds(cue.first));
            let depth = around().count();
            if depth >= MOST_NESTED {
                continue;
            }
            let in_marks =
                page.pair_around(cue.first).is_some() && around().any(|f| f.kind != Kind::Indirect);
            let before: &[Actor] = if depth > 0 { &[] } else { &last };
            let Some(found) = frames::read(page, index, before) else { continue };
            let borrowed = in_marks && (found.speakers.is_empty() || found.rule != Rule::Vso);
            if borrowed || !is_sound(page, &found) {
                continue;
            }
            if !found.speakers.is_empty() && depth == 0 {
                last.clone_from(&found.speakers);
            }
            self.use_cues(&found.cues);
            // The same content under a second cue («وأضاف … قائلا») is one quotation with two.
            let same = |known: &&mut Found| (known.first, known.end) == (found.first, found.end);
            match self.found.iter_mut().rev().take(WINDOW).find(same) {
                Some(known) => known.add_cues(&found.cues),
                None => self.found.push(found),
            }
        }
    }

    /// «بحسب X», «وفقا لX», «حسبما أعلن X».
    fn according(&mut self, page: &Page<'_>, index: usize) {
        let Some(cue) = page.cues.get(index).copied().filter(|cue| page.is_according(cue)) else { return };
        let in_marks =
            page.pair_around(cue.first).is_some() && self.around(cue.first).any(|f| f.kind == Kind::Direct);
        // Between a verb and its content it is an aside of that frame.
        let aside = self.behind(cue.first).take(WINDOW).any(|f| {
            f.cues.first().and_then(|&i| page.cues.get(i)).is_some_and(|verb| verb.first < cue.first)
        });
        if in_marks || aside || self.used.get(index) == Some(&true) {
            return;
        }
        let source = source_behind(page, index);
        let begin = page.sentence_begin(cue.first);
        let Some(speaker) = source.speaker else {
            // «على حد قوله»: the speaker of what stands before it.
            let at = self.found.partition_point(|f| f.first < cue.first);
            let before = self.found.get_mut(..at).unwrap_or_default().iter_mut().rev().take(WINDOW);
            if let Some(found) = before.filter(|f| f.first >= begin).find(|f| f.end <= cue.first) {
                found.add_cues(&source.cues);
                self.use_cues(&source.cues);
            }
            return;
        };
        let extent = if cue.first <= begin + 1 {
            fronted(page, speaker.last + 1)
        } else {
            let ended = self.more.iter().rev().take(WINDOW).filter(|f| f.end > begin && f.end < cue.first);
            Some((ended.map(|f| f.end).max().unwrap_or(begin), cue.first))
        };
        let Some((first, end)) = extent.and_then(|(first, end)| page.trimmed(first, end)) else { return };
        if end - first < 2 {
            return;
        }
        self.use_cues(&source.cues);
        // What «بحسب» follows may already be found, without a speaker of its own.
        let at = self.found.partition_point(|f| f.first < first);
        let inside = self.found.get_mut(at..).unwrap_or_default().iter_mut().take(WINDOW);
        if let Some(known) = inside.filter(|f| f.end <= end).find(|f| f.speakers.is_empty()) {
            known.speakers.push(speaker);
            known.add_cues(&source.cues);
            return;
        }
        let in_pair = first > 0 && is_quotation_mark(page.scan, first - 1);
        let kind = if in_pair && page.pair_around(first).is_some_and(|pair| pair.close <= end + 1) {
            Kind::Direct
        } else if page.has_marks(first, end) {
            Kind::Mixed
        } else {
            Kind::Indirect
        };
        let cut = conjunction_cut(page, first);
        let found = Found {
            cut,
            cues: source.cues,
            ..Found::new(first, end, kind, vec![speaker], Rule::According, 0.75)
        };
        self.more.push(found);
    }

    /// «X: …» at the beginning of a sentence.
    fn headlines(&mut self, page: &Page<'_>) {
        for sentence in 0..page.scan.sentence_count() {
            let (begin, end) = page.scan.sentence_words(sentence);
            let Some(actor) = starting_at(page.actors, begin) else { continue };
            let colon = actor.last + 1;
            if page.scan.folded(colon) != ":" || actor.governed || self.around(colon + 1).next().is_some() {
                continue;
            }
            let Some((first, end)) = page.trimmed(colon + 1, end).filter(|(first, end)| end - first >= 2)
            else {
                continue;
            };
            self.more.push(Found::new(first, end, Kind::Direct, vec![*actor], Rule::Headline, 0.6));
        }
    }

    /// Marks that begin a sentence and have no cue go on with the last speaker.
    fn marks_alone(&mut self, page: &Page<'_>) {
        for pair in &page.marks.pairs {
            if pair.len() < SPEECH_LENGTH || pair.open > page.sentence_begin(pair.open) + 1 {
                continue;
            }
            let Some((first, end)) = page.trimmed(pair.open + 1, pair.close) else { continue };
            let touched = self.around(first).next().is_some()
                || self.behind(first).next().is_some_and(|f| f.first < end)
                || self.more.iter().rev().take(WINDOW).any(|f| f.first < end && first < f.end);
            let at = self.found.partition_point(|f| f.first < pair.open);
            let before = self.found.get(..at).unwrap_or_default().iter().rev().take(WINDOW);
            let spoke = before.filter(|f| f.end <= pair.open && !f.speakers.is_empty()).max_by_key(|f| f.end);
            let Some(speakers) = spoke.filter(|_| !touched).map(|f| f.speakers.clone()) else { continue };
            self.more.push(Found::new(first, end, Kind::Direct, speakers, Rule::Marks, 0.5));
        }
    }

    /// The quotations that hold a word.
    fn around(&self, index: usize) -> impl Iterator<Item = &Found> {
        let at = self.found.partition_point(|f| f.first <= index);
        let before = self.found.get(..at).unwrap_or_default().iter().rev().take(WINDOW);
        before.filter(move |f| f.holds(index))
    }

    /// The quotations that begin behind a word, the nearest first.
    fn behind(&self, index: usize) -> impl Iterator<Item = &Found> {
        let at = self.found.partition_point(|f| f.first <= index);
        self.found.get(at..).unwrap_or_default().iter()
    }

    fn use_cues(&mut self, cues: &[usize]) {
        for &cue in cues {
            if let Some(used) = self.used.get_mut(cue) {
                *used = true;
            }
        }
    }

    fn merge(&mut self) {
        if !self.more.is_empty() {
            self.found.append(&mut self.more);
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.found.sort_by_key(|found| (found.first, std::cmp::Reverse(found.end)));
    }
}

/// Whether a frame is likely one: a weak word needs a speaker or the speaker's own words.
fn is_sound(page: &Page<'_>, found: &Found) -> bool {
    let cue = found.cues.first().and_then(|&i| page.cues.get(i));
    let lemma = cue.and_then(|cue| cue.form()).and_then(|form| page.lexicon.cues.lemma(form.lemma));
    let strong = lemma.is_some_and(|lemma| lemma.strong);
    let words = found.end.saturating_sub(found.first);
    let enough = words >= 2 || (words == 1 && found.kind != Kind::Indirect);
    // «وتابع أن»: أن right behind the verb, and somebody has spoken before.
    let resumed = found.rule == Rule::ProDrop
        && !found.speakers.is_empty()
        && cue.is_some_and(|cue| cue.path.conjunction.is_some() && page.is_complementizer(cue.last + 1));
    let placed = matches!(found.rule, Rule::Vso | Rule::Svo | Rule::Participle)
        || found.kind == Kind::Direct
        || resumed;
    enough && (strong || placed)
}

/// Who stands behind a phrase like «بحسب», and the verbs on the way («حسبما أعلن»).
struct Source {
    speaker: Option<Actor>,
    cues: Vec<usize>,
}

fn source_behind(page: &Page<'_>, index: usize) -> Source {
    let mut source = Source { speaker: None, cues: vec![index] };
    let Some(cue) = page.cues.get(index) else { return source };
    let mut at = cue.last + 1;
    let end = page.sentence_end(cue.first).min(cue.last + SOURCE_REACH);
    while at < end && !page.is_comma(at) && page.scan.folded(at) != ":" {
        if let Some(actor) = starting_at(page.actors, at) {
            source.speaker = Some(*actor);
            break;
        }
        at = match page.cue_index(at).and_then(|i| page.cues.get(i).map(|other| (i, other))) {
            Some((place, other)) => {
                if other.is_finite() {
                    source.cues.push(place);
                }
                other.last + 1
            }
            None => at + 1,
        };
    }
    source
}

/// «وبحسب X، …»: the content begins behind the comma or أن.
fn fronted(page: &Page<'_>, behind: usize) -> Option<(usize, usize)> {
    let sentence_end = page.sentence_end(behind.saturating_sub(1));
    let opens = |&i: &usize| page.is_comma(i) || page.is_complementizer(i);
    let first = (behind..sentence_end.min(behind + SOURCE_REACH * 2)).find(opens).map_or(behind, |i| i + 1);
    let first = if page.is_complementizer(first) { first + 1 } else { first };
    (first < sentence_end).then(|| (first, content_end(page, first)))
}

/// Where a clause begins whose first word bears the conjunction of its sentence.
fn conjunction_cut(page: &Page<'_>, first: usize) -> u32 {
    let scan = page.scan;
    let whole_known = crate::naming::is_whole(scan, first);
    let bare_conjunction = |r: &&crate::words::Reading| {
        r.path.conjunction.is_some() && r.path.particle.is_none() && !r.path.article && !r.path.interrogative
    };
    let reading = scan.readings(first).iter().find(bare_conjunction);
    reading.filter(|_| !whole_known && first == page.sentence_begin(first)).map_or(0, |r| r.begin)
}
