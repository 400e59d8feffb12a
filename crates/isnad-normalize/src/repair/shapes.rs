//! Which shape of its letter a presentation form is.

/// Where in a word a letter of this shape stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// It is joined to the letter before it: final and medial forms.
    pub(super) joins_before: bool,
    /// It is joined to the letter behind it: initial and medial forms.
    pub(super) joins_after: bool,
}

/// The shape of a presentation form of a letter or ligature; nothing for marks, symbols and whole words.
pub(super) fn shape(c: char) -> Option<Shape> {
    let at = FORMS.partition_point(|(first, _, _)| *first <= c).checked_sub(1)?;
    let &(first, last, cycle) = FORMS.get(at)?;
    if c > last {
        return None;
    }
    let offset = (c as usize - first as usize) % cycle.len();
    match cycle.as_bytes().get(offset) {
        Some(b'i') => Some(Shape { joins_before: false, joins_after: false }),
        Some(b'f') => Some(Shape { joins_before: true, joins_after: false }),
        Some(b'n') => Some(Shape { joins_before: false, joins_after: true }),
        Some(b'm') => Some(Shape { joins_before: true, joins_after: true }),
        _ => None,
    }
}

/// Whether `c` is a mark as a presentation form, alone or on a tatweel.
pub(super) fn is_shaped_mark(c: char) -> bool {
    matches!(c, '\u{FC5E}'..='\u{FC63}' | '\u{FCF2}'..='\u{FCF4}' | '\u{FE70}'..='\u{FE7F}')
}

/// First and last code point, and the shapes that repeat between them: isolated, final, initial (n), medial.
/// Source: the decompositions of the Unicode 17 character database.
const FORMS: &[(char, char, &str)] = &[
    ('\u{FB50}', '\u{FB51}', "if"),   // ALEF WASLA
    ('\u{FB52}', '\u{FB81}', "ifnm"), // BEEH … NYEH
    ('\u{FB82}', '\u{FB8D}', "if"),   // DDAHAL … RREH
    ('\u{FB8E}', '\u{FB9D}', "ifnm"), // KEHEH … NGOEH
    ('\u{FB9E}', '\u{FB9F}', "if"),   // NOON GHUNNA
    ('\u{FBA0}', '\u{FBA3}', "ifnm"), // RNOON
    ('\u{FBA4}', '\u{FBA5}', "if"),   // HEH WITH YEH ABOVE
    ('\u{FBA6}', '\u{FBAD}', "ifnm"), // HEH GOAL, HEH DOACHASHMEE
    ('\u{FBAE}', '\u{FBB1}', "if"),   // YEH BARREE
    ('\u{FBD3}', '\u{FBD6}', "ifnm"), // NG
    ('\u{FBD7}', '\u{FBDC}', "if"),   // U, OE, YU
    ('\u{FBDD}', '\u{FBDD}', "i"),    // U WITH HAMZA ABOVE
    ('\u{FBDE}', '\u{FBE3}', "if"),   // VE, KIRGHIZ OE, KIRGHIZ YU
    ('\u{FBE4}', '\u{FBE7}', "ifnm"), // E
    ('\u{FBE8}', '\u{FBE9}', "nm"),   // UIGHUR ALEF MAKSURA
    ('\u{FBEA}', '\u{FBF5}', "if"),   // ligatures of YEH WITH HAMZA
    ('\u{FBF6}', '\u{FBFB}', "ifn"),  // ligatures of YEH WITH HAMZA
    ('\u{FBFC}', '\u{FBFF}', "ifnm"), // FARSI YEH
    ('\u{FC00}', '\u{FC5D}', "i"),    // ligatures of two letters, as are the next
    ('\u{FC64}', '\u{FC96}', "f"),
    ('\u{FC97}', '\u{FCDE}', "n"),
    ('\u{FCDF}', '\u{FCF1}', "m"),
    ('\u{FCF5}', '\u{FD10}', "i"),
    ('\u{FD11}', '\u{FD2C}', "f"),
    ('\u{FD2D}', '\u{FD33}', "n"),
    ('\u{FD34}', '\u{FD3B}', "m"),
    ('\u{FD3C}', '\u{FD3D}', "fi"), // ALEF WITH FATHATAN
    // Ligatures of three letters, one character each.
    ('\u{FD50}', '\u{FD8F}', "nfnnnnnnfnffnnffnnfnfnffnffnfnffnfnnfffnfffffnfffffnffnfnnnfnnnn"),
    ('\u{FD92}', '\u{FDC7}', "nnnnffnffffnffffffffffffffffffffffnnffnfnffffffffnnnff"),
    ('\u{FE80}', '\u{FE80}', "i"),    // HAMZA
    ('\u{FE81}', '\u{FE88}', "if"),   // ALEF WITH MADDA, ALEF and WAW WITH HAMZA
    ('\u{FE89}', '\u{FE8C}', "ifnm"), // YEH WITH HAMZA
    ('\u{FE8D}', '\u{FE8E}', "if"),   // ALEF
    ('\u{FE8F}', '\u{FE92}', "ifnm"), // BEH
    ('\u{FE93}', '\u{FE94}', "if"),   // TEH MARBUTA
    ('\u{FE95}', '\u{FEA8}', "ifnm"), // TEH … KHAH
    ('\u{FEA9}', '\u{FEB0}', "if"),   // DAL … ZAIN
    ('\u{FEB1}', '\u{FEEC}', "ifnm"), // SEEN … HEH
    ('\u{FEED}', '\u{FEF0}', "if"),   // WAW, ALEF MAKSURA
    ('\u{FEF1}', '\u{FEF4}', "ifnm"), // YEH
    ('\u{FEF5}', '\u{FEFC}', "if"),   // LAM WITH ALEF
];

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::char::decompose_compatible;

    /// The letters of a form.
    fn letters(c: char) -> String {
        let mut letters = String::new();
        decompose_compatible(c, |part| letters.push(part));
        letters
    }

    #[test]
    fn the_forms_of_a_cycle_stand_for_the_same_letters() {
        for &(first, last, cycle) in FORMS {
            let forms: Vec<char> = (first..=last).collect();
            assert_eq!(forms.len() % cycle.len(), 0, "{first:?}");
            let distinct = |cycle: &str| cycle.chars().enumerate().all(|(at, c)| cycle.find(c) == Some(at));
            if distinct(cycle) {
                for forms in forms.chunks(cycle.len()) {
                    assert!(forms.iter().all(|form| letters(*form) == letters(forms[0])), "{forms:?}");
                }
            }
        }
    }

    #[test]
    fn every_form_of_letters_has_a_shape() {
        for c in ('\u{FB50}'..='\u{FDEF}').chain('\u{FE70}'..='\u{FEFC}') {
            let stands_for_letters = letters(c) != c.to_string() && !is_shaped_mark(c);
            assert_eq!(shape(c).is_some(), stands_for_letters, "{c:?} {:x}", c as u32);
        }
    }

    #[test]
    fn well_known_shapes() {
        let joins = |c| shape(c).map(|shape| (shape.joins_before, shape.joins_after));
        assert_eq!(joins('ﺍ'), Some((false, false)));
        assert_eq!(joins('ﻟ'), Some((false, true)));
        assert_eq!(joins('ﻌ'), Some((true, true)));
        assert_eq!(joins('ﺔ'), Some((true, false)));
        assert_eq!(joins('ﻼ'), Some((true, false)));
        assert_eq!(joins('\u{FDF2}'), None); // ALLAH ISOLATED FORM, a word
        assert_eq!(joins('ا'), None);
    }
}
