//! `normalize.repair`: undoes what programs did to a text before it came here.

use isnad_core::{Contract, Document, EditError, Edits, Example, Stage, StageKind, per_doc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::encoding::Misreadings;

mod encoding;
mod entities;
mod evidence;
mod handles;
mod page;
mod shapes;
mod visual;

/// Options of `normalize.repair`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepairOptions {
    /// Undo a wrong reading of the text's bytes: Windows-1256 read as Windows-1252 or Latin-1, UTF-8 read as
    /// Windows-1252, Latin-1 or Windows-1256.
    pub encoding: bool,
    /// Turn round lines of shaped letters that were stored from left to right, as they are drawn.
    pub visual_order: bool,
    /// Put the @ back before a handle that it came away from.
    pub handles: bool,
    /// Replace HTML character references such as `&quot;` and `&#1575;` by their characters.
    pub entities: bool,
}

impl Default for RepairOptions {
    fn default() -> Self {
        RepairOptions { encoding: true, visual_order: true, handles: true, entities: true }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.repair",
        "undoes wrong encodings, visual order, detached handles and HTML entities",
        DOCS,
        |options: RepairOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Undoes what programs did to a text before it came here. It stands first: the other stages expect text that is
Arabic already. Each repair needs proof in the text itself, and leaves alone what it cannot prove.

| option | what was done | before | after |
|---|---|---|---|
| `encoding` | Windows-1256 bytes read as Windows-1252 or Latin-1: U+0080–U+00FF, € U+20AC, ƒ U+0192 … | ÇáÚÑÈíÉ | العربية |
| `encoding` | UTF-8 bytes read as Windows-1252 or Latin-1: Ø U+00D8, Ù U+00D9 and a sign behind each | Ø§Ù„Ø¹Ø±Ø¨ÙŠØ© | العربية |
| `encoding` | UTF-8 bytes read as Windows-1256: ط U+0637, ظ U+0638 and a sign behind each | ط§ظ„ط¹ط±ط¨ظٹط© | العربية |
| `visual_order` | letters already shaped (U+FB50–U+FDFF, U+FE70–U+FEFC), stored as they are drawn | ﺔﻴﺑﺮﻌﻟﺍ | ﺍﻟﻌﺮﺑﻴﺔ |
| `handles` | @ U+0040 behind a handle, or before it with a blank between | قال MarocDiplomatie @ إن | قال @MarocDiplomatie إن |
| `entities` | & U+0026, a name or number, ; U+003B | `&laquo;&#1606;&#x639;&#1605;&raquo;` | «نعم» |

**`encoding`.** UTF-8 proves itself: two Arabic letters side by side must come out of a stretch that is valid from
end to end, for Windows-1256 also out of a sign such as § or ¹; a sequence of three bytes, such as that of ”, proves it
too. Windows-1256 is proved by the Arabic that comes out: frequent words, words with the article, or a dozen letters
in which the common ones prevail and ة, ى, ء, ؤ, ئ stand where they may; é, ü or ñ among Latin letters prove nothing.
Once a reading is proved, the rest of the document follows, single letters included, and if it was misread more than
once, the next reading. What a program dropped inside a word is put back where there is no choice: Ù without
a second half is ف (U+0641, the half is U+0081), Ø is ح (U+062D, the half is the soft hyphen U+00AD).

**`visual_order`.** The shapes tell: an initial form begins a word and a final one ends it. A line is turned if its joins
fit the other direction only; one without joins follows the lines around it. Numbers and Latin words keep their
direction. ( ) [ ] { } < > « » ‹ › are mirrored, unless the document shows that they were stored as they were meant.
In a line that is mostly Latin the Arabic parts are turned in place. Letters stay shaped: `normalize.unicode`
makes plain ones of them.

**`handles`.** A handle is one word of 2 to 30 Latin letters, digits and _, at least one of them a letter, with Arabic on
one side and no Latin letter or digit on the other. E-mail addresses, prices and @ between two words stay. So do
hashtags: a # before a blank may be a number sign or a heading.

**`entities`.** Every named reference of HTML 5 and every number, also escaped twice or more (`&amp;amp;quot;`); the
semicolon must be there, so AT&T, & alone and ?a=1&copy=2 stay. Numbers from 128 to 159 are read as Windows-1252,
as browsers do; those that are no character stay.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "Windows-1256 read as Windows-1252",
        options: "{}",
        before: "ÞÇá æÒíÑ ÇáÎÇÑÌíÉ Åä \"ÇáÍæÇÑ\" ãÓÊãÑ.",
        after: "قال وزير الخارجية إن \"الحوار\" مستمر.",
    },
    Example {
        about: "UTF-8 read as Windows-1252",
        options: "{}",
        before: "Ø§Ù„Ø¹Ø±Ø¨ÙŠØ© Ù„ØºØ©",
        after: "العربية لغة",
    },
    Example {
        about: "UTF-8 read as Windows-1256",
        options: "{}",
        before: "ط§ظ„ط¹ط±ط¨ظٹط© ظ„ط؛ط©",
        after: "العربية لغة",
    },
    Example {
        about: "letters of other languages prove nothing",
        options: "{}",
        before: "التقى Müller وزيرة Citroën في Ångström",
        after: "التقى Müller وزيرة Citroën في Ångström",
    },
    Example {
        about: "shaped letters in the order in which they are drawn; the year keeps its direction",
        options: "{}",
        before: "2007 ﻡﺎﻋ (ﺔﻴﺑﺮﻌﻟﺍ)",
        after: "(ﺍﻟﻌﺮﺑﻴﺔ) ﻋﺎﻡ 2007",
    },
    Example {
        about: "a handle whose @ stands behind it",
        options: "{}",
        before: "وزير خارجية MarocDiplomatie @ ناصر بوريطة",
        after: "وزير خارجية @MarocDiplomatie ناصر بوريطة",
    },
    Example {
        about: "references, once and twice escaped; what only looks like one stays",
        options: "{}",
        before: "&quot;نعم&amp;quot; قالت AT&T &#8211; ?a=1&copy=2",
        after: "\"نعم\" قالت AT&T – ?a=1&copy=2",
    },
    Example {
        about: "one repair alone",
        options: r#"{ "encoding": false, "visual_order": false, "handles": false }"#,
        before: "MarocDiplomatie @ قال&nbsp;نعم",
        after: "MarocDiplomatie @ قال\u{00A0}نعم",
    },
];

