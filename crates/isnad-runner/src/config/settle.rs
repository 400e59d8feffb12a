//! Values that may be read in two ways: the text of a variable, which may be meant as a number, and a
//! number of the command line, which may be meant as text. The schema says how they are meant.

use super::error::code;
use super::report::Report;
use super::tree::Node;

/// Reads every value below `node` that has two readings in the way that passes the check.
///
/// The check itself is asked, so that what is settled here and what is checked later cannot differ.
pub(crate) fn settle(node: &mut Node, check: impl Fn(&Node, &mut Report)) {
    if !has_reading(node) {
        return;
    }
    let mut before = Report::default();
    check(node, &mut before);
    swap(node, &|node| before.has(node.place, None));
    let mut after = Report::default();
    check(node, &mut after);
    // What is of the wrong type either way is best called what it was written as.
    swap(node, &|node| before.has(node.place, None) && after.has(node.place, Some(code::TYPE)));
}

fn has_reading(node: &Node) -> bool {
    node.reading.is_some() || node.children().into_iter().any(has_reading)
}

fn swap(node: &mut Node, is_meant: &impl Fn(&Node) -> bool) {
    if node.reading.is_some()
        && is_meant(node)
        && let Some(reading) = &mut node.reading
    {
        std::mem::swap(&mut node.content, reading);
    }
    node.children_mut().into_iter().for_each(|child| swap(child, is_meant));
}
