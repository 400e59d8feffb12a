//! Words that introduce speech: lemmas, all their forms by rule, and fixed phrases.

use crate::data;
use crate::facts::Facts;
use crate::phrases::Phrases;
use crate::table::{Record, Table, TableError};
use crate::word_table::WordTable;

/// A lemma of speech or attitude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueLemma {
    /// Perfect, third person masculine singular.
    pub lemma: String,
    /// Prepositions that may stand between the word and what was said; empty string = none.
    pub particles: Vec<String>,
    /// How what was said is joined.
    pub frame: Frame,
    /// By what the addressee is joined: a preposition, `object`, or `""`.
    pub addressee: String,
    /// assert, deny, accuse, warn, demand, promise, praise, condemn, ask, reveal, quote, expect …
    pub stance: String,
    /// Whether the word is nearly always one of speech.
    pub strong: bool,
}

/// The ways in which what was said is joined to its cue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// By أن, إن, بأن or كون.
    pub complementizer: bool,
    /// By a colon or by marks alone.
    pub colon: bool,
    /// As a verbal noun or another noun phrase.
    pub masdar: bool,
}

/// A form of a lemma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CueForm {
    /// Index of the lemma in [`CueLexicon::lemma`].
    pub lemma: u16,
    /// Which form it is.
    pub kind: FormKind,
    /// Gender and number of its subject.
    pub subject: Subject,
    /// Byte length of an attached pronoun at the end of the folded form.
    pub pronoun: u8,
}

/// Which form of a lemma a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// Finite, past.
    Perfect,
    /// Finite, present or future.
    Imperfect,
    /// Finite, passive.
    Passive,
    /// Active participle: a circumstantial cue («مؤكدا»).
    Participle,
    /// Verbal noun («تأكيد», «قوله»).
    Masdar,
}

/// Gender and number of a subject, as far as the form tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Third person, masculine singular (before a named subject also any number).
    Masculine,
    /// Third person, feminine singular.
    Feminine,
    /// Plural or dual.
    Plural,
    /// First or second person.
    Speaker,
    /// The form does not tell.
    Any,
}

/// A fixed phrase that introduces speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CuePhrase {
    /// The phrase as in the table.
    pub phrase: String,
    /// What it is.
    pub kind: PhraseKind,
    /// What follows it.
    pub follows: Follows,
    /// Its stance.
    pub stance: String,
}

/// Kinds of [`CuePhrase`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseKind {
    /// Names the source of a neighbouring statement: بحسب, وفقا ل, على حد قول.
    According,
    /// A verb of little meaning with a noun of speech: أدلى بتصريح, جاء في بيان.
    Support,
    /// Two words with the subject between them: أعاد … تأكيد.
    Discontinuous,
}

/// What stands behind a [`CuePhrase`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// The source.
    Source,
    /// A verb of speech.
    Verb,
    /// What was said.
    Content,
}

/// All words and phrases that introduce speech.
#[derive(Clone, Debug, Default)]
pub struct CueLexicon {
    lemmas: Vec<CueLemma>,
    phrases_list: Vec<CuePhrase>,
    forms: WordTable<Vec<CueForm>>,
    phrases: Phrases<u16>,
}

