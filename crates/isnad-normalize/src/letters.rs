//! `normalize.letters`: one letter for several, for search and for statistics.

use std::ops::{Range, RangeInclusive};

use isnad_arabic::is_arabic_letter;
use isnad_core::{Attach, Contract, EditError, Edits, Example, Stage, StageKind, per_doc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::links::Tags;
use crate::rewriter::{char_at, char_before};
use crate::stops::{Stops, Walk};

/// Options of `normalize.letters`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LetterOptions {
    /// Write alef with hamza, madda or wasla as bare alef.
    pub alef: bool,
    /// What becomes of hamza on waw and yeh: `keep`, `seat` or `bare`.
    pub hamza: Hamza,
    /// Write alef maksura as yeh.
    pub ya: bool,
    /// Write teh marbuta as heh.
    pub ta_marbuta: bool,
    /// Write the Persian and the swash kaf as the Arabic one.
    pub kaf: bool,
    /// Write the yehs and hehs of Persian, Urdu, Kurdish, Pashto and Uyghur as the Arabic ones. They
    /// look like them and are typed for them; in those languages this changes the spelling.
    pub look_alikes: bool,
    /// Write letters that Arabic does not have as the nearest one that it has, as in «پاريس» or «ڤيينا».
    pub foreign: bool,
    /// Write the ligatures of lam and alef as two letters. `normalize.unicode` does this for all ligatures.
    pub lam_alef: bool,
    /// How many of three or more equal letters in a row remain; 0 leaves them all. Two remain where an
    /// attached letter or the article may meet the first letter of a word. URLs, addresses, handles and
    /// hashtags are not touched.
    pub repeats: u32,
}

/// What becomes of hamza on waw and yeh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hamza {
    /// It stays.
    #[default]
    Keep,
    /// The letter under it remains, waw or yeh, as in careless writing; hamza by itself stays.
    Seat,
    /// It becomes hamza by itself, so that «مسؤول» and «مسئول» meet.
    Bare,
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.letters",
        "writes one letter for several that are confused",
        DOCS,
        |options: LetterOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Folds letters that writers confuse or search engines equate. All foldings are off: each of them also joins words
that differ, as «كرة» and «كره» or «علي» and «على». The extraction stages fold by themselves and need none of them.

