//! Articles made smaller while they still show a failure.

use isnad_core::Article;

/// The smallest articles found for which `fails` still says yes: documents are left out, then what they
/// came with (metadata, date, title, id), then paragraphs, sentences, words and code points, large pieces
/// first. The same input is always made smaller in the same way.
///
/// `fails` is asked at most `tries` times, and never about the articles as they are, so that it may be
/// costly: a process started for each try. This is for failures on which proptest cannot work, such as a
/// crash in another process; what the [`laws`](mod@crate::laws) find is small already.
///
/// ```
/// use isnad_core::Article;
///
/// let of_text = |raw: &str| Article { raw: raw.into(), ..Article::default() };
/// let articles = [of_text("وصل الوفد."), of_text("قال الوزير: «نعم». ثم غادر القاعة.")];
/// let small = isnad_testkit::shrink(&articles, 500, &mut |articles| {
///     articles.iter().any(|article| article.raw.contains('«'))
/// });
/// assert_eq!(small.len(), 1);
/// assert_eq!(small[0].raw, "«");
/// ```
pub fn shrink(articles: &[Article], tries: usize, fails: &mut dyn FnMut(&[Article]) -> bool) -> Vec<Article> {
    let mut search = Search { best: articles.to_vec(), left: tries, fails };
    loop {
        let before = size(&search.best);
        search.drop_documents();
        for index in 0..search.best.len() {
            search.simplify(index);
            for cut in [paragraphs, sentences, words, code_points] {
                search.drop_pieces(index, cut);
            }
        }
        if search.left == 0 || size(&search.best) == before {
            return search.best;
        }
    }
}

struct Search<'f> {
    best: Vec<Article>,
    left: usize,
    fails: &'f mut dyn FnMut(&[Article]) -> bool,
}

impl Search<'_> {
    /// Takes the candidate if it still fails.
    fn try_it(&mut self, candidate: Vec<Article>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let fails = (self.fails)(&candidate);
        if fails {
            self.best = candidate;
        }
        fails
    }

    fn drop_documents(&mut self) {
        let mut step = self.best.len() / 2;
        while step > 0 {
            let mut at = 0;
            while at < self.best.len() && self.best.len() > 1 && self.left > 0 {
                let kept = |index: &usize| !(at..at + step).contains(index);
                let candidate: Vec<Article> =
                    (0..self.best.len()).filter(kept).map(|index| self.best[index].clone()).collect();
                if candidate.is_empty() || !self.try_it(candidate) {
                    at += step;
                }
            }
            step /= 2;
        }
    }

    /// Tries to do without what the article came with.
    fn simplify(&mut self, index: usize) {
        let plain = Article::default();
        let simpler: [fn(&mut Article); 5] = [
            |article| article.meta.clear(),
            |article| article.published = None,
            |article| article.title_len = 0,
            |article| article.id.clear(),
            |article| article.origin = Article::default().origin,
        ];
        let is_plain: [fn(&Article, &Article) -> bool; 5] = [
            |article, _| article.meta.is_empty(),
            |article, _| article.published.is_none(),
            |article, _| article.title_len == 0,
            |article, _| article.id.is_empty(),
            |article, plain| article.origin == plain.origin,
        ];
        for (simplify, is_plain) in simpler.iter().zip(is_plain) {
            let mut candidate = self.best.clone();
            let Some(article) = candidate.get_mut(index).filter(|article| !is_plain(article, &plain)) else {
                continue;
            };
            simplify(article);
            self.try_it(candidate);
        }
    }

    /// Leaves out pieces of a text, half of them at a time, then a quarter, down to single ones.
    fn drop_pieces(&mut self, index: usize, cut: fn(&str) -> Vec<&str>) {
        let Some(article) = self.best.get(index) else { return };
        let mut lengths: Vec<usize> = cut(&article.raw).iter().map(|piece| piece.len()).collect();
        let mut step = lengths.len().div_ceil(2);
        while step > 0 {
            let (mut piece, mut begin) = (0, 0);
            while piece < lengths.len() && self.left > 0 {
                let until = (piece + step).min(lengths.len());
                let end = begin + lengths.iter().take(until).skip(piece).sum::<usize>();
                let mut candidate = self.best.clone();
                let Some(smaller) = candidate.get(index).map(|article| without(article, begin, end)) else {
                    return;
                };
                candidate[index] = smaller;
                if self.try_it(candidate) {
                    lengths.drain(piece..until);
                } else {
                    (piece, begin) = (until, end);
                }
            }
            step /= 2;
        }
    }
}

