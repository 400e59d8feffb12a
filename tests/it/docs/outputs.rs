//! Outputs as pages show them: real ones, in which `…` stands for what was left out. On a line of its own it
//! stands for any number of lines, within a line for any characters.

use proptest::prelude::*;

const ELISION: &str = "…";

/// Whether what a page shows is what was found.
pub(super) fn is_shown(shown: &str, found: &str) -> bool {
    let shown: Vec<&str> = shown.lines().collect();
    let found: Vec<&str> = found.lines().collect();
    fits(&shown, &found, |line| is_elision(line), |line, found| line_fits(line, found))
}

/// What a page shows, made to fit what was found: lines that still fit stay, and so do the places at which
/// something was left out.
pub(super) fn refreshed(shown: &str, found: &str) -> String {
    if is_shown(shown, found) {
        return shown.to_owned();
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (shown.lines().collect(), found.lines().collect());
    let mut out: Vec<&str> = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (to_i, to_j) in common(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        let (before, after) = (&old[i..to_i], &new[j..to_j]);
        match before.iter().position(|line| is_elision(line)) {
            None => out.extend(after),
            Some(first) => {
                let behind = before.iter().rev().position(|line| is_elision(line)).unwrap_or_default();
                let head = first.min(after.len());
                let tail = after.len() - behind.min(after.len() - head);
                out.extend(&after[..head]);
                out.extend((tail > head).then_some(ELISION));
                out.extend(&after[tail..]);
            }
        }
        out.extend(old.get(to_i));
        (i, j) = (to_i + 1, to_j + 1);
    }
    out.into_iter().fold(String::new(), |out, line| out + line + "\n")
}

fn is_elision(line: &str) -> bool {
    line.trim() == ELISION
}

fn line_fits(line: &str, found: &str) -> bool {
    let (line, found): (Vec<char>, Vec<char>) = (line.chars().collect(), found.chars().collect());
    fits(&line, &found, |c| c.to_string() == ELISION, |a, b| a == b)
}

/// Whether a pattern fits: every item its own, a wildcard any number of items.
fn fits<T>(
    pattern: &[T],
    found: &[T],
    is_wild: impl Fn(&T) -> bool,
    is_same: impl Fn(&T, &T) -> bool,
) -> bool {
    let (mut at, mut done) = (0, 0);
    // Where to go on when what was tried last does not fit: behind the last wildcard, one item later.
    let mut retry: Option<(usize, usize)> = None;
    while done < found.len() {
        match pattern.get(at) {
            Some(item) if is_wild(item) => {
                at += 1;
                retry = Some((at, done));
            }
            Some(item) if is_same(item, &found[done]) => (at, done) = (at + 1, done + 1),
            _ => match &mut retry {
                Some((next, begin)) => {
                    *begin += 1;
                    (at, done) = (*next, *begin);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(is_wild)
}

/// The longest list of lines shown that are found in this order: their places on both sides.
fn common(shown: &[&str], found: &[&str]) -> Vec<(usize, usize)> {
    let same = |i: usize, j: usize| !is_elision(shown[i]) && line_fits(shown[i], found[j]);
    let mut longest = vec![vec![0_usize; found.len() + 1]; shown.len() + 1];
    for i in (0..shown.len()).rev() {
        for j in (0..found.len()).rev() {
            let skip = longest[i + 1][j].max(longest[i][j + 1]);
            longest[i][j] = if same(i, j) { skip.max(longest[i + 1][j + 1] + 1) } else { skip };
        }
    }
    let (mut pairs, mut i, mut j) = (Vec::new(), 0, 0);
    while i < shown.len() && j < found.len() {
        if same(i, j) && longest[i][j] == longest[i + 1][j + 1] + 1 {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[test]
fn what_is_left_out_may_be_anything() {
    let check = |shown: &str, fits: bool| assert_eq!(is_shown(shown, "ab\ncd\nef\n"), fits, "{shown:?}");
    for shown in
        ["ab\ncd\nef\n", "…\n", "ab\n…\n", "…\nef\n", "ab\n…\nef\n", "…\ncd\n…\n", "a…\n…d\n…\n", "…\n…\n"]
    {
        check(shown, true);
    }
    for shown in ["", "ab\n", "ab\n…\ncd\n", "a\n…\n", "…\nab\n", "ab\ncd\nef\ngh\n", "…a\n…\n"] {
        check(shown, false);
    }
}

#[test]
fn refreshing_keeps_what_fits() {
    let check =
        |shown: &str, refreshed_as: &str| assert_eq!(refreshed(shown, "ab\ncd\nef\ngh\n"), refreshed_as);
    check("ab\nxx\nef\ngh\n", "ab\ncd\nef\ngh\n");
    check("ab\nxx\n…\ngh\n", "ab\ncd\n…\ngh\n");
    check("xx\n…\nyy\n", "ab\n…\ngh\n");
    check("a…\nxx\n", "a…\ncd\nef\ngh\n");
    check("", "ab\ncd\nef\ngh\n");
    check("…\nxx\n…\n", "…\n");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn what_was_refreshed_fits(shown in "([ab…]{0,2}\n){0,6}", found in "([ab…]{0,2}\n){0,6}") {
        let fresh = refreshed(&shown, &found);
        prop_assert!(is_shown(&fresh, &found), "{fresh:?}");
        prop_assert_eq!(refreshed(&fresh, &found), fresh);
    }
}
