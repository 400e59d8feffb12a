//! The words of a document as extractors walk along them: a view derived once from the token and
//! sentence rows and the folded text, shared by all extractors.

use std::sync::Arc;

use isnad_arabic::{Ascending, Folded, Path, Proclitic, each_proclitic};
use isnad_core::{Content, LayerId, Names, Span, StageError, Sym, Tables};
use isnad_lexicon::{Facts, Lexicon, word_hash};

use crate::plan::{layer, sym};

/// What a word is, by its token's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of Arabic script; also the parts of a hashtag.
    Word,
    /// A number in digits.
    Number,
    /// Punctuation: one sign, or several of the same.
    Punctuation,
    /// A web address, or one of electronic mail.
    Url,
    /// `@name`.
    Handle,
    /// Pictures.
    Emoji,
    /// A word of Latin (or other) script.
    Latin,
}

/// One word of a document.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its place in the text.
    pub span: Span,
    /// Its place in the folded text.
    pub folded: Span,
    /// What it is.
    pub kind: Kind,
    /// No space stands between it and the word before.
    pub glued: bool,
    /// The number of its sentence, from 0.
    pub sentence: u32,
    first_reading: u32,
}

/// One way to read a word: proclitics and what is left. The first reading is always the whole word.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The proclitics.
    pub path: Path,
    /// [`word_hash`] of the stem.
    pub hash: u64,
    /// What the lexicon knows of the stem.
    pub facts: Facts,
    /// Where the stem begins in the text: behind the proclitics; in «للمغرب» at the second lam.
    pub begin: u32,
    /// The stem in `Words::stems`, or in the folded text.
    stem: Span,
    restored: bool,
}

/// The words of a document with all their readings.
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<Word>,
    readings: Vec<Reading>,
    /// Stems with their elided alef put back.
    restored: String,
    sentences: Vec<(u32, u32)>,
}

/// The numbers of the names that make the view; a stage holds one of these and asks it for [`Scan`]s.
#[derive(Clone, Debug)]
pub struct WordNames {
    lexicon: Arc<Lexicon>,
    token: LayerId,
    sentence: Option<LayerId>,
    language: Option<LayerId>,
    arabic: Option<Sym>,
    kinds: [(Option<Sym>, Kind); 8],
    hashtag: Option<Sym>,
}

impl WordNames {
    /// Looks the names up in the plan.
    ///
    /// # Errors
    /// The plan has no token layer.
    pub fn open(names: &Names, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        let kinds = [
            ("word", Kind::Word),
            ("number", Kind::Number),
            ("punct", Kind::Punctuation),
            ("url", Kind::Url),
            ("handle", Kind::Handle),
            ("emoji", Kind::Emoji),
            ("latin", Kind::Latin),
            ("email", Kind::Url),
        ];
        Ok(WordNames {
            lexicon: Arc::clone(lexicon),
            token: layer(names, "token")?,
            sentence: names.layer("sentence"),
            language: names.layer("language"),
            arabic: names.sym("ar"),
            kinds: kinds.map(|(name, kind)| (names.sym(name), kind)),
            hashtag: sym(names, "hashtag").ok(),
        })
    }

    /// Whether extractors see words in a document: not where it is known not to be Arabic.
    pub(crate) fn are_read(&self, tables: &Tables) -> bool {
        let row = self.language.and_then(|layer| tables.rows(layer).first());
        row.is_none_or(|row| Some(row.label) == self.arabic)
    }

    /// The words of a document; none where it is known not to be Arabic.
    pub fn scan<'d>(&self, content: &'d Content, tables: &Tables) -> Scan<'d> {
        let words = content.view(|content| Words::build(self, content, tables));
        Scan { words, folded: content.folded().text(), text: content.text() }
    }
}

/// Words, folded text and text together: what an extractor looks at.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'d> {
    words: &'d Words,
    folded: &'d str,
    text: &'d str,
}

