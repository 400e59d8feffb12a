//! Text in other encodings than UTF-8.

use encoding_rs::WINDOWS_1256;
use isnad_core::Document;
use proptest::prelude::*;

use super::{LIMITS, Limits, mapping, read_pieces, show};
use crate::input::Mapping;
use crate::{Encoding, Format};

const ROOMY: Limits = Limits { max_document: 1 << 20, ..LIMITS };

const STORY: &str = "قال وزير الخارجية، أمس الأحد، إن الاجتماع تأجل إلى الأسبوع المقبل؛ ولم يذكر سببا لذلك.";

fn read(input: &[u8], format: Format, encoding: Encoding) -> Vec<Document> {
    let mapping = Mapping { max_document: ROOMY.max_document, ..mapping() };
    read_pieces(input, &[], Some(format), encoding, &mapping, ROOMY)
}

/// Checks what becomes of a text; behind `! encoding:` stands what is wrong with it.
fn check(input: &[u8], encoding: Encoding, expected: &str) {
    let shown = show(&read(input, Format::Text, encoding));
    let shown = shown.split_once("-#1: ").map(|(_, shown)| shown.trim_end());
    assert_eq!(shown.map(|shown| shown.trim_start_matches("! encoding: ")), Some(expected));
}

/// A text in an encoding, with its byte order mark if it has one; `None` if it cannot hold the text.
fn encode(text: &str, encoding: Encoding, big_endian: bool, mark: bool) -> Option<Vec<u8>> {
    let marked = if mark { format!("\u{FEFF}{text}") } else { text.to_owned() }; // BYTE ORDER MARK
    let units = marked.encode_utf16();
    match encoding {
        Encoding::Utf8 | Encoding::Auto => Some(marked.into_bytes()),
        Encoding::Utf16 if big_endian => Some(units.flat_map(u16::to_be_bytes).collect()),
        Encoding::Utf16 => Some(units.flat_map(u16::to_le_bytes).collect()),
        Encoding::Windows1256 => {
            let (bytes, _, failed) = WINDOWS_1256.encode(text);
            (!failed).then(|| bytes.into_owned())
        }
        Encoding::Iso8859_6 => text.chars().map(iso_8859_6).collect(),
    }
}

/// The Arabic part of ISO 8859-6 stands as in Unicode, 0x560 lower.
fn iso_8859_6(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{A0}' | '\u{A4}' | '\u{AD}' => u8::try_from(c).ok(),
        '،' | '؛' | '؟' | 'ء'..='غ' | 'ـ'..='\u{0652}' => u8::try_from(u32::from(c) - 0x560).ok(), // … SUKUN
        _ => None,
    }
}

#[test]
fn an_article_in_every_encoding() {
    for encoding in Encoding::ALL {
        let bytes = encode(STORY, encoding, false, false).unwrap();
        check(&bytes, encoding, &format!("{STORY:?}"));
        check(&bytes, Encoding::Auto, &format!("{STORY:?}"));
    }
    check(&encode(STORY, Encoding::Utf16, true, false).unwrap(), Encoding::Utf16, &format!("{STORY:?}"));
}

#[test]
fn a_byte_order_mark_says_more_than_the_user() {
    for encoding in Encoding::ALL {
        for (marked, big_endian) in
            [(Encoding::Utf8, false), (Encoding::Utf16, false), (Encoding::Utf16, true)]
        {
            check(&encode("خبر", marked, big_endian, true).unwrap(), encoding, "\"خبر\"");
        }
    }
    check(
        b"\xFF\xFE\0\0\x2E\x06\0\0",
        Encoding::Auto,
        "line 1, column 1: the text is UTF-32; convert it, for example with `iconv -f UTF-32 -t UTF-8`",
    );
}

