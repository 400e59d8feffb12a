//! Where what was said ends.

use isnad_lexicon::{ClauseWord, FormKind};

use super::page::Page;

/// The most words that a quotation without marks around it is followed through.
const MOST_WORDS: usize = 250;

/// Behind the last word of the content that begins at `first`: at the sentence's end, or before the reporter
/// goes on, or before the next cue.
pub(crate) fn content_end(page: &Page<'_>, first: usize) -> usize {
    let limit = page.sentence_end(first).min(first + MOST_WORDS);
    let mut at = first + 1;
    while at < limit {
        // What stands between marks is the speaker's, whatever words it holds.
        if let Some(pair) = page.pair_from(at) {
            at = pair.close.min(limit) + 1;
            continue;
        }
        if ends_before(page, first, at) {
            return at;
        }
        at += 1;
    }
    limit
}

fn ends_before(page: &Page<'_>, first: usize, at: usize) -> bool {
    let comma = at > 0
        && (page.is_comma(at - 1) || page.scan.folded(at - 1) == "؛" || page.scan.folded(at - 1) == "..");
    if let Some(cue) = page.cue_at(at) {
        if page.is_according(cue) {
            return at > first + 2;
        }
        match cue.form().map(|form| form.kind) {
            // «…، مشيرا إلى أن», «… مؤكدا أن».
            Some(FormKind::Participle) => return at > first + 2 && (comma || leads_on(page, cue.last + 1)),
            // «… وأضاف أن», «…، وقال».
            Some(FormKind::Perfect | FormKind::Passive) => {
                let joined = cue.path.conjunction.is_some();
                if joined && at > first + 2 && (comma || leads_on(page, cue.last + 1)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    comma && at > first + 2 && opener(page, at)
}

/// Whether what was said follows within a few words: أن, a colon, or a mark.
fn leads_on(page: &Page<'_>, from: usize) -> bool {
    (from..from + 4).any(|i| {
        page.is_complementizer(i)
            || page.scan.folded(i) == ":"
            || super::marks::is_quotation_mark(page.scan, i)
    })
}

/// Whether the reporter goes on here: فيما, في حين, لكنه …
fn opener(page: &Page<'_>, at: usize) -> bool {
    let phrases = page.lexicon.clauses.phrases();
    let mut node = phrases.root();
    for index in at..at + 3 {
        let folded = page.scan.folded(index);
        let Some(next) = phrases.step(node, isnad_lexicon::word_hash(folded), folded) else { return false };
        node = next;
        if phrases.values(node).contains(&ClauseWord::Opener) {
            return true;
        }
    }
    false
}
