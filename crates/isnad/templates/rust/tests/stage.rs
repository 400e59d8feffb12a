//! What holds for every stage of isnad, and cases of this one.

use isnad_core::{NoFiles, Registry, StageKind};
use isnad_testkit::rows_on;
use serde_json::json;

fn kind() -> StageKind {
    let mut registry = Registry::new();
    {{module}}::register(&mut registry);
    registry.get("{{name}}").expect("it was registered").clone()
}

// A test for each law: no text makes it panic, spans lie where they may, equal input makes equal output …
isnad_testkit::laws!(kind(), texts = ["عاجل: خبر", "عاجل", "🔴 عاجـــل\nعاجلا"]);

#[track_caller]
fn check(text: &str, expected: &str) {
    let stage = kind().create(json!({}), &NoFiles).expect("the defaults are sound");
    assert_eq!(rows_on(&*stage, text), expected, "{text}");
}

#[test]
fn announcements_at_the_beginning_of_a_line() {
    check("عاجل: الرئيس يصل إلى بغداد", "{{layer}} flash «عاجل» word=عاجل\n");
    check("🔴 #عَاجـــل | انقطاع الكهرباء", "{{layer}} flash «عَاجـــل» word=عاجل\n");
    check("خبر عاجل - إغلاق المطار", "{{layer}} flash «خبر عاجل» word=خبر عاجل\n");
}

#[test]
fn other_places_and_other_words() {
    check("اجتماع عاجل للوزراء", "");
    check("عاجلا أم آجلا", "");
}