impl CueLexicon {
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut lexicon = CueLexicon::default();
        let wanted = ["lemma", "imperfect", "short", "participle", "masdar", "particle", "complementizers"];
        for record in Table::parse("cues.tsv", data::CUES, &wanted)?.records() {
            lexicon.add_lemma(&record);
        }
        let wanted = ["phrase", "kind", "follows", "stance"];
        for record in Table::parse("cue_phrases.tsv", data::CUE_PHRASES, &wanted)?.records() {
            lexicon.add_phrase(&record);
        }
        Ok(lexicon)
    }

    /// A lemma.
    pub fn lemma(&self, index: u16) -> Option<&CueLemma> {
        self.lemmas.get(index as usize)
    }

    /// All lemmas.
    pub fn lemmas(&self) -> &[CueLemma] {
        &self.lemmas
    }

    /// The forms that a folded word can be.
    pub fn forms(&self, hash: u64, folded: &str) -> &[CueForm] {
        self.forms.get(hash, folded).map_or(&[], Vec::as_slice)
    }

    /// The trie of fixed phrases; its values lead to [`CueLexicon::phrase`].
    pub fn phrases(&self) -> &Phrases<u16> {
        &self.phrases
    }

    /// A fixed phrase.
    pub fn phrase(&self, index: u16) -> Option<&CuePhrase> {
        self.phrases_list.get(index as usize)
    }

    pub(crate) fn facts(&self, add: &mut impl FnMut(&str, Facts)) {
        for (word, forms) in self.forms.iter() {
            let verbal = forms.iter().any(|form| form.kind != FormKind::Masdar);
            add(word, if verbal { Facts::CUE.or(Facts::VERBAL_CUE) } else { Facts::CUE });
        }
        self.phrases.first_words().for_each(|word| add(word, Facts::CUE_START));
    }

    fn add_lemma(&mut self, record: &Record<'_, '_>) {
        let complementizers: Vec<&str> = record.list("complementizers").collect();
        let index = self.lemmas.len() as u16;
        self.lemmas.push(CueLemma {
            lemma: record.get("lemma").to_owned(),
            particles: record
                .list("particle")
                .map(|p| if p == "-" { String::new() } else { p.to_owned() })
                .collect(),
            frame: Frame {
                complementizer: complementizers.iter().any(|c| matches!(*c, "أن" | "إن" | "بأن" | "كون")),
                colon: complementizers.contains(&":"),
                masdar: complementizers.iter().any(|c| matches!(*c, "masdar" | "la" | "ب")),
            },
            addressee: record.get("addressee").to_owned(),
            stance: record.get("stance").to_owned(),
            strong: record.get("strength") == "strong",
        });
        let mut add = |word: &str, kind, subject, pronoun: &str| {
            let form =
                CueForm { lemma: index, kind, subject, pronoun: isnad_arabic::fold(pronoun).len() as u8 };
            let forms = self.forms.entry(word, Vec::new);
            if !forms.contains(&form) {
                forms.push(form);
            }
        };
        let objects: &[&str] = if record.get("addressee") == "object" {
            &["", "ه", "ها", "هم", "هما", "نا", "ني", "ك"]
        } else {
            &[""]
        };
        for (word, subject) in perfect_forms(record.get("lemma"), record.get("short")) {
            for object in objects {
                add(&format!("{word}{object}"), FormKind::Perfect, subject, object);
            }
        }
        for (word, subject) in imperfect_forms(record.get("imperfect")) {
            for object in objects {
                add(&format!("{word}{object}"), FormKind::Imperfect, subject, object);
            }
        }
        for passive in record.list("passive") {
            for (ending, subject) in [("", Subject::Masculine), ("ت", Subject::Feminine)] {
                add(&format!("{passive}{ending}"), FormKind::Passive, subject, "");
            }
        }
        for participle in record.list("participle") {
            for (word, subject) in participle_forms(participle) {
                add(&word, FormKind::Participle, subject, "");
            }
        }
        for masdar in record.list("masdar") {
            let open = masdar.strip_suffix('ة').map_or(masdar.to_owned(), |stem| format!("{stem}ت"));
            add(masdar, FormKind::Masdar, Subject::Any, "");
            for (pronoun, subject) in [
                ("ه", Subject::Masculine),
                ("ها", Subject::Feminine),
                ("هم", Subject::Plural),
                ("هما", Subject::Plural),
            ] {
                add(&format!("{open}{pronoun}"), FormKind::Masdar, subject, pronoun);
            }
        }
    }

    fn add_phrase(&mut self, record: &Record<'_, '_>) {
        let kind = match record.get("kind") {
            "support" => PhraseKind::Support,
            "discontinuous" => PhraseKind::Discontinuous,
            _ => PhraseKind::According,
        };
        let follows = match record.get("follows") {
            "verb" => Follows::Verb,
            "content" => Follows::Content,
            _ => Follows::Source,
        };
        let index = self.phrases_list.len() as u16;
        let phrase = record.get("phrase");
        self.phrases_list.push(CuePhrase {
            phrase: phrase.to_owned(),
            kind,
            follows,
            stance: record.get("stance").to_owned(),
        });
        let plain = phrase.trim_end_matches(" ل").trim_end_matches("…").trim();
        if phrase.contains('~') {
            for pronoun in ["ه", "ها", "هم", "هما"] {
                self.phrases.add(&plain.replace('~', pronoun), index);
            }
        } else {
            self.phrases.add(plain, index);
        }
    }
}

