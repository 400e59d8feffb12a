//! Pipeline files: what is read from them, and the text of every error they can have.

#[path = "config/given.rs"]
mod given;
#[path = "config/laws.rs"]
mod laws;
#[path = "config/toys.rs"]
mod toys;

use isnad_core::NoFiles;
use isnad_runner::{CODES, ConfigError, Format, OnError, Pipeline, load};
use serde_json::json;

/// The errors of a pipeline file, as they are shown.
fn check(source: &str) -> String {
    show(load(source, "p.toml", &toys::registry(), &NoFiles))
}

fn show(result: Result<Pipeline, Vec<ConfigError>>) -> String {
    let errors = result.err().unwrap_or_default();
    for error in &errors {
        assert!(CODES.iter().any(|(code, _)| *code == error.code), "{} is not in the table", error.code);
    }
    let lines: Vec<String> = errors.iter().map(|error| format!("{error}\n")).collect();
    lines.concat()
}

/// The errors of one stage with these lines below `use`.
fn check_stage(kind: &str, lines: &str) -> String {
    check(&format!("isnad = 1\n[[stage]]\nuse = \"extract.tokens\"\n[[stage]]\nuse = \"{kind}\"\n{lines}\n"))
}

#[test]
fn a_sound_file_becomes_a_pipeline() {
    let pipeline = load(toys::SOUND, "p.toml", &toys::registry(), &NoFiles).expect("the file is sound");
    assert_eq!(pipeline.input.format, Some(Format::Jsonl));
    assert_eq!(pipeline.input.paths, ["news/*.jsonl"]);
    assert_eq!(pipeline.input.fields.text, ["title", "body"]);
    assert_eq!(pipeline.input.fields.id, "url");
    let stages: Vec<(&str, &str, OnError)> =
        pipeline.stages.iter().map(|stage| (&*stage.id, &*stage.kind, stage.on_error)).collect();
    assert_eq!(
        stages,
        [
            ("normalize.letters", "normalize.letters", OnError::Quarantine),
            ("words", "extract.tokens", OnError::Stop),
            ("extract.quotes", "extract.quotes", OnError::SkipStage),
            ("export.jsonl", "export.jsonl", OnError::Quarantine),
        ]
    );
    assert_eq!(pipeline.plan.grants.len(), 4);
    assert!(pipeline.has_sink());
}

#[test]
fn seven_mistakes_come_in_one_go() {
    let source = r#"isnad = 2
thread = 4

[input]
format = "json"

[[stage]]
use = "normalize.leters"

[[stage]]
use = "normalize.space"
colapse = true
max = "two"

[[stage]]
use = "extract.quotes"
"#;
    assert_eq!(
        check(source),
        r#"p.toml:1:9: error[E0101]: version 2 of pipeline files is not known: this program reads version 1
  help: write `isnad = 1`, or use the isnad that the file was made for
p.toml:2:1: error[E0102]: unknown key `thread`
  help: the keys of a pipeline file are `isnad`, `input`, `plugin`, `stage`, `test` and `property`; how it runs (threads and such) is said by flags of `isnad run`
p.toml:5:10: error[E0105]: `input.format` must be one of `text` or `jsonl`, found the string "json"
  help: did you mean `jsonl`?
p.toml:8:7: error[E0107]: unknown stage `normalize.leters`
  help: did you mean `normalize.letters`? `isnad stages` lists them all
p.toml:12:1: error[E0103]: unknown option `colapse` of `normalize.space`
  help: did you mean `collapse`?
p.toml:13:7: error[E0104]: option `max` of `normalize.space` expects an integer, found the string "two"
p.toml:16:7: error[E0201]: `extract.quotes` needs layer `token`, which no stage before it gives; put `extract.tokens` before it
  help: this may go away once the error in `stage[0]` (line 8) is mended
"#
    );
}

#[test]
fn places_have_a_path_and_columns_count_characters() {
    let source = "isnad = 1\n[[stage]]\nuse = \"normalize.space\"\n\"مسافة\" = 1\nmax = {}\n";
    let errors = load(source, "p.toml", &toys::registry(), &NoFiles).expect_err("two options are wrong");
    let places: Vec<_> = errors.iter().map(|e| (&*e.path, e.location.line, e.location.column)).collect();
    assert_eq!(places, [("stage[0].مسافة", 4, 1), ("stage[0].max", 5, 7)]);
    let source = "isnad = 1\nstage = [{ use = \"extract.tokens\", id = \"كلمات\", x = 1 }]\n";
    assert_eq!(
        check(source),
        "p.toml:2:50: error[E0103]: unknown option `x` of `extract.tokens`\n  help: `extract.tokens` has no options\n"
    );
}

