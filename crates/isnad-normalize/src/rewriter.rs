//! What all stages of this crate have in common.

use isnad_core::{Contract, EditError, Edits, Stage, per_doc};

use crate::stops::{Stops, Walk};

/// A stage that rewrites documents: `plan` goes along the characters of the set and makes its edits.
/// Where it makes none, the document is not touched.
pub(crate) fn rewriter(
    stops: Stops,
    plan: impl Fn(Walk<'_>, &mut Edits<'_>) -> Result<(), EditError> + Send + Sync,
) -> impl Stage {
    per_doc(
        Contract::new().rewrites_text(),
        |_| Ok(()),
        move |_, document, cx| {
            document.edit(cx, |content, edits| plan(stops.along(edits.source(), content.census()), edits))?;
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
