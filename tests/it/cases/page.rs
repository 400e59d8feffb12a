//! From a Markdown page to its cases.

use std::ops::Range;
use std::sync::Arc;

use crate::cases::shown;
use crate::markdown::{Block, Part, parts};

/// A page that was read: the cases in its order.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) cases: Vec<Case>,
}

/// One expectation: a pipeline, an article, and what comes of it.
#[derive(Debug)]
pub(super) struct Case {
    /// The headings above it, from the outermost.
    pub(super) title: Vec<String>,
    /// The line of its `expected` block.
    pub(super) line: usize,
    /// The pipeline: the source of a file, or the name of one that is built in.
    pub(super) pipeline: Arc<str>,
    /// The article; `None` where only the pipeline is looked at.
    pub(super) article: Option<Arc<Article>>,
    /// What is looked at.
    pub(super) view: View,
    /// What is expected, as it stands in the page.
    pub(super) expected: String,
    /// Where it stands.
    pub(super) place: Range<usize>,
    /// Why today's outcome is wrong, where it is.
    pub(super) wrong: Option<String>,
}

/// What comes in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Article {
    /// The text, its title included.
    pub(super) text: String,
    /// How many bytes of it are the title.
    pub(super) title_len: usize,
    /// The publication date as it was given.
    pub(super) published: Option<String>,
}

/// What of the outcome is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// The text behind the last stage.
    Text,
    /// What exporters write.
    Output,
    /// What is wrong with the pipeline.
    Errors,
    /// The rows of these layers.
    Layers(Vec<String>),
}

/// What is wrong with a page, with the line.
type Errors = Vec<(usize, String)>;

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// All blocks that cannot be understood.
    pub(super) fn read(text: &str) -> Result<Page, Errors> {
        let mut reader = Reader::default();
        for part in parts(text) {
            match part {
                Part::Heading { level, text } => reader.heading(level, text),
                Part::Paragraph { line, text } => reader.paragraph(line, &text),
                Part::Block(block) => reader.block(&block),
            }
        }
        reader.end_of_section();
        if reader.page.cases.is_empty() && reader.errors.is_empty() {
            reader.errors.push((1, "the page has no case: no `expected` block".to_owned()));
        }
        if reader.errors.is_empty() { Ok(reader.page) } else { Err(reader.errors) }
    }
}

#[derive(Default)]
struct Reader {
    page: Page,
    errors: Errors,
    /// The headings that hold here, with the pipeline that each section was given.
    sections: Vec<Section>,
    /// The pipeline of a page before its first heading.
    default: Option<Arc<str>>,
    /// The article of this section, its line, and whether anything is expected of it.
    article: Option<(Arc<Article>, usize, bool)>,
    /// What is said to be wrong with the next expectation, and its line.
    wrong: Option<(usize, String)>,
}

struct Section {
    level: usize,
    title: String,
    pipeline: Option<Arc<str>>,
}

impl Reader {
    fn heading(&mut self, level: usize, title: String) {
        self.end_of_section();
        self.sections.retain(|section| section.level < level);
        self.sections.push(Section { level, title, pipeline: None });
    }

    fn paragraph(&mut self, line: usize, text: &str) {
        if let Some(why) = text.strip_prefix("wrong:") {
            self.wrong = Some((line, why.trim().to_owned()));
        }
    }

    fn block(&mut self, block: &Block) {
        let mut words = block.words();
        let outcome = match words.next().unwrap_or_default() {
            "pipeline" => self.pipeline(block),
            "article" => self.article(block),
            "expected" => self.expected(block, &words.collect::<Vec<_>>()),
            "text" => Ok(()),
            other => Err(format!(
                "`{other}` is no block of a case; there are `pipeline`, `article` and `expected`, and `text` for what is not run"
            )),
        };
        if let Err(error) = outcome {
            self.errors.push((block.line, error));
        }
    }

    fn pipeline(&mut self, block: &Block) -> Result<(), String> {
        if let Some(word) = block.words().nth(1) {
            return Err(format!(
                "`{word}` says nothing about a pipeline; its source or name stands in the block"
            ));
        }
        self.end_of_article();
        let source: Arc<str> = block.text.trim_end().into();
        match self.sections.last_mut() {
            Some(section) => section.pipeline = Some(source),
            None => self.default = Some(source),
        }
        Ok(())
    }

    fn article(&mut self, block: &Block) -> Result<(), String> {
        self.end_of_article();
        let text = block.text.strip_suffix('\n').unwrap_or(&block.text);
        let mut article = Article { text: shown::read(text)?, ..Article::default() };
        for word in block.words().skip(1) {
            match word.split_once('=') {
                Some(("published", date)) => article.published = Some(date.to_owned()),
                None if word == "title" => {
                    let title = article.text.split_once("\n\n").map(|(title, _)| title.len());
                    article.title_len = title.ok_or("a blank line stands between the title and the rest")?;
                }
                _ => {
                    return Err(format!(
                        "`{word}` says nothing about an article; there are `published=…` and `title`"
                    ));
                }
            }
        }
        self.article = Some((Arc::new(article), block.line, false));
        Ok(())
    }

    fn expected(&mut self, block: &Block, words: &[&str]) -> Result<(), String> {
        let view = match words {
            ["text"] => View::Text,
            ["output"] => View::Output,
            ["errors"] => View::Errors,
            [] => {
                return Err("say what is expected: `text`, `output`, `errors`, or names of layers".to_owned());
            }
            layers => View::Layers(layers.iter().map(|layer| (*layer).to_owned()).collect()),
        };
        let place = block.place.clone().ok_or("the block is indented, or has no closing fence")?;
        let article = match (&mut self.article, &view) {
            (_, View::Errors) => None,
            (Some((article, _, expected)), _) => {
                *expected = true;
                Some(article.clone())
            }
            (None, _) => return Err("there is no `article` above it in this section".to_owned()),
        };
        self.page.cases.push(Case {
            title: self.sections.iter().map(|section| section.title.clone()).collect(),
            line: block.line,
            pipeline: self.here(),
            article,
            view,
            expected: block.text.clone(),
            place,
            wrong: self.wrong.take().map(|(_, why)| why),
        });
        Ok(())
    }

    /// The pipeline that holds here: that of the innermost section which has one.
    fn here(&self) -> Arc<str> {
        let given = self.sections.iter().rev().find_map(|section| section.pipeline.as_ref());
        given.or(self.default.as_ref()).cloned().unwrap_or_else(|| "news".into())
    }

    /// Of an article something must be expected.
    fn end_of_article(&mut self) {
        if let Some((_, line, false)) = self.article.take() {
            self.errors
                .push((line, "nothing is expected of the article: add an `expected` block".to_owned()));
        }
    }

    fn end_of_section(&mut self) {
        self.end_of_article();
        if let Some((line, _)) = self.wrong.take() {
            self.errors.push((line, "`wrong:` has no `expected` block behind it".to_owned()));
        }
    }
}
