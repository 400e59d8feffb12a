//! Which numbers of a text are quantities, and their units.

use isnad_core::Span;
use isnad_lexicon::{Lexicon, NumberKind, TimeWord, UnitNeeds, UnitWord, WordClass};

use super::cardinal::Cardinal;
use super::decimal::Decimal;
use super::hits::{Item, Lexed};
use crate::times::Found;
use crate::words::Kind;

/// The names of the rules, in the order of [`Rule`].
pub(super) const RULES: [&str; 5] = ["digits", "words", "ordinal", "unit", "dual"];

/// What made a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Digits,
    Words,
    Ordinal,
    Unit,
    Dual,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity<'a> {
    pub span: Span,
    pub value: Decimal,
    /// Empty for a plain count.
    pub unit: &'a str,
    pub rule: Rule,
    pub score: f32,
}

/// The quantities of a document, from left to right.
pub(super) struct Quantities<'a> {
    lexed: Lexed<'a>,
    lexicon: &'a Lexicon,
    times: &'a [Found],
    /// The next word.
    at: usize,
    /// How often each currency's country is spoken of; counted when first needed.
    countries: Option<Vec<(u16, u32)>>,
}

impl<'a> Quantities<'a> {
    pub(super) fn new(lexed: Lexed<'a>, lexicon: &'a Lexicon, times: &'a [Found]) -> Self {
        Quantities { lexed, lexicon, times, at: 0, countries: None }
    }
}

impl<'a> Iterator for Quantities<'a> {
    type Item = Quantity<'a>;

    fn next(&mut self) -> Option<Quantity<'a>> {
        while self.at < self.lexed.scan.len() {
            let index = self.at;
            self.at += 1;
            if let Some(time) = self.times.first().filter(|time| time.first <= index) {
                self.at = self.at.max(time.last + 1);
                self.times = self.times.get(1..).unwrap_or_default();
                continue;
            }
            if self.lexed.hits(index).is_empty() && self.lexed.scan.kind(index) != Kind::Number {
                continue;
            }
            let (last, quantity) =
                self.counted(index).or_else(|| self.ordinal(index)).or_else(|| self.dual(index)).unzip();
            if let Some(last) = last {
                self.at = last + 1;
            }
            if let Some(quantity) = quantity.flatten() {
                return Some(quantity);
            }
        }
        None
    }
}

impl<'a> Quantities<'a> {
    /// A cardinal with its unit: its last word, and the row, if it is a quantity at all.
    fn counted(&mut self, index: usize) -> Option<(usize, Option<Quantity<'a>>)> {
        let lexed = self.lexed;
        let mut cardinal = lexed.cardinal(index)?;
        if let Some(time) = self.times.first().filter(|time| time.first <= cardinal.last) {
            // «ألف يوم»: the time was found with the number in it; only what stands before is left.
            if time.first <= index || lexed.scan.kind(index) != Kind::Number {
                return None;
            }
            cardinal = lexed.cardinal(index).filter(|cardinal| cardinal.last < time.first)?;
        }
        let mut last = cardinal.last;
        let mut begin = cardinal.begin;
        let mut unit = "";
        if let Some((words, index)) = self.unit_behind(&cardinal) {
            last += words;
            unit = self.lexicon.numbers.unit(index);
        } else if let Some((sign_begin, index)) = self.sign_before(index) {
            begin = sign_begin;
            unit = self.lexicon.numbers.unit(index);
        }
        if unit.is_empty() && !self.is_count(index, &cardinal) {
            return Some((last, None));
        }
        let (rule, score) = match (unit.is_empty(), cardinal.digits) {
            (false, _) => (Rule::Unit, 0.97),
            (true, true) => (Rule::Digits, 0.9),
            (true, false) => (Rule::Words, 0.85),
        };
        let span = Span { begin, end: lexed.end(last) };
        Some((last, Some(Quantity { span, value: cardinal.value, unit, rule, score })))
    }

