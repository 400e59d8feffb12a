//! Tests of the harness itself.

use super::check;

const CLEAN: &str = "# Page\n\n```pipeline\nisnad = 1\n[[stage]]\nuse = \"normalize.tatweel\"\n```\n\n";

/// The failures of a page, without its name.
fn failures(page: &str) -> Vec<String> {
    let name = |failure: String| failure.trim_start_matches("page.md:").to_owned();
    check("page.md", page).failures.into_iter().map(name).collect()
}

#[test]
fn a_right_expectation_holds_and_a_wrong_one_fails() {
    let page = format!("{CLEAN}## Long\n\n```article\nكتـــاب\n```\n```expected text\nكتاب\n```\n");
    assert_eq!(failures(&page), [""; 0]);
    let wrong = page.replace("\nكتاب\n", "\nكتـاب\n");
    assert_eq!(failures(&wrong), ["14: Page › Long\n-كتـاب\n+كتاب\n"]);
    let said = wrong.replace("## Long\n", "## Long\n\nwrong: it takes\nnothing out\n");
    let message = "17: Page › Long\n  this is said to be wrong today (it takes nothing out); is it right now?\n-كتـاب\n+كتاب\n";
    assert_eq!(failures(&said), [message]);
}

#[test]
fn what_is_found_takes_the_place_of_what_was_expected() {
    let page = format!(
        "{CLEAN}```article\nكتـــاب\u{5C}u{{200F}} \n```\nProse.\n\n```expected text\nx\ny\n```\n\n## Other\n\n\
         ```pipeline\nnews\n```\n```article\nقال.\n```\n```expected sentence cue\n```\n"
    );
    let once = check("page.md", &page);
    assert_eq!(once.failures.len(), 2, "{:?}", once.failures);
    let twice = check("page.md", &once.text);
    assert_eq!((twice.failures.len(), &twice.text), (0, &once.text), "{:?}", twice.failures);
    assert!(
        once.text.contains("Prose.\n\n```expected text\nكتاب\\u{200F}\\u{20}\n```\n\n## Other"),
        "{}",
        once.text
    );
    assert!(once.text.contains("\n```expected sentence cue\nsentence «قال."), "{}", once.text);
}

#[test]
fn a_section_inherits_the_pipeline_of_those_around_it() {
    let case = "```article\nكتـــاب\n```\n```expected text\nكتاب\n```\n";
    let other = "```pipeline\nisnad = 1\n[[stage]]\nuse = \"normalize.space\"\n```\n";
    let kept = case.replace("\nكتاب\n", "\nكتـــاب\n");
    let page = format!(
        "{CLEAN}## A\n\n{case}\n### B\n\n{other}{kept}\n#### C\n\n{kept}\n### D\n\n{case}\n## E\n\n{case}"
    );
    assert_eq!(failures(&page), [""; 0]);
}

#[test]
fn errors_of_a_pipeline_can_be_expected() {
    let page =
        "```pipeline\nisnad = 1\n[[stage]]\nuse = \"normalize.tatwel\"\n```\n```expected errors\n```\n";
    let outcome = check("page.md", page);
    assert!(outcome.text.contains("unknown stage `normalize.tatwel`"), "{}", outcome.text);
    assert_eq!(failures(&outcome.text), [""; 0]);
    let sound = "```pipeline\nclean\n```\n```expected errors\nnone\n```\n";
    assert_eq!(failures(sound), [""; 0]);
}

#[test]
fn pages_that_make_no_sense_are_told_where() {
    let check = |page: &str, expected: &[&str]| assert_eq!(failures(page), expected, "{page}");
    let article = "```article\nقال.\n```\n";
    check("# Title\n\nprose\n", &["1: the page has no case: no `expected` block"]);
    check(article, &["1: nothing is expected of the article: add an `expected` block"]);
    check("# A\n```expected text\n```\n", &["2: there is no `article` above it in this section"]);
    check(
        &format!("{article}```expected\n```\n```artcle\n```\n"),
        &[
            "4: say what is expected: `text`, `output`, `errors`, or names of layers",
            "6: `artcle` is no block of a case; there are `pipeline`, `article` and `expected`, and `text` for what is not run",
            "1: nothing is expected of the article: add an `expected` block",
        ],
    );
    check(
        &format!("{article}```expected text\nقال.\n"),
        &[
            "4: the block is indented, or has no closing fence",
            "1: nothing is expected of the article: add an `expected` block",
        ],
    );
    check(
        "```article\nقال\u{200F}.\n```\n```expected text\n```\n",
        &[
            "1: nobody can see U+200F; write it `\\u{200F}`",
            "4: there is no `article` above it in this section",
        ],
    );
    check(
        "```article today\nقال.\n```\n```article title\nقال.\n```\n```pipeline x\n```\n",
        &[
            "1: `today` says nothing about an article; there are `published=…` and `title`",
            "4: a blank line stands between the title and the rest",
            "7: `x` says nothing about a pipeline; its source or name stands in the block",
        ],
    );
    check(
        &format!("{article}```expected quots\n```\n"),
        &[
            "4: the pipeline has no layer `quots`; it has language, region, sentence, token, cue, number, time, entity, role, source, quote",
        ],
    );
    check(
        &format!("```pipeline\nnws\n```\n{article}```expected text\n```\n"),
        &["7: there is no pipeline `nws`; `isnad pipelines` lists them"],
    );
    check(
        "# A\n\n```article published=soon\nقال.\n```\n```expected text\nقال.\n```\n\nwrong: why\n\n# B\n",
        &["10: `wrong:` has no `expected` block behind it"],
    );
    let soon = failures("```article published=soon\nقال.\n```\n```expected text\nقال.\n```\n");
    assert!(soon.len() == 1 && soon[0].starts_with("4: `published` "), "{soon:?}");
}