| option | code points | before | after |
|---|---|---|---|
| `alef` | آ U+0622, أ U+0623, إ U+0625, ٱ U+0671, ٲ U+0672, ٳ U+0673 → ا U+0627 | أحمد إلى آسيا | احمد الى اسيا |
| `hamza = \"seat\"` | ؤ U+0624 → و U+0648; ئ U+0626 → ي U+064A; ء U+0621 stays | مؤتمر الطائرة | موتمر الطايرة |
| `hamza = \"bare\"` | ؤ U+0624, ئ U+0626 → ء U+0621 | مسؤول مسئول | مسءول مسءول |
| `ya` | ى U+0649 → ي U+064A | مستشفى | مستشفي |
| `ta_marbuta` | ة U+0629 → ه U+0647 | مدرسة | مدرسه |
| `kaf` | ک U+06A9, ڪ U+06AA → ك U+0643 | کتاب | كتاب |
| `look_alikes` | ی U+06CC, ێ U+06CE, ې U+06D0, ے U+06D2, ۓ U+06D3 → ي U+064A | علی | علي |
| `look_alikes` | ھ U+06BE, ۀ U+06C0, ہ U+06C1, ۂ U+06C2, ە U+06D5, ۿ U+06FF → ه U+0647; ۃ U+06C3 → ة U+0629 | ھذا | هذا |
| `foreign` | ٵ U+0675 → ا; ٸ U+0678 → ئ; ٮ U+066E, ٻ U+067B, پ U+067E, ڀ U+0680 → ب; ٹ U+0679, ٺ U+067A, ټ U+067C, ٿ U+067F → ت; ٽ U+067D → ث | پاريس | باريس |
| `foreign` | ڃ U+0683, ڄ U+0684, چ U+0686, ڇ U+0687, ڿ U+06BF → ج; ځ U+0681, ڂ U+0682, څ U+0685 → خ | چيچينيا | جيجينيا |
| `foreign` | ڈ U+0688, ډ U+0689, ڊ U+068A, ڋ U+068B, ڌ U+068C, ڍ U+068D, ڎ U+068E, ڏ U+068F, ڐ U+0690, ۮ U+06EE → د; ڑ U+0691, ڒ U+0692, ړ U+0693, ڔ U+0694, ڕ U+0695, ږ U+0696, ۯ U+06EF → ر; ڗ U+0697, ژ U+0698, ڙ U+0699 → ز | ڈاكا، ژاك | داكا، زاك |
| `foreign` | ښ U+069A, ڛ U+069B → س; ڜ U+069C, ۺ U+06FA → ش; ڝ U+069D, ۻ U+06FB → ص; ڞ U+069E, ۼ U+06FC → ض; ڟ U+069F → ظ; ڠ U+06A0 → غ | ڝ ڠ | ص غ |
| `foreign` | ڡ U+06A1, ڢ U+06A2, ڣ U+06A3, ڤ U+06A4, ڥ U+06A5, ڦ U+06A6 → ف; ٯ U+066F, ڧ U+06A7, ڨ U+06A8 → ق; ػ U+063B, ؼ U+063C, ګ U+06AB, ڬ U+06AC, ڭ U+06AD, ڮ U+06AE, گ U+06AF, ڰ U+06B0, ڱ U+06B1, ڲ U+06B2, ڳ U+06B3, ڴ U+06B4 → ك | ڤيينا، گوگل | فيينا، كوكل |
| `foreign` | ڵ U+06B5, ڶ U+06B6, ڷ U+06B7, ڸ U+06B8 → ل; ڹ U+06B9, ں U+06BA, ڻ U+06BB, ڼ U+06BC, ڽ U+06BD → ن; ٶ U+0676, ٷ U+0677, ۄ U+06C4, ۅ U+06C5, ۆ U+06C6, ۇ U+06C7, ۈ U+06C8, ۉ U+06C9, ۊ U+06CA, ۋ U+06CB, ۏ U+06CF → و; ؽ U+063D, ؾ U+063E, ؿ U+063F, ۍ U+06CD, ۑ U+06D1 → ي | مونۆ | مونو |
| `lam_alef` | ﻵ U+FEF5, U+FEF6 → لآ; ﻷ U+FEF7, U+FEF8 → لأ; ﻹ U+FEF9, U+FEFA → لإ; ﻻ U+FEFB, U+FEFC → لا | ﻻ | لا |
| `repeats = 1` | three or more of the same Arabic letter (as folded by the other options) | جمييييل #جمييييل | جميل #جمييييل |
| `repeats = 1` | two remain of و ف ب ك ل at the beginning of a word, and of ل behind ا, و or ف | اللللبنانية وووصف | اللبنانية ووصف |
| `repeats = 2` | three or more of the same letter | هههههه | هه |

A letter maps to the letter it was; of a run of letters the first ones remain, and the rest belongs to the last of
them. The foldings work on letters as they stand: let `normalize.unicode` join letters and hamza first.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "the foldings of Lucene's ArabicNormalizer",
        options: r#"{ "alef": true, "ya": true, "ta_marbuta": true }"#,
        before: "ألقى إمام المدينة آخر خطبة",
        after: "القي امام المدينه اخر خطبه",
    },
    Example {
        about: "two spellings of one word meet",
        options: r#"{ "hamza": "bare" }"#,
        before: "مسؤول عن شئون الطائرة",
        after: "مسءول عن شءون الطاءرة",
    },
    Example {
        about: "letters of other languages",
        options: r#"{ "kaf": true, "look_alikes": true, "foreign": true }"#,
        before: "زار رئيس شرکة گوگل پاريس وڤيينا مع علی",
        after: "زار رئيس شركة كوكل باريس وفيينا مع علي",
    },
    Example {
        about: "elongation by letters",
        options: r#"{ "repeats": 1 }"#,
        before: "جمييييل جداااا #جمييييل",
        after: "جميل جدا #جمييييل",
    },
];

/// What a folding writes for which letters; other chosen foldings go on from there. What
/// `isnad_arabic::fold` folds for matching, they fold alike. Source of `foreign`: the map `arclean` of CAMeL
/// Tools (MIT), without its signs.
struct Folding {
    chosen: fn(&LetterOptions) -> bool,
    to: &'static str,
    from: &'static [char],
}

