//! Text on a page: what cannot be seen is shown, what changed is told by code points.

use isnad::arabic::{Class, class};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A text on one line in which everything can be seen: `⏎` for a line feed, `⇥` for a tab, `␣` for a space
/// that stands beside another or at an end, `⟨U+200F⟩` for what has no looks of its own.
pub(crate) fn visible(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_blank = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_none_or(|c| matches!(c, ' ' | '\n' | '\t' | '\r'))
    };
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        match (*c, class(*c)) {
            ('\n', _) => out.push('⏎'),
            ('\t', _) => out.push('⇥'),
            (' ', _) if is_blank(at.checked_sub(1)) || is_blank(Some(at + 1)) => out.push('␣'),
            (' ', _) => out.push(' '),
            (c, Class::Bidi | Class::ZeroWidth | Class::Control | Class::Break | Class::OddSpace) => {
                out.push_str(&format!("⟨{}⟩", name(c)));
            }
            (c, _) if c.is_control() => out.push_str(&format!("⟨{}⟩", name(c))),
            (c, _) => out.push(c),
        }
    }
    out
}

/// The same as Markdown, in which it means nothing but itself.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '~' | '|' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// The code points that went and those that came in their place: `U+0640 → ∅ ×3; U+0649 → U+064A`.
pub(crate) fn changes(before: &str, after: &str) -> String {
    let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let mut changes: Vec<(String, usize)> = Vec::new();
    let mut note = |went: &[char], came: &[char]| {
        let change = format!("{} → {}", names(went), names(came));
        match changes.iter_mut().find(|(known, _)| *known == change) {
            Some((_, count)) => *count += 1,
            None => changes.push((change, 1)),
        }
    };
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let went = old.get(op.old_range()).unwrap_or_default();
        let came = new.get(op.new_range()).unwrap_or_default();
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { .. } => went.chunks(1).for_each(|c| note(c, &[])),
            DiffOp::Insert { .. } => came.chunks(1).for_each(|c| note(&[], c)),
            // One for one, if there are as many on both sides.
            DiffOp::Replace { .. } if went.len() == came.len() => {
                went.chunks(1).zip(came.chunks(1)).for_each(|(went, came)| note(went, came));
            }
            DiffOp::Replace { .. } => note(went, came),
        }
    }
    let more = changes.len().saturating_sub(MOST);
    let shown = changes.into_iter().take(MOST).map(|(change, count)| match count {
        1 => change,
        count => format!("{change} ×{count}"),
    });
    let mut shown: Vec<String> = shown.collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    if shown.is_empty() { "none".to_owned() } else { shown.join("; ") }
}

/// More changes, and longer ones, are cut short: nobody reads them.
const MOST: usize = 8;
const LONGEST: usize = 6;

fn names(chars: &[char]) -> String {
    let shown: Vec<String> = chars.iter().take(LONGEST).map(|c| name(*c)).collect();
    match chars.len() {
        0 => "∅".to_owned(),
        1..=LONGEST => shown.join(" "),
        _ => format!("{} …", shown.join(" ")),
    }
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        assert_eq!(changes(before, after), expected, "{before:?} → {after:?}");
    }

    #[test]
    fn equal_changes_are_counted() {
        check("٢٠٢٦", "2026", "U+0662 → U+0032 ×2; U+0660 → U+0030; U+0666 → U+0036");
        check("قال... نعم", "قال… نعم", "U+002E U+002E U+002E → U+2026");
        check("قـــال", "قال", "U+0640 → ∅ ×3");
        check("قـال أمـس", "قال أمس", "U+0640 → ∅ ×2");
        check("على", "علي", "U+0649 → U+064A");
        check("قال", "قال", "none");
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(visible("قال\u{200F} \nأمس"), "قال⟨U+200F⟩␣⏎أمس"); // RIGHT-TO-LEFT MARK
        assert_eq!(visible(" أ ب\u{A0}ج"), "␣أ ب⟨U+00A0⟩ج"); // NO-BREAK SPACE
    }
}
