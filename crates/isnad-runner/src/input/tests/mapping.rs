//! Which field of a record is what.

use isnad_core::Document;

use super::{LIMITS, mapped, mapping, read, show};
use crate::input::Mapping;
use crate::{Fields, Format};

/// Reads records with these fields; each shown as in [`show`], with its metadata behind it.
fn check(fields: Fields, input: &str, expected: &[&str]) {
    let documents = read(input.as_bytes(), Some(Format::Jsonl), &mapped(fields), LIMITS);
    let shown = documents.iter().map(|document| {
        let content = document.content();
        let line = show(std::slice::from_ref(document));
        let line = line.split_once(' ').and_then(|(_, line)| line.split_once(' ')).unwrap_or_default().1;
        let title = content.title().map(|span| format!(" title {}", span.end)).unwrap_or_default();
        let date = content.published().map(|date| format!(" {date}")).unwrap_or_default();
        let meta = serde_json::to_string(content.meta()).unwrap();
        format!("{}{title}{date} {meta}", line.trim_end().replace("\n  ", " + "))
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

fn news() -> Fields {
    let text = vec!["title".to_owned(), "body".to_owned()];
    Fields { id: "url".into(), title: None, text, published: "date".into() }
}

/// A record as some archives have it: everything in objects.
fn nested() -> Fields {
    Fields {
        id: "doc.id".into(),
        title: Some("doc.head".into()),
        text: vec!["doc.body".into()],
        published: "meta.date".into(),
    }
}

#[test]
fn paths_lead_into_objects_and_what_is_left_stays_in_order() {
    check(
        nested(),
        r#"{"z":1,"doc":{"id":7,"head":"عنوان","lang":"ar","body":"نص"},"meta":{"date":"2023-05-16"},"a":{"b":null}}"#,
        &[
            r#"7: "عنوان\n\nنص" title 10 2023-05-16 {"z":1,"doc":{"lang":"ar"},"a":{"b":null},"published":"2023-05-16"}"#,
        ],
    );
    // A field of just this name comes before the path.
    check(
        nested(),
        r#"{"doc.body":"نص","doc":{"body":"غيره"},"meta.date":"2023-05-16","n":1.50}"#,
        &[r#"-#1: "نص" 2023-05-16 {"doc":{"body":"غيره"},"published":"2023-05-16","n":1.50}"#],
    );
    check(
        nested(),
        r#"{"doc":"نص","meta":[]}
{"doc":{"body":true}}
{"doc":{"head":"عنوان"}}"#,
        &[
            "-#1: ! field: line 1, column 1: the record has no text: no field `doc.body` (it has `doc`, `meta`); say with `fields` in `[input]` where the text is {}",
            "-#2: ! field: line 2, column 1: field `doc.body` is true or false; a text must be a string or a list of strings {}",
            "-#3: ! field: line 3, column 1: the record has no text: no field `doc.body` (it has none); say with `fields` in `[input]` where the text is {}",
        ],
    );
}

#[test]
fn a_text_may_be_a_list_of_paragraphs() {
    check(
        news(),
        r#"{"title":"عنوان","body":["أ",null,"","ب"]}
{"body":[]}
{"title":["ع","ن"],"body":["أ"]}
{"body":["أ",{"p":1}]}"#,
        &[
            r#"-#1: "عنوان\n\nأ\n\nب" title 10 {}"#,
            r#"-#2: "" {}"#,
            r#"-#3: "ع\n\nن\n\nأ" title 6 {}"#,
            "-#4: ! field: line 4, column 1: field `body[1]` is an object; a paragraph must be a string {}",
        ],
    );
}

#[test]
fn a_title_may_have_a_field_of_its_own() {
    let fields = Fields { title: Some("title".into()), ..Fields::default() };
    check(
        fields,
        r#"{"id":"a","title":"عنوان","text":"نص"}
{"id":"b","title":null,"text":"نص"}
{"id":"c","text":""}"#,
        &[r#"a: "عنوان\n\nنص" title 10 {}"#, r#"b: "نص" {}"#, r#"c: "" {}"#],
    );
}

#[test]
fn a_date_may_be_a_number() {
    check(
        news(),
        r#"{"body":"نص","date":1684224000}
{"body":"نص","date":1684224000123}
{"body":"نص","date":20230516}
{"body":"نص","date":[2023]}"#,
        &[
            r#"-#1: "نص" 2023-05-16 {"published":1684224000}"#,
            r#"-#2: "نص" 2023-05-16 {"published":1684224000123}"#,
            r#"-#3: "نص" 2023-05-16 {"published":20230516}"#,
            r#"-#4: "نص" + bad-date: `[2023]` in field `date` is no date; write it as in `2023-05-16`, RFC 3339, RFC 2822 or Unix time {"published":[2023]}"#,
        ],
    );
}

#[test]
fn nothing_is_lost_without_a_word() {
    check(
        news(),
        r#"{"url":"u","body":"نص","published":"أمس","date":"2023-05-16"}
{"url":"u","body":"نص","published":"أمس"}"#,
        &[
            r#"u: "نص" + field: field `date` takes the place of field `published`, which is not kept 2023-05-16 {"published":"2023-05-16"}"#,
            r#"u: "نص" {"published":"أمس"}"#,
        ],
    );
}

#[test]
fn a_field_that_no_record_has_is_a_slip() {
    let slip = Fields { published: "dat".into(), ..news() };
    let mapping = mapped(slip);
    let input = "{\"body\":\"نص\",\"title\":null}\n{\"url\":1,\"body\":\"نص\"}\n";
    read(input.as_bytes(), Some(Format::Jsonl), &mapping, LIMITS);
    let unseen: Vec<String> = mapping.fields.unseen().collect();
    assert_eq!(unseen, ["no record has the field `dat`, which `fields.published` names"]);
    // Nobody has named the usual ones.
    assert_eq!(super::mapping().fields.unseen().count(), 0);
}

#[test]
fn fields_go_where_the_mapping_says() {
    let input = r#"{"url":"u1","title":"عنوان","n":1.50,"date":"Tue, 16 May 2023 10:00:00 +0300","body":"نص","x":null}
{"url":null,"title":null,"body":"نص","date":null}
{"title":"عنوان","body":""}
"#;
    let documents = read(input.as_bytes(), Some(Format::Jsonl), &mapped(news()), LIMITS);
    assert_eq!(show(&documents).matches('!').count(), 0);
    let [both, body, title] = &documents[..] else { panic!("three records") };
    assert_eq!((both.content().raw(), both.content().title().map(|s| s.end)), ("عنوان\n\nنص", Some(10)));
    assert_eq!(both.content().published().map(|d| d.to_string()).as_deref(), Some("2023-05-16"));
    let meta = serde_json::to_string(both.content().meta()).unwrap();
    assert_eq!(meta, r#"{"n":1.50,"published":"Tue, 16 May 2023 10:00:00 +0300","x":null}"#);
    assert_eq!((body.content().raw(), body.content().title(), body.content().id()), ("نص", None, "-#2"));
    assert!(body.content().meta().is_empty());
    assert_eq!((title.content().raw(), title.content().title().map(|s| s.end)), ("عنوان", Some(10)));
}

#[test]
fn a_date_that_is_none_is_a_warning_and_the_default_holds() {
    let input =
        "{\"text\":\"أ\",\"published\":\"قبل أيام\"}\n{\"text\":\"أ\",\"published\":7}\n{\"text\":\"أ\"}\n";
    let with = |published: Option<&str>| {
        let published = published.map(|date| crate::parse_date(date).unwrap());
        let documents =
            read(input.as_bytes(), Some(Format::Jsonl), &Mapping { published, ..mapping() }, LIMITS);
        let line = |document: &Document| {
            let content = document.content();
            let date = content.published().map(|date| date.to_string());
            format!("{date:?} {:?} {}", content.meta().get("published"), document.warnings().len())
        };
        documents.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(with(None), ["None Some(String(\"قبل أيام\")) 1", "None Some(Number(7)) 1", "None None 0"]);
    assert_eq!(
        with(Some("2023-05-16")),
        [
            "Some(\"2023-05-16\") Some(String(\"قبل أيام\")) 1",
            "Some(\"2023-05-16\") Some(Number(7)) 1",
            "Some(\"2023-05-16\") Some(String(\"2023-05-16\")) 0"
        ]
    );
}
