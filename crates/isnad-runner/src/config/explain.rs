//! What stands behind the codes of errors: a page each.

const PAGES: &str = include_str!("errors.md");

/// The page on a code, such as `E0103`: what the error means, an example of it, how to mend it.
///
/// ```
/// let page = isnad_runner::explain("E0103").expect("it is a code");
/// assert!(page.starts_with("E0103: "));
/// ```
pub fn explain(code: &str) -> Option<&'static str> {
    let code = code.trim();
    let pages = PAGES.split("\n## ").skip(1);
    let is_of = |page: &&str| page.split(':').next().is_some_and(|name| name.eq_ignore_ascii_case(code));
    pages.map(str::trim).find(is_of)
}

#[cfg(test)]
mod tests {
    use crate::CODES;

    use super::*;

    #[test]
    fn every_code_has_its_page_in_the_order_of_the_table() {
        let heads: Vec<&str> = PAGES.split("\n## ").skip(1).filter_map(|page| page.lines().next()).collect();
        let expected: Vec<String> = CODES.iter().map(|(code, about)| format!("{code}: {about}")).collect();
        assert_eq!(heads, expected);
        assert_eq!(
            explain("e0103 ").and_then(|page| page.lines().next()),
            Some("E0103: an option that the stage does not have")
        );
        assert_eq!(explain("E9999"), None);
    }
}
