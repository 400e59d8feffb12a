//! The stage of `stopwords.c` in Rust, function by function.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use isnad_core::{
    Contract, Example, Files, LayerId, Names, OptionError, Registry, RowRef, Span, Stage, StageError,
    StageKind, Sym, Writes, per_doc,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Adds the stage in Rust to the stages that a pipeline can use.
pub fn register(registry: &mut Registry) {
    registry
        .add(StageKind::new("mark.stopwords", "marks function words", DOCS, create).with_examples(EXAMPLES));
}

/// Options of `mark.stopwords`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// A file with a word a line, and behind a tab its class; lines that begin with # are comments. Without it,
    /// the list that comes with the library.
    words: Option<String>,
    /// Mark a word of the list behind an attached و or ف too.
    proclitics: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { words: None, proclitics: true }
    }
}

const DOCS: &str = "\
Writes a `stopword` row for every word of the text that is in a list of function words. Its label is the
class of the word, if the list has one; its attr `norm` is the word as it was compared.

Vowel marks and tatweel are passed over when words are compared, and these letters are one:

| letters | compared as |
|---|---|
| آ U+0622, أ U+0623, إ U+0625, ٱ U+0671 | ا U+0627 |
| ى U+0649, ی U+06CC | ي U+064A |
| ة U+0629 | ه U+0647 |
| ک U+06A9 | ك U+0643 |
";

const EXAMPLES: &[Example] = &[Example {
    about: "prepositions, a conjunction, a pronoun",
    options: "{}",
    before: "وقال إنه عاد من السفر",
    after: "stopword particle «إنه» norm=انه\nstopword preposition «من» norm=من",
}];

/// Words of more bytes than this, folded, are in no list.
const LONGEST_WORD: usize = 64;
const MOST_CLASSES: usize = 64;

/// The words of a list.
#[derive(Default)]
struct List {
    /// By folded letters: the number of the class.
    words: HashMap<String, Option<usize>>,
    classes: Vec<String>,
}

struct Open {
    layer: LayerId,
    norm: Sym,
    labels: Vec<Sym>,
    letters: String,
}

fn create(options: Options, files: &dyn Files) -> Result<impl Stage + use<>, Vec<OptionError>> {
    let at_words = |message: String| vec![OptionError::new("words", message)];
    let text = match &options.words {
        Some(path) => {
            let bytes = files.read(path).map_err(|error| at_words(error.to_string()))?;
            String::from_utf8(bytes).map_err(|error| at_words(error.to_string()))?
        }
        None => crate::FUNCTION_WORDS.to_owned(),
    };
    let list = List::read(&text)?;
    let writes = Writes::rows("stopword", 1).exclusive().attrs(["norm"]).labels(list.classes.clone());
    let classes = list.classes.clone();
    let open = move |names: &Arc<Names>| Open::new(names, &classes);
    Ok(per_doc(Contract::new().writes(writes), open, move |open, document, cx| {
        let (content, mut rows) = document.annotate(cx);
        let mut at = 0;
        while let Some(place) = next_word(content.text(), at, &mut open.letters) {
            at = place.end;
            let Some((word, class)) = list.look_up(&open.letters, options.proclitics) else { continue };
            let label = class.and_then(|class| open.labels.get(class)).copied().unwrap_or(Sym::NONE);
            let row: RowRef =
                rows.add(open.layer, Span::new(place.start, place.end), label, Sym::NONE, 1.0)?;
            rows.attr(row, open.norm, word)?;
        }
        Ok(())
    }))
}

impl Open {
    fn new(names: &Arc<Names>, classes: &[String]) -> Result<Self, StageError> {
        let sym = |name: &str| names.sym(name).ok_or_else(|| StageError::undeclared(name));
        Ok(Open {
            layer: names.layer("stopword").ok_or_else(|| StageError::undeclared("stopword"))?,
            norm: sym("norm")?,
            labels: classes.iter().map(|class| sym(class)).collect::<Result<_, _>>()?,
            letters: String::new(),
        })
    }
}

impl List {
    fn read(text: &str) -> Result<Self, Vec<OptionError>> {
        let mut list = List::default();
        let mut errors = Vec::new();
        for (number, line) in
            text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        {
            if let Err(what) = list.read_line(line) {
                errors.push(OptionError::new("words", format!("line {} {what}", number + 1)));
            }
        }
        if errors.is_empty() { Ok(list) } else { Err(errors) }
    }

    fn read_line(&mut self, line: &str) -> Result<(), &'static str> {
        let (column, class) = line.split_once('\t').unwrap_or((line, ""));
        let mut letters = String::new();
        let place = next_word(column, 0, &mut letters);
        if place != Some(0..column.len()) || letters.len() > LONGEST_WORD {
            return Err("has to begin with one Arabic word");
        }
        let class = match class {
            "" => None,
            name if !is_class_name(name) => {
                return Err("has a class of other characters than Latin letters, digits and `-`");
            }
            name => Some(self.class_number(name).ok_or("has one class too many: 64 are possible")?),
        };
        // Of a word that stands in the list twice, the first counts.
        self.words.entry(letters).or_insert(class);
        Ok(())
    }

    fn class_number(&mut self, name: &str) -> Option<usize> {
        let known = self.classes.iter().position(|class| class == name);
        known.or_else(|| {
            let number = self.classes.len();
            (number < MOST_CLASSES).then(|| self.classes.push(name.to_owned())).map(|()| number)
        })
    }

    /// The word of the list that these letters are, perhaps behind an attached waw or feh, and its class.
    fn look_up(&self, letters: &str, proclitics: bool) -> Option<(&str, Option<usize>)> {
        let look_up =
            |letters: &str| self.words.get_key_value(letters).map(|(word, class)| (word.as_str(), *class));
        if letters.len() > LONGEST_WORD {
            return None;
        }
        look_up(letters).or_else(|| {
            let rest = letters.strip_prefix(['و', 'ف']).filter(|rest| proclitics && !rest.is_empty())?;
            look_up(rest)
        })
    }
}

fn is_class_name(name: &str) -> bool {
    (1..=LONGEST_WORD).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What a character is compared as.
enum Folded {
    Letter(char),
    /// Part of a word, but not compared: vowel marks and tatweel.
    Nothing,
    NoLetter,
}

fn folded(c: char) -> Folded {
    match c {
        'آ' | 'أ' | 'إ' | 'ٱ' => Folded::Letter('ا'),
        'ى' | 'ی' => Folded::Letter('ي'),
        'ة' => Folded::Letter('ه'),
        'ک' => Folded::Letter('ك'),
        // Tatweel, superscript alef, vowel marks.
        '\u{0640}' | '\u{0670}' | '\u{064B}'..='\u{065F}' => Folded::Nothing,
        // From hamza to ghain, from feh to yeh.
        '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}' => Folded::Letter(c),
        _ => Folded::NoLetter,
    }
}

/// The place of the first word of the text at or behind `at`; `letters` become those that are compared.
fn next_word(text: &str, at: usize, letters: &mut String) -> Option<Range<usize>> {
    letters.clear();
    let mut begin = None;
    for (offset, c) in text.get(at..)?.char_indices() {
        match (folded(c), begin) {
            (Folded::Letter(letter), _) => {
                begin.get_or_insert(at + offset);
                letters.push(letter);
            }
            (Folded::NoLetter, Some(begin)) => return Some(begin..at + offset),
            _ => {}
        }
    }
    begin.map(|begin| begin..text.len())
}
