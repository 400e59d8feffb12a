//! Titles and offices as phrases: «وزير الخارجية الأمريكي السابق», «المتحدث باسم الجيش». A view shared by
//! the stages of entities, roles, sources and quotes.

use isnad_core::Span;
use isnad_lexicon::{Facts, Lexicon, ModifierKind, NameLabel, TitleHead, TitleKind, WordClass};

use crate::entities::headed::headed_name;
use crate::naming::{
    Match, hit_of, is_definite, longest, longest_phrase, may_be_name, name_token, word_class,
};
use crate::words::Scan;

/// A phrase for an office, rank or occupation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Office {
    /// Its first word.
    pub(crate) first: usize,
    /// Its last word.
    pub(crate) last: usize,
    /// Its place in the text, without proclitics.
    pub(crate) span: Span,
    /// Its head.
    pub(crate) head: TitleHead,
    /// Former, acting, or neither.
    pub(crate) tense: Option<ModifierKind>,
    /// Something stands behind the head: what it is the office of.
    pub(crate) extended: bool,
}

impl Office {
    /// Where the name of its holder would begin: behind the office and a comma.
    pub(crate) fn name_at(&self, scan: &Scan<'_>) -> usize {
        let next = self.last + 1;
        if matches!(scan.folded(next), "،" | ",") { next + 1 } else { next }
    }

    /// Whether it can stand for a person with no name beside it.
    pub(crate) fn stands_alone(&self) -> bool {
        let kinds = [TitleKind::Office, TitleKind::Royal, TitleKind::Religious, TitleKind::Relation];
        !self.head.plural && (self.head.definite || self.extended) && kinds.contains(&self.head.kind)
    }
}

/// All offices of a document, in order.
#[derive(Debug, Default)]
pub(crate) struct Offices(pub(crate) Vec<Office>);

impl Offices {
    /// Finds them.
    pub(crate) fn find(scan: &Scan<'_>, lexicon: &Lexicon) -> Offices {
        let mut found = Vec::new();
        let mut index = 0;
        while index < scan.len() {
            match office(scan, index, lexicon) {
                Some(office) => {
                    index = office.last + 1;
                    found.push(office);
                }
                None => index += 1,
            }
        }
        Offices(found)
    }

    /// The office that ends right before a word, a comma or not.
    pub(crate) fn ending_before(&self, scan: &Scan<'_>, index: usize) -> Option<&Office> {
        let at = self.0.partition_point(|office| office.last < index);
        self.0.get(at.checked_sub(1)?).filter(|office| office.name_at(scan) == index)
    }

    /// The office that holds a word.
    pub(crate) fn at(&self, index: usize) -> Option<&Office> {
        let at = self.0.partition_point(|office| office.last < index);
        self.0.get(at).filter(|office| office.first <= index)
    }
}