fn perfect_forms(lemma: &str, short: &str) -> Vec<(String, Subject)> {
    let mut forms = vec![(lemma.to_owned(), Subject::Masculine)];
    let mut add = |stem: &str, ending: &str, subject| forms.push((format!("{stem}{ending}"), subject));
    let weak =
        lemma.strip_suffix('ا').map(|stem| (stem, "و")).or(lemma.strip_suffix('ى').map(|stem| (stem, "ي")));
    match weak {
        Some((stem, glide)) => {
            add(stem, "ت", Subject::Feminine);
            add(stem, "تا", Subject::Plural);
            add(stem, "وا", Subject::Plural);
            add(stem, if glide == "و" { "وا" } else { "يا" }, Subject::Plural);
            for ending in ["ت", "نا", "ن"] {
                let subject = if ending == "ن" { Subject::Plural } else { Subject::Speaker };
                add(stem, &format!("{glide}{ending}"), subject);
            }
        }
        None => {
            add(lemma, "ت", Subject::Feminine);
            add(lemma, "تا", Subject::Plural);
            add(lemma, "وا", Subject::Plural);
            add(lemma, "ا", Subject::Plural);
            let short = if short.is_empty() { lemma } else { short };
            if short != lemma {
                add(short, "ت", Subject::Speaker);
            }
            add(short, "نا", Subject::Speaker);
            add(short, "ن", Subject::Plural);
        }
    }
    forms
}

fn imperfect_forms(imperfect: &str) -> Vec<(String, Subject)> {
    let Some(body) = imperfect.strip_prefix('ي') else { return Vec::new() };
    let stem = body.strip_suffix(['و', 'ي', 'ى']).unwrap_or(body);
    let mut forms = vec![
        (format!("ي{body}"), Subject::Masculine),
        (format!("ت{body}"), Subject::Feminine),
        (format!("أ{body}"), Subject::Speaker),
        (format!("ن{body}"), Subject::Speaker),
    ];
    for prefix in ["ي", "ت"] {
        forms.push((format!("{prefix}{stem}ون"), Subject::Plural));
        forms.push((format!("{prefix}{stem}وا"), Subject::Plural));
        let dual = body.strip_suffix('ى').map_or(format!("{body}ان"), |stem| format!("{stem}يان"));
        forms.push((format!("{prefix}{dual}"), Subject::Plural));
    }
    forms
}

fn participle_forms(participle: &str) -> Vec<(String, Subject)> {
    let defective = participle.strip_suffix('ي');
    let stem = participle;
    let mut forms = vec![
        (stem.to_owned(), Subject::Masculine),
        (format!("{stem}ا"), Subject::Masculine),
        (format!("{stem}ة"), Subject::Feminine),
        (format!("{stem}ين"), Subject::Plural),
        (format!("{stem}ان"), Subject::Plural),
        (format!("{stem}ون"), Subject::Plural),
        (format!("{stem}تين"), Subject::Plural),
        (format!("{stem}ات"), Subject::Plural),
    ];
    if let Some(stem) = defective {
        forms.push((format!("{stem}ين"), Subject::Plural));
        forms.push((format!("{stem}ون"), Subject::Plural));
    } else if !stem.ends_with(['ا', 'ى']) {
        // «داعٍ» becomes «داعيا», «داعية».
        if stem.chars().count() == 3 && stem.chars().nth(1) == Some('ا') {
            forms.push((format!("{stem}يا"), Subject::Masculine));
            forms.push((format!("{stem}ية"), Subject::Feminine));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, lemma: &str, kind: FormKind, subject: Subject) {
        let lexicon = CueLexicon::builtin().unwrap();
        let folded = isnad_arabic::fold(word);
        let forms = lexicon.forms(crate::word_hash(&folded), &folded);
        let found = forms.iter().any(|form| {
            form.kind == kind && form.subject == subject && lexicon.lemma(form.lemma).unwrap().lemma == lemma
        });
        assert!(found, "{word}: {forms:?}");
    }

    #[test]
    fn forms_by_rule() {
        check("قالت", "قال", FormKind::Perfect, Subject::Feminine);
        check("يقولون", "قال", FormKind::Imperfect, Subject::Plural);
        check("دعت", "دعا", FormKind::Perfect, Subject::Feminine);
        check("نفوا", "نفى", FormKind::Perfect, Subject::Plural);
        check("أشارت", "أشار", FormKind::Perfect, Subject::Feminine);
        check("مؤكدا", "أكد", FormKind::Participle, Subject::Masculine);
        check("مشيرة", "أشار", FormKind::Participle, Subject::Feminine);
        check("قوله", "قال", FormKind::Masdar, Subject::Masculine);
        check("تأكيدها", "أكد", FormKind::Masdar, Subject::Feminine);
        check("أبلغه", "أبلغ", FormKind::Perfect, Subject::Masculine);
    }
}