    /// Whether a cardinal without unit counts or numbers something, and is no part of a name.
    fn is_count(&self, index: usize, cardinal: &Cardinal) -> bool {
        let lexed = &self.lexed;
        let before = index.checked_sub(1).filter(|&at| lexed.together(at, index));
        let is = |at: Option<usize>, kind| at.is_some_and(|at| lexed.number(at, kind).is_some());
        if is(before, NumberKind::Vague) {
            return false;
        }
        if cardinal.digits {
            if is(before, NumberKind::Designator) || is(before, NumberKind::Law) {
                return false;
            }
            // «القانون الأساسي عدد 26».
            let numbered = before.is_some_and(|at| matches!(lexed.scan.folded(at), "رقم" | "عدد"));
            let law = |back: usize| {
                is(index.checked_sub(back).filter(|&at| lexed.together(at, index)), NumberKind::Law)
            };
            if numbered && (2..=4).any(law) {
                return false;
            }
            if before.is_some_and(|at| lexed.is_time(at, TimeWord::EventHead)) && self.is_day(index) {
                return false;
            }
            if before.is_some_and(|at| lexed.scan.is_word(at))
                && (self.is_year_of_name(index) || self.numbers_a_text(index))
            {
                return false;
            }
            if lexed.scan.is_glued(index) && lexed.before(index) == "ق" {
                return false;
            }
            // «2017-2018» behind a season.
            if before.is_some_and(|at| lexed.is_sign(at, &["-", "/", "\u{2013}"])) && self.follows_year(index)
            {
                return false;
            }
            return !self.is_glued_into_name(index) && !self.is_list_mark(index);
        }
        let next = cardinal.last + 1;
        let next_word = if lexed.together(index, next) { lexed.scan.folded(next) } else { "" };
        // «3-صفر» is a score; elsewhere zero is a point on a scale or a figure of speech.
        if cardinal.value == Decimal::whole(0) {
            let dash = |at: usize| lexed.is_sign(at, &["-", "\u{2013}"]);
            return before.is_some_and(dash) || dash(next);
        }
        match cardinal.first {
            // «واحد من», «الواحد»: one of them; «واحدا تلو الآخر».
            NumberKind::Unit if cardinal.last == index && cardinal.value == Decimal::whole(1) => {
                let noun_before = before.is_some_and(|at| lexed.scan.is_word(at));
                !cardinal.article
                    && cardinal.particle.is_none()
                    && noun_before
                    && !matches!(next_word, "من" | "تلو" | "منهم" | "منها" | "منهما")
                    && !lexed.hits(index).iter().all(|hit| hit.conjunction.is_some())
            }
            // «عشرة» and greater, and what agrees with its noun.
            _ => true,
        }
    }

    /// «F-16», «جي20», «S400»: a number glued to letters.
    fn is_glued_into_name(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let letters = |at: usize| {
            matches!(lexed.scan.kind(at), Kind::Latin)
                || (lexed.scan.is_word(at)
                    && !matches!(
                        lexed.scan.folded(at),
                        "و" | "ال" | "ب" | "ل" | "ك" | "ف" | "بال" | "وال" | "لل" | "عند" | "في"
                    ))
        };
        let dash = |at: usize| lexed.is_sign(at, &["-", "\u{2013}", "_"]);
        let glued_before = index.checked_sub(1).is_some_and(|at| {
            lexed.scan.is_glued(index)
                && (lexed.scan.kind(at) == Kind::Latin
                    || (dash(at) && lexed.scan.is_glued(at) && at.checked_sub(1).is_some_and(letters)))
        });
        let glued_behind = lexed.scan.is_glued(index + 1)
            && (lexed.scan.kind(index + 1) == Kind::Latin
                || (dash(index + 1)
                    && lexed.scan.is_glued(index + 2)
                    && lexed.scan.kind(index + 2) == Kind::Latin));
        let address = lexed.is_sign(index + 1, &["@"]) && lexed.scan.is_glued(index + 1);
        glued_before || glued_behind || address
    }

    /// «اعتداءات 11 سبتمبر»: the day in the name of an event.
    fn is_day(&self, index: usize) -> bool {
        self.lexed.time(index + 1, |_, word| matches!(word, TimeWord::Month { .. }).then_some(())).is_some()
    }

    /// «قرار مجلس الأمن الدولي 2401».
    fn numbers_a_text(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let long = lexed.digits(index).is_some_and(|value| (100..10_000).contains(&value));
        long && lexed.before(index).starts_with("ال")
            && (2..=6)
                .map_while(|back| index.checked_sub(back))
                .take_while(|&at| lexed.together(at, index) && lexed.scan.is_word(at))
                .any(|at| lexed.number(at, NumberKind::Law).is_some())
    }

