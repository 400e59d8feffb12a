//! Laws of reading pipeline files.

use isnad_core::NoFiles;
use isnad_runner::load;
use proptest::prelude::*;

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
