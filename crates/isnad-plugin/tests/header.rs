//! The header and the Rust side are the same border: every size, offset and constant of `isnad.h`, asked of a C
//! compiler, is what Rust has; and C and C++ compilers have nothing to say against it.

use std::collections::BTreeMap;
use std::fs;
use std::mem::{align_of, offset_of, size_of};
use std::path::{Path, PathBuf};
use std::process::Command;

use isnad_plugin::{HEADER, abi};

/// A struct of the header, and what Rust knows of it.
struct Struct {
    name: &'static str,
    size: usize,
    align: usize,
    fields: Vec<(&'static str, usize)>,
}

/// `C name = Rust type { C field: Rust field }`; where the two are the same, one stands for both.
macro_rules! structs {
    ($($name:ident = $rust:ident { $($field:ident $(: $other:ident)?),* $(,)? }),* $(,)?) => {
        vec![$(Struct {
            name: stringify!($name),
            size: size_of::<abi::$rust>(),
            align: align_of::<abi::$rust>(),
            fields: vec![$((c_name(stringify!($field)), offset!($rust $field $($other)?))),*],
        }),*]
    };
}

macro_rules! offset {
    ($rust:ident $field:ident) => {
        offset_of!(abi::$rust, $field)
    };
    ($rust:ident $field:ident $other:ident) => {
        offset_of!(abi::$rust, $other)
    };
}

fn structs() -> Vec<Struct> {
    structs! {
        isnad_str = Str { ptr, len },
        isnad_row = Row { begin, end, score, label, rule, stage, reserved },
        isnad_ref = Ref { index, layer, reserved },
        isnad_attr = Attr { row, value_at, value_len, next, key, stage },
        isnad_link = Link { row, to, next, key, stage },
        isnad_heads = Heads { attr, link },
        isnad_layer = Layer { rows, attrs, links, heads, n_rows, n_attrs, n_links, reserved },
        isnad_segment = Segment { begin, end, raw_begin, raw_end, kind },
        isnad_edit = Edit { begin, end, kind, reserved, with },
        isnad_new_attr = NewAttr { row, key, reserved, value },
        isnad_new_link = NewLink { row, key, reserved, to },
        isnad_document = Document {
            size, title_len, id, raw, text, segments, layers, arena, meta, path, record, begin, end, n_segments,
            n_layers, published, reserved,
        },
        isnad_names = Names {
            size, n_layers, n_symbols, n_stages, layers, versions, symbols, stages, stage, reserved,
        },
        isnad_value = Value { r#type: kind, count, integer, number, text },
        isnad_call = Call { host },
        isnad_host = Host {
            size, abi_major, abi_minor, log_level, log, get_extension, error, cancelled, json, option_error,
            read_file, add_rows, add_attrs, add_links, edit, fail, drop, warn, write, create_file, write_file,
            finish_file,
        },
        isnad_kind = Kind {
            size, reserved, name, about, docs, schema, examples, create, contract, open, process, finish, close,
            destroy, open_sink, commit, finish_sink, close_sink, get_extension,
        },
        isnad_module = Module {
            magic, size, abi_major, abi_minor, abi_minor_needed, row_size, attr_size, link_size, document_size,
            n_kinds, version, built_with, kinds, init,
        },
    }
}

const CONSTANTS: &[(&str, i64)] = &[
    ("ISNAD_MAGIC", abi::MAGIC as i64),
    ("ISNAD_ABI_MAJOR", abi::ABI_MAJOR as i64),
    ("ISNAD_ABI_MINOR", abi::ABI_MINOR as i64),
    ("ISNAD_OK", abi::OK as i64),
    ("ISNAD_FAILED", abi::FAILED as i64),
    ("ISNAD_PANICKED", abi::PANICKED as i64),
    ("ISNAD_CANCELLED", abi::CANCELLED as i64),
    ("ISNAD_REFUSED", abi::REFUSED as i64),
    ("ISNAD_NONE", 0),
    ("ISNAD_END", abi::END as i64),
    ("ISNAD_SAME", abi::kind::SAME as i64),
    ("ISNAD_REPLACE", abi::kind::REPLACE as i64),
    ("ISNAD_DELETE", abi::kind::DELETE as i64),
    ("ISNAD_DELETE_BEFORE", abi::kind::DELETE_BEFORE as i64),
    ("ISNAD_DELETE_BEHIND", abi::kind::DELETE_BEHIND as i64),
    ("ISNAD_REVERSE", abi::kind::REVERSE as i64),
    ("ISNAD_WITHHOLD", abi::kind::WITHHOLD as i64),
    ("ISNAD_ABSENT", abi::value::ABSENT as i64),
    ("ISNAD_NULL", abi::value::NULL as i64),
    ("ISNAD_BOOLEAN", abi::value::BOOLEAN as i64),
    ("ISNAD_INTEGER", abi::value::INTEGER as i64),
    ("ISNAD_NUMBER", abi::value::NUMBER as i64),
    ("ISNAD_STRING", abi::value::STRING as i64),
    ("ISNAD_ARRAY", abi::value::ARRAY as i64),
    ("ISNAD_OBJECT", abi::value::OBJECT as i64),
    ("ISNAD_LOG_ERROR", abi::level::ERROR as i64),
    ("ISNAD_LOG_WARN", abi::level::WARN as i64),
    ("ISNAD_LOG_INFO", abi::level::INFO as i64),
    ("ISNAD_LOG_DEBUG", abi::level::DEBUG as i64),
    ("ISNAD_LOG_TRACE", abi::level::TRACE as i64),
];

#[test]
fn every_field_and_constant_of_the_header_is_compared() {
    let mut known = BTreeMap::new();
    for of in structs() {
        known.insert(of.name.to_owned(), of.fields.iter().map(|(field, _)| (*field).to_owned()).collect());
    }
    assert_eq!(structs_of(HEADER), known);
    let constants: Vec<&str> = CONSTANTS.iter().map(|(name, _)| *name).collect();
    let mut defined = constants_of(HEADER);
    let mut compared = constants.clone();
    defined.sort_unstable();
    compared.sort_unstable();
    assert_eq!(defined, compared);
}

#[test]
fn sizes_offsets_and_constants_are_those_of_a_c_compiler() {
    let (mut program, mut expected) =
        (String::from("#include <stdio.h>\n#include \"isnad.h\"\nint main(void) {\n"), String::new());
    for Struct { name, size, align, fields } in structs() {
        program += &format!("  printf(\"{name} %zu %zu\\n\", sizeof({name}), _Alignof({name}));\n");
        expected += &format!("{name} {size} {align}\n");
        for (field, offset) in fields {
            program += &format!("  printf(\"{name}.{field} %zu\\n\", offsetof({name}, {field}));\n");
            expected += &format!("{name}.{field} {offset}\n");
        }
    }
    for (name, value) in CONSTANTS {
        program += &format!("  printf(\"{name} %lld\\n\", (long long){name});\n");
        expected += &format!("{name} {value}\n");
    }
    program += "  return 0;\n}\n";
    let binary = compile(Language::C, "layout", &program, Make::Program);
    let output = Command::new(binary).output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

/// All that the header has for convenience, used once.
const USES: &str = r#"
#include "isnad.h"
#include "isnad.h"

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **out) {
  (void)kind; (void)options; (void)out;
  if (ISNAD_HAS(call->host, isnad_host, finish_file)) call->host->error(call, isnad_str_of("no", 2));
  return ISNAD_FAILED;
}

isnad_rc take(isnad_call *call, const isnad_document *documents, size_t n, const isnad_names *names);
isnad_rc take(isnad_call *call, const isnad_document *documents, size_t n, const isnad_names *names) {
  const uint32_t layer = isnad_find_layer(names, isnad_str_of("token", 5));
  const uint32_t key = isnad_find_symbol(names, isnad_str_of("norm", 4));
  size_t i;
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    if (layer != ISNAD_END && isnad_layer_of(document, layer) != NULL &&
        isnad_attr_of(document, layer, 0, key).len == 0)
      return call->host->fail(call, (uint32_t)i, isnad_str_of("odd", 3), document->id);
  }
  return ISNAD_OK;
}

static const isnad_kind KIND = {
    sizeof(isnad_kind), 0, ISNAD_STR("acme.no"), ISNAD_STR("Refuses."), ISNAD_STR(""), ISNAD_STR("{}"), ISNAD_STR(""),
    create, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL};
static const isnad_kind *const KINDS[] = {&KIND};
static const isnad_module MODULE = {ISNAD_MODULE_HEAD, 1, ISNAD_STR("1.0"), ISNAD_STR(""), KINDS, NULL};

const isnad_module *isnad_module_v0(void) { return &MODULE; }
"#;

#[test]
fn c_compilers_have_nothing_to_say_against_it() {
    compile(Language::C, "uses", USES, Make::Object);
}

#[test]
fn cpp_compilers_have_nothing_to_say_against_it() {
    compile(Language::Cpp, "uses_cpp", USES, Make::Object);
}

#[derive(Clone, Copy, PartialEq)]
enum Language {
    C,
    Cpp,
}

#[derive(Clone, Copy, PartialEq)]
enum Make {
    Program,
    Object,
}

/// Compiles with all warnings as errors; the path of what was made.
fn compile(language: Language, name: &str, source: &str, make: Make) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(name).with_extension(if language == Language::C { "c" } else { "cpp" });
    fs::write(&file, source).expect("the source can be written");
    let target = format!("{}-unknown-{}-gnu", std::env::consts::ARCH, std::env::consts::OS);
    let compiler = cc::Build::new()
        .cpp(language == Language::Cpp)
        .target(&target)
        .host(&target)
        .opt_level(0)
        .cargo_metadata(false)
        .get_compiler();
    let made = folder.join(format!("{name}.made"));
    let mut command = Command::new(compiler.path());
    command
        .arg(if language == Language::C { "-std=c11" } else { "-std=c++17" })
        .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-I"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include"))
        .args((make == Make::Object).then_some("-c"))
        .arg("-o")
        .args([&made, &file]);
    let output = command.output().expect("there is a compiler; set CC and CXX where they have other names");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    made
}

