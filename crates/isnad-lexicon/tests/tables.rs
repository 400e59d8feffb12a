//! The tables of `data/` are held to their format, so that somebody who knows Arabic and no Rust can
//! extend them: whatever is wrong is said at once, with file and line.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use isnad_arabic::fold;
use unicode_normalization::is_nfc;

/// Characters that no cell has: marks, tatweel, and what cannot be seen.
const UNWANTED: [(char, char, &str); 8] = [
    ('\u{610}', '\u{61A}', "a sign of honour"),
    ('\u{640}', '\u{640}', "a tatweel"),
    ('\u{64B}', '\u{65F}', "a vowel mark"),
    ('\u{670}', '\u{670}', "a superscript alef"),
    ('\u{200B}', '\u{200F}', "a zero-width character or direction mark"),
    ('\u{202A}', '\u{202E}', "a direction mark"),
    ('\u{2066}', '\u{2069}', "a direction mark"),
    ('\u{FEFF}', '\u{FEFF}', "a byte order mark"),
];

/// Columns that hold one word of a small set, by table; an empty cell is a word of the set where it may be empty.
const CLOSED: [(&str, &str, &[&str]); 16] = [
    ("abbreviations.tsv", "needs", &["", "number"]),
    ("tlds.tsv", "kind", &["country", "generic"]),
    ("places.tsv", "label", &["GPE", "LOC", "FAC"]),
    ("places.tsv", "capital", &["", "yes"]),
    ("events.tsv", "label", &["EVENT", "MISC"]),
    ("org_heads.tsv", "label", &["ORG", "FAC", "LOC", "EVENT"]),
    ("people.tsv", "gender", &["m", "f"]),
    ("name_tokens.tsv", "gender", &["m", "f", "u"]),
    ("name_tokens.tsv", "kind", &["given", "family", "both"]),
    ("name_tokens.tsv", "ar_origin", &["", "yes"]),
    (
        "common_words.tsv",
        "class",
        &["prep", "conj", "pron", "adv", "part", "verb", "noun", "adj", "num", "time"],
    ),
    ("cue_phrases.tsv", "kind", &["according", "support", "discontinuous"]),
    ("cue_phrases.tsv", "follows", &["source", "verb", "content"]),
    ("title_modifiers.tsv", "kind", &["former", "acting", "elected", "deputy", "general"]),
    ("ministries.tsv", "alone", &["", "yes"]),
    ("titles.tsv", "kind", &["office", "rank", "occupation", "royal", "religious", "honorific", "relation"]),
];

/// The tables of names: the columns of a name's spellings, and the label where no column says it.
const NAMES: [(&str, &str); 5] = [
    ("countries.tsv", "GPE"),
    ("places.tsv", ""),
    ("orgs.tsv", "ORG"),
    ("events.tsv", ""),
    ("people.tsv", "PER"),
];

/// Kinds of organisations.
const ORG_KINDS: [&str; 22] = [
    "intl",
    "government",
    "parliament",
    "ministry",
    "army",
    "security",
    "armed",
    "party",
    "court",
    "company",
    "bank",
    "agency",
    "newspaper",
    "tv",
    "radio",
    "media",
    "social",
    "ngo",
    "university",
    "club",
    "team",
    "union",
];

