//! Built-in stages for these tests.

use isnad_core::{
    Attach, Contract, DocError, OptionError, RowRef, SinkKind, Span, StageError, StageKind, Sym, Writes,
    per_doc,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kinds that the processes of these tests know.
pub(crate) fn kind(name: &str) -> Option<StageKind> {
    [words(), letters(), output()].into_iter().find(|kind| kind.name() == name)
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct WordsOptions {
    /// A file with a word on each line that is not marked.
    stopwords: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct NoOptions {}

/// Marks words, numbers them, links each to the one before. It drops, warns of, panics over, and takes all memory for
/// documents with certain words.
fn words() -> StageKind {
    StageKind::new("test.words", "marks words", "For tests.", |options: WordsOptions, files| {
        let stopwords = match &options.stopwords {
            Some(path) => {
                let bytes = files
                    .read(path)
                    .map_err(|error| vec![OptionError::new("stopwords", error.to_string())])?;
                String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
            }
            None => Vec::new(),
        };
        let contract = Contract::new().drops_documents().reads_meta().writes(
            Writes::rows("word", 1)
                .labels(["long", "short"])
                .attrs(["number"])
                .links(["before"])
                .rules(["space"]),
        );
        Ok(per_doc(
            contract,
            |names| {
                let sym = |name| names.sym(name).ok_or_else(|| StageError::undeclared(name));
                let layer = names.layer("word").ok_or_else(|| StageError::undeclared("word"))?;
                Ok((layer, [sym("long")?, sym("short")?, sym("number")?, sym("before")?, sym("space")?]))
            },
            move |(layer, [long, short, number, before, space]), document, cx| {
                let text = document.content().text().to_owned();
                if text.contains("كرر") {
                    tracing::info!(words = text.split_whitespace().count(), "an article repeats");
                    tracing::debug!("nobody wants to know");
                    document.warn("repeats", format!("«كرر» in {}", document.content().id()));
                }
                if document.content().meta().contains_key("out") {
                    document.drop_for("meta says so");
                    return Ok(());
                }
                let mut last: Option<RowRef> = None;
                let (_, mut rows) = document.annotate(cx);
                for (count, word) in text.split_whitespace().enumerate() {
                    if stopwords.iter().any(|stopword| stopword == word) {
                        continue;
                    }
                    match word {
                        "فزع" => panic!("over «{word}»"),
                        "جوع" => drop(std::hint::black_box(vec![1u8; 1 << 40])),
                        "قف" => return Err(DocError::new("stop", "here it ends")),
                        _ => {}
                    }
                    let begin = word.as_ptr() as usize - text.as_ptr() as usize;
                    let label: Sym = if word.chars().count() > 4 { *long } else { *short };
                    let row = rows.add(*layer, Span::new(begin, begin + word.len()), label, *space, 0.5)?;
                    rows.attr(row, *number, &count.to_string())?;
                    if let Some(last) = last.replace(row) {
                        rows.link(row, *before, last)?;
                    }
                }
                Ok(())
            },
        ))
    })
}

/// Rewrites text in every way there is.
fn letters() -> StageKind {
    StageKind::new("test.letters", "rewrites letters", "For tests.", |NoOptions {}, _| {
        let contract = Contract::new().rewrites_text();
        Ok(per_doc(
            contract,
            |_| Ok(()),
            |(), document, cx| {
                document.edit(cx, |content, edits| {
                    for (at, letter) in content.text().char_indices() {
                        let range = at..at + letter.len_utf8();
                        match letter {
                            'ى' => edits.replace(range, "ي")?,
                            'ـ' => edits.delete(range, Attach::Before)?,
                            '٠'..='٩' => edits.withhold(range, "#")?,
                            _ => {}
                        }
                    }
                    Ok(())
                })?;
                // A second round, on the text that the first one made.
                document.edit(cx, |content, edits| match content.text().find("يي") {
                    Some(at) => edits.replace(at..at + "يي".len(), "ي"),
                    None => Ok(()),
                })?;
                Ok(())
            },
        ))
    })
}

/// Writes output.
fn output() -> StageKind {
    StageKind::new("test.output", "writes output", "For tests.", |NoOptions {}, _| {
        Ok(per_doc(Contract::new().sink(SinkKind::Documents), |_| Ok(()), |(), _, _| Ok(())))
    })
}