#[test]
fn the_head_of_a_file() {
    assert_eq!(
        check(" \n"),
        "p.toml:1:1: error[E0106]: the file is empty\n  help: a pipeline file begins with `isnad = 1` and has a `[[stage]]` or more\n"
    );
    assert_eq!(
        check("[input]\npaths = []\n"),
        r#"p.toml:1:1: error[E0101]: the version line `isnad = 1` is missing
  help: write `isnad = 1` at the top (`"isnad": 1` in JSON): it says how the rest is to be read
p.toml:1:1: error[E0106]: the pipeline has no stage
  help: add one: a line `[[stage]]`, and below it a line such as `use = "normalize.unicode"` (`"stage": [{ "use": "normalize.unicode" }]` in JSON)
"#
    );
    assert_eq!(
        check("isnad = \"1\"\nplugin = []\nstages = 1\n"),
        r#"p.toml:1:9: error[E0101]: `isnad` expects the integer 1, found the string "1"
  help: write `isnad = 1`
p.toml:3:1: error[E0102]: unknown key `stages`
  help: did you mean `stage`?
"#
    );
}

#[test]
fn bytes_that_are_no_text_and_files_that_are_no_pipelines() {
    let registry = toys::registry();
    assert_eq!(
        show(load(b"isnad = 1\n# \xD9\x85\xFF\n", "p.toml", &registry, &NoFiles)),
        "p.toml:2:4: error[E0001]: the file is not UTF-8: byte 14 of the file does not fit\n  help: save it as UTF-8; an editor offers that as the encoding of the file\n"
    );
    assert_eq!(
        check(&"#".repeat((1 << 20) + 1)),
        "p.toml:1:1: error[E0002]: the file has 1048577 bytes: a pipeline file has at most 1048576\n  help: put long lists into files of their own, which stages read\n"
    );
    let many = format!("isnad = 1\n{}", "[[stage]]\nuse = \"extract.tokens\"\n".repeat(1001));
    assert_eq!(check(&many), "p.toml:2002:1: error[E0002]: there are 1001 stages: 1000 are the most\n");
    let wrong = format!("isnad = 1\n[[stage]]\nuse = \"extract.quotes\"\nmarks = [{}]\n", "1,".repeat(5000));
    let errors = load(wrong, "p.toml", &registry, &NoFiles).expect_err("numbers are no marks");
    assert_eq!(errors.len(), 1001);
    assert_eq!(errors.last().map(|error| error.code), Some("E0005"));
}

#[test]
fn a_byte_order_mark_and_windows_lines_are_no_matter() {
    let source = "\u{FEFF}isnd = 1\r\n[[stage]]\r\nuse = \"extract.tokens\"\r\nx = 1\r\n"; // BYTE ORDER MARK
    assert_eq!(
        check(source),
        r#"p.toml:1:1: error[E0101]: the version line `isnad = 1` is missing
  help: write `isnad = 1` at the top (`"isnad": 1` in JSON): it says how the rest is to be read
p.toml:1:1: error[E0102]: unknown key `isnd`
  help: did you mean `isnad`?
p.toml:4:1: error[E0103]: unknown option `x` of `extract.tokens`
  help: `extract.tokens` has no options
"#
    );
}

#[test]
fn syntax_errors_do_not_hide_what_is_wrong_elsewhere() {
    let source = r#"isnad = 1
isnad = 1
[input]
format = jsonl
pathes = ["a"]
[[stage]]
use = "normalize.space"
collapse = True
max = 99999999999999999999
[[stage]]
use = "extract.tokens"
x = 1
y = nan
"#;
    assert_eq!(
        check(source),
        r#"p.toml:2:1: error[E0004]: `isnad` stands twice
  help: remove one, or put the two together
p.toml:4:10: error[E0003]: string values must be quoted
  help: write `"jsonl"`
p.toml:5:1: error[E0102]: unknown key `pathes` in `input`
  help: did you mean `paths`?
p.toml:8:12: error[E0003]: string values must be quoted
  help: write `true`
p.toml:9:7: error[E0105]: the integer is too large: 64 bits are the most
p.toml:12:1: error[E0103]: unknown option `x` of `extract.tokens`
  help: `extract.tokens` has no options
p.toml:13:5: error[E0105]: the number is not finite
"#
    );
}