/// A file of `data/`.
struct Sheet {
    file: String,
    comments: Vec<(usize, String)>,
    columns: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// What is wrong, as `file:line: message`.
#[derive(Default)]
struct Faults(Vec<String>);

#[test]
fn every_table_keeps_the_format() {
    let mut faults = Faults::default();
    let sheets = read_all(&mut faults);
    for sheet in &sheets {
        check_head(sheet, &mut faults);
        check_cells(sheet, &mut faults);
        check_values(sheet, &sheets, &mut faults);
    }
    faults.report();
}

#[test]
fn one_spelling_names_one_entity_or_says_so() {
    let mut faults = Faults::default();
    let sheets = read_all(&mut faults);
    let homonyms: HashSet<String> =
        sheets.iter().flat_map(|sheet| sheet.documented("homonym")).map(|name| fold(&name)).collect();
    let mut known: HashMap<(String, String), (String, usize, String)> = HashMap::new();
    for (file, label) in NAMES {
        let Some(sheet) = sheets.iter().find(|sheet| sheet.file == file) else { continue };
        for (line, row) in &sheet.rows {
            let label = if label.is_empty() { sheet.cell(row, "label") } else { label };
            // Rows that bear the same English name and country are one entity in two rows.
            let country = sheet.cell(row, "country");
            let entity = format!("{} ({country})", sheet.cell(row, "name_en"));
            let mut own = HashSet::new();
            for name in sheet.list(row, "name").chain(sheet.list(row, "aliases")) {
                let key = fold(name).to_lowercase();
                if !own.insert(key.clone()) {
                    faults.add(file, *line, format!("`{name}` stands twice in the row, spellings folded"));
                    continue;
                }
                let first = known
                    .entry((key.clone(), label.to_owned()))
                    .or_insert_with(|| (file.to_owned(), *line, entity.clone()));
                if first.2 != entity && !homonyms.contains(&key) {
                    let (file_of_first, line_of_first, other) = first;
                    faults.add(
                        file,
                        *line,
                        format!(
                            "`{name}` is {other} in {file_of_first}:{line_of_first} and {entity} here; if both bear \
                             the name, say so in the head: `# homonym {name}: …`"
                        ),
                    );
                }
            }
        }
    }
    faults.report();
}

#[test]
fn words_are_listed_once() {
    let mut faults = Faults::default();
    let sheets = read_all(&mut faults);
    for file in [
        "common_words.tsv",
        "name_tokens.tsv",
        "pseudo_clitics.tsv",
        "titles.tsv",
        "sources.tsv",
        "channels.tsv",
    ] {
        let Some(sheet) = sheets.iter().find(|sheet| sheet.file == file) else {
            faults.add(file, 1, "the table is missing".to_owned());
            continue;
        };
        let mut known: HashMap<String, usize> = HashMap::new();
        for (line, row) in &sheet.rows {
            let Some(word) = row.first() else { continue };
            if let Some(first) = known.insert(fold(word), *line) {
                faults.add(file, *line, format!("`{word}` stands also in line {first}, spellings folded"));
            }
        }
    }
    faults.report();
}

fn read_all(faults: &mut Faults) -> Vec<Sheet> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("data/ stands beside tests/")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no tables in {}", folder.display());
    paths.iter().map(|path| read(path, faults)).collect()
}

fn read(path: &Path, faults: &mut Faults) -> Sheet {
    let file = path.file_name().expect("a listed file has a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a table is readable UTF-8");
    if !text.ends_with('\n') {
        faults.add(&file, text.lines().count(), "the last line does not end".to_owned());
    }
    let mut sheet = Sheet { file, comments: Vec::new(), columns: Vec::new(), rows: Vec::new() };
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (index, line) in text.split_terminator('\n').enumerate() {
        let number = index + 1;
        let cells = || line.split('\t').map(str::to_owned).collect::<Vec<_>>();
        if line.trim_end_matches([' ', '\r']) != line {
            faults.add(&sheet.file, number, "a space or carriage return at the end".to_owned());
        }
        if line.starts_with('#') {
            sheet.comments.push((number, line.to_owned()));
        } else if line.is_empty() {
            faults.add(&sheet.file, number, "an empty line; group rows with `# ---- name`".to_owned());
        } else if sheet.columns.is_empty() {
            sheet.columns = cells();
        } else {
            let row = cells();
            if row.len() != sheet.columns.len() {
                let message = format!("{} cells where the header has {}", row.len(), sheet.columns.len());
                faults.add(&sheet.file, number, message);
                continue;
            }
            if let Some(first) = known.insert(line, number) {
                faults.add(&sheet.file, number, format!("the same row as line {first}"));
            }
            sheet.rows.push((number, row));
        }
    }
    sheet
}

fn check_head(sheet: &Sheet, faults: &mut Faults) {
    let says_what =
        |text: &str| !["# source:", "# column ", "# note:", "# ----"].iter().any(|p| text.starts_with(p));
    if sheet.comments.first().is_none_or(|(line, text)| *line != 1 || !says_what(text)) {
        faults.add(&sheet.file, 1, "the first line says in a sentence what the table is".to_owned());
    }
    if !sheet.comments.iter().any(|(_, text)| text.starts_with("# source: ")) {
        faults.add(&sheet.file, 1, "no `# source: …` line; name the source and its licence".to_owned());
    }
    for (line, text) in &sheet.comments {
        if !text.starts_with("# ") {
            faults.add(&sheet.file, *line, "a comment begins with `# `".to_owned());
        }
    }
    let described: Vec<String> = sheet.documented("column").collect();
    for column in &sheet.columns {
        if column.is_empty() || !column.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            faults.add(&sheet.file, 1, format!("the column `{column}` is not named in small Latin letters"));
        }
        if !described.contains(column) {
            faults.add(&sheet.file, 1, format!("no `# column {column}: …` line"));
        }
    }
    for column in described.iter().filter(|column| !sheet.columns.contains(column)) {
        faults.add(&sheet.file, 1, format!("`# column {column}` describes a column that the header has not"));
    }
}

