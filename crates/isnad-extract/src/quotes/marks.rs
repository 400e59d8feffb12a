//! Pairs of quotation marks, found by a tolerant stack: any style, either direction, nested, unclosed.

use crate::words::{Kind, Scan};

/// A pair of marks by the words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The opening mark.
    pub(crate) open: usize,
    /// The closing mark; for an unclosed one, the word behind the paragraph.
    pub(crate) close: usize,
}

impl Pair {
    /// How many words stand between the marks.
    pub(crate) fn len(&self) -> usize {
        self.close - self.open - 1
    }
}

/// All pairs of a document, and which of them a word belongs to.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Outer before inner, in the order of their opening marks.
    pub(crate) pairs: Vec<Pair>,
    /// Per word: one more than the innermost pair around it, or 0.
    around: Vec<u32>,
    /// Per word: one more than the pair it closes, or 0.
    closing: Vec<u32>,
}

impl Marks {
    /// Finds the pairs of a document. `paragraphs[i]` is the paragraph of word `i`: marks do not pair across
    /// paragraphs, and one that is open at the end of its paragraph closes there if nothing else is open.
    pub(crate) fn refill(&mut self, scan: &Scan<'_>, paragraphs: &[u32]) {
        pairs(scan, paragraphs, &mut self.pairs);
        self.around.clear();
        self.around.resize(paragraphs.len(), 0);
        self.closing.clear();
        self.closing.resize(paragraphs.len() + 1, 0);
        let mut open: Vec<usize> = Vec::new();
        let mut next = 0;
        for index in 0..paragraphs.len() {
            while open.last().and_then(|&at| self.pairs.get(at)).is_some_and(|pair| pair.close <= index) {
                open.pop();
            }
            if let Some(around) = self.around.get_mut(index) {
                *around = open.last().map_or(0, |&at| at as u32 + 1);
            }
            while self.pairs.get(next).is_some_and(|pair| pair.open == index) {
                open.push(next);
                next += 1;
            }
        }
        for (at, pair) in self.pairs.iter().enumerate() {
            if let Some(closing) = self.closing.get_mut(pair.close) {
                *closing = at as u32 + 1;
            }
        }
    }

    /// The innermost pair around a word.
    pub(crate) fn around(&self, index: usize) -> Option<Pair> {
        self.pair_of(&self.around, index)
    }

    /// The pair that a mark closes.
    pub(crate) fn closed_by(&self, close: usize) -> Option<Pair> {
        self.pair_of(&self.closing, close)
    }

    fn pair_of(&self, table: &[u32], index: usize) -> Option<Pair> {
        let at = table.get(index).copied().unwrap_or(0).checked_sub(1)?;
        self.pairs.get(at as usize).copied()
    }
}

/// Families of marks: a mark is closed by one of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Double,
    Guillemet,
    Single,
}

fn family(folded: &str) -> Option<Family> {
    match folded {
        "\"" | "“" | "”" | "„" | "‟" | "″" | "''" | "\u{FF02}" => Some(Family::Double),
        "«" | "»" | "<<" | ">>" => Some(Family::Guillemet),
        "‘" | "’" | "'" | "‹" | "›" => Some(Family::Single),
        _ => None,
    }
}

/// Whether a word is a quotation mark.
pub(crate) fn is_quotation_mark(scan: &Scan<'_>, index: usize) -> bool {
    scan.kind(index) == Kind::Punctuation && family(scan.folded(index)).is_some()
}

fn pairs(scan: &Scan<'_>, paragraphs: &[u32], out: &mut Vec<Pair>) {
    out.clear();
    let mut stack: Vec<(usize, Family)> = Vec::new();
    let mut paragraph = 0;
    for (index, &at) in paragraphs.iter().enumerate() {
        if at != paragraph {
            close_open(&mut stack, index, out);
            paragraph = at;
        }
        if scan.kind(index) != Kind::Punctuation {
            continue;
        }
        let Some(family) = family(scan.folded(index)) else { continue };
        let open = stack.iter().rposition(|(_, other)| *other == family);
        match (open, leans(scan, index)) {
            // A mark that leans on the word behind it opens, unless one of its family is open and the
            // text before it is glued too.
            (None, Lean::Behind) => {}
            (None, _) => stack.push((index, family)),
            (Some(_), Lean::Before) if stack.len() < 4 && family != Family::Single => {
                stack.push((index, family))
            }
            (Some(at), _) => {
                if let Some(&(open, _)) = stack.get(at) {
                    stack.truncate(at);
                    if index > open + 1 {
                        out.push(Pair { open, close: index });
                    }
                }
            }
        }
    }
    close_open(&mut stack, paragraphs.len(), out);
    out.sort_by_key(|pair| (pair.open, std::cmp::Reverse(pair.close)));
}

fn close_open(stack: &mut Vec<(usize, Family)>, end: usize, out: &mut Vec<Pair>) {
    if let [(open, family)] = stack.as_slice()
        && *family != Family::Single
        && end > *open + 1
    {
        out.push(Pair { open: *open, close: end });
    }
    stack.clear();
}

/// Which side of a mark has its text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lean {
    /// The text stands behind it in the line: it opens.
    Before,
    /// The text stands before it: it closes.
    Behind,
    /// Both or neither.
    Either,
}

fn leans(scan: &Scan<'_>, index: usize) -> Lean {
    let word = |i: usize| scan.kind(i) != Kind::Punctuation;
    let glued_before = scan.is_glued(index) && index > 0;
    let glued_behind = scan.is_glued(index + 1);
    match (glued_before, glued_behind) {
        (false, true) => Lean::Before,
        (true, false) => Lean::Behind,
        // «:"» and «("»: what stands before is no text.
        (true, true)
            if !word(index - 1)
                && word(index + 1)
                && !matches!(scan.folded(index - 1), "." | "!" | "؟" | "?") =>
        {
            Lean::Before
        }
        (true, true) if word(index - 1) && !word(index + 1) => Lean::Behind,
        _ => Lean::Either,
    }
}