#[test]
fn one_slip_of_syntax_is_one_error() {
    let source =
        "isnad = 1\nthread = 1\n[input]\npaths = [\"a\"\n[[stage]]\nuse = \"x\"\n[[stage]]\nuse = \"y\"\n";
    assert_eq!(
        check(source),
        "p.toml:2:1: error[E0102]: unknown key `thread`
  help: the keys of a pipeline file are `isnad`, `input`, `plugin`, `stage`, `test` and `property`; how it runs (threads and such) is said by flags of `isnad run`
p.toml:5:1: error[E0003]: missing comma between array elements, expected `,`
  help: write a comma, or close the array above with `]`
"
    );
    assert_eq!(
        check("isnad = 1\n[[stage]\nuse = \"extract.tokens\"\n"),
        "p.toml:2:9: error[E0003]: unclosed array table, expected `]`\n"
    );
}

#[test]
fn the_keys_that_every_stage_has() {
    assert_eq!(
        check_stage("extract.names", "enabled = \"false\"\non_error = \"skip\"\nid = \"\"\ntimeout = \"1s\""),
        r#"p.toml:6:11: error[E0104]: `stage[1].enabled` expects `true` or `false`, found the string "false"
  help: write `false` without quotes
p.toml:7:12: error[E0105]: `stage[1].on_error` must be one of `quarantine`, `skip-stage` or `stop`, found the string "skip"
p.toml:8:6: error[E0105]: `stage[1].id` must not be empty
p.toml:9:11: error[E0105]: `stage[1].timeout` holds for stages in a process of their own only
  help: write `isolation = "process"` beside it, or remove it
"#
    );
    assert_eq!(
        check("isnad = 1\n[[stage]]\nuze = \"extract.tokens\"\n[[stage]]\n[[stage]]\nuse = 3\n"),
        r#"p.toml:3:1: error[E0102]: unknown key `uze`, and the stage has no `use`
  help: did you mean `use`?
p.toml:4:1: error[E0106]: the stage has no `use`
  help: add a line such as `use = "normalize.unicode"` (`"use": "normalize.unicode"` in JSON); `isnad stages` lists the stages
p.toml:6:7: error[E0104]: `stage[2].use` expects a string, found the integer `3`
  help: write `"3"`
"#
    );
    assert_eq!(
        check("isnad = 1\nstage = 5\n"),
        "p.toml:2:9: error[E0104]: `stage` expects an array of tables, found the integer `5`\n  help: write `[[stage]]`, in double brackets, above each stage (`\"stage\": [{ … }]` in JSON)\n"
    );
}

#[test]
fn the_input() {
    let source = r#"isnad = 1
[input]
format = 1
paths = "news.jsonl"
fields = { txt = "body", id = ["a"], text = ["title", 2], published = "" }
[[stage]]
use = "extract.tokens"
"#;
    assert_eq!(
        check(source),
        r#"p.toml:3:10: error[E0104]: `input.format` must be one of `text` or `jsonl`, found the integer `1`
p.toml:4:9: error[E0104]: `input.paths` expects an array of strings, found the string "news.jsonl"
  help: write `["news.jsonl"]`
p.toml:5:12: error[E0102]: unknown key `txt` in `input.fields`
  help: did you mean `text`?
p.toml:5:31: error[E0104]: `input.fields.id` expects a string, found an array
p.toml:5:55: error[E0104]: `input.fields.text[1]` expects a string, found the integer `2`
  help: write `"2"`
p.toml:5:71: error[E0105]: `input.fields.published` must not be empty
"#
    );
}

