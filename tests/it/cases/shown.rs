//! Text as pages of cases show it: what cannot be seen is written `\u{…}`.

use isnad::arabic::{Class, class};
use isnad_testkit::arabic;
use proptest::prelude::*;

/// The text that a page shows.
///
/// # Errors
/// A character that nobody can see stands in it as it is, or an escape is none.
pub(super) fn read(shown: &str) -> Result<String, String> {
    let mut out = String::with_capacity(shown.len());
    let mut pieces = shown.split("\\u{");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (code, rest) = piece.split_once('}').ok_or("`\\u{` has no `}` behind it")?;
        let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        out.push(c.ok_or_else(|| format!("`\\u{{{code}}}` is no character"))?);
        out.push_str(rest);
    }
    match shown.chars().find(|c| is_invisible(*c)) {
        Some(c) => Err(format!("nobody can see {0}; write it `\\u{{{1:X}}}`", name(c), u32::from(c))),
        None => Ok(out),
    }
}

/// A text as a page shows it: [`read`] gives the text back. Line feeds are line feeds.
pub(super) fn show(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let blank = line.trim_matches(['\n', ' ']).is_empty();
        let begin = line.len() - line.trim_start_matches(' ').len();
        let end = line.trim_end_matches(['\n', ' ']).len();
        for (at, c) in line.char_indices() {
            let outer = c == ' ' && (blank || at < begin || at >= end);
            let is_markup = matches!(c, '`' | '~') && at == begin
                || line.get(at..).is_some_and(|rest| rest.starts_with("\\u{"));
            if outer || is_markup || is_invisible(c) {
                out.push_str(&format!("\\u{{{:X}}}", u32::from(c)));
            } else {
                out.push(c);
            }
        }
    }
    out
}

/// Whether a character shows nothing, or may be taken for another that shows nothing.
fn is_invisible(c: char) -> bool {
    match class(c) {
        Class::Bidi | Class::ZeroWidth | Class::Control | Class::OddSpace => true,
        Class::Break => c != '\n',
        _ => false,
    }
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn what_is_shown_reads_as_the_text(text in arabic::text()) {
        prop_assert_eq!(read(&show(&text)), Ok(text));
    }
}

#[test]
fn what_cannot_be_seen_is_written_out() {
    let text = "قال\u{200F} \u{A0}نعم \n\u{202A}";
    let shown = "قال\\u{200F} \\u{A0}نعم\\u{20}\n\\u{202A}";
    assert_eq!(show(text), shown);
    assert_eq!(read(shown).as_deref(), Ok(text));
    assert_eq!(read("a\u{200F}").unwrap_err(), "nobody can see U+200F; write it `\\u{200F}`");
    assert_eq!(read("\\u{110000}").unwrap_err(), "`\\u{110000}` is no character");
    assert_eq!(read("\\u{20").unwrap_err(), "`\\u{` has no `}` behind it");
}
