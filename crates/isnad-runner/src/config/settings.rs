//! Settings of the command line, `PATH=VALUE`, written into the tree before it is checked.
//!
//! | path | what it names |
//! |---|---|
//! | `input.format` | a key of the file |
//! | `stage[2].alef` | an option of the third stage |
//! | `normalize.letters.alef` | an option of the stage with this id, or of this kind |
//! | `acme.topics."a.b"` | a key with a dot in it |
//!
//! A value is read as TOML where it is TOML, else it is the text that stands there.

use super::error::code;
use super::file::TOP_LEVEL;
use super::from_toml;
use super::report::{Path, Report};
use super::suggest::{list, nearest, shown};
use super::tree::{Content, Entry, Node, Place, Table, found};

/// Writes settings into the tree of a file, the later over the earlier. Reports those that fit nowhere.
pub(crate) fn apply(settings: &[String], table: &mut Table, report: &mut Report) {
    for (index, setting) in settings.iter().enumerate() {
        let place = Place::Setting(index);
        if let Err(Problem { message, help }) = apply_one(setting, place, table) {
            report.add(place, code::SETTING, Path::Root, message).help(help);
        }
    }
}

/// Why a setting fits nowhere.
struct Problem {
    message: String,
    help: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

fn problem(message: String, help: impl Into<Option<String>>) -> Problem {
    Problem { message, help: help.into() }
}

fn apply_one(setting: &str, place: Place, table: &mut Table) -> Result<(), Problem> {
    let (path, value) = setting.split_once('=').ok_or_else(|| {
        problem(
            "a setting is `PATH=VALUE`, and this one has no `=`".to_owned(),
            "write something such as `--set input.format=jsonl`".to_owned(),
        )
    })?;
    let steps = parse_path(path).ok_or_else(|| {
        problem(
            format!("`{}` is no path into a pipeline", shown(path)),
            "write keys with dots between them, such as `input.format`, `stage[2].alef` or `normalize.letters.alef`"
                .to_owned(),
        )
    })?;
    let node = read_value(value, place)?;
    let steps = resolve(steps, table)?;
    let mut root = Node::new(place, Content::Table(std::mem::take(table)));
    let done = put(&mut root, &steps, node, place, "");
    if let Content::Table(root) = root.content {
        *table = root;
    }
    done
}

/// The steps of `a.b[2]."c.d"`.
fn parse_path(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (key, after) = quoted.split_once('"')?;
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[', ']', '"']).unwrap_or(rest.len());
            let (key, after) = rest.split_at_checked(end)?;
            if key.is_empty() {
                return None;
            }
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        }
        while let Some(bracket) = rest.strip_prefix('[') {
            let (index, after) = bracket.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => return rest.is_empty().then_some(steps),
        }
    }
}

/// A value as TOML, or as the text that it is.
/// The value that a setting gives: TOML where it is TOML, else the text that it is.
///
/// ```
/// use isnad_runner::setting_value;
/// use serde_json::json;
///
/// assert_eq!(setting_value("3"), json!(3));
/// assert_eq!(setting_value("bare"), json!("bare"));
/// assert_eq!(setting_value("['a', 'b']"), json!(["a", "b"]));
/// ```
pub fn setting_value(text: &str) -> serde_json::Value {
    read_value(text, Place::NOWHERE).map_or_else(|_| text.into(), |node| node.to_json())
}

fn read_value(text: &str, place: Place) -> Result<Node, Problem> {
    let mut report = Report::default();
    let (mut table, trust) = from_toml::parse(&format!("value = {text}"), &mut report);
    let plain = || Node::new(place, Content::String(text.to_owned()));
    let (1, None) = (table.entries.len(), trust) else {
        // A list with a slip in it is not meant as a text.
        return match text.trim_start().chars().next() {
            Some(first @ ('[' | '{' | '"')) => Err(problem(
                format!("`{}` begins with `{first}` as TOML does, but is no TOML", shown(text)),
                "strings in it must be quoted, and the whole be quoted from the shell: `--set 'input.paths=[\"a.txt\"]'`"
                    .to_owned(),
            )),
            _ => Ok(plain()),
        };
    };
    let Some(entry) = table.entries.pop() else { return Ok(plain()) };
    let mut node = entry.node;
    move_to(&mut node, place);
    if !matches!(node.content, Content::String(_) | Content::Array(_) | Content::Table(_)) {
        node.reading = Some(Box::new(Content::String(text.to_owned())));
    }
    Ok(node)
}

fn move_to(node: &mut Node, place: Place) {
    node.place = place;
    if let Content::Table(table) = &mut node.content {
        table.entries.iter_mut().for_each(|entry| entry.key_place = place);
    }
    node.children_mut().into_iter().for_each(|child| move_to(child, place));
}

