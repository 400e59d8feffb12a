//! A `[[property]]`: tried on articles until one shows that it does not hold, which is then made smaller.

use isnad_core::{Article, Document, Fate, Names, SinkKind, Span, Stage};
use isnad_runner::{Claim, Pipeline, PropertySpec, RowPattern, Trial};
use isnad_testkit::laws::{Law, LawBroken, Laws};
use isnad_testkit::{arabic, escaped, shrink};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::article::{as_test, quoted};
use super::rows::{Found, found, is_like, line};

/// What shows that the property does not hold; empty if nothing does.
pub(super) fn run(pipeline: &Pipeline, property: &PropertySpec) -> Vec<String> {
    match &property.claim {
        Claim::Law { law, stages } => {
            stages.iter().filter_map(|stage| law_of(pipeline, *stage, law.as_deref(), property)).collect()
        }
        claim => invariant(pipeline, claim, property).into_iter().collect(),
    }
}

/// How a stage breaks a law.
fn law_of(pipeline: &Pipeline, place: usize, law: Option<&str>, property: &PropertySpec) -> Option<String> {
    let prepared = pipeline.stages.get(place)?;
    let before = pipeline.stages.iter().take(place).map(|stage| &*stage.stage);
    let upstream: Vec<&dyn Stage> = before.filter(|stage| stage.contract().sink == SinkKind::None).collect();
    let given: Vec<Vec<Article>> = property.articles.iter().map(|article| vec![article.clone()]).collect();
    let laws = Laws::new(&*prepared.stage).after(&upstream).articles(&given);
    let laws = laws.cases(property.cases).seed(property.seed);
    let laws = match law.and_then(Law::from_name) {
        Some(Law::Memory) => laws.only(&[Law::Memory]).memory(BATCHES),
        Some(law) => laws.only(&[law]),
        None => laws,
    };
    let LawBroken { law, message, articles } = laws.run().err()?;
    let mut out = format!("`{}` breaks the law `{}`: {}", prepared.id, law.name(), message);
    if !articles.is_empty() {
        out.push_str("\non the smallest batch found");
    }
    for article in &articles {
        out.push_str(&format!("\n  {}", quoted(&article.raw)));
    }
    Some(out)
}

/// So many batches tell a leak from noise.
const BATCHES: u32 = 3000;

/// What shows that not all articles are as the claim says.
fn invariant(pipeline: &Pipeline, claim: &Claim, property: &PropertySpec) -> Option<String> {
    let mut trial = Trial::new(pipeline);
    let given = property.articles.iter().cloned();
    for (article, origin) in given
        .map(Some)
        .map(|given| (given, "given"))
        .chain(generated(property.cases, property.seed).map(|article| (Some(article), "generated")))
    {
        let article = article?;
        if broken(&mut trial, pipeline, claim, &article).is_none() {
            continue;
        }
        let mut fails = |articles: &[Article]| {
            articles.iter().any(|article| broken(&mut trial, pipeline, claim, article).is_some())
        };
        let smallest =
            shrink(std::slice::from_ref(&article), TRIES, &mut fails).pop().unwrap_or(article.clone());
        let problem = broken(&mut trial, pipeline, claim, &smallest)?;
        let source = match (origin, &article.origin.path) {
            ("given", Some(path)) => format!(", found in `{}`", escaped(path)),
            _ => format!(", generated with the seed {}", property.seed),
        };
        let test = as_test(&smallest, &format!("{}: counter-example", property.name));
        return Some(format!(
            "{problem}\nthe smallest article that shows it{source}, as a test to keep:\n{}",
            indented(&test)
        ));
    }
    None
}

/// So often an article is made smaller, at most.
const TRIES: usize = 2000;

/// The generated articles, the same ones for the same seed.
fn generated(cases: u32, seed: u64) -> impl Iterator<Item = Article> {
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().zip(seed.to_le_bytes()) {
        *place = byte;
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let strategy = arabic::article();
    (0..cases).filter_map(move |_| strategy.new_tree(&mut runner).ok().map(|tree| tree.current()))
}

/// What an article shows against the claim.
fn broken(trial: &mut Trial<'_>, pipeline: &Pipeline, claim: &Claim, article: &Article) -> Option<String> {
    let tried = match trial.run(article.clone()) {
        Ok(tried) => tried,
        Err(error) => return Some(format!("the run ended: {error}")),
    };
    let (document, names) = (&tried.document, &*pipeline.plan.names);
    match document.fate() {
        Fate::Live => {}
        Fate::Failed(error) if matches!(&*error.code, "panic" | "crash" | "timeout" | "memory") => {
            let stage = tried.failed_in.as_deref().unwrap_or_default();
            let what = if error.code == "panic" { "panicked" } else { "fell over" };
            return Some(format!("`{stage}` {what}: {}", escaped(&error.message)));
        }
        // Nothing is written of it, so nothing is claimed of it.
        Fate::Failed(_) | Fate::Dropped(_) => return None,
    }
    match claim {
        Claim::Law { .. } => None,
        Claim::Never(pattern) => {
            let row = rows_like(document, names, pattern).into_iter().next()?;
            Some(format!("there is a row that should never be\n  {}", line(&row.row)))
        }
        Claim::Every { rows, attrs, refs, inside, outside } => {
            rows_like(document, names, rows).into_iter().find_map(|row| {
                let lacks = |what: &str, name: &str| format!("a row without the {what} `{name}`");
                let attr = attrs.iter().find(|attr| !row.row.attrs.iter().any(|(name, _)| name == *attr));
                let link = refs.iter().find(|key| !row.row.refs.iter().any(|(name, _)| name == *key));
                let out = inside.as_ref().filter(|layer| {
                    !found(document, names, layer).iter().any(|outer| encloses(outer.span, row.span))
                });
                let on = outside.as_ref().and_then(|layer| {
                    let other = found(document, names, layer);
                    let other = other.into_iter().find(|other| overlap(other.span, row.span))?;
                    Some(format!("a row that overlaps\n  {}", line(&other.row)))
                });
                let problem = attr
                    .map(|attr| lacks("attr", attr))
                    .or_else(|| link.map(|key| lacks("link", key)))
                    .or_else(|| out.map(|layer| format!("a row that lies in no `{layer}`")))
                    .or(on)?;
                Some(format!("there is {problem}\n  {}", line(&row.row)))
            })
        }
    }
}

fn rows_like(document: &Document, names: &Names, pattern: &RowPattern) -> Vec<Found> {
    let mut rows = found(document, names, &pattern.layer);
    rows.retain(|row| is_like(&row.row, pattern));
    rows
}

fn encloses(outer: Span, inner: Span) -> bool {
    outer.begin <= inner.begin && inner.end <= outer.end
}

fn overlap(a: Span, b: Span) -> bool {
    a.begin < b.end && b.begin < a.end
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