const FOLDINGS: &[Folding] = &[
    Folding { chosen: |o| o.alef, to: "ا", from: &['آ', 'أ', 'إ', 'ٱ', 'ٲ', 'ٳ'] },
    Folding { chosen: |o| o.hamza == Hamza::Seat, to: "و", from: &['ؤ'] },
    Folding { chosen: |o| o.hamza == Hamza::Seat, to: "ي", from: &['ئ'] },
    Folding { chosen: |o| o.hamza == Hamza::Bare, to: "ء", from: &['ؤ', 'ئ'] },
    Folding { chosen: |o| o.ya, to: "ي", from: &['ى'] },
    Folding { chosen: |o| o.ta_marbuta, to: "ه", from: &['ة'] },
    Folding { chosen: |o| o.kaf, to: "ك", from: &['ک', 'ڪ'] },
    Folding { chosen: |o| o.look_alikes, to: "ي", from: &['ی', 'ێ', 'ې', 'ے', 'ۓ'] },
    Folding { chosen: |o| o.look_alikes, to: "ه", from: &['ھ', 'ۀ', 'ہ', 'ۂ', 'ە', 'ۿ'] },
    Folding { chosen: |o| o.look_alikes, to: "ة", from: &['ۃ'] },
    Folding { chosen: |o| o.foreign, to: "ا", from: &['ٵ'] },
    Folding { chosen: |o| o.foreign, to: "ئ", from: &['ٸ'] },
    Folding { chosen: |o| o.foreign, to: "ب", from: &['ٮ', 'ٻ', 'پ', 'ڀ'] },
    Folding { chosen: |o| o.foreign, to: "ت", from: &['ٹ', 'ٺ', 'ټ', 'ٿ'] },
    Folding { chosen: |o| o.foreign, to: "ث", from: &['ٽ'] },
    Folding { chosen: |o| o.foreign, to: "ج", from: &['ڃ', 'ڄ', 'چ', 'ڇ', 'ڿ'] },
    Folding { chosen: |o| o.foreign, to: "خ", from: &['ځ', 'ڂ', 'څ'] },
    Folding {
        chosen: |o| o.foreign, to: "د", from: &['ڈ', 'ډ', 'ڊ', 'ڋ', 'ڌ', 'ڍ', 'ڎ', 'ڏ', 'ڐ', 'ۮ']
    },
    Folding { chosen: |o| o.foreign, to: "ر", from: &['ڑ', 'ڒ', 'ړ', 'ڔ', 'ڕ', 'ږ', 'ۯ'] },
    Folding { chosen: |o| o.foreign, to: "ز", from: &['ڗ', 'ژ', 'ڙ'] },
    Folding { chosen: |o| o.foreign, to: "س", from: &['ښ', 'ڛ'] },
    Folding { chosen: |o| o.foreign, to: "ش", from: &['ڜ', 'ۺ'] },
    Folding { chosen: |o| o.foreign, to: "ص", from: &['ڝ', 'ۻ'] },
    Folding { chosen: |o| o.foreign, to: "ض", from: &['ڞ', 'ۼ'] },
    Folding { chosen: |o| o.foreign, to: "ظ", from: &['ڟ'] },
    Folding { chosen: |o| o.foreign, to: "غ", from: &['ڠ'] },
    Folding { chosen: |o| o.foreign, to: "ف", from: &['ڡ', 'ڢ', 'ڣ', 'ڤ', 'ڥ', 'ڦ'] },
    Folding { chosen: |o| o.foreign, to: "ق", from: &['ٯ', 'ڧ', 'ڨ'] },
    Folding {
        chosen: |o| o.foreign,
        to: "ك",
        from: &['ػ', 'ؼ', 'ګ', 'ڬ', 'ڭ', 'ڮ', 'گ', 'ڰ', 'ڱ', 'ڲ', 'ڳ', 'ڴ'],
    },
    Folding { chosen: |o| o.foreign, to: "ل", from: &['ڵ', 'ڶ', 'ڷ', 'ڸ'] },
    Folding { chosen: |o| o.foreign, to: "ن", from: &['ڹ', 'ں', 'ڻ', 'ڼ', 'ڽ'] },
    Folding {
        chosen: |o| o.foreign,
        to: "و",
        from: &['ٶ', 'ٷ', 'ۄ', 'ۅ', 'ۆ', 'ۇ', 'ۈ', 'ۉ', 'ۊ', 'ۋ', 'ۏ'],
    },
    Folding { chosen: |o| o.foreign, to: "ي", from: &['ؽ', 'ؾ', 'ؿ', 'ۍ', 'ۑ'] },
    // LAM WITH ALEF WITH MADDA ABOVE, isolated and final form
    Folding { chosen: |o| o.lam_alef, to: "لآ", from: &['\u{FEF5}', '\u{FEF6}'] },
    // LAM WITH ALEF WITH HAMZA ABOVE, isolated and final form
    Folding { chosen: |o| o.lam_alef, to: "لأ", from: &['\u{FEF7}', '\u{FEF8}'] },
    // LAM WITH ALEF WITH HAMZA BELOW, isolated and final form
    Folding { chosen: |o| o.lam_alef, to: "لإ", from: &['\u{FEF9}', '\u{FEFA}'] },
    // LAM WITH ALEF, isolated and final form
    Folding { chosen: |o| o.lam_alef, to: "لا", from: &['\u{FEFB}', '\u{FEFC}'] },
];

