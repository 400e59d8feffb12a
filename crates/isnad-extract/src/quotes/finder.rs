//! All quotations of a document: frames first, then sources named by «بحسب», then marks without a cue.

use super::actors::{Actor, starting_at};
use super::frames::{self, Found, Kind, Rule};
use super::page::Page;

/// Finds the quotations of one document after another in the same scratch memory.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    pub(crate) found: Vec<Found>,
    /// Per cue of the page: it belongs to a quotation.
    used: Vec<bool>,
}

impl Finder {
    /// Finds them, in the order they are found; `paragraphs[i]` is the paragraph of word `i`.
    pub(crate) fn find(&mut self, page: &Page<'_>) {
        self.found.clear();
        self.used.clear();
        self.used.resize(page.cues.len(), false);
        let mut last: Vec<Actor> = Vec::new();
        for index in 0..page.cues.len() {
            let Some(cue) = page.cues.get(index) else { break };
            if self.used.get(index) == Some(&true) || page.is_according(cue) {
                continue;
            }
            let inside = self.inside_marks(page, cue.first);
            let Some(found) = frames::read(page, index, if self.nested(cue.first) { &[] } else { &last }) else { continue };
            if inside && (found.speakers.is_empty() || found.rule != Rule::Vso) {
                continue;
            }
            if !self.sound(page, &found) {
                continue;
            }
            let sets_speaker = !found.speakers.is_empty() && !inside && !self.nested(cue.first);
            if sets_speaker {
                last.clone_from(&found.speakers);
            }
            self.push(found);
        }
        for index in 0..page.cues.len() {
            if page.cues.get(index).is_some_and(|cue| page.is_according(cue)) {
                self.according(page, index);
            }
        }
        self.headlines(page);
        self.marks_alone(page);
        self.found.sort_by_key(|found| (found.first, std::cmp::Reverse(found.end)));
    }

    fn push(&mut self, found: Found) {
        for &cue in &found.cues {
            if let Some(used) = self.used.get_mut(cue) {
                *used = true;
            }
        }
        // The same content under a second cue («وأضاف … قائلا») is one quotation with two.
        if let Some(known) = self.found.iter_mut().find(|k| (k.first, k.end) == (found.first, found.end)) {
            for cue in found.cues {
                if !known.cues.contains(&cue) {
                    known.cues.push(cue);
                }
            }
            return;
        }
        self.found.push(found);
    }

    /// Whether a word stands in the content of a quotation in the speaker's own words.
    fn inside_marks(&self, page: &Page<'_>, index: usize) -> bool {
        page.pair_around(index).is_some()
            && self.found.iter().any(|f| f.kind == Kind::Direct && f.first <= index && index < f.end)
    }

    /// Whether a word stands in the content of any quotation.
    fn nested(&self, index: usize) -> bool {
        self.found.iter().any(|f| f.first <= index && index < f.end)
    }

    /// Whether a frame is likely one: a weak word needs a speaker and a clear opening.
    fn sound(&self, page: &Page<'_>, found: &Found) -> bool {
        let cue = found.cues.first().and_then(|&i| page.cues.get(i));
        let lemma = cue.and_then(|cue| cue.form()).and_then(|form| page.lexicon.cues.lemma(form.lemma));
        let strong = lemma.is_some_and(|lemma| lemma.strong);
        let words = found.end - found.first;
        if words < 1 || (words < 2 && found.kind == Kind::Indirect) {
            return false;
        }
        strong || matches!(found.rule, Rule::Vso | Rule::Svo | Rule::Participle) || found.kind == Kind::Direct
    }