#[test]
fn options_of_all_shapes() {
    let check = |lines: &str| check_stage("extract.quotes", lines);
    assert_eq!(
        check("marks = [\"«»\"]\nmin_score = 1\nspeakers = \"الوزير\"\nkeep = \"all\"\nwhen = 2023-05-16"),
        ""
    );
    assert_eq!(
        check("marks = [1, \"«»\"]\nmin_score = 1.5\ndepth = 256\nfirst = \"ab\""),
        r#"p.toml:6:10: error[E0104]: option `marks[0]` of `extract.quotes` expects a string, found the integer `1`
  help: write `"1"`
p.toml:7:13: error[E0105]: option `min_score` of `extract.quotes` must be at most 1, found the number `1.5`
p.toml:8:9: error[E0105]: option `depth` of `extract.quotes` must be at most 255, found the integer `256`
p.toml:9:9: error[E0105]: option `first` of `extract.quotes` must be a single character, found the string "ab"
"#
    );
    assert_eq!(
        check("keep = \"direkt\"\nspeakers = 3\ndepth = 1.5\nmin_score = \"0.5\""),
        r#"p.toml:6:8: error[E0105]: option `keep` of `extract.quotes` must be one of `all`, `direct` or `indirect`, found the string "direkt"
  help: did you mean `direct`?
p.toml:7:12: error[E0104]: option `speakers` of `extract.quotes` expects a string or an array of strings, found the integer `3`
  help: write `"3"`
p.toml:8:9: error[E0104]: option `depth` of `extract.quotes` expects an integer, found the number `1.5`
p.toml:9:13: error[E0104]: option `min_score` of `extract.quotes` expects a number, found the string "0.5"
  help: write `0.5` without quotes
"#
    );
    assert_eq!(
        check(
            "[[stage.rules]]\nweight = 1\n[[stage.rules]]\nname = \"a\"\nwieght = 1\n[stage.limits]\nchars = -1\nwords = true"
        ),
        r#"p.toml:6:1: error[E0106]: option `rules[0].name` of `extract.quotes` is missing
  help: `name`: How the rule is called in output.
p.toml:10:1: error[E0103]: unknown option `rules[1].wieght` of `extract.quotes`
  help: did you mean `weight`?
p.toml:12:9: error[E0105]: option `limits.chars` of `extract.quotes` must be at least 0, found the integer `-1`
p.toml:13:9: error[E0104]: option `limits.words` of `extract.quotes` expects an integer, found `true`
"#
    );
    assert_eq!(
        check("window = { kind = \"word\", size = 1 }\ngrid = { kind = \"words\", size = \"1\" }"),
        r#"p.toml:6:19: error[E0105]: option `window.kind` of `extract.quotes` must be one of `chars` or `words`, found the string "word"
  help: did you mean `words`?
p.toml:7:1: error[E0103]: unknown option `grid` of `extract.quotes`
  help: `isnad stages extract.quotes` lists the options
"#
    );
    assert_eq!(
        check("extra = { note = 1, kind = \"chars\", size = 1 }"),
        "p.toml:6:18: error[E0104]: option `extra.note` of `extract.quotes` expects a string, found the integer `1`\n  help: write `\"1\"`\n"
    );
    assert_eq!(
        check("extra = { note = \"\", kind = \"chars\", size = 1 }\nsizes = [1, 2]\nanything = { a = [1] }"),
        ""
    );
    assert_eq!(
        check("sizes = [1]"),
        "p.toml:6:9: error[E0105]: option `sizes` of `extract.quotes` must have at least 2 items, found 1\n"
    );
    assert_eq!(
        check("window = { kind = \"words\", size = \"1\" }\nweights = { said = \"x\" }"),
        r#"p.toml:6:35: error[E0104]: option `window.size` of `extract.quotes` expects an integer, found the string "1"
  help: write `1` without quotes
p.toml:7:20: error[E0104]: option `weights.said` of `extract.quotes` expects a number, found the string "x"
"#
    );
}

#[test]
fn what_the_stage_refuses_is_shown_at_the_option() {
    assert_eq!(
        check_stage("extract.names", "lexicons = [\"a.tsv\",\n  \"b.tsv\"]\nfuzzy = 3"),
        "p.toml:6:13: error[E0109]: option `lexicons[0]` of `extract.names`: cannot read `a.tsv`: `a.tsv` is not read here
p.toml:7:3: error[E0109]: option `lexicons[1]` of `extract.names`: cannot read `b.tsv`: `b.tsv` is not read here
p.toml:8:9: error[E0109]: option `fuzzy` of `extract.names`: 3 letters are too many
"
    );
    assert_eq!(
        check_stage("extract.names", "exact = true\nfuzzy = 1"),
        "p.toml:5:7: error[E0109]: `extract.names`: `exact` and `fuzzy` do not go together\n"
    );
}