    fn follows_year(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let year = |at: usize| lexed.digits(at).is_some_and(|value| (1900..=2099).contains(&value));
        year(index) && index.checked_sub(2).is_some_and(year)
    }

    /// «كأس العالم 2018», «رؤية 2030»: four digits behind a name that count nothing.
    fn is_year_of_name(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let year = lexed.digits(index).is_some_and(|value| (1900..=2099).contains(&value));
        let next = index + 1;
        let counted = lexed.together(index, next)
            && lexed.scan.is_word(next)
            && lexed.scan.readings(next).first().is_some_and(|whole| {
                let class = self.lexicon.vocabulary.class(whole.hash, lexed.scan.stem(whole));
                matches!(class, None | Some(WordClass::Noun | WordClass::Adjective))
                    && !lexed.scan.folded(next).starts_with("ال")
            });
        let before = lexed.before(index);
        let about = matches!(
            before,
            "نحو" | "حوالي" | "من" | "الي" | "عن" | "علي" | "زهاء" | "قرابه" | "بنحو" | "رقم"
        );
        // «بلغ 2000»: a verb before it makes it a count.
        let verb = index.checked_sub(1).and_then(|at| lexed.scan.readings(at).first()).is_some_and(|whole| {
            let class = self.lexicon.vocabulary.class(whole.hash, lexed.scan.stem(whole));
            class == Some(WordClass::Verb)
        });
        year && !counted && !about && !verb
    }

    /// «1-», «2)» at the beginning of a line.
    fn is_list_mark(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let (first, _) = lexed.scan.sentence_words(lexed.scan.sentence(index));
        first == index && lexed.scan.is_glued(index + 1) && lexed.is_sign(index + 1, &["-", ")", "."])
    }

    /// An ordinal: its last word, and the row, if it is one.
    fn ordinal(&self, index: usize) -> Option<(usize, Option<Quantity<'a>>)> {
        let lexed = self.lexed;
        let ordinal = lexed.ordinal(index)?;
        if self.times.first().is_some_and(|time| time.first <= ordinal.last) {
            return None;
        }
        let before = index.checked_sub(1).filter(|&at| lexed.together(at, index));
        let next = ordinal.last + 1;
        let next_word = if lexed.together(index, next) { lexed.scan.folded(next) } else { "" };
        let is_word_behind = !next_word.is_empty() && lexed.scan.is_word(next);
        let folded = lexed.scan.folded(index);
        let definite = ordinal.article;
        let named = before.is_some_and(|at| {
            let reading = lexed.scan.readings(at).first();
            let name = reading.is_some_and(|r| {
                self.lexicon
                    .vocabulary
                    .name_token(r.hash, lexed.scan.stem(r))
                    .is_some_and(|token| !token.ambiguous)
            });
            let folded = lexed.scan.folded(at);
            // A definite ordinal behind an unknown word without article follows a name («رمسيس الثاني»).
            let unknown = definite
                && lexed.scan.is_word(at)
                && lexed.scan.readings(at).iter().all(|r| {
                    !r.path.article && self.lexicon.vocabulary.class(r.hash, lexed.scan.stem(r)).is_none()
                })
                && isnad_arabic::enclitics(folded).next().is_none();
            name || unknown || lexed.number(at, NumberKind::NotBeforeOrdinal).is_some()
        });
        let adverb = !definite && folded.ends_with('ا');
        let oxide = matches!(next_word, "اكسيد" | "اوكسيد");
        let counts = if (named && !adverb) || oxide {
            false
        } else if definite {
            before.is_some_and(|at| lexed.scan.is_word(at) || lexed.is_sign(at, &["«", "\"", "“", "("]))
                || ordinal.attached
                || is_word_behind
        } else if folded.ends_with("اولي") {
            next_word.starts_with("ال")
        } else if adverb || folded.ends_with('ه') {
            adverb || before.is_some() || ordinal.attached
        } else {
            is_word_behind && !matches!(next_word, "من" | "ما" | "في")
                || (ordinal.value > 1 && before.is_some_and(|at| lexed.scan.is_word(at)))
        };
        let span = Span { begin: ordinal.begin, end: lexed.end(ordinal.last) };
        let value = Decimal::whole(ordinal.value.into());
        let quantity = Quantity { span, value, unit: "ord", rule: Rule::Ordinal, score: 0.8 };
        Some((ordinal.last, counts.then_some(quantity)))
    }