fn check_cells(sheet: &Sheet, faults: &mut Faults) {
    let keeps_marks = sheet.comments.iter().any(|(_, text)| text == "# note: this table keeps marks");
    for (line, row) in &sheet.rows {
        for (column, cell) in sheet.columns.iter().zip(row) {
            let mut fault =
                |message: &str| faults.add(&sheet.file, *line, format!("{column} `{cell}`: {message}"));
            if cell.trim() != cell || cell.contains("  ") {
                fault("a space too many");
            }
            if !is_nfc(cell) {
                fault("not in normalization form C");
            }
            for c in cell.chars() {
                let unwanted = UNWANTED.iter().find(|(from, to, _)| (*from..=*to).contains(&c));
                if let Some((_, _, name)) = unwanted.filter(|_| !keeps_marks) {
                    fault(&format!("{name} (U+{:04X})", u32::from(c)));
                }
            }
            if cell.contains('|') {
                let items: Vec<&str> = cell.split('|').collect();
                if items.iter().any(|item| item.is_empty() || item.trim() != *item) {
                    fault("an empty item, or a space beside `|`");
                }
                if items.iter().collect::<HashSet<_>>().len() < items.len() {
                    fault("an item stands twice");
                }
            }
        }
    }
}

fn check_values(sheet: &Sheet, sheets: &[Sheet], faults: &mut Faults) {
    let codes: HashSet<&str> = sheets
        .iter()
        .filter(|sheet| sheet.file == "countries.tsv")
        .flat_map(|sheet| sheet.rows.iter().map(|(_, row)| sheet.cell(row, "code")))
        .collect();
    for (line, row) in &sheet.rows {
        let mut fault = |message: String| faults.add(&sheet.file, *line, message);
        let wikidata = sheet.cell(row, "wikidata");
        if !wikidata.is_empty()
            && wikidata
                .strip_prefix('Q')
                .is_none_or(|id| id.is_empty() || !id.chars().all(|c| c.is_ascii_digit()))
        {
            fault(format!("`{wikidata}` is no Wikidata id"));
        }
        let country = sheet.cell(row, "country");
        if !country.is_empty() && !codes.contains(country) {
            fault(format!("the country `{country}` is not in countries.tsv"));
        }
        if !["", "yes"].contains(&sheet.cell(row, "ambiguous")) {
            fault("ambiguous is `yes` or empty".to_owned());
        }
        if sheet.file == "countries.tsv" && sheet.cell(row, "code").len() != 2 {
            fault("a country code has two letters".to_owned());
        }
        if sheet.file == "orgs.tsv" {
            let kind = sheet.cell(row, "kind");
            if !ORG_KINDS.contains(&kind) && !["religious", "other"].contains(&kind) {
                fault(format!("the kind `{kind}` is not known"));
            }
        }
        for (_, column, words) in CLOSED.iter().filter(|(file, _, _)| *file == sheet.file) {
            let cell = sheet.cell(row, column);
            if !words.contains(&cell) {
                fault(format!("{column} `{cell}` is none of: {}", words.join(" ")));
            }
        }
    }
}

impl Sheet {
    /// The cell of a column, `""` if there is no such column.
    fn cell<'r>(&self, row: &'r [String], column: &str) -> &'r str {
        let index = self.columns.iter().position(|name| name == column);
        index.and_then(|index| row.get(index)).map(String::as_str).unwrap_or_default()
    }

    fn list<'r>(&self, row: &'r [String], column: &str) -> impl Iterator<Item = &'r str> {
        self.cell(row, column).split('|').filter(|item| !item.is_empty())
    }

    /// The names of the `# what NAME: …` lines.
    fn documented(&self, what: &str) -> impl Iterator<Item = String> {
        let prefix = format!("# {what} ");
        self.comments
            .iter()
            .filter_map(move |(_, text)| Some(text.strip_prefix(&prefix)?.split_once(':')?.0.to_owned()))
    }
}

impl Faults {
    fn add(&mut self, file: &str, line: usize, message: String) {
        self.0.push(format!("{file}:{line}: {message}"));
    }

    #[track_caller]
    fn report(&self) {
        assert!(self.0.is_empty(), "{} faults in the tables\n{}\n", self.0.len(), self.0.join("\n"));
    }
}
