//! A document as the quotation finder sees it: words, paragraphs, marks, cues, actors.

use isnad_lexicon::{ClauseWord, Facts, Lexicon, PhraseKind, word_hash};

use super::actors::Actor;
use super::marks::{Marks, Pair, is_quotation_mark};
use crate::cues::{Cue, What};
use crate::naming::longest_phrase;
use crate::words::{Kind, Scan};

/// All that frames are read from.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) scan: &'a Scan<'a>,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) marks: &'a Marks,
    pub(crate) actors: &'a [Actor],
    pub(crate) cues: &'a [Cue],
}

impl<'a> Page<'a> {
    /// Behind the last word of the sentence of a word.
    pub(crate) fn sentence_end(&self, index: usize) -> usize {
        self.scan.sentence_words(self.scan.sentence(index)).1
    }

    /// The first word of the sentence of a word.
    pub(crate) fn sentence_begin(&self, index: usize) -> usize {
        self.scan.sentence_words(self.scan.sentence(index)).0
    }

    /// Whether a word does this at the border of a quotation.
    pub(crate) fn is(&self, index: usize, what: ClauseWord) -> bool {
        let known = self.scan.readings(index).first().is_some_and(|whole| whole.facts.has(Facts::CLAUSE));
        let folded = self.scan.folded(index);
        known && self.lexicon.clauses.of(word_hash(folded), folded).contains(&what)
    }

    /// Whether أن or one of its like stands here and opens what was said.
    pub(crate) fn is_complementizer(&self, index: usize) -> bool {
        self.is(index, ClauseWord::Complementizer)
            && index.checked_sub(1).is_none_or(|before| !self.is(before, ClauseWord::Subordinate))
    }

    /// Whether a comma of either script stands here.
    pub(crate) fn is_comma(&self, index: usize) -> bool {
        matches!(self.scan.folded(index), "،" | ",")
    }

    /// Whether a sign stands here, of whatever sort.
    pub(crate) fn is_sign(&self, index: usize) -> bool {
        self.scan.kind(index) == Kind::Punctuation
    }

    /// The pair that a mark opens.
    pub(crate) fn pair_from(&self, open: usize) -> Option<Pair> {
        let pairs = &self.marks.pairs;
        let at = pairs.partition_point(|pair| pair.open < open);
        pairs.get(at).copied().filter(|pair| pair.open == open)
    }

    /// The pair that a mark closes.
    pub(crate) fn pair_to(&self, close: usize) -> Option<Pair> {
        self.marks.closed_by(close)
    }

    /// The innermost pair around a word.
    pub(crate) fn pair_around(&self, index: usize) -> Option<Pair> {
        self.marks.around(index)
    }

    /// The index of the cue that begins at a word.
    pub(crate) fn cue_index(&self, index: usize) -> Option<usize> {
        let at = self.cues.partition_point(|cue| cue.first < index);
        self.cues.get(at).filter(|cue| cue.first == index).map(|_| at)
    }

    /// The cue that begins at a word.
    pub(crate) fn cue_at(&self, index: usize) -> Option<&Cue> {
        self.cues.get(self.cue_index(index)?)
    }

    /// Whether a cue is a phrase that names a source («بحسب»).
    pub(crate) fn is_according(&self, cue: &Cue) -> bool {
        match cue.what {
            What::Phrase(index) => {
                self.lexicon.cues.phrase(index).is_some_and(|phrase| phrase.kind == PhraseKind::According)
            }
            What::Form(_) => false,
        }
    }

    /// The channel that a phrase at a word names, and its last word.
    pub(crate) fn channel_at(&self, index: usize) -> Option<(usize, &'a str)> {
        let fits = |reading: &crate::words::Reading| !reading.path.article;
        longest_phrase(self.scan, index, self.lexicon.titles.channels(), Facts::CHANNEL, fits)
            .map(|(last, _, channel)| (last, channel.as_str()))
    }

    /// `first..end` without signs and marks at its edges; a mark whose partner stands inside goes as well.
    pub(crate) fn trimmed(&self, first: usize, end: usize) -> Option<(usize, usize)> {
        let (mut first, mut end) = (first, end);
        let edge = |i: usize| self.is_sign(i) && !matches!(self.scan.folded(i), "%" | "$" | "#" | "@");
        while first < end
            && edge(first)
            && !(self.scan.folded(first) == "(" && self.closes_inside(first, end))
        {
            first += 1;
        }
        while first < end
            && edge(end - 1)
            && !(self.scan.folded(end - 1) == ")" && self.opens_inside(first, end - 1))
        {
            end -= 1;
        }
        (first < end).then_some((first, end))
    }

    /// Whether quotation marks stand in `first..end`, or around it.
    pub(crate) fn has_marks(&self, first: usize, end: usize) -> bool {
        (first..end).any(|i| is_quotation_mark(self.scan, i) && self.scan.text(i) != "'")
            || (first > 0 && is_quotation_mark(self.scan, first - 1))
            || is_quotation_mark(self.scan, end)
    }

    fn closes_inside(&self, open: usize, end: usize) -> bool {
        (open..end).any(|i| self.scan.folded(i) == ")")
    }

    fn opens_inside(&self, first: usize, close: usize) -> bool {
        (first..close).any(|i| self.scan.folded(i) == "(")
    }
}
