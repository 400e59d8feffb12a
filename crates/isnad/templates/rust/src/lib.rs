//! `{{name}}`, a stage for isnad: marks the words that announce breaking news, such as «عاجل», where they stand
//! at the beginning of a line. It is a beginning: put what you need in their place.

use std::ops::Range;

use isnad_arabic::fold;
use isnad_core::{Contract, OptionError, Registry, Span, Stage, StageError, StageKind, Sym, Writes, per_doc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[cfg(feature = "export")]
isnad_plugin::export!(register);

/// Adds the stages of this library to those that a pipeline can use.
pub fn register(registry: &mut Registry) {
    registry.add(StageKind::new("{{name}}", "marks announcements of breaking news", DOCS, create));
}

/// Options of `{{name}}`. The doc comments are what users read about them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// The words that announce breaking news.
    words: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options { words: ["عاجل", "خبر عاجل", "عاجل جدا"].map(str::to_owned).to_vec() }
    }
}

const DOCS: &str = "\
Writes a row of `{{layer}}`, labelled `flash`, for a word of `words` at the beginning of a line; signs, digits and spaces
before it are passed over. Its attr `word` is the word in its folded spelling: vowel marks, tatweel and spellings of alef make no
difference.

| line | row |
|---|---|
| عاجل: الرئيس يصل إلى بغداد | «عاجل» |
| عاجـــل ... انقطاع الكهرباء | «عاجـــل» |
| اجتماع عاجل للوزراء | none |
";

/// Makes a stage of its options. What is wrong with an option is said by `OptionError`, and shown to the user with
/// the line in the pipeline file.
fn create(options: Options, _: &dyn isnad_core::Files) -> Result<impl Stage + use<>, Vec<OptionError>> {
    let mut words: Vec<String> = options.words.iter().map(|word| fold(word)).collect();
    if let Some(index) = words.iter().position(|word| word.trim().is_empty()) {
        return Err(vec![OptionError::new(format!("words.{index}"), "is no word; remove it")]);
    }
    // Of two words that fit, the longer one counts.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));

    // Everything that the stage writes is declared; what is not declared is refused.
    let contract = Contract::new().writes(Writes::rows("{{layer}}", 1).labels(["flash"]).attrs(["word"]));
    Ok(per_doc(
        contract,
        // Once a thread: names become numbers.
        |names| {
            let layer = names.layer("{{layer}}").ok_or_else(|| StageError::undeclared("{{layer}}"))?;
            let sym = |name: &str| names.sym(name).ok_or_else(|| StageError::undeclared(name));
            Ok((layer, sym("flash")?, sym("word")?))
        },
        // For each document.
        move |&mut (layer, flash, word_key), document, cx| {
            let (content, mut rows) = document.annotate(cx);
            // The folded text is for comparing; `to_text` leads back to the text.
            let folded = content.folded();
            let mut line_begin = 0;
            for line in folded.text().split_inclusive('\n') {
                if let Some((place, word)) = announcement(line, &words) {
                    let begin = folded.to_text(line_begin + place.start);
                    let end = folded.to_text(line_begin + place.end);
                    let row = rows.add(layer, Span::new(begin, end), flash, Sym::NONE, 1.0)?;
                    rows.attr(row, word_key, word)?;
                }
                line_begin += line.len();
            }
            Ok(())
        },
    ))
}

/// The word at the beginning of a line, and its place there.
fn announcement<'w>(line: &str, words: &'w [String]) -> Option<(Range<usize>, &'w str)> {
    let begin = line.find(char::is_alphabetic)?;
    let rest = line.get(begin..)?;
    let is_whole = |word: &&String| {
        rest.strip_prefix(word.as_str()).is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
    };
    let word = words.iter().find(is_whole)?;
    Some((begin..begin + word.len(), word))
}