impl<'d> Scan<'d> {
    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.words.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.words.is_empty()
    }

    /// A word.
    pub fn get(&self, index: usize) -> Option<&'d Word> {
        self.words.words.get(index)
    }

    /// Its place in the text; empty behind the last word.
    pub fn span(&self, index: usize) -> Span {
        self.get(index).map_or(Span::default(), |word| word.span)
    }

    /// The place in the text from one word through another.
    pub fn span_of(&self, first: usize, last: usize) -> Span {
        self.span(first).hull(self.span(last))
    }

    /// What it is; `Punctuation` behind the last word.
    pub fn kind(&self, index: usize) -> Kind {
        self.get(index).map_or(Kind::Punctuation, |word| word.kind)
    }

    /// Whether it is a word of Arabic script.
    pub fn is_word(&self, index: usize) -> bool {
        self.kind(index) == Kind::Word
    }

    /// The folded word; `""` behind the last one.
    pub fn folded(&self, index: usize) -> &'d str {
        self.get(index).map_or("", |word| word.folded.of(self.folded))
    }

    /// The folded text of a span of the text that begins and ends with words or clitics.
    pub fn folded_span(&self, span: Span) -> &'d str {
        self.words.folded_span(span, self.folded)
    }

    /// The word as it stands in the text.
    pub fn text(&self, index: usize) -> &'d str {
        self.span(index).of(self.text)
    }

    /// The whole text.
    pub fn whole_text(&self) -> &'d str {
        self.text
    }

    /// Whether no space stands before it.
    pub fn is_glued(&self, index: usize) -> bool {
        self.get(index).is_some_and(|word| word.glued)
    }

    /// The number of its sentence.
    pub fn sentence(&self, index: usize) -> u32 {
        self.get(index).map_or(u32::MAX, |word| word.sentence)
    }

    /// The words of a sentence: first, and behind the last.
    pub fn sentence_words(&self, sentence: u32) -> (usize, usize) {
        self.words.sentences.get(sentence as usize).map_or((0, 0), |&(a, b)| (a as usize, b as usize))
    }

    /// How many sentences there are.
    pub fn sentence_count(&self) -> u32 {
        self.words.sentences.len() as u32
    }

    /// The readings of a word, the whole word first.
    pub fn readings(&self, index: usize) -> &'d [Reading] {
        let first =
            |i: usize| self.get(i).map_or(self.words.readings.len(), |word| word.first_reading as usize);
        self.words.readings.get(first(index)..first(index + 1)).unwrap_or_default()
    }

    /// The stem of a reading, folded; with its article where an alef was elided.
    pub fn stem(&self, reading: &Reading) -> &'d str {
        reading.stem.of(if reading.restored { &self.words.restored } else { self.folded })
    }

    /// The index of the first word that begins at or behind an offset of the text.
    pub fn index_at(&self, offset: u32) -> usize {
        self.words.words.partition_point(|word| word.span.begin < offset)
    }
}

impl Words {
    /// The folded text between the borders of words; a border inside a word is found by its readings.
    fn folded_span<'f>(&self, span: Span, folded: &'f str) -> &'f str {
        let first = self.words.partition_point(|word| word.span.end <= span.begin);
        let last = self.words.partition_point(|word| word.span.begin < span.end);
        let (Some(first), Some(last)) =
            (self.words.get(first), last.checked_sub(1).and_then(|i| self.words.get(i)))
        else {
            return "";
        };
        // Proclitics are letters without marks that vary, so they are as long folded as in the text, nearly
        // always; where not, the whole word is taken.
        let inside = span.begin.saturating_sub(first.span.begin) as usize;
        let whole = first.folded.begin as usize..last.folded.end as usize;
        folded.get(whole.start + inside..whole.end).or_else(|| folded.get(whole)).unwrap_or_default()
    }

    fn build(names: &WordNames, content: &Content, tables: &Tables) -> Words {
        let mut words = Words::default();
        if !names.are_read(tables) {
            return words;
        }
        let folded = content.folded();
        let sentences = names.sentence.map_or(&[][..], |layer| tables.rows(layer));
        let tokens = tables.rows(names.token);
        words.words.reserve(tokens.len());
        words.readings.reserve(tokens.len() * 2);
        let lexicon = &*names.lexicon;
        let walk = folded.ascending();
        let mut builder = Builder { words, folded, walk, lexicon, at: 0, behind: 0, sentence: 0, open: 0 };
        for token in tokens {
            while sentences.get(builder.sentence).is_some_and(|s| s.span.end <= token.span.begin)
                && builder.sentence + 1 < sentences.len()
            {
                builder.next_sentence();
            }
            if Some(token.label) == names.hashtag {
                for part in hashtag_words(token.span, content.text()) {
                    builder.push(part, Kind::Word);
                }
                continue;
            }
            let kind =
                names.kinds.iter().find(|(sym, _)| *sym == Some(token.label)).map_or(Kind::Word, |k| k.1);
            builder.push(token.span, kind);
        }
        builder.next_sentence();
        builder.words
    }
}

