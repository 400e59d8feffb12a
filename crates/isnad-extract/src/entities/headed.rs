//! Organisations, buildings and events that a common noun begins: «وزارة الخارجية الأمريكية»,
//! «الحكومة الروسية», «صحيفة "النهار"».

use isnad_core::Span;
use isnad_lexicon::{Facts, Lexicon, NameLabel, OrgHead, WordClass};

use crate::naming::{hit_of, is_definite, is_ordinary, longest, longest_phrase, may_be_name, word_class};
use crate::words::{Kind, Scan};

/// A name found by its first noun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadedName {
    /// The first word of the name itself.
    pub(crate) first: usize,
    /// Its last word.
    pub(crate) last: usize,
    /// Its place in the text.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) label: NameLabel,
    /// The rule that found it.
    pub(crate) rule: &'static str,
}

/// The most words behind the head that an organisation's name is followed through.
const MOST_WORDS: usize = 7;

/// The name that the noun at a word begins.
pub(crate) fn headed_name(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<HeadedName> {
    let fits = |reading: &crate::words::Reading| !reading.path.article && reading.path.particle != Some('س');
    let Some((head_last, reading, head)) =
        longest_phrase(scan, index, lexicon.titles.org_heads(), Facts::ORG_HEAD, fits)
    else {
        return ministry_alone(scan, index, lexicon);
    };
    let begin = reading.begin as usize;
    let name = |last: usize, rule| HeadedName {
        first: index,
        last,
        span: Span::new(begin, scan.span(last).end as usize),
        label: head.label,
        rule,
    };
    let next = head_last + 1;
    if !same_sentence(scan, index, next) {
        return None;
    }
    if head.demonym && head.definite {
        return nationality(scan, next, lexicon).map(|last| name(last, "head:demonym"));
    }
    if head.definite {
        return None;
    }
    if head.name_first
        && let Some(bare) = bare_name(scan, next, head, lexicon)
    {
        return Some(bare);
    }
    if head.idafa
        && let Some(last) = idafa(scan, next, head, lexicon)
    {
        return Some(name(last, "head:idafa"));
    }
    if head.name { bare_name(scan, next, head, lexicon) } else { None }
}

/// «الخارجية الروسية»: a ministry named by its field and a nationality.
fn ministry_alone(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<HeadedName> {
    let fits = |reading: &crate::words::Reading| !reading.path.article;
    let (last, reading, alone) =
        longest_phrase(scan, index, lexicon.titles.ministries(), Facts::MINISTRY, fits)?;
    if !alone {
        return None;
    }
    // Behind a noun («الشؤون الخارجية») it is an adjective of that noun, not a name.
    let noun_before = index > 0
        && scan.is_word(index - 1)
        && (is_definite(scan, index - 1) || word_class(scan, index - 1, lexicon) == Some(WordClass::Noun))
        && same_sentence(scan, index, index - 1);
    let governed = noun_before && reading.path.is_none();
    if governed {
        return None;
    }
    let last =
        nationality(scan, last + 1, lexicon).filter(|_| scan.folded(last).ends_with('ه') || last == index)?;
    let feminine = scan.folded(last).ends_with('ه');
    feminine.then(|| HeadedName {
        first: index,
        last,
        span: Span::new(reading.begin as usize, scan.span(last).end as usize),
        label: NameLabel::Org,
        rule: "ministry",
    })
}

/// The last word of a group word that stands at a word.
fn nationality(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<usize> {
    let found = longest(scan, index, lexicon)?;
    (hit_of(&found, NameLabel::Norp).is_some() && !found.bare && is_definite(scan, index))
        .then_some(found.last)
}

/// The last word of the chain that a noun governs, if the chain makes it a name.
fn idafa(scan: &Scan<'_>, from: usize, head: &OrgHead, lexicon: &Lexicon) -> Option<usize> {
    let mut last = None;
    let mut at = from;
    let mut proper = false;
    let mut definite = false;
    let mut plain_nouns = 0;
    while at < from + MOST_WORDS && same_sentence(scan, from, at) && scan.is_word(at) {
        let conjoined = at > from && scan.folded(at).starts_with("وال");
        if let Some((end, reading, _)) =
            longest_phrase(scan, at, lexicon.titles.ministries(), Facts::MINISTRY, |r| {
                !r.path.article && r.path.particle.is_none()
            })
            && head.kind == "ministry"
            && (reading.path.is_none() || at > from)
        {
            (last, at, definite, proper) = (Some(end), end + 1, true, true);
            continue;
        }
        if let Some(found) = longest(scan, at, lexicon) {
            let norp = hit_of(&found, NameLabel::Norp).is_some();
            let particle = found.span.begin > scan.span(at).begin;
            let joined_well = !particle || (scan.folded(at).starts_with('ل') && (definite || proper));
            let named = found.hits.iter().any(|hit| hit.label != NameLabel::Per || !hit.short);
            if (norp && !is_definite(scan, at)) || !joined_well || (!norp && proper && !particle) || !named {
                break;
            }
            // «وكالة تسنيم الإيرانية»: what stands behind a name of its own is not part of it.
            if head.name && hit_of(&found, NameLabel::Org).is_some() {
                last = Some(found.last);
                proper = true;
                break;
            }
            // An adjective of nationality ends a name; a place may go on («جامعة القاهرة الأمريكية»).
            (last, at, proper) = (Some(found.last), found.last + 1, true);
            if norp && definite {
                break;
            }
            continue;
        }
        if is_definite(scan, at) && (!conjoined || definite) && is_ordinary_part(scan, at, lexicon) {
            definite = true;
            (last, at) = (Some(at), at + 1);
            continue;
        }
        // «مجلس نواب الشعب»: nouns without article may stand before the definite one.
        if last.is_none() && plain_nouns < 2 && word_class(scan, at, lexicon) == Some(WordClass::Noun) {
            plain_nouns += 1;
            at += 1;
            continue;
        }
        // «لحقوق الإنسان», «للثقافة والعلوم».
        if definite && scan.folded(at).starts_with("لل") && at + 1 < from + MOST_WORDS {
            (last, at) = (Some(at), at + 1);
            continue;
        }
        break;
    }
    let last = last?;
    let nameable = matches!(
        head.kind.as_str(),
        "ministry" | "party" | "university" | "court" | "bank" | "union" | "ngo" | "parliament" | "club"
    );
    (proper || (definite && nameable)).then_some(last)
}

fn is_ordinary_part(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    // A title behind the noun («وزارة الدفاع الرئيس …») begins something new.
    let title = scan.readings(index).iter().any(|r| {
        r.facts.has(Facts::TITLE)
            && lexicon.titles.head(r.hash, scan.stem(r)).is_some_and(|head| head.definite && !head.plural)
    });
    let class = word_class(scan, index, lexicon);
    !title && !matches!(class, Some(WordClass::Time | WordClass::Pronoun | WordClass::Verb))
}

/// «صحيفة النهار», «شركة "غوغل"», «وكالة تسنيم»: the name alone is the entity.
fn bare_name(scan: &Scan<'_>, from: usize, head: &OrgHead, lexicon: &Lexicon) -> Option<HeadedName> {
    let mut first = from;
    // A nationality may stand between: «صحيفة "…"», «شركة الطيران الفرنسية "…"».
    let quoted = is_mark(scan.folded(first));
    if quoted {
        first += 1;
    }
    if let Some(found) = longest(scan, first, lexicon) {
        let org = hit_of(&found, NameLabel::Org).is_some();
        let title = quoted && is_mark(scan.folded(found.last + 1));
        let norp = hit_of(&found, NameLabel::Norp).is_some();
        // «صحيفة لوموند», «فريق برشلونة»: a place or a word can be the name of a medium or a club only.
        let whole = found.hits.iter().any(|hit| !hit.ambiguous) && is_medium(&head.kind);
        let usable = org || title || (!norp && head.label == NameLabel::Org && whole);
        return (usable && !found.bare && !norp).then_some(HeadedName {
            first,
            last: found.last,
            span: found.span,
            label: head.label,
            rule: "head:name",
        });
    }
    let mut last = None;
    let most = if quoted { 4 } else { 1 };
    for at in first..first + most {
        let word = matches!(scan.kind(at), Kind::Word | Kind::Latin);
        let unknown = scan.kind(at) == Kind::Latin || may_be_name(scan, at, lexicon);
        if !word || !same_sentence(scan, from, at) || (!quoted && !unknown) {
            break;
        }
        last = Some(at);
    }
    let last = last?;
    if quoted && !is_mark(scan.folded(last + 1)) {
        return None;
    }
    if !quoted && is_ordinary(scan, last) {
        return None;
    }
    let span = scan.span_of(first, last);
    Some(HeadedName { first, last, span, label: head.label, rule: "head:name" })
}

fn is_medium(kind: &str) -> bool {
    matches!(kind, "newspaper" | "tv" | "radio" | "media" | "agency" | "club" | "company" | "party" | "armed")
}

/// Whether a folded token is a quotation mark.
pub(crate) fn is_mark(folded: &str) -> bool {
    matches!(folded, "\"" | "“" | "”" | "«" | "»" | "'" | "‘" | "’" | "„" | "‟" | "″" | "''" | "<<" | ">>")
}

fn same_sentence(scan: &Scan<'_>, a: usize, b: usize) -> bool {
    scan.get(b).is_some() && scan.sentence(a) == scan.sentence(b)
}