/// One repair may lay bare what another one mends: references that spell a wrong reading, a wrong
/// reading of letters in visual order. So they are tried in turn until nothing is left; more than two rounds
/// are needed only by texts made for it.
const ROUNDS: usize = 8;

fn stage(options: RepairOptions) -> impl Stage {
    let misreadings = Misreadings::new();
    per_doc(
        Contract::new().rewrites_text(),
        |_| Ok(()),
        move |_, document, cx| {
            let edit = |document: &mut Document, plan: &Plan<'_>| {
                let mut changed = false;
                document.edit(cx, |content, edits| {
                    plan(content.text(), edits)?;
                    changed = !edits.is_empty();
                    Ok(())
                })?;
                Ok::<bool, EditError>(changed)
            };
            for _ in 0..ROUNDS {
                let mut changed = false;
                if options.entities {
                    changed |= edit(document, &entities::plan)?;
                }
                if options.encoding {
                    changed |= edit(document, &|text, edits| misreadings.plan(text, edits))?;
                }
                if options.visual_order
                    && let Some(turns) = visual::turns(document.content().text())
                {
                    edit(document, &|_, edits| turns.keep_inner(edits))?;
                    changed |= edit(document, &|_, edits| turns.turn(edits))?;
                }
                if options.handles {
                    changed |= edit(document, &handles::plan)?;
                }
                if !changed {
                    break;
                }
            }
            Ok(())
        },
    )
}

/// Reads a text once and makes its edits.
type Plan<'p> = dyn Fn(&str, &mut Edits<'_>) -> Result<(), EditError> + 'p;
