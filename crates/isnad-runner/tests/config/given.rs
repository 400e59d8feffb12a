//! What comes from elsewhere than the file: variables, settings of the command line; and what all of it
//! comes to.

use std::ffi::OsString;

use isnad_core::{Contract, NoFiles, Registry, StageKind, per_doc};
use isnad_runner::{Loader, Pipeline, load};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::{show, toys};

const SET: [(&str, &str); 7] = [
    ("DIR", "/أخبار"),
    ("DEPTH", "7"),
    ("SCORE", "0.5"),
    ("ON", "true"),
    ("STAGE", "extract.tokens"),
    ("LARGE", "300"),
    ("EMPTY", ""),
];

fn environment(name: &str) -> Option<OsString> {
    SET.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value))
}

const HEAD: &str = "isnad = 1\n[[stage]]\nuse = \"extract.tokens\"\n[[stage]]\nuse = \"extract.quotes\"\n";

fn owned(settings: &[&str]) -> Vec<String> {
    settings.iter().map(|&setting| setting.to_owned()).collect()
}

/// The errors of a file with settings.
fn check(source: &str, settings: &[&str]) -> String {
    let (registry, settings) = (toys::registry(), owned(settings));
    let loader = Loader::new(&registry, &NoFiles).environment(&environment).settings(&settings);
    show(loader.load(source, "p.toml"))
}

/// The lines of what a file with settings comes to that begin with `path`.
fn printed(source: &str, settings: &[&str], path: &str) -> String {
    let (registry, settings) = (toys::registry(), owned(settings));
    let loader = Loader::new(&registry, &NoFiles).environment(&environment).settings(&settings);
    let page = loader.print(source, "p.toml").unwrap_or_else(|errors| panic!("{errors:#?}"));
    page.lines().filter(|line| line.starts_with(path)).collect::<Vec<_>>().join("\n")
}

fn with_quotes(lines: &str) -> String {
    format!("{HEAD}{lines}\n")
}

#[test]
fn a_variable_takes_the_type_that_is_expected() {
    let source = with_quotes(
        "depth = \"${DEPTH}\"\nmin_score = \"${SCORE}\"\nenabled = \"${ON}\"\nspeakers = \"${DEPTH}\"\nmarks = [\"${DEPTH}\", \"a${DEPTH}\"]\nlimits.chars = \"${DEPTH}${DEPTH}\"\nweights = { \"قال\" = \"${DEPTH}\" }\nwindow = { kind = \"words\", size = \"${NONE:-3}\" }",
    );
    assert_eq!(check(&source, &[]), "");
    assert_eq!(printed(&source, &[], "depth"), "depth = 7  # p.toml:6:9, ${DEPTH}");
    assert_eq!(printed(&source, &[], "min_score"), "min_score = 0.5  # p.toml:7:13, ${SCORE}");
    assert_eq!(
        printed(&source, &[], "speakers"),
        "speakers = \"7\"  # p.toml:9:12, ${DEPTH}",
        "text where text will do"
    );
    assert_eq!(
        printed(&source, &[], "marks"),
        "marks = [\"7\", \"a7\"]  # p.toml:10:10, ${DEPTH}, p.toml:10:22"
    );
    assert_eq!(printed(&source, &[], "limits.chars"), "limits.chars = 77  # p.toml:11:16, ${DEPTH}");
    assert_eq!(
        printed(&source, &[], "window"),
        "window = { kind = \"words\", size = 3 }  # p.toml:13:19, p.toml:13:35, ${NONE}"
    );
}

#[test]
fn a_wrong_value_is_named_by_its_variable_and_not_shown() {
    assert_eq!(
        check(
            &with_quotes(
                "depth = \"${LARGE}\"\nmin_score = \"${ON}\"\nmarks = \"${DIR}\"\nkeep = \"${STAGE}\""
            ),
            &[]
        ),
        r#"p.toml:6:9: error[E0105]: option `depth` of `extract.quotes` must be at most 255, found what `${LARGE}` comes to
p.toml:7:13: error[E0104]: option `min_score` of `extract.quotes` expects a number, found what `${ON}` comes to
  help: look at the value of `ON`; it is not shown here, for it may be a secret
p.toml:8:9: error[E0104]: option `marks` of `extract.quotes` expects an array of strings, found what `${DIR}` comes to
  help: look at the value of `DIR`; it is not shown here, for it may be a secret
p.toml:9:8: error[E0105]: option `keep` of `extract.quotes` must be one of `all`, `direct` or `indirect`, found what `${STAGE}` comes to
  help: look at the value of `STAGE`; it is not shown here, for it may be a secret
"#
    );
}

