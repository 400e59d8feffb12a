//! Compressed inputs.

use std::io::{Cursor, Write};

use flate2::write::GzEncoder;
use isnad_core::Document;
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::{LIMITS, mapping, read, read_pieces, show};
use crate::{Encoding, Format};

const LINES: &str = "{\"text\":\"أول\"}\n{\"text\":\"ثان\"}\n{\"text\":\"ثالث\"}\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(Cursor::new(bytes), CompressionLevel::Fastest)
}

fn read_all(input: &[u8], pieces: &[usize]) -> Vec<Document> {
    read_pieces(input, pieces, None, Encoding::Utf8, &mapping(), LIMITS)
}

#[test]
fn compressed_is_as_plain() {
    let plain = show(&read(LINES.as_bytes(), None, &mapping(), LIMITS));
    let (first, second) = LINES.as_bytes().split_at(20);
    // A frame that is to be skipped, as `pzstd` writes it.
    let skipped = b"\x50\x2A\x4D\x18\x04\0\0\0\x01\x02\x03\x04".to_vec();
    let inputs = [
        gzip(LINES.as_bytes()),
        zstd(LINES.as_bytes()),
        [gzip(first), gzip(b""), gzip(second)].concat(),
        [skipped.clone(), zstd(first), skipped, zstd(second)].concat(),
    ];
    for input in inputs {
        for pieces in [&[][..], &[1], &[7, 2]] {
            assert_eq!(show(&read_all(&input, pieces)), plain);
        }
    }
}

#[test]
fn what_is_compressed_may_be_in_any_encoding() {
    let wide: Vec<u8> = "\u{FEFF}خبر".encode_utf16().flat_map(u16::to_be_bytes).collect(); // BYTE ORDER MARK
    assert_eq!(show(&read_all(&gzip(&wide), &[])), "1 2..8 -#1: \"خبر\"\n");
}

#[test]
fn an_archive_that_is_cut_off_gives_what_came_before() {
    let lines: String =
        (0..2000).map(|n| format!("{{\"id\":{n},\"text\":\"خبر {}\"}}\n", n * 7919)).collect();
    for (name, archive) in [
        ("gzip", gzip(lines.as_bytes())),
        ("zstd", [zstd(lines.as_bytes()), zstd(lines.as_bytes())].concat()),
    ] {
        let documents = read_all(&archive[..archive.len() * 3 / 4], &[]);
        let (last, before) = documents.split_last().unwrap();
        assert!(before.len() > 500, "{name}: {}", before.len());
        assert!(before.iter().all(Document::is_live), "{name}");
        let shown = show(std::slice::from_ref(last));
        let expected = format!(
            "! compression: `-` is cut off: its {name} data end in the middle; the {} records before it were read",
            before.len()
        );
        assert!(shown.contains(&expected), "{shown}");
        assert_eq!(last.content().origin().record, before.len() as u64 + 1);
    }
}

#[test]
fn an_archive_that_is_damaged_says_so() {
    for (name, mut archive) in [("gzip", gzip(LINES.as_bytes())), ("zstd", zstd(LINES.as_bytes()))] {
        // The checksum does not fit.
        let at = archive.len() - if name == "gzip" { 6 } else { 2 };
        archive[at] ^= 0x55;
        let shown = show(&read_all(&archive, &[]));
        assert!(shown.contains(&format!("`-` is damaged: its {name} data cannot be read on (")), "{shown}");
        assert_eq!(shown.lines().count(), 4, "the records are read: {shown}");
    }
}

#[test]
fn a_bomb_is_one_record_that_is_too_long() {
    let zeros = vec![b' '; 20 << 20];
    for archive in [gzip(&zeros), zstd(&zeros)] {
        assert!(archive.len() < zeros.len() / 100);
        for format in [Format::Text, Format::Jsonl] {
            let documents = read(&archive, Some(format), &mapping(), LIMITS);
            assert!(show(&documents).contains("! too-long: line 1: the record has 20971520 bytes"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is compressed in whatever pieces, it reads as plain.
    #[test]
    fn compression_changes_nothing(lines in prop::collection::vec("[ -~\u{600}-\u{6ff}]{0,30}", 0..20), cut in 0usize..400, pieces in prop::collection::vec(1usize..50, 0..3)) {
        let text = lines.join("\n");
        let plain = show(&read(text.as_bytes(), Some(Format::Jsonl), &mapping(), LIMITS));
        let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
        for archive in [[gzip(first), gzip(second)].concat(), [zstd(first), zstd(second)].concat()] {
            let read = read_pieces(&archive, &pieces, Some(Format::Jsonl), Encoding::Utf8, &mapping(), LIMITS);
            prop_assert_eq!(&show(&read), &plain);
        }
    }

    /// Archives that somebody has tampered with end in documents.
    #[test]
    fn hostile_archives_do_no_harm(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut: prop::sample::Index, cuts: bool) {
        for mut archive in [gzip(LINES.repeat(20).as_bytes()), zstd(LINES.repeat(20).as_bytes())] {
            for (at, with) in &flips {
                let at = at.index(archive.len());
                archive[at] ^= with;
            }
            if cuts {
                archive.truncate(cut.index(archive.len()));
            }
            read_all(&archive, &[]);
        }
    }
}

#[test]
fn what_is_no_text_is_named() {
    let mut tar = b"article.txt".to_vec();
    tar.resize(257, 0);
    tar.extend_from_slice(b"ustar\0");
    let inputs = [
        (b"PK\x03\x04\x14\0".to_vec(), "`-` is a ZIP archive (as .docx, .xlsx and .epub are), not text"),
        (b"%PDF-1.7\n".to_vec(), "`-` is a PDF, not text"),
        (gzip(&gzip(LINES.as_bytes())), "`-` is compressed twice, not text"),
        (gzip(&tar), "`-` is a tar archive, not text"),
    ];
    for (input, message) in inputs {
        let shown = show(&read_all(&input, &[]));
        assert!(shown.contains(&format!("! no-text: {message}; convert it first")), "{shown}");
        assert_eq!(shown.lines().count(), 1, "{shown}");
    }
}