fn stage(options: LetterOptions) -> impl Stage {
    let targets = Targets::new(&options);
    let others = Stops::new(&targets.others.iter().map(|(c, _)| (*c, *c)).collect::<Vec<_>>());
    let folds = targets.folds_block || !targets.others.is_empty();
    per_doc(
        Contract::new().rewrites_text(),
        |_| Ok(Vec::new()),
        move |scratch, document, cx| {
            if folds {
                document.edit(cx, |content, edits| {
                    fold(&others.along(edits.source(), content.census()), edits, &targets, scratch)
                })?;
            }
            // Behind the foldings, since they make letters equal.
            if options.repeats > 0 {
                document
                    .edit(cx, |content, edits| shorten(content.text(), edits, options.repeats as usize))?;
            }
            Ok(())
        },
    )
}

/// Folds from one letter outside of the block to the next, and the block between them all at once.
fn fold(
    walk: &Walk<'_>,
    edits: &mut Edits<'_>,
    targets: &Targets,
    scratch: &mut Vec<u8>,
) -> Result<(), EditError> {
    let text = walk.text();
    let (mut done, mut at) = (0, 0);
    while let Some(begin) = walk.next(at) {
        let Some(c) = char_at(text, begin) else { break };
        at = begin + c.len_utf8();
        if let Some(target) = targets.other(c) {
            fold_block(text, done..begin, edits, targets, scratch)?;
            edits.replace(begin..at, target)?;
            done = at;
        }
    }
    fold_block(text, done..text.len(), edits, targets, scratch)
}

/// Folds the letters of the block in a stretch. All keep their length, so that they are one edit, whose
/// alignment is that of each letter by itself.
fn fold_block(
    text: &str,
    stretch: Range<usize>,
    edits: &mut Edits<'_>,
    targets: &Targets,
    scratch: &mut Vec<u8>,
) -> Result<(), EditError> {
    let old = text.get(stretch.clone()).unwrap_or_default().as_bytes();
    let Some(&first) = old.first().filter(|_| targets.folds_block) else { return Ok(()) };
    scratch.clear();
    // What is written for a byte depends on the one behind it where it begins a letter, else on the one
    // before it. No branches: in a text no letter says which one comes next.
    let mut pending = first;
    scratch.extend(old.windows(2).map(|pair| {
        let (byte, next) = (pair[0], pair[1]);
        let begins_letter = byte & 0xFC == 0xD8;
        let [head, tail] = targets.block[usize::from(byte & 3) << 6 | usize::from(next & 0x3F)];
        let written = if begins_letter { head } else { pending };
        pending = if begins_letter { tail } else { next };
        written
    }));
    scratch.push(pending);
    if scratch == old {
        return Ok(());
    }
    let new =
        simdutf8::basic::from_utf8(scratch).expect("letters of two bytes take the place of such letters");
    edits.replace(stretch, new)
}

/// What the chosen foldings write for each letter.
struct Targets {
    /// The two bytes written for each of U+0600–U+06FF, those that stay included.
    block: [[u8; 2]; 256],
    folds_block: bool,
    /// All others, sorted.
    others: Vec<(char, String)>,
}

const BLOCK: RangeInclusive<char> = '\u{0600}'..='\u{06FF}';

impl Targets {
    fn new(options: &LetterOptions) -> Self {
        let chosen: Vec<&Folding> = FOLDINGS.iter().filter(|folding| (folding.chosen)(options)).collect();
        let target =
            |c: char| chosen.iter().find(|folding| folding.from.contains(&c)).map(|folding| folding.to);
        let further = |to: &str| {
            to.chars().map(|c| target(c).map_or_else(|| c.to_string(), str::to_owned)).collect::<String>()
        };
        let mut targets = Targets { block: [[0; 2]; 256], folds_block: false, others: Vec::new() };
        for (place, c) in targets.block.iter_mut().zip(BLOCK) {
            let written = target(c).map(further).and_then(|to| <[u8; 2]>::try_from(to.as_bytes()).ok());
            targets.folds_block |= written.is_some();
            *place = written.unwrap_or_else(|| {
                let mut bytes = [0; 2];
                c.encode_utf8(&mut bytes);
                bytes
            });
        }
        let others = chosen.iter().flat_map(|folding| folding.from).filter(|from| !BLOCK.contains(from));
        targets.others = others.filter_map(|from| Some((*from, further(target(*from)?)))).collect();
        targets.others.sort_unstable();
        targets
    }