    /// «بحسب X», «وفقا لX», «حسبما أعلن X».
    fn according(&mut self, page: &Page<'_>, index: usize) {
        let Some(cue) = page.cues.get(index).copied() else { return };
        if self.inside_marks(page, cue.first) {
            return;
        }
        // Between a verb and its content it is an aside of that frame.
        let aside = |f: &Found| {
            let verb = f.cues.first().and_then(|&i| page.cues.get(i));
            verb.is_some_and(|verb| verb.first < cue.first) && cue.first < f.first
        };
        if self.used.get(index) == Some(&true) || self.found.iter().any(aside) {
            return;
        }
        let sentence_end = page.sentence_end(cue.first);
        let mut at = cue.last + 1;
        let mut cues = vec![index];
        let mut speakers: Vec<Actor> = Vec::new();
        while at < sentence_end && at < cue.last + 12 {
            if let Some(actor) = starting_at(page.actors, at) {
                speakers.push(*actor);
                break;
            }
            if let Some(other) = page.cue_at(at) {
                let place = page.cues.iter().position(|c| c.first == other.first);
                if let Some(place) = place.filter(|_| other.is_finite()) {
                    cues.push(place);
                }
                at = other.last + 1;
                continue;
            }
            if page.is_comma(at) || page.scan.folded(at) == ":" {
                break;
            }
            at += 1;
        }
        let behind = speakers.first().map_or(at, |actor| actor.last + 1);
        let begin = page.sentence_begin(cue.first);
        let fronted = cue.first <= begin + 1;
        if speakers.is_empty() {
            // «على حد قوله»: the speaker of what stands before it.
            let before = self.found.iter_mut().filter(|f| f.first >= begin && f.end <= cue.first).next_back();
            if let Some(found) = before {
                found.cues.extend(cues);
            }
            return;
        }
        let extent = if fronted {
            let first = (behind..sentence_end).find(|&i| page.is_comma(i) || page.is_complementizer(i)).map_or(behind, |i| i + 1);
            let first = if page.is_complementizer(first) { first + 1 } else { first };
            (first < sentence_end).then(|| (first, super::content::content_end(page, first)))
        } else {
            Some((self.clause_begin(page, begin, cue.first), cue.first))
        };
        let Some((first, end)) = extent.and_then(|(first, end)| page.trimmed(first, end)) else { return };
        if end - first < 2 {
            return;
        }
        // What «بحسب» follows may already be found, without a speaker of its own.
        if let Some(known) = self.found.iter_mut().find(|f| f.speakers.is_empty() && f.first >= first && f.end <= end) {
            known.speakers = speakers;
            known.cues.extend(cues);
            return;
        }
        let kind = if page.pair_around(first).is_some_and(|pair| pair.close <= end + 1) && first > 0 && super::marks::is_quotation_mark(page.scan, first - 1) {
            Kind::Direct
        } else if page.has_marks(first, end) {
            Kind::Mixed
        } else {
            Kind::Indirect
        };
        let cut = conjunction_cut(page, first);
        let addressees = Vec::new();
        self.push(Found {
            first,
            end,
            cut,
            kind,
            speakers,
            addressees,
            cues,
            rule: Rule::According,
            score: 0.75,
            relayed: false,
        });
    }

    /// Where the clause before a word begins: the sentence's begin, or behind the last quotation that ended in it.
    fn clause_begin(&self, page: &Page<'_>, begin: usize, before: usize) -> usize {
        let ended = self.found.iter().filter(|f| f.rule == Rule::According && f.end > begin && f.end < before).map(|f| f.end).max();
        let _ = page;
        ended.unwrap_or(begin)
    }

    /// «X: …» at the beginning of a paragraph.
    fn headlines(&mut self, page: &Page<'_>) {
        for sentence in 0..page.scan.sentence_count() {
            let (begin, end) = page.scan.sentence_words(sentence);
            let Some(actor) = starting_at(page.actors, begin) else { continue };
            let colon = actor.last + 1;
            if page.scan.folded(colon) != ":" || actor.governed || self.nested(colon + 1) {
                continue;
            }
            let Some((first, end)) = page.trimmed(colon + 1, end) else { continue };
            if end - first < 2 {
                continue;
            }
            self.push(Found {
                first,
                end,
                cut: 0,
                kind: Kind::Direct,
                speakers: vec![*actor],
                addressees: Vec::new(),
                cues: Vec::new(),
                rule: Rule::Headline,
                score: 0.6,
                relayed: false,
            });
        }
    }

    /// Marks that fill a sentence and have no cue go on with the last speaker.
    fn marks_alone(&mut self, page: &Page<'_>) {
        for pair in page.pairs {
            let Some((first, end)) = page.trimmed(pair.open + 1, pair.close) else { continue };
            let touched = self.found.iter().any(|f| f.first < end && first < f.end);
            let begin = page.sentence_begin(pair.open);
            let opens_sentence = pair.open <= begin + 1;
            if touched || pair.len() < 5 || !opens_sentence {
                continue;
            }
            let before = self.found.iter().filter(|f| f.end <= pair.open && !f.speakers.is_empty()).max_by_key(|f| f.end);
            let speakers = before.map(|f| f.speakers.clone()).unwrap_or_default();
            if speakers.is_empty() {
                continue;
            }
            self.found.push(Found {
                first,
                end,
                cut: 0,
                kind: Kind::Direct,
                speakers,
                addressees: Vec::new(),
                cues: Vec::new(),
                rule: Rule::Marks,
                score: 0.5,
                relayed: false,
            });
        }
    }
}

/// Where a clause begins whose first word bears the conjunction of its sentence.
fn conjunction_cut(page: &Page<'_>, first: usize) -> u32 {
    let scan = page.scan;
    let whole_known = crate::naming::is_ordinary(scan, first);
    let reading = scan.readings(first).iter().find(|r| {
        r.path.conjunction.is_some() && r.path.particle.is_none() && !r.path.article && !r.path.interrogative
    });
    reading.filter(|_| !whole_known && first == page.sentence_begin(first)).map_or(0, |r| r.begin)
}