struct Builder<'f> {
    words: Words,
    lexicon: &'f Lexicon,
    folded: &'f Folded,
    walk: Ascending<'f>,
    at: usize,
    /// Where the word before ends in the text.
    behind: u32,
    sentence: usize,
    /// The first word of the open sentence.
    open: u32,
}

impl Builder<'_> {
    fn push(&mut self, span: Span, kind: Kind) {
        let begin = self.walk.from_text(span.begin as usize);
        let straight = self.walk.is_straight_to(span.end as usize);
        let end = if straight { begin + span.len() } else { self.walk.from_text(span.end as usize) };
        let folded = Span::new(begin, end);
        let first_reading = self.words.readings.len() as u32;
        let word = folded.of(self.folded.text());
        // Most words begin with a letter that is no proclitic: they have one reading.
        if kind == Kind::Word && may_be_proclitic(word) {
            each_proclitic(word, |reading| self.read(span, folded, straight, reading));
        }
        if self.words.readings.len() == first_reading as usize {
            let hash = word_hash(word);
            self.words.readings.push(Reading {
                path: Path::NONE,
                hash,
                facts: self.lexicon.facts(hash),
                begin: span.begin,
                stem: folded,
                restored: false,
            });
        }
        let glued = self.at > 0 && self.behind == span.begin;
        self.behind = span.end;
        self.at += 1;
        let sentence = self.sentence as u32;
        self.words.words.push(Word { span, folded, kind, glued, sentence, first_reading });
    }

    /// Adds a reading of the word at `span`, whose bytes lie as in the text where it is `straight`.
    fn read(&mut self, span: Span, folded: Span, straight: bool, reading: Proclitic) {
        let stem_at = folded.begin as usize + reading.stem;
        let begin = match reading.stem {
            stem if straight => span.begin + stem as u32,
            0 => span.begin,
            _ => self.folded.to_text(stem_at) as u32,
        };
        let (stem, restored) = if reading.elided_alef {
            let rest = Span::new(stem_at, folded.end as usize).of(self.folded.text());
            let from = self.words.restored.len();
            self.words.restored.push('ا');
            self.words.restored.push_str(rest);
            (Span::new(from, self.words.restored.len()), true)
        } else {
            (Span::new(stem_at, folded.end as usize), false)
        };
        let source = if restored { self.words.restored.as_str() } else { self.folded.text() };
        let hash = word_hash(stem.of(source));
        let facts = self.lexicon.facts(hash);
        self.words.readings.push(Reading { path: reading.path, hash, facts, begin, stem, restored });
    }

    fn next_sentence(&mut self) {
        let end = self.words.words.len() as u32;
        self.words.sentences.push((self.open, end));
        self.open = end;
        self.sentence += 1;
    }
}

/// Whether a folded word begins with one of و ف ا ب ك ل س.
pub(crate) fn may_be_proclitic(word: &str) -> bool {
    matches!(word.as_bytes(), [0xD8, 0xA7 | 0xA8 | 0xB3, ..] | [0xD9, 0x81 | 0x83 | 0x84 | 0x88, ..])
}

/// The words of a hashtag: `#` and `_` stand between them.
fn hashtag_words(tag: Span, text: &str) -> impl Iterator<Item = Span> + '_ {
    let begin = tag.begin as usize;
    let inner = tag.of(text);
    inner.split(['#', '_', '\u{FF03}']).filter(|part| !part.is_empty()).map(move |part| {
        let at = begin + (part.as_ptr() as usize - inner.as_ptr() as usize);
        Span::new(at, at + part.len())
    })
}
