//! Laws of reading pipeline files.

use isnad_core::NoFiles;
use isnad_runner::load;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::toys;

/// The byte ranges of all keys and header names of the sound file.
fn keys() -> Vec<std::ops::Range<usize>> {
    let mut keys = Vec::new();
    let mut at = 0;
    for line in toys::SOUND.split_inclusive('\n') {
        let code = if line.starts_with('#') { "" } else { line };
        let quoted = |end: usize| code.bytes().take(end).filter(|byte| *byte == b'"').count() % 2 == 1;
        let mut word = None;
        for (offset, c) in code.char_indices() {
            match (c.is_ascii_lowercase() || c == '_', word) {
                (true, None) => word = Some(offset),
                (false, Some(begin)) => {
                    // A bare word in front of `=` or in brackets is a key; `true` and what is quoted is not.
                    let is_key =
                        code.get(offset..).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']));
                    if is_key && !quoted(begin) {
                        keys.push(at + begin..at + offset);
                    }
                    word = None;
                }
                _ => {}
            }
        }
        at += line.len();
    }
    keys
}

#[test]
fn the_sound_file_has_its_keys() {
    let names: Vec<&str> = keys().into_iter().filter_map(|key| toys::SOUND.get(key)).collect();
    assert!(
        ["isnad", "input", "format", "published", "stage", "use", "size", "path"]
            .iter()
            .all(|name| names.contains(name))
    );
    assert_eq!(names.len(), 32, "{names:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = load(bytes, "p.toml", &toys::registry(), &NoFiles);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        let _ = load(text, "p.toml", &toys::registry(), &NoFiles);
    }

    /// Lines of a pipeline file in any order, some of them broken.
    #[test]
    fn no_heap_of_lines_makes_it_panic(picks in proptest::collection::vec((0usize..40, 0usize..60), 0..30)) {
        let lines: Vec<&str> = toys::SOUND.lines().chain(BROKEN.lines()).collect();
        let mut text = String::new();
        for (pick, cut) in picks {
            let line = lines[pick % lines.len()];
            text.extend(if cut < 20 { line.chars().take(cut).collect::<Vec<_>>() } else { line.chars().collect() });
            text.push('\n');
        }
        if let Err(errors) = load(&text, "p.toml", &toys::registry(), &NoFiles) {
            prop_assert!(!errors.is_empty());
            let places: Vec<_> = errors.iter().map(|error| (error.location.line, error.location.column)).collect();
            prop_assert!(places.is_sorted(), "{places:?}");
            let last = text.lines().count() + 1;
            prop_assert!(places.iter().all(|(line, column)| (1..=last).contains(line) && *column >= 1));
        }
    }

    #[test]
    fn a_misspelt_key_is_an_error_in_its_line(
        key in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        c in proptest::char::range('a', 'z'),
        slip in 0..3,
    ) {
        let keys = keys();
        let key = key.get(&keys).clone();
        let (before, rest) = toys::SOUND.split_at(key.start);
        let name: Vec<char> = rest.chars().take(key.len()).collect();
        let at = at.index(name.len());
        let mut misspelt = name.clone();
        match slip {
            0 => misspelt[at] = c,
            1 => misspelt.insert(at, c),
            _ if name.len() > 2 => { misspelt.remove(at); }
            _ => misspelt.push(c),
        }
        prop_assume!(misspelt != name);
        let mut text = toys::SOUND.to_owned();
        text.replace_range(key.clone(), &misspelt.into_iter().collect::<String>());
        let line = before.matches('\n').count() + 1;
        let errors = load(&text, "p.toml", &toys::registry(), &NoFiles).err().unwrap_or_default();
        prop_assert!(errors.iter().any(|error| error.location.line == line), "line {}: {:#?}", line, errors);
    }
}