/// The path from the top: the id of a stage becomes its place.
fn resolve(steps: Vec<Step>, table: &Table) -> Result<Vec<Step>, Problem> {
    if let Some(Step::Key(first)) = steps.first()
        && TOP_LEVEL.contains(&first.as_str())
    {
        return Ok(steps);
    }
    let ids = stage_ids(table);
    let keys = steps.iter().map_while(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    let keys: Vec<&str> = keys.collect();
    let prefixes: Vec<String> =
        (1..=keys.len()).rev().filter_map(|n| Some(keys.get(..n)?.join("."))).collect();
    for (prefix, length) in prefixes.iter().zip((1..=keys.len()).rev()) {
        let mut named = ids.iter().filter(|(_, id)| id == prefix);
        let Some((index, _)) = named.next() else { continue };
        if let Some((other, _)) = named.next() {
            return Err(problem(
                format!("`{}` names two stages", shown(prefix)),
                format!(
                    "write `stage[{index}]` or `stage[{other}]` in its place, or give one of the two another `id`"
                ),
            ));
        }
        let rest = steps.get(length..).unwrap_or_default();
        if rest.is_empty() {
            return Err(problem(
                format!("`{}` is a stage; name one of its options", shown(prefix)),
                format!(
                    "write `{}.OPTION=VALUE`; `{}.enabled=false` switches it off",
                    shown(prefix),
                    shown(prefix)
                ),
            ));
        }
        let stage = [Step::Key("stage".to_owned()), Step::Index(*index)];
        return Ok(stage.into_iter().chain(rest.iter().cloned()).collect());
    }
    let path = prefixes.first().map(String::as_str).unwrap_or_default();
    let names = || ids.iter().map(|(_, id)| id.as_str());
    let near = prefixes.iter().find_map(|prefix| nearest(prefix, names()));
    let near = near.or_else(|| nearest(keys.first().copied().unwrap_or_default(), TOP_LEVEL));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if ids.len() > 12 => "`isnad check --print` lists its stages".to_owned(),
        None => format!("its stages are {}; what is no stage begins with `input`", list(names(), "and")),
    };
    Err(problem(format!("the pipeline has no stage for `{}`", shown(path)), help))
}

/// The ids of the stages, with their places in the list.
fn stage_ids(table: &Table) -> Vec<(usize, String)> {
    let stages = table.get("stage").and_then(Node::as_array).unwrap_or_default();
    let id = |stage: &Node| {
        let table = stage.as_table()?;
        table.get("id").or(table.get("use")).and_then(Node::as_str).map(str::to_owned)
    };
    stages.iter().enumerate().filter_map(|(index, stage)| Some((index, id(stage)?))).collect()
}

/// Puts a value at the end of a path. Tables on the way that are not there are made.
fn put(node: &mut Node, steps: &[Step], value: Node, place: Place, path: &str) -> Result<(), Problem> {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return Ok(());
    };
    let what = found(node);
    match (step, &mut node.content) {
        (Step::Key(key), Content::Table(table)) => {
            let position = table.entries.iter().position(|entry| entry.key == *key);
            let position = position.unwrap_or_else(|| {
                let node = Node::new(place, Content::Table(Table::default()));
                table.entries.push(Entry { key: key.clone(), key_place: place, node });
                table.entries.len() - 1
            });
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match table.entries.get_mut(position) {
                Some(entry) => put(&mut entry.node, rest, value, place, &path),
                None => Ok(()),
            }
        }
        (Step::Index(index), Content::Array(items)) => {
            let count = items.len();
            let Some(item) = items.get_mut(*index) else {
                let most = count.saturating_sub(1);
                let items = if count == 1 { "item" } else { "items" };
                return Err(problem(
                    format!("there is no `{path}[{index}]`: `{path}` has {count} {items}"),
                    (count > 0).then(|| format!("they are counted from 0: `{path}[{most}]` is the last")),
                ));
            };
            put(item, rest, value, place, &format!("{path}[{index}]"))
        }
        (Step::Key(key), Content::Array(_)) => Err(problem(
            format!("`{path}` is a list, which has no `{}`", shown(key)),
            match key.parse::<usize>() {
                Ok(index) => format!("write `{path}[{index}]`"),
                Err(_) => format!("write `{path}[0].{}` for the first of it", shown(key)),
            },
        )),
        (Step::Key(key), _) => Err(problem(format!("`{path}` has no `{}`: it is {what}", shown(key)), None)),
        (Step::Index(index), _) => {
            Err(problem(format!("there is no `{path}[{index}]`: `{path}` is {what}"), None))
        }
    }
}
