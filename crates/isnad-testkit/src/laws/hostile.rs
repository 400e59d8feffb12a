//! The worst texts through the chain.

use isnad_core::Article;

use super::rig::Rig;
use super::run::{Observe, smaller};
use super::{Law, LawBroken, rules};
use crate::hostile_texts;

/// Longer texts are tried by themselves only.
const LONG: usize = 4096;

/// Tries what was given, such as earlier counter-examples, then the list.
pub(super) fn hostile(rig: &Rig<'_>, given: &[Vec<Article>], observe: &Observe<'_>) -> Result<(), LawBroken> {
    let judge = |articles: &[Article]| {
        (observe.borrow_mut())(Law::Hostile, articles);
        one(rig, articles)
    };
    given
        .iter()
        .try_for_each(|articles| judge(articles).map_err(|broken| smaller(broken.on(articles), &judge)))?;
    let of_text = |(name, raw): (&str, String)| Article { id: name.to_owned(), raw, ..Article::default() };
    let mut together = Vec::new();
    for article in hostile_texts().map(of_text) {
        let name = article.id.clone();
        let articles = [article];
        if let Err(broken) = judge(&articles) {
            let mut broken = smaller(broken.on(&articles), &judge);
            broken.message = format!("{name}: {}", broken.message);
            return Err(broken);
        }
        together.extend(articles.into_iter().filter(|article| article.raw.len() < LONG));
    }
    judge(&together).map_err(|broken| smaller(broken.on(&together), &judge))
}

/// What must hold for a hostile text, as for any other.
pub(super) fn one(rig: &Rig<'_>, articles: &[Article]) -> Result<(), LawBroken> {
    rules::one_pass(rig, articles, &|_| true).map_err(|broken| match broken.law {
        Law::Chain => broken,
        law => LawBroken::of(Law::Hostile, format!("`{law}`: {}", broken.message)),
    })
}