    fn other(&self, c: char) -> Option<&str> {
        let place = self.others.binary_search_by_key(&c, |(from, _)| *from).ok()?;
        self.others.get(place).map(|(_, target)| target.as_str())
    }
}

/// Goes from run to run of equal letters.
fn shorten(text: &str, edits: &mut Edits<'_>, keep: usize) -> Result<(), EditError> {
    let mut tags = Tags::new(text);
    let mut at = 0;
    while let Some((begin, letter)) = next_run(text, at) {
        let run = text.get(begin..).unwrap_or_default();
        let end = text.len() - run.trim_start_matches(letter).len();
        let keep = keep.max(if two_may_meet(text, begin, letter) { 2 } else { 0 });
        let kept = begin.saturating_add(keep.saturating_mul(letter.len_utf8()));
        if kept < end && is_arabic_letter(letter) && !tags.hold(begin) {
            edits.delete(kept..end, Attach::Before)?;
        }
        at = end;
    }
    Ok(())
}

/// Whether a run of this letter may be two that belong there: an attached letter and the first of the
/// word, as in «للقاء» or «ووصف», or the article and a lam, as in «اللبنانية».
fn two_may_meet(text: &str, begin: usize, letter: char) -> bool {
    let before = char_before(text, begin).filter(|c| is_arabic_letter(*c));
    match letter {
        'ل' => before.is_none_or(|b| matches!(b, 'ا' | 'و' | 'ف')),
        'و' | 'ف' | 'ب' | 'ك' => before.is_none(),
        _ => false,
    }
}

/// Where three equal two-byte letters stand in a row. All letters that can be repeated have two bytes.
fn next_run(text: &str, mut at: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    loop {
        let rest = bytes.get(at..)?;
        // Blocks in which no four bytes in a row are those two places behind them hold no run.
        let even = rest
            .windows(BLOCK_BYTES + 5)
            .step_by(BLOCK_BYTES)
            .take_while(|block| !may_hold_run(block))
            .count();
        at += even * BLOCK_BYTES;
        let end = at + BLOCK_BYTES;
        while at < end {
            let [a, b, c, d, e, f, ..] = bytes.get(at..)? else { return None };
            if !(0xD8..=0xDD).contains(a) {
                at += 1;
            } else if (a, b) == (c, d) && (a, b) == (e, f) {
                return Some((at, char_at(text, at)?));
            } else {
                at += 2;
            }
        }
    }
}

/// Bytes looked at together.
const BLOCK_BYTES: usize = 64;

/// Whether a run may begin in the first bytes of a block; five more follow them. Without branches, so
/// that many bytes are compared at once.
fn may_hold_run(block: &[u8]) -> bool {
    let Some(block) = block.first_chunk::<{ BLOCK_BYTES + 5 }>() else { return true };
    let mut runs = 0u8;
    for at in 0..BLOCK_BYTES {
        let differs = (block[at] ^ block[at + 2])
            | (block[at + 1] ^ block[at + 3])
            | (block[at + 2] ^ block[at + 4])
            | (block[at + 3] ^ block[at + 5]);
        runs |= u8::from(differs == 0);
    }
    runs != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foldings_are_those_of_matching() {
        let folded = |c: char| isnad_arabic::fold(&c.to_string());
        for folding in FOLDINGS.iter().filter(|folding| folding.to.chars().count() == 1) {
            for from in folding.from {
                let matching = folded(*from);
                assert!(
                    matching == from.to_string()
                        || matching == folded(folding.to.chars().next().expect("one")),
                    "{from} → {}, but it is matched as {matching}",
                    folding.to
                );
            }
        }
    }

    #[test]
    fn no_letter_is_folded_in_two_ways() {
        for hamza in [Hamza::Seat, Hamza::Bare] {
            let options = LetterOptions {
                alef: true,
                hamza,
                ya: true,
                ta_marbuta: true,
                kaf: true,
                look_alikes: true,
                foreign: true,
                lam_alef: true,
                repeats: 0,
            };
            let chosen = || FOLDINGS.iter().filter(|folding| (folding.chosen)(&options));
            let mut from: Vec<char> = chosen().flat_map(|folding| folding.from).copied().collect();
            let all = from.len();
            from.sort_unstable();
            from.dedup();
            assert_eq!(from.len(), all);
            // A folding goes on once: what the second one writes is folded no further.
            let target =
                |c: char| chosen().find(|folding| folding.from.contains(&c)).map(|folding| folding.to);
            let last = chosen().flat_map(|folding| folding.to.chars()).filter_map(target);
            assert!(last.flat_map(str::chars).all(|c| target(c).is_none()));
        }
    }
}
