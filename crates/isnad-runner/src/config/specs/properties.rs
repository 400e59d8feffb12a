//! `[[property]]`: a law of stages, or what holds for all rows of a kind.

use super::schema::CASES;
use super::{Bench, Claim, PropertySpec, items, string};
use crate::config::Location;
use crate::config::error::code;
use crate::config::specs::vocabulary::Part;
use crate::config::tree::{Content, Node};

impl Bench<'_> {
    /// The property of a table; `None` where it says too little, which was reported.
    pub(super) fn property(&mut self, node: &Node, path: &str, location: Location) -> Option<PropertySpec> {
        let table = node.as_table()?;
        let mut articles = Vec::new();
        for (index, item) in items(node, "articles").iter().enumerate() {
            articles.extend(self.articles(item, &format!("{path}.articles[{index}]")).unwrap_or_default());
        }
        let claim = self.claim(node, path);
        let number = |key| match table.get(key)?.content {
            Content::Integer(number) => Some(number),
            _ => None,
        };
        let cases = number("cases").and_then(|cases| u32::try_from(cases).ok());
        let is_given = table.get("articles").is_some();
        Some(PropertySpec {
            name: string(node, "name")?,
            location,
            claim: claim?,
            articles,
            cases: cases.unwrap_or(if is_given { 0 } else { CASES }),
            seed: number("seed").and_then(|seed| u64::try_from(seed).ok()).unwrap_or_default(),
        })
    }

    fn claim(&mut self, node: &Node, path: &str) -> Option<Claim> {
        let table = node.as_table()?;
        if let Some(law) = string(node, "law") {
            let stages = match table.get("stage") {
                Some(stage) => vec![self.stage(stage, path)?],
                None => (0..self.vocabulary.stages.len()).collect(),
            };
            return Some(Claim::Law { law: Some(law).filter(|law| law != "all"), stages });
        }
        if let Some(never) = table.get("never") {
            return self.pattern(never, &format!("{path}.never")).map(Claim::Never);
        }
        let rows = self.pattern(table.get("every")?, &format!("{path}.every"))?;
        let has = table.get("has");
        let mut keys = |key: &str, part: Part| {
            let named: &[Node] = has.map(|has| items(has, key)).unwrap_or_default();
            for (index, item) in named.iter().enumerate() {
                if let Some(name) = item.as_str().filter(|_| !item.is_unknown()) {
                    self.key(item.place, &rows.layer, part, name, &format!("{path}.has.{key}[{index}]"));
                }
            }
            named.iter().filter_map(Node::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let (attrs, refs) = (keys("attrs", Part::Attr), keys("refs", Part::Link));
        let mut place =
            |key: &str| table.get(key).and_then(|node| self.layer(node, &format!("{path}.{key}")));
        let (inside, outside) = (place("inside"), place("outside"));
        Some(Claim::Every { rows, attrs, refs, inside, outside })
    }

    /// The place of the stage that a value names.
    fn stage(&mut self, node: &Node, path: &str) -> Option<usize> {
        let id = node.as_str().filter(|_| !node.is_unknown())?;
        if let Some((message, help)) = self.vocabulary.stage(id) {
            self.report.add(node.place, code::UNKNOWN_NAME, format!("{path}.stage"), message).help(help);
        }
        self.vocabulary.stages.iter().position(|stage| stage == id)
    }
}