/// `type` is a word of Rust.
fn c_name(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The structs of a header with the names of their fields.
fn structs_of(header: &str) -> BTreeMap<String, Vec<String>> {
    let header = without_comments(header);
    let mut structs = BTreeMap::new();
    for piece in header.split('\n').collect::<Vec<_>>().split(|line| line.starts_with('}')) {
        let head = |line: &&str| {
            line.trim_start_matches("typedef ").strip_prefix("struct ")?.strip_suffix(" {").map(str::to_owned)
        };
        let Some((at, name)) = piece.iter().enumerate().find_map(|(at, line)| Some((at, head(line)?))) else {
            continue;
        };
        let fields = piece[at + 1..].join(" ").split(';').flat_map(fields_of).collect();
        structs.insert(name, fields);
    }
    structs
}

/// The names in a declaration such as `uint32_t begin, end` or `void (*close)(isnad_worker *)`.
fn fields_of(declaration: &str) -> Vec<String> {
    let name = |text: &str| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        text.trim().rsplit(|c| !is_name(c)).next().unwrap_or_default().to_owned()
    };
    match declaration.split_once("(*") {
        Some((_, rest)) => vec![rest.split(')').next().unwrap_or_default().to_owned()],
        None => declaration.split(',').map(name).filter(|name| !name.is_empty()).collect(),
    }
}

/// The names that are defined as a number.
fn constants_of(header: &str) -> Vec<&str> {
    let number = |line: &'_ str| -> bool {
        line.split_whitespace().nth(2).is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit()))
    };
    let lines = header.lines().filter(|line| line.starts_with("#define ISNAD_") && number(line));
    lines.filter_map(|line| line.split_whitespace().nth(1)).collect()
}

fn without_comments(source: &str) -> String {
    let mut out = String::new();
    for (index, piece) in source.split("/*").enumerate() {
        out.push_str(if index == 0 { piece } else { piece.split_once("*/").map_or("", |(_, rest)| rest) });
    }
    out
}