#[test]
fn bytes_that_do_not_fit_say_where_they_are_and_what_to_try() {
    let windows = encode(STORY, Encoding::Windows1256, false, false).unwrap();
    let iso = encode(STORY, Encoding::Iso8859_6, false, false).unwrap();
    let wide = encode(STORY, Encoding::Utf16, false, false).unwrap();
    let damaged = [STORY.as_bytes(), b"\xD9 ", STORY.as_bytes()].concat();
    check(
        &windows,
        Encoding::Utf8,
        "line 1, column 1: byte 0xDE at offset 0 is not UTF-8, and the text looks like windows-1256: try `--encoding windows-1256`",
    );
    check(
        &iso,
        Encoding::Utf8,
        "line 1, column 1: byte 0xE2 at offset 0 is not UTF-8, and the text looks like iso-8859-6: try `--encoding iso-8859-6`",
    );
    check(
        b"ab\n\xD8\xA3 \xC7",
        Encoding::Utf8,
        "line 2, column 3: byte 0xC7 at offset 6 is not UTF-8; save the text as UTF-8, or name its encoding, as in `--encoding windows-1256`",
    );
    for encoding in [Encoding::Utf8, Encoding::Auto] {
        check(
            &damaged,
            encoding,
            "line 1, column 87: byte 0xD9 at offset 157 is not UTF-8, but most of the text is: it was damaged on its way; get it anew",
        );
    }
    check(
        b"\xC7\xE1",
        Encoding::Auto,
        "line 1, column 1: byte 0xC7 at offset 0 is not UTF-8, and the text does not tell its encoding; name it, as in `--encoding windows-1256`",
    );
    check(
        b"ab\n \xC7\xFF",
        Encoding::Iso8859_6,
        "line 2, column 3: byte 0xFF at offset 5 is not iso-8859-6; try `--encoding windows-1256`",
    );
    check(
        b"\x2E\x06\x28\xD8\x31\x06",
        Encoding::Utf16,
        "line 1, column 2: 0xD828 at offset 2 is half a character: the text is damaged, or not UTF-16",
    );
    check(
        b"\x2E\x06\x28",
        Encoding::Utf16,
        "line 1, column 2: byte 0x28 at offset 2 is half a character: the text is cut off, or not UTF-16",
    );
    for encoding in [Encoding::Utf8, Encoding::Windows1256, Encoding::Iso8859_6] {
        check(
            &wide,
            encoding,
            "line 1, column 1: the text looks like UTF-16 without a byte order mark: try `--encoding utf-16`",
        );
    }
}

#[test]
fn utf_8_that_is_read_as_something_else_is_a_warning() {
    let documents = read(STORY.as_bytes(), Format::Text, Encoding::Windows1256);
    let codes: Vec<&str> = documents[0].warnings().iter().map(|warning| &*warning.code).collect();
    assert_eq!(codes, ["encoding"]);
    let bytes = encode(STORY, Encoding::Windows1256, false, false).unwrap();
    assert!(read(&bytes, Format::Text, Encoding::Windows1256)[0].warnings().is_empty());
}

