//! The times of a document, found once and shared by `extract.numbers` and `extract.times`.

use isnad_core::{Content, Tables};
use isnad_lexicon::{Lexicon, TimeWord};

use super::found::Found;
use crate::numbers::{Hits, Item, Lexed};
use crate::words::{Kind, Scan, WordNames};

/// What the words of a document mean for numbers and times, and its expressions of time in order.
#[derive(Debug)]
pub(crate) struct Temporal {
    hits: Hits,
    /// The expressions, none overlapping another.
    pub times: Vec<Found>,
}

impl Temporal {
    /// The view of a document, with its words.
    pub(crate) fn of<'d>(
        content: &'d Content,
        tables: &Tables,
        names: &WordNames,
        lexicon: &Lexicon,
    ) -> (Lexed<'d>, &'d Temporal) {
        let scan = names.scan(content, tables);
        let view = content.view(|_| Temporal::new(scan, lexicon));
        (Lexed::new(scan, &view.hits), view)
    }

    fn new(scan: Scan<'_>, lexicon: &Lexicon) -> Self {
        let hits = Hits::new(&scan, lexicon);
        let parser = Parser { lexed: Lexed::new(scan, &hits), lexicon };
        let mut times: Vec<Found> = Vec::new();
        let mut index = 0;
        while index < scan.len() {
            match parser.longest(index, times.last()) {
                Some(found) => {
                    index = found.last + 1;
                    times.push(found);
                }
                None => index += 1,
            }
        }
        Temporal { hits, times }
    }
}

/// The grammar of time: one function per construction, in the files beside this one. Each takes the
/// word it begins with.
pub(crate) struct Parser<'a> {
    pub lexed: Lexed<'a>,
    pub lexicon: &'a Lexicon,
}

impl Parser<'_> {
    /// The longest construction that begins with a word; of two of the same length, the first.
    fn longest(&self, index: usize, before: Option<&Found>) -> Option<Found> {
        if !self.may_begin(index) {
            return None;
        }
        let mut best: Option<Found> = None;
        let mut take = |found: Option<Found>| {
            if let Some(found) = found
                && best.as_ref().is_none_or(|known| known.last < found.last)
            {
                best = Some(found);
            }
        };
        take(self.clock(index));
        take(self.numeric_date(index));
        take(self.day(index));
        take(self.day_of_range(index));
        take(self.ago(index));
        take(self.set(index));
        take(self.reference(index));
        take(self.period(index));
        take(self.month(index));
        take(self.year(index, before));
        take(self.quarter(index));
        take(self.season(index));
        take(self.decade(index));
        take(self.century(index));
        take(self.recent(index));
        take(self.duration(index));
        best
    }

    /// Whether an expression may begin with a word; most words are passed over here.
    fn may_begin(&self, index: usize) -> bool {
        self.lexed.scan.kind(index) == Kind::Number
            || self.lexed.hits(index).iter().any(|hit| match hit.item {
                Item::Number(_) => true,
                Item::Time(word) => !is_context(word),
                Item::Unit(_) => false,
            })
    }
}

/// Whether a word only says something about an expression beside it.
fn is_context(word: TimeWord) -> bool {
    matches!(
        word,
        TimeWord::InYear
            | TimeWord::Cue
            | TimeWord::Closes
            | TimeWord::Coming
            | TimeWord::Gone
            | TimeWord::GeneralHead
            | TimeWord::EventHead
            | TimeWord::NotTodayAfter
            | TimeWord::NotTodayBefore
            | TimeWord::NotDayAfter
            | TimeWord::NowAfter
            | TimeWord::Matching
    )
}