/// The article without the bytes from `begin` to `end` of its text, which are code-point borders.
fn without(article: &Article, begin: usize, end: usize) -> Article {
    let before = article.raw.get(..begin).unwrap_or_default();
    let after = article.raw.get(end..).unwrap_or_default();
    let of_title = article.title_len.min(end) - article.title_len.min(begin);
    Article { raw: format!("{before}{after}"), title_len: article.title_len - of_title, ..article.clone() }
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '!', '؟', '،', '؛', ':', '\n']).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

fn code_points(text: &str) -> Vec<&str> {
    text.split_inclusive(|_| true).collect()
}

/// What must become smaller for another round to make sense.
fn size(articles: &[Article]) -> (usize, usize) {
    (articles.len(), articles.iter().map(|article| article.raw.len()).sum())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::arabic;

    fn article(raw: &str) -> Article {
        Article { id: "x".into(), raw: raw.into(), ..Article::default() }
    }

    fn raws(articles: &[Article]) -> Vec<&str> {
        articles.iter().map(|article| article.raw.as_str()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_is_returned_fails_and_is_no_larger(articles in vec(arabic::article(), 1..4), c in prop::sample::select(vec!['ا', ' ', '«', '.'])) {
            let bad = |articles: &[Article]| articles.iter().any(|article| article.raw.contains(c));
            prop_assume!(bad(&articles));
            let small = shrink(&articles, 2000, &mut |articles| {
                assert!(articles.iter().all(|article| article.raw.is_char_boundary(article.title_len)));
                bad(articles)
            });
            prop_assert_eq!(raws(&small), vec![c.to_string()]);
            prop_assert!(small[0].id.is_empty() && small[0].meta.is_empty() && small[0].published.is_none());
        }
    }

    #[test]
    fn a_failure_that_needs_two_documents_keeps_two() {
        let articles = ["قال نعم.", "لا", "وصل الوفد", "قال الوزير"].map(article);
        let said = |articles: &[Article]| articles.iter().filter(|one| one.raw.contains("قال")).count() == 2;
        assert_eq!(raws(&shrink(&articles, 1000, &mut { said })), ["قال", "قال"]);
    }

    #[test]
    fn a_title_stays_the_beginning_of_its_text() {
        let mut titled = article("وصل الوفد\n\nقال الوزير نعم");
        titled.title_len = "وصل الوفد".len();
        let small = shrink(&[titled], 1000, &mut |articles| articles[0].title_len == "الوفد".len());
        assert_eq!(raws(&small)[0].chars().count(), 5);
    }

    #[test]
    fn it_asks_no_more_often_than_it_may() {
        let mut asked = 0;
        let long = [article(&"كلمة ".repeat(400))];
        shrink(&long, 25, &mut |articles| {
            asked += 1;
            articles[0].raw.matches("كلمة").count() > 150
        });
        assert_eq!(asked, 25);
    }

    #[test]
    fn one_bad_letter_in_a_long_line_is_found_soon() {
        let long = [article(&("ا".repeat(300_000) + "ژ" + &"ب".repeat(200_000)))];
        let small = shrink(&long, 200, &mut |articles| articles[0].raw.contains('ژ'));
        assert_eq!(raws(&small), ["ژ"]);
    }
}
