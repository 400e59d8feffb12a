//! `twitter_text`: handles, hashtags and addresses as Twitter draws them, with their places in code points.
//! Only the rows that extract apply: isnad links nothing, highlights nothing and measures no tweet. There are no
//! lists and no cashtags.

use std::sync::LazyLock;

use serde_json::Value;

use crate::rig::{Row, Through, Verdict};
use crate::rows::{Found, rows};

static TOKENS: LazyLock<Through> = LazyLock::new(|| {
    Through::new(
        r#"
        isnad = 1
        [[stage]]
        use = "extract.tokens"
        "#,
    )
});

pub(crate) fn judge(row: &Row) -> Verdict {
    if row.text("suite") != "extract" {
        return Verdict::NotApplicable;
    }
    let section = row.text("section");
    let (label, field) = match section {
        _ if section.starts_with("mentions") || section == "replies" => ("handle", "screen_name"),
        _ if section.contains("urls") => ("url", "url"),
        _ if section.starts_with("hashtags") => ("hashtag", "hashtag"),
        _ => return Verdict::NotApplicable,
    };
    let all = rows(&TOKENS, "token", &row.input);
    let expected = &row.fields["expected"];
    if section == "replies" {
        let first = all.first().filter(|token| token.label == label).map(name);
        return Verdict::of(format!("{first:?}"), format!("{:?}", expected.as_str()));
    }
    let Some(expected) = expected.as_array() else { return Verdict::NotApplicable };
    let found: Vec<&Found> = all.iter().filter(|token| token.label == label).collect();
    if expected.first().is_some_and(Value::is_object) {
        let found: Vec<String> =
            found.iter().map(|token| format!("{} {:?}", name(token), token.place)).collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|item| {
                let name = item[field].as_str().unwrap_or_default();
                let list = item["list_slug"].as_str().unwrap_or_default();
                let at = |index: usize| item["indices"][index].as_u64().unwrap_or_default() as usize;
                format!("{name}{list} {:?}", (at(0), at(1)))
            })
            .collect();
        return Verdict::of(found.join(" | "), expected.join(" | "));
    }
    let found: Vec<String> = found.into_iter().map(name).collect();
    let expected: Vec<&str> = expected.iter().filter_map(Value::as_str).collect();
    Verdict::of(found.join(" | "), expected.join(" | "))
}

/// A handle and a hashtag without their sign.
fn name(token: &Found) -> String {
    match token.label.as_str() {
        "url" => token.text.clone(),
        _ => token.text.chars().skip(1).collect(),
    }
}
