//! `[[test]]`: an article and what is expected of it.

use isnad_core::Article;
use serde_json::Value;

use super::{Bench, ExpectedRow, TestOutcome, TestSpec, items, string};
use crate::config::Location;
use crate::config::error::code;
use crate::config::tree::{Content, Node};
use crate::input::articles;
use crate::{Inputs, parse_date};

impl Bench<'_> {
    /// The test of a table; `None` where it says too little, which was reported.
    pub(super) fn test(&mut self, node: &Node, path: &str, location: Location) -> Option<TestSpec> {
        let table = node.as_table()?;
        let article = self.article(node, path);
        let expected = |bench: &mut Self, (index, item): (usize, &Node)| {
            let row = bench.pattern(item, &format!("{path}.expect[{index}]"))?;
            let count = item.as_table()?.get("count").and_then(|count| match count.content {
                Content::Integer(count) => usize::try_from(count).ok(),
                _ => None,
            });
            Some(ExpectedRow { row, count })
        };
        let expect = items(node, "expect").iter().enumerate();
        let expect = expect.filter_map(|item| expected(self, item)).collect();
        let absent = items(node, "absent").iter().enumerate();
        let absent = absent
            .filter_map(|(index, item)| self.pattern(item, &format!("{path}.absent[{index}]")))
            .collect();
        let only = items(node, "only").iter().enumerate();
        let only =
            only.filter_map(|(index, item)| self.layer(item, &format!("{path}.only[{index}]"))).collect();
        let outcome = table.get("outcome").and_then(Node::as_str).and_then(TestOutcome::from_name);
        Some(TestSpec {
            name: string(node, "name")?,
            location,
            article: article?,
            expect,
            absent,
            only,
            normalized: string(node, "normalized"),
            outcome: outcome.unwrap_or_default(),
        })
    }

    fn article(&mut self, node: &Node, path: &str) -> Option<Article> {
        let table = node.as_table()?;
        let mut article = match table.get("file") {
            Some(file) => self.article_of(file, path)?,
            None => Article { raw: string(node, "article")?, ..Article::default() },
        };
        article.id = string(node, "id").or(string(node, "name"))?;
        if let Some(title) = string(node, "title") {
            article.title_len = title.len();
            article.raw = format!("{title}\n\n{}", article.raw);
        }
        if let Some(Value::Object(meta)) = table.get("meta").map(Node::to_json) {
            article.meta.extend(meta);
        }
        if let Some((date, text)) = table.get("published").and_then(|date| Some((date, date.as_str()?))) {
            match parse_date(text) {
                Ok(day) => article.published = Some(day),
                Err(error) if !date.is_unknown() && !text.is_empty() => {
                    let message = format!("`{path}.published` {error}");
                    self.report.add(date.place, code::VALUE, format!("{path}.published"), message);
                }
                Err(_) => {}
            }
            // Records keep the date as it was given, too.
            article.meta.entry("published").or_insert_with(|| text.into());
        }
        Some(article)
    }

    /// The one article of a file.
    fn article_of(&mut self, file: &Node, path: &str) -> Option<Article> {
        let read = self.articles(file, &format!("{path}.file"))?;
        let count = read.len();
        let mut read = read.into_iter();
        match (read.next(), count) {
            (Some(article), 1) => Some(article),
            _ => {
                let message = format!("a test has one article, and here are {count}");
                self.report.add(file.place, code::INPUT, format!("{path}.file"), message);
                None
            }
        }
    }

    /// The articles in what a value names; `None` after an error.
    pub(super) fn articles(&mut self, node: &Node, path: &str) -> Option<Vec<Article>> {
        let name = node.as_str().filter(|name| !name.is_empty() && !node.is_unknown())?;
        let found = match name {
            "-" => Err("standard input is not read by tests; name a file".to_owned()),
            name => Inputs::find(&[name.to_owned()], self.base, self.input.format)
                .map_err(|error| error.to_string())
                .and_then(|inputs| {
                    articles(inputs.with_encoding(self.input.encoding), self.input.fields.clone())
                }),
        };
        match found {
            Ok(articles) => Some(articles),
            Err(problems) => {
                for problem in problems.lines() {
                    self.report
                        .add(node.place, code::INPUT, path, problem)
                        .help("paths start at the folder of the pipeline file".to_owned());
                }
                None
            }
        }
    }
}