fn office(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<Office> {
    if !scan.is_word(index) {
        return None;
    }
    let (mut last, begin, head) = head(scan, index, lexicon)?;
    let fixed = last > index;
    let mut tense = None;
    let mut extended = fixed;
    let mut governs = head.idafa && !head.definite;
    if fixed {
        // «المتحدث الرسمي باسم»: a fixed title that ends in a preposition governs whatever follows.
        governs = matches!(scan.folded(last), "باسم" | "لدي") || (governs && !is_definite(scan, last));
    }
    loop {
        let at = last + 1;
        if scan.sentence(at) != scan.sentence(index) || !scan.is_word(at) {
            break;
        }
        if let Some((end, kind)) = modifier(scan, at, lexicon) {
            tense = tense.or((kind != ModifierKind::Other).then_some(kind));
            (last, extended) = (end, true);
            continue;
        }
        let named_by_preposition = governs && matches!(scan.folded(last), "باسم" | "لدي");
        let run = || if named_by_preposition { definite_run(scan, at) } else { None };
        let Some(end) = extension(scan, at, governs, lexicon).or_else(run) else { break };
        governs = false;
        extended = true;
        last = end;
        if last > index + 12 {
            break;
        }
    }
    let span = Span::new(begin, scan.span(last).end as usize);
    Some(Office { first: index, last, span, head, tense, extended })
}

fn head(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<(usize, usize, TitleHead)> {
    let fits = |reading: &crate::words::Reading| {
        !reading.path.article && !reading.path.interrogative && reading.path.particle != Some('س')
    };
    if let Some((last, reading, head)) =
        longest_phrase(scan, index, lexicon.titles.fixed(), Facts::TITLE_START, fits)
    {
        return Some((last, reading.begin as usize, *head));
    }
    for reading in scan.readings(index).iter().filter(|reading| fits(reading)) {
        let stem = scan.stem(reading);
        if reading.facts.has(Facts::TITLE)
            && let Some(head) = lexicon.titles.head(reading.hash, stem)
        {
            return (head.kind != TitleKind::Honorific).then_some((index, reading.begin as usize, *head));
        }
        if reading.path.is_none() && reading.facts.has(Facts::ORDINARY.or(Facts::WHOLE)) {
            return None;
        }
    }
    // «رئيسها», «وزيره»: the office with its country as a pronoun.
    let word = scan.folded(index);
    if !word.ends_with(['ه', 'ا', 'م'])
        || scan.readings(index).first().is_some_and(|whole| !whole.facts.is_empty())
    {
        return None;
    }
    isnad_arabic::enclitics(word).filter(|e| matches!(e.pronoun, "ه" | "ها" | "هم" | "هما" | "نا")).find_map(
        |e| {
            let stem = word.get(..e.stem)?;
            let head = lexicon.titles.head(isnad_lexicon::word_hash(stem), stem)?;
            let usable = matches!(head.kind, TitleKind::Office | TitleKind::Relation)
                && !head.definite
                && !head.plural;
            usable.then_some((
                index,
                scan.span(index).begin as usize,
                TitleHead { definite: true, idafa: false, ..*head },
            ))
        },
    )
}

fn modifier(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<(usize, ModifierKind)> {
    let whole = scan.readings(index).first().filter(|whole| whole.facts.has(Facts::MODIFIER))?;
    lexicon.titles.modifier(whole.hash, scan.stem(whole)).map(|kind| (index, kind))
}

/// What belongs to an office behind its head: the last word of one more part.
fn extension(scan: &Scan<'_>, at: usize, governs: bool, lexicon: &Lexicon) -> Option<usize> {
    let found = longest(scan, at, lexicon);
    if let Some(found) = &found
        && hit_of(found, NameLabel::Norp).is_some()
        && !found.bare
    {
        return Some(found.last);
    }
    if governs && let Some(end) = governed(scan, at, found.as_ref(), lexicon) {
        return Some(end);
    }
    let whole = scan.folded(at);
    match whole {
        "باسم" | "لدي" | "لشؤون" => {
            let inner = longest(scan, at + 1, lexicon);
            governed(scan, at + 1, inner.as_ref(), lexicon).or_else(|| definite_run(scan, at + 1))
        }
        "في" => {
            let inner = longest(scan, at + 1, lexicon);
            let body = |m: &Match<'_>| hit_of(m, NameLabel::Org).is_some();
            let headed = headed_name(scan, at + 1, lexicon).map(|name| name.last);
            headed.or(inner.filter(body).map(|m| m.last))
        }
        _ => {
            // «مبعوث الأمم المتحدة لسوريا», «النائب بمجلس نواب الشعب», «قائد القوات الأمريكية».
            let prefixed = |m: &&Match<'_>| {
                m.bare
                    && !scan.folded(at).starts_with('و')
                    && (hit_of(m, NameLabel::Org).is_some() || hit_of(m, NameLabel::Gpe).is_some())
            };
            if let Some(found) = found.as_ref().filter(prefixed) {
                return Some(found.last);
            }
            let headed = headed_name(scan, at, lexicon)?;
            let preposition = headed.span.begin > scan.span(at).begin && !scan.folded(at).starts_with('و');
            preposition.then_some(headed.last)
        }
    }
}

/// Words with the article that follow each other: what stands behind «باسم» belongs to the office, known or not.
fn definite_run(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let same = |&i: &usize| {
        scan.is_word(i) && scan.sentence(i) == scan.sentence(at) && scan.folded(i).starts_with("ال")
    };
    (at..at + 3).take_while(same).last()
}

/// The noun phrase that a head without article governs.
fn governed(scan: &Scan<'_>, at: usize, found: Option<&Match<'_>>, lexicon: &Lexicon) -> Option<usize> {
    if let Some(headed) = headed_name(scan, at, lexicon).filter(|name| name.first == at) {
        return Some(headed.last);
    }
    let bare_reading = |reading: &crate::words::Reading| reading.path.is_none();
    if let Some((end, _, _)) =
        longest_phrase(scan, at, lexicon.titles.ministries(), Facts::MINISTRY, bare_reading)
    {
        return Some(end);
    }
    if let Some(found) = found.filter(|m| !m.bare) {
        let person = found.hits.iter().all(|hit| hit.label == NameLabel::Per);
        return (!person).then_some(found.last);
    }
    // «رئيس الوزراء», «مدير إدارة المرور», «قائد مقر الشركة»: definite nouns, one or two plain ones before.
    let mut end = None;
    let mut index = at;
    let mut plain = 0;
    while index < at + 5 && scan.is_word(index) && scan.sentence(index) == scan.sentence(at) {
        let name = name_token(scan, index, lexicon).is_some_and(|token| !token.ambiguous);
        let verb = word_class(scan, index, lexicon) == Some(WordClass::Verb);
        let title = longest_phrase(scan, index, lexicon.titles.fixed(), Facts::TITLE_START, bare_reading)
            .is_some()
            && index > at;
        if name || verb || title {
            break;
        }
        if is_definite(scan, index)
            && scan.folded(index).starts_with("ال")
            && !may_be_name(scan, index, lexicon)
        {
            end = Some(index);
        } else if end.is_none() && plain < 2 && word_class(scan, index, lexicon) == Some(WordClass::Noun) {
            plain += 1;
        } else {
            break;
        }
        index += 1;
    }
    end
}