#[test]
fn a_record_that_does_not_fit_leaves_the_others_alone() {
    let line = |text: &str| format!("{{\"text\":\"{text}\"}}\n");
    let windows = encode(&line(STORY), Encoding::Windows1256, false, false).unwrap();
    let mixed =
        [line("أول").as_bytes(), &windows, &b"{\"text\":\"\xC7\"}\n"[..], line("آخر").as_bytes()].concat();
    let fates = |encoding| {
        let documents = read(&mixed, Format::Jsonl, encoding);
        documents.iter().map(|document| document.content().raw().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(fates(Encoding::Utf8), ["أول", "", "", "آخر"]);
    assert_eq!(fates(Encoding::Auto), ["أول", STORY, "", "آخر"]);
}

#[test]
fn lines_in_utf_16_end_at_line_feeds_only() {
    // In ਊ (U+0A0A) and ؊ (U+060A) there are bytes as a line feed has.
    let lines = "{\"text\":\"ਊ؊Ā\"}\r\n\n\r\n{\"text\":\"†\"}\n\u{FEFF}{\"text\":5}"; // BYTE ORDER MARK
    for big_endian in [false, true] {
        let bytes = encode(lines, Encoding::Utf16, big_endian, true).unwrap();
        for pieces in [&[][..], &[1], &[3, 5]] {
            let documents =
                read_pieces(&bytes, pieces, Some(Format::Jsonl), Encoding::Utf8, &mapping(), LIMITS);
            let expected = "1 2..30 -#1: \"ਊ؊Ā\"\n2 40..64 -#2: \"†\"\n3 68..88 -#3: ! field: line 5, column 1: field `text` is a number; a text must be a string or a list of strings\n";
            assert_eq!(show(&documents), expected);
        }
    }
}

#[test]
fn an_input_without_an_ending_tells_its_format_in_utf_16_too() {
    for (text, expected) in [(" {\"text\":\"خبر\"}\n", "\"خبر\""), ("{قوس}", "\"{قوس}\"")] {
        let bytes = encode(text, Encoding::Utf16, false, true).unwrap();
        let documents = read_pieces(&bytes, &[1], None, Encoding::Utf8, &mapping(), LIMITS);
        let shown = show(&documents);
        assert!(shown.trim_end().ends_with(&format!("-#1: {expected}")), "{shown}");
    }
}

/// Arabic prose that all encodings can hold: words of letters, commas, digits.
fn prose() -> impl Strategy<Value = String> {
    prop::collection::vec("[ء-غف-ي]{1,8}[،؛؟.]?|[0-9]{1,4}|[a-zA-Z]{1,6}", 12..40)
        .prop_map(|words| words.join(" "))
        .prop_filter("mostly Arabic", |text| {
            text.chars().filter(|c| !c.is_ascii()).count() * 2 > text.len() / 2
        })
}

fn any_encoding() -> impl Strategy<Value = Encoding> {
    prop::sample::select(Encoding::ALL.to_vec())
}

proptest! {
    /// What was encoded comes back, as a text and as a record, with a byte order mark and without, in
    /// pieces of any length; the record lies where its origin says.
    #[test]
    fn an_encoded_article_comes_back(
        text in prose(), encoding in any_encoding(), big_endian: bool, mark: bool, pieces in prop::collection::vec(1usize..9, 0..4),
    ) {
        let mapping = Mapping { max_document: ROOMY.max_document, ..mapping() };
        let bytes = encode(&text, encoding, big_endian, mark).unwrap();
        let article = read_pieces(&bytes, &pieces, Some(Format::Text), encoding, &mapping, ROOMY);
        prop_assert_eq!(article[0].content().raw(), &text, "{}", show(&article));
        let lines = format!("{{\"text\":\"{text}\"}}\n\n{{\"id\":2,\"text\":\"{text}\"}}");
        let bytes = encode(&lines, encoding, big_endian, mark).unwrap();
        let records = read_pieces(&bytes, &pieces, Some(Format::Jsonl), encoding, &mapping, ROOMY);
        prop_assert_eq!(records.len(), 2);
        for record in &records {
            let content = record.content();
            prop_assert_eq!(content.raw(), &text, "{}", show(&records));
            let (begin, end) = content.origin().bytes;
            let alone = &bytes[begin as usize..end as usize];
            prop_assert_eq!(alone.first(), Some(&if encoding == Encoding::Utf16 && big_endian { 0 } else { b'{' }));
        }
    }

    /// Nothing that bytes can be makes it panic, or lets a record get lost.
    #[test]
    fn hostile_bytes_end_as_documents(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(0u8), Just(6u8)], 0..200), encoding in any_encoding(), pieces in prop::collection::vec(1usize..9, 0..4)) {
        for format in [None, Some(Format::Text), Some(Format::Jsonl)] {
            let whole = read_pieces(&bytes, &[], format, encoding, &mapping(), LIMITS);
            let slow = read_pieces(&bytes, &pieces, format, encoding, &mapping(), LIMITS);
            prop_assert_eq!(show(&whole), show(&slow));
            prop_assert!(format != Some(Format::Text) || whole.len() == 1);
        }
    }
}