    /// «كيلومترين», «دولارين».
    fn dual(&mut self, index: usize) -> Option<(usize, Option<Quantity<'a>>)> {
        let lexed = self.lexed;
        let hit = lexed.hits(index).iter().find(|hit| {
            matches!(hit.item, Item::Unit(unit) if unit.dual && unit.needs != UnitNeeds::Digits)
                && hit.particle != Some('ك')
        })?;
        let (words, unit) = self.unit_at(index, false, |other| {
            matches!(other.item, Item::Unit(unit) if unit.dual) && other.begin == hit.begin
        })?;
        let last = index + words - 1;
        let span = Span { begin: hit.begin, end: lexed.end(last) };
        let unit = self.lexicon.numbers.unit(unit);
        Some((last, Some(Quantity { span, value: Decimal::whole(2), unit, rule: Rule::Dual, score: 0.85 })))
    }

    /// The unit behind a cardinal: how many words, and which.
    fn unit_behind(&mut self, cardinal: &Cardinal) -> Option<(usize, u16)> {
        let at = cardinal.last + 1;
        if !self.lexed.together(cardinal.last, at) {
            return None;
        }
        let end = self.lexed.scan.kind(cardinal.last) == Kind::Number;
        self.unit_at(at, end, |hit| hit.conjunction.is_none() && hit.particle.is_none())
    }

    /// The unit whose sign is glued before a number: «$5», «%40».
    fn sign_before(&self, index: usize) -> Option<(u32, u16)> {
        let at = index.checked_sub(1).filter(|_| self.lexed.scan.is_glued(index))?;
        if at > 0 && self.lexed.scan.kind(at - 1) == Kind::Number && self.lexed.scan.is_glued(at) {
            return None;
        }
        self.lexed.hits(at).iter().find_map(|hit| match hit.item {
            Item::Unit(UnitWord { sign: true, unit, .. }) => Some((hit.begin, unit)),
            _ => None,
        })
    }

    /// The longest unit that begins with a word and may stand here.
    fn unit_at(
        &mut self,
        index: usize,
        digits: bool,
        fits: impl Fn(&super::hits::Hit) -> bool,
    ) -> Option<(usize, u16)> {
        let lexed = self.lexed;
        let hits = lexed.hits(index).iter().filter(|hit| fits(hit));
        let units = hits.filter_map(|hit| match hit.item {
            Item::Unit(unit) if digits || unit.needs != UnitNeeds::Digits => Some((hit.words as usize, unit)),
            _ => None,
        });
        let longest = units.clone().map(|(words, _)| words).max()?;
        let mut longest_units = units.filter(|(words, _)| *words == longest);
        if let Some((words, unit)) = longest_units.clone().find(|(_, unit)| unit.needs != UnitNeeds::Country)
        {
            return Some((words, unit.unit));
        }
        let counts = self.countries.get_or_insert_with(|| countries(&lexed, self.lexicon));
        let count =
            |unit: u16| counts.iter().find(|(known, _)| *known == unit).map_or(0, |(_, count)| *count);
        let all: u32 = longest_units.clone().map(|(_, unit)| count(unit.unit)).sum();
        longest_units.find(|(_, unit)| count(unit.unit) * 2 > all).map(|(words, unit)| (words, unit.unit))
    }
}

/// How often each country with a currency of an ambiguous name is spoken of.
fn countries(lexed: &Lexed<'_>, lexicon: &Lexicon) -> Vec<(u16, u32)> {
    let mut counts: Vec<(u16, u32)> = Vec::new();
    for index in 0..lexed.scan.len() {
        for reading in lexed.scan.readings(index) {
            for currency in lexicon.numbers.currencies_of(reading.hash, lexed.scan.stem(reading)) {
                match counts.iter_mut().find(|(known, _)| known == currency) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((*currency, 1)),
                }
            }
        }
    }
    counts
}