#[test]
fn errors_of_the_chain() {
    let source = r#"isnad = 1
[[stage]]
use = "export.jsonl"
path = "-"
[[stage]]
use = "extract.tokens"
enabled = false
[[stage]]
use = "extract.quotes"
[[stage]]
use = "normalize.space"
[[stage]]
use = "normalize.space"
"#;
    assert_eq!(
        check(source),
        "p.toml:3:7: error[E0206]: `export.jsonl` writes out rows, but no stage before it makes any; put an `extract` stage before it
p.toml:9:7: error[E0201]: `extract.quotes` needs layer `token`, which no stage before it gives; put `extract.tokens` before it
  help: `extract.tokens` gives it, but is switched off in `stage[1]` (line 6)
p.toml:11:7: error[E0204]: `normalize.space` rewrites text, but `extract.quotes` before it has already made rows on the text; move it before `extract.quotes`
p.toml:13:7: error[E0207]: the id `normalize.space` is taken by an earlier stage; give one of the two another `id`
p.toml:13:7: error[E0204]: `normalize.space` rewrites text, but `extract.quotes` before it has already made rows on the text; move it before `extract.quotes`
"
    );
}

#[test]
fn a_stage_that_is_switched_off_need_not_exist() {
    let lines = "[[stage]]\nuse = \"acme.topics\"\nenabled = false\n[[stage]]\nuse = \"extract.names\"\nenabled = false\nlexicons = [\"a.tsv\"]";
    assert_eq!(check_stage("extract.quotes", lines), "");
    assert_eq!(
        check_stage("normalize.space", "enabled = false\nmax = \"x\""),
        "p.toml:7:7: error[E0104]: option `max` of `normalize.space` expects an integer, found the string \"x\"\n"
    );
}

#[test]
fn a_pipeline_without_a_file() {
    let registry = toys::registry();
    let stages = [
        ("extract.tokens", json!({ "id": "words" })),
        ("extract.quotes", json!({ "marks": ["«»"], "speakers": null })),
        ("export.jsonl", json!({ "path": "-" })),
    ];
    let pipeline = Pipeline::from_stages(&registry, &NoFiles, stages).expect("the stages are sound");
    assert_eq!(pipeline.stages.len(), 3);
    let wrong = [
        ("extract.tokenz", json!({})),
        ("extract.quotes", json!({ "depth": -1 })),
        ("export.jsonl", json!(1)),
    ];
    assert_eq!(
        show(Pipeline::from_stages(&registry, &NoFiles, wrong)),
        "built-in: stage[0].use: error[E0107]: unknown stage `extract.tokenz`
  help: did you mean `extract.tokens`? `isnad stages` lists them all
built-in: stage[1].depth: error[E0105]: option `depth` of `extract.quotes` must be at least 0, found the integer `-1`
built-in: stage[2]: error[E0104]: `stage[2]` expects a table, found the integer `1`
built-in: stage[1]: error[E0201]: `extract.quotes` needs layer `token`, which no stage before it gives; put `extract.tokens` before it
  help: this may go away once the errors in `stage[0]` and `stage[1]` are mended
"
    );
}

#[test]
fn a_stage_can_be_put_behind_the_others() {
    let registry = toys::registry();
    let tokens = || {
        let stages = [("extract.tokens", json!({}))];
        Pipeline::from_stages(&registry, &NoFiles, stages).expect("the stage is sound")
    };
    assert!(!tokens().has_sink());
    let longer = tokens().with_stage(&registry, &NoFiles, "export.jsonl", json!({ "path": "-" }), "--to");
    assert!(longer.expect("the stage fits").has_sink());
    assert_eq!(
        show(tokens().with_stage(&registry, &NoFiles, "export.json", json!({}), "--to")),
        "--to: error[E0107]: unknown stage `export.json`\n  help: did you mean `export.jsonl`? `isnad stages` lists them all\n"
    );
    assert_eq!(
        show(tokens().with_stage(&registry, &NoFiles, "extract.tokens", json!({ "id": "again" }), "--to")),
        "--to: error[E0205]: `again` makes the rows of `token`, which come from one stage only, and `extract.tokens` makes them too; remove one\n"
    );
}

#[test]
fn errors_of_a_built_in_pipeline_read_well() {
    let errors =
        load("isnad = 1\n[[stage]]\nuse = \"x\"\n", "pipeline \"news\"", &toys::registry(), &NoFiles);
    assert_eq!(
        show(errors),
        "pipeline \"news\":3:7: error[E0107]: unknown stage `x`\n  help: `isnad stages` lists the stages there are\n"
    );
}
