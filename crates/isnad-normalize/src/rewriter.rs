//! What all stages of this crate have in common.

use isnad_arabic::Class;
use isnad_core::{Contract, EditError, Edits, Stage, per_doc};

/// A stage that rewrites each document in which a character of one of these classes occurs. `plan`
/// reads the text once and makes its edits.
pub(crate) fn rewriter(
    classes: &'static [Class],
    plan: impl for<'t> Fn(&'t str, &mut Edits<'t>) -> Result<(), EditError> + Send + Sync,
) -> impl Stage {
    per_doc(
        Contract::new().rewrites_text(),
        |_| Ok(()),
        move |_, document, cx| {
            if document.content().census().has_any(classes) {
                document.edit(cx, |_, edits| plan(edits.source(), edits))?;
            }
            Ok(())
        },
    )
}

/// The code point that begins at byte `at`.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The code point that ends at byte `at`.
pub(crate) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}
