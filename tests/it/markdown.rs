//! The parts of a Markdown page that tests look at: headings, paragraphs, and fenced blocks with their places.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// A part of a page, in the order of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A heading of level 1 to 6.
    Heading { level: usize, text: String },
    /// Prose, its line breaks as spaces, and the line on which it begins, from 1.
    Paragraph { line: usize, text: String },
    /// A fenced block.
    Block(Block),
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The line of its opening fence, from 1.
    pub(crate) line: usize,
    /// The signs that open it, three or more.
    pub(crate) fence: String,
    /// What stands behind the opening fence.
    pub(crate) info: String,
    /// Its text; every line of it ends in `\n`.
    pub(crate) text: String,
    /// Where its text stands in the page; `None` where it is indented or not closed, and so cannot be
    /// rewritten in place.
    pub(crate) place: Option<Range<usize>>,
}

impl Block {
    /// The words behind the opening fence.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.info.split_whitespace()
    }

    /// The value of a word `key=value` behind the opening fence.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.words().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }
}

/// The parts of a page.
pub(crate) fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    for (event, at) in Parser::new(page).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::CodeBlock(_)) => text.clear(),
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(level)) => {
                parts.push(Part::Heading { level: level as usize, text: std::mem::take(&mut text) });
            }
            Event::End(TagEnd::Paragraph) => {
                let line = line_of(page, at.start);
                parts.push(Part::Paragraph { line, text: std::mem::take(&mut text) });
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some(block) = fenced(page, at, std::mem::take(&mut text)) {
                    parts.push(Part::Block(block));
                }
            }
            _ => {}
        }
    }
    parts
}

/// The fenced blocks of a page.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let block = |part| match part {
        Part::Block(block) => Some(block),
        _ => None,
    };
    parts(page).into_iter().filter_map(block).collect()
}

/// A page with other texts at these places, which lie apart and in order.
pub(crate) fn rewritten(page: &str, changes: &[(Range<usize>, String)]) -> String {
    let (mut out, mut done) = (String::with_capacity(page.len()), 0);
    for (place, text) in changes {
        out.push_str(piece(page, done..place.start));
        out.push_str(text);
        done = place.end;
    }
    out.push_str(piece(page, done..page.len()));
    out
}

/// The block at a place of the page; `None` for one that is only indented.
fn fenced(page: &str, at: Range<usize>, text: String) -> Option<Block> {
    let whole = piece(page, at.clone()).trim_end_matches('\n');
    let is_fence = |line: &str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
    let opening = whole.lines().next().filter(|line| is_fence(line))?;
    let begin = at.start + opening.len() + 1;
    let end = at.start + whole.rfind('\n').map_or(0, |before| before + 1);
    let closed = end >= begin && is_fence(piece(page, end..page.len()));
    let at_margin = at.start == 0 || piece(page, 0..at.start).ends_with('\n');
    let place = (closed && at_margin && piece(page, begin..end) == text).then_some(begin..end);
    let opening = opening.trim_start();
    let info = opening.trim_start_matches(['`', '~']);
    let fence = opening.strip_suffix(info).unwrap_or(opening).to_owned();
    let info = info.trim().to_owned();
    Some(Block { line: line_of(page, at.start), fence, info, text, place })
}

/// A piece of a page whose borders the parser gave.
fn piece(page: &str, at: Range<usize>) -> &str {
    page.get(at).unwrap_or_default()
}

fn line_of(page: &str, at: usize) -> usize {
    piece(page, 0..at).matches('\n').count() + 1
}

#[test]
fn headings_prose_and_blocks_with_their_places() {
    let page = "# One\n\ntwo\n*lines*\n\n```a b=c\nx\n\ny\n```\n\n- in a list:\n\n  ```sh\n  z\n  ```\n\n````md\n```\n````\n";
    let found = parts(page);
    assert_eq!(found[0], Part::Heading { level: 1, text: "One".to_owned() });
    assert_eq!(found[1], Part::Paragraph { line: 3, text: "two lines".to_owned() });
    let found = blocks(page);
    let shown: Vec<_> = found.iter().map(|b| (b.line, &*b.info, &*b.text, b.place.is_some())).collect();
    assert_eq!(shown, [(6, "a b=c", "x\n\ny\n", true), (14, "sh", "z\n", false), (18, "md", "```\n", true)]);
    assert_eq!((&*found[0].fence, &*found[2].fence), ("```", "````"));
    assert_eq!((found[0].words().count(), found[0].value("b"), found[0].value("a")), (2, Some("c"), None));
    for block in found.iter().filter(|block| block.place.is_some()) {
        assert_eq!(piece(page, block.place.clone().unwrap()), block.text);
    }
    assert_eq!(rewritten(page, &[(2..5, "Two".to_owned())]).lines().next(), Some("# Two"));
    assert_eq!(blocks("```a\nx\n")[0].place, None, "it is not closed");
}