/// A value as JSON and as TOML in one line, with the same keys in the same order.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| format!("{key:?} = {}", toml(value));
            format!("{{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "use",
        "extract.tokens",
        "extract.quotes",
        "normalize.space",
        "true",
        "7",
        "all",
        "chars",
        "words",
        "${X}",
        "${Y:-3}",
        "$${X}",
        "قال",
        "",
    ]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-2i64..300).prop_map(Value::from),
        (0u8..8).prop_map(|eighth| Value::from(f64::from(eighth) / 8.0)),
        word.prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "use",
        "id",
        "enabled",
        "marks",
        "min_score",
        "depth",
        "speakers",
        "rules",
        "limits",
        "window",
        "weights",
        "size",
        "kind",
        "chars",
        "name",
        "extra",
        "sizes",
        "max",
        "collapse",
        "قال",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn twins_in_toml_and_json_have_the_same_errors(
        kinds in prop::collection::vec(prop::sample::select(vec!["extract.tokens", "extract.quotes", "normalize.space"]), 0..4),
        options in prop::collection::vec(prop::collection::vec((
            prop::sample::select(vec!["id", "enabled", "marks", "min_score", "depth", "speakers", "rules", "limits", "window", "weights", "max"]),
            any_value(),
        ), 0..4), 4),
    ) {
        let stages = kinds.iter().zip(&options).map(|(kind, options)| {
            let mut stage = serde_json::Map::from_iter([("use".to_owned(), Value::from(*kind))]);
            stage.extend(options.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
            Value::Object(stage)
        });
        let pipeline = json!({ "isnad": 1, "stage": stages.collect::<Vec<_>>() });
        let registry = toys::registry();
        let loader = isnad_runner::Loader::new(&registry, &NoFiles).environment(&|name| (name == "X").then(|| "7".into()));
        let errors = |source: String, file: &str| {
            let errors = loader.load(source, file).err().unwrap_or_default();
            errors.into_iter().map(|e| (e.code, e.message, e.path, e.help.map(|h| h.split(" (line").next().unwrap_or_default().to_owned()))).collect::<Vec<_>>()
        };
        let fields = pipeline.as_object().into_iter().flatten();
        let lines: String = fields.map(|(key, value)| format!("{key} = {}\n", toml(value))).collect();
        prop_assert_eq!(errors(pipeline.to_string(), "p.json"), errors(lines, "p.toml"));
    }

    #[test]
    fn no_setting_and_no_variable_makes_it_panic(
        settings in prop::collection::vec("(stage|input|words|[a-z]{1,3})(\\[[0-9]{1,2}\\]|\\.[a-z]{1,6}){0,3}=?\\PC{0,8}", 0..4),
        value in "\\PC{0,8}",
    ) {
        let registry = toys::registry();
        let environment = |_: &str| Some(value.clone().into());
        let loader = isnad_runner::Loader::new(&registry, &NoFiles).environment(&environment).settings(&settings);
        let source = toys::SOUND.replace("\"«»\"", "\"${A}\"").replace("0.5", "\"${B}\"");
        let _ = loader.load(&source, "p.toml");
        let _ = loader.print(&source, "p.toml");
    }

    /// What is printed is read as the same pipeline.
    #[test]
    fn what_is_printed_is_the_same_pipeline(
        options in prop::collection::vec((
            prop::sample::select(vec!["marks", "min_score", "depth", "first", "keep", "speakers", "rules", "limits", "window", "weights", "extra"]),
            any_value(),
        ), 0..4),
    ) {
        let mut stage = json!({ "use": "extract.quotes" });
        stage.as_object_mut().expect("an object").extend(options.into_iter().map(|(key, value)| (key.to_owned(), value)));
        let pipeline = json!({ "isnad": 1, "stage": [{ "use": "extract.tokens" }, stage] }).to_string();
        let registry = toys::registry();
        let loader = isnad_runner::Loader::new(&registry, &NoFiles).environment(&|name| (name == "X").then(|| "7".into()));
        let bare = |page: &str| -> String {
            page.lines().skip(1).map(|line| line.rsplit_once("  # ").map_or(line, |(bare, _)| bare).to_owned() + "\n").collect()
        };
        if let Ok(printed) = loader.print(&pipeline, "p.json") {
            let again = load_printed(&registry, &printed);
            prop_assert_eq!(again.as_deref().map(&bare), Ok(bare(&printed)), "{}", printed);
        }
    }
}

fn load_printed(
    registry: &isnad_core::Registry,
    printed: &str,
) -> Result<String, Vec<isnad_runner::ConfigError>> {
    isnad_runner::Loader::new(registry, &NoFiles).print(printed, "p.toml")
}

const BROKEN: &str = r#"use = [
[stage]
[[stage.rules]]
[stage
name = {
stage = 1
stage.use = "x"
[input.fields]
text = """
x = 1e999
'''"#;