#[test]
fn all_variables_that_are_not_set_come_in_one_go() {
    let source = "isnad = 1
[input]
paths = [\"${ONE}\", \"${DIR}\"]
[[stage]]
use = \"${STAGE}\"
id = \"${TWO}\"
[[stage]]
use = \"extract.quotes\"
depth = \"${THREE:?how deep}\"
colour = 1
[[stage]]
use = \"extract.names\"
enabled = \"${NONE:-false}\"
lexicons = [\"${FOUR}\"]
";
    assert_eq!(
        check(source, &[]),
        r#"p.toml:3:10: error[E0110]: the variable `ONE` is not set
  help: set it: `ONE=… isnad …`, or give it a default: `${ONE:-…}`
p.toml:6:6: error[E0110]: the variable `TWO` is not set
  help: set it: `TWO=… isnad …`, or give it a default: `${TWO:-…}`
p.toml:9:9: error[E0110]: the variable `THREE` is not set, or empty: how deep
  help: set it: `THREE=… isnad …`
p.toml:10:1: error[E0103]: unknown option `colour` of `extract.quotes`
  help: `isnad stages extract.quotes` lists the options
"#
    );
    let off = HEAD.to_owned()
        + "[[stage]]\nuse = \"extract.names\"\nenabled = false\nlexicons = [\"${FOUR}/$${x}\"]\n";
    assert_eq!(
        printed(&off, &[], "lexicons"),
        "lexicons = [\"${FOUR}/$${x}\"]  # p.toml:9:13, ${FOUR}",
        "it stays as it is"
    );
}

#[test]
fn keys_and_comments_hold_no_variables() {
    let source = with_quotes("# ${NONE}\nweights = { \"${NONE}\" = 1 }");
    assert_eq!(check(&source, &[]), "");
    assert_eq!(printed(&source, &[], "weights"), "weights = { \"${NONE}\" = 1 }  # p.toml:7:25");
}

#[test]
fn a_setting_goes_over_what_the_file_says() {
    let source = with_quotes("depth = 1\nkeep = \"all\"\nid = \"q\"");
    let settings = [
        "q.depth=2",
        "stage[1].min_score=0.25",
        "q.limits.chars=9",
        "q.marks=[\"«»\", '\"']",
        "q.keep=direct",
        "q.weights.\"قال إن\"=2",
        "q.when=2023-05-16",
        "q.first=7",
        "input.format=jsonl",
        "input.paths=[\"${DIR}\"]",
        "extract.tokens.id=words",
    ];
    assert_eq!(check(&source, &settings), "");
    let line = |path: &str| printed(&source, &settings, path);
    assert_eq!(line("depth"), "depth = 2  # --set");
    assert_eq!(line("min_score"), "min_score = 0.25  # --set");
    assert_eq!(line("limits.chars"), "limits.chars = 9  # --set");
    assert_eq!(line("marks"), "marks = [\"«»\", \"\\\"\"]  # --set");
    assert_eq!(line("keep"), "keep = \"direct\"  # --set");
    assert_eq!(line("weights"), "weights = { \"قال إن\" = 2 }  # --set");
    assert_eq!(line("when"), "when = \"2023-05-16\"  # --set");
    assert_eq!(line("first"), "first = \"7\"  # --set", "a number where text is expected is text");
    assert_eq!(line("format"), "format = \"jsonl\"  # --set");
    assert_eq!(line("paths"), "paths = [\"$${DIR}\"]  # --set", "the shell fills in its own variables");
    assert_eq!(line("id"), "id = \"words\"  # --set\nid = \"q\"  # p.toml:8:6");
    assert_eq!(printed(&source, &["q.depth=2", "q.depth=3"], "depth"), "depth = 3  # --set");
}

#[test]
fn settings_that_fit_nowhere() {
    let source = "isnad = 1\n[[stage]]\nuse = \"extract.tokens\"\n[[stage]]\nuse = \"extract.quotes\"\nspeakers = \"الوزير\"\n";
    let settings = [
        "extract.quotes.dept=1",
        "extract.qoutes.depth=1",
        "extract.quotes.depth=many",
        "extract.quotes.speakers.name=x",
        "stage[2].x=1",
        "stage.depth=1",
        "inptu.format=text",
        "extract.quotes=1",
        "extract.quotes.marks=[«»]",
        "a..b=1",
        "depth",
    ];
    assert_eq!(
        check(source, &settings),
        r#"--set extract.quotes.dept=…: error[E0103]: unknown option `dept` of `extract.quotes`
  help: did you mean `depth`?
--set extract.qoutes.depth=…: error[E0112]: the pipeline has no stage for `extract.qoutes.depth`
  help: did you mean `extract.quotes`?
--set extract.quotes.depth=…: error[E0104]: option `depth` of `extract.quotes` expects an integer, found the string "many"
--set extract.quotes.speakers.name=…: error[E0112]: `stage[1].speakers` has no `name`: it is the string "الوزير"
--set stage[2].x=…: error[E0112]: there is no `stage[2]`: `stage` has 2 items
  help: they are counted from 0: `stage[1]` is the last
--set stage.depth=…: error[E0112]: `stage` is a list, which has no `depth`
  help: write `stage[0].depth` for the first of it
--set inptu.format=…: error[E0112]: the pipeline has no stage for `inptu.format`
  help: did you mean `input`?
--set extract.quotes=…: error[E0112]: `extract.quotes` is a stage; name one of its options
  help: write `extract.quotes.OPTION=VALUE`; `extract.quotes.enabled=false` switches it off
--set extract.quotes.marks=…: error[E0112]: `[«»]` begins with `[` as TOML does, but is no TOML
  help: strings in it must be quoted, and the whole be quoted from the shell: `--set 'input.paths=["a.txt"]'`
--set a..b=…: error[E0112]: `a..b` is no path into a pipeline
  help: write keys with dots between them, such as `input.format`, `stage[2].alef` or `normalize.letters.alef`
--set depth: error[E0112]: a setting is `PATH=VALUE`, and this one has no `=`
  help: write something such as `--set input.format=jsonl`
"#
    );
    let twice = "isnad = 1\n[[stage]]\nuse = \"normalize.space\"\nenabled = false\n[[stage]]\nuse = \"normalize.space\"\n";
    assert_eq!(
        check(twice, &["normalize.space.max=1"]),
        "--set normalize.space.max=…: error[E0112]: `normalize.space` names two stages
  help: write `stage[0]` or `stage[1]` in its place, or give one of the two another `id`
"
    );
}

#[test]
fn a_setting_can_mend_a_file_and_break_it() {
    let source = with_quotes("depth = \"x\"");
    assert_eq!(check(&source, &["extract.quotes.depth=1"]), "");
    assert_eq!(check(&source, &["extract.quotes.enabled=false", "extract.quotes.depth=1"]), "");
    assert_eq!(
        check(&source, &["extract.quotes.depth=1", "extract.tokens.enabled=false"]),
        "p.toml:5:7: error[E0201]: `extract.quotes` needs layer `token`, which no stage before it gives; put `extract.tokens` before it
  help: `extract.tokens` gives it, but is switched off in `stage[0]` (line 3)
"
    );
}

#[test]
fn json_is_read_as_toml_is() {
    let registry = toys::registry();
    let source = "\u{FEFF}// أخبار\n{\n  \"$schema\": \"x\",\n  \"isnad\": 1, /* أول */\n  \"stage\": [\n    { \"use\": \"extract.tokens\" },\n    { \"use\": \"extract.quotes\", \"speakers\": null, \"depth\": 3, \"min_score\": 1e-1 }\n  ]\n}\n"; // BYTE ORDER MARK
    for name in ["p.json", "P.JSON", "p.txt"] {
        let pipeline = load(source, name, &registry, &NoFiles);
        assert_eq!(pipeline.map(|pipeline| pipeline.stages.len()).unwrap_or_default(), 2, "{name}");
    }
    let wrong = source.replace("\"depth\": 3", "\"deptg\": 3");
    assert_eq!(
        show(load(wrong, "p.json", &registry, &NoFiles)),
        "p.json:7:50: error[E0103]: unknown option `deptg` of `extract.quotes`\n  help: did you mean `depth`?\n"
    );
}

#[test]
fn syntax_errors_of_json() {
    let check = |source: &str| show(load(source, "p.json", &toys::registry(), &NoFiles));
    assert_eq!(
        check("{ \"isnad\": 1, \"stage\": [{ \"use\": extract.tokens }] }"),
        "p.json:1:34: error[E0003]: string values must be quoted\n  help: write `\"extract.tokens\"`\n"
    );
    assert_eq!(
        check("{ \"isnad\": 1, \"stage\": [{ \"use\": \"extract.tokenz\", }] }"),
        "p.json:1:34: error[E0107]: unknown stage `extract.tokenz`
  help: did you mean `extract.tokens`? `isnad stages` lists them all
p.json:1:50: error[E0003]: a comma stands before the end of an array or object
  help: remove it
"
    );
    assert_eq!(
        check("{ \"isnad\": 1, \"isnad\": 1, \"stage\": [{ \"use\": \"extract.tokens\" }] }"),
        "p.json:1:15: error[E0004]: `isnad` stands twice\n  help: remove one, or put the two together\n"
    );
    assert_eq!(
        check("isnad = 1"),
        "p.json:1:1: error[E0003]: a pipeline file in JSON begins with `{`
  help: write `{ \"isnad\": 1, \"stage\": [{ \"use\": \"…\" }] }`; a file in TOML has a name in `.toml`
"
    );
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(
        check(&format!(
            "{{ \"isnad\": 1, \"stage\": [{{ \"use\": \"extract.quotes\", \"anything\": {deep} }}] }}"
        )),
        "p.json:1:142: error[E0003]: arrays and objects are nested too deeply\n"
    );
    assert!(check(&"[".repeat(100_000)).contains("E0003"));
}

#[test]
fn everything_is_printed_with_its_origin() {
    let registry = toys::registry();
    let page = Loader::new(&registry, &NoFiles).print(toys::SOUND, "p.toml").expect("the file is sound");
    let stage = page.split("[[stage]]\n").nth(4).expect("the fourth stage is `extract.quotes`");
    assert_eq!(
        stage.trim_end(),
        r#"use = "extract.quotes"  # p.toml:23:7
id = "extract.quotes"  # default
enabled = true  # default
on_error = "skip-stage"  # p.toml:24:12
marks = ["«»"]  # p.toml:25:10
min_score = 0.5  # p.toml:26:13
depth = 0  # default
# first is not set
# keep is not set
# speakers is not set
rules = []  # default
limits.chars = 20  # p.toml:27:20
limits.words = 2  # p.toml:27:32
window = { kind = "words", size = 3 }  # p.toml:28:19, p.toml:28:35
weights = {}  # default
# when is not set
# anything is not set
extra = { note = "", kind = "chars", size = 80 }  # default
sizes = [0, 0]  # default"#
    );
    assert!(page.contains(
        "use = \"normalize.space\"  # p.toml:14:7\nid = \"normalize.space\"  # default\nenabled = false"
    ));
}

/// A table whose every value may be a table of the same kind, in two ways.
#[derive(Default, Deserialize)]
#[serde(transparent)]
#[expect(dead_code, reason = "what is in it is no matter")]
struct Endless(serde_json::Value);

impl JsonSchema for Endless {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Endless".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let again = json!({ "anyOf": [{ "$ref": "#" }, { "$ref": "#" }, { "$ref": "#" }] });
        let schema = json!({ "type": "object", "properties": { "a": again }, "anyOf": [{ "$ref": "#" }, { "$ref": "#" }] });
        schema.try_into().expect("it is an object")
    }
}

#[test]
fn a_schema_that_refers_to_itself_takes_no_time() {
    let mut registry = Registry::new();
    registry.add(StageKind::new("acme.endless", "", "", |_: Endless, _| {
        Ok(per_doc(Contract::new(), |_| Ok(()), |(), _, _| Ok(())))
    }));
    let nested = format!("a = {}1{}", "{ a = ".repeat(60), " }".repeat(60));
    let source = format!("isnad = 1\n[[stage]]\nuse = \"acme.endless\"\n{nested}\n");
    let begin = std::time::Instant::now();
    let _: Result<Pipeline, _> = load(source, "p.toml", &registry, &NoFiles);
    // A guard against hours, not a measure.
    assert!(begin.elapsed() < std::time::Duration::from_secs(20));
}
