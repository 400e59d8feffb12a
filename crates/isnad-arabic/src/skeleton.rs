//! Skeleton keys: a name reduced to the consonants that its spellings share.
//!
//! | letters | key |
//! |---|---|
//! | ا و ي ء ؤ ئ, and ه at the end of a word | nothing (the first letter of a word stays: ا for ا ء ؤ ئ) |
//! | ج غ ق ك | ك (g is written with each of them) |
//! | ط ت | ت |
//! | ص س ث | س |
//! | ض د | د |
//! | ظ ذ ز | ز |
//! | ح ه | ه |
//! | the same key letter twice running | once |

/// The skeleton key of a folded name; words stay apart by one space.
///
/// ```
/// use isnad_arabic::{fold, skeleton};
///
/// assert_eq!(skeleton(&fold("بلينكين")), skeleton(&fold("بلينكن")));
/// assert_eq!(skeleton(&fold("غوتيريش")), skeleton(&fold("جوتيريش")));
/// assert_ne!(skeleton(&fold("بوتين")), skeleton(&fold("بايدن")));
/// ```
pub fn skeleton(folded: &str) -> String {
    let mut key = String::with_capacity(folded.len());
    skeleton_into(folded, &mut key);
    key
}

/// Appends the skeleton key of `folded` to `key`.
pub fn skeleton_into(folded: &str, key: &mut String) {
    for (index, word) in folded.split(' ').filter(|word| !word.is_empty()).enumerate() {
        if index > 0 {
            key.push(' ');
        }
        let mut last = None;
        for (at, c) in word.char_indices() {
            let end = at + c.len_utf8() == word.len();
            let Some(mapped) = consonant(c, at == 0, end) else { continue };
            if last != Some(mapped) {
                key.push(mapped);
                last = Some(mapped);
            }
        }
    }
}

fn consonant(c: char, first: bool, end: bool) -> Option<char> {
    match c {
        'ا' | 'و' | 'ي' | 'ء' | 'ؤ' | 'ئ' if first => {
            Some(if c == 'و' || c == 'ي' { c } else { 'ا' })
        }
        'ا' | 'و' | 'ي' | 'ء' | 'ؤ' | 'ئ' => None,
        'ه' if end => None,
        'ج' | 'غ' | 'ق' | 'ك' => Some('ك'),
        'ط' | 'ت' => Some('ت'),
        'ص' | 'س' | 'ث' => Some('س'),
        'ض' | 'د' => Some('د'),
        'ظ' | 'ذ' | 'ز' => Some('ز'),
        'ح' | 'ه' => Some('ه'),
        '-' | '_' | '\'' => None,
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn spellings_share_a_key_and_other_names_do_not() {
        for pair in [
            ["بلينكين", "بلينكن"],
            ["نتنياهو", "نتانياهو"],
            ["أردوغان", "أردوجان"],
            ["إردوغان", "أردوغان"],
            ["هايلي", "هيلي"],
            ["غوتيريش", "جوتيريش"],
        ] {
            assert_eq!(skeleton(&fold(pair[0])), skeleton(&fold(pair[1])), "{pair:?}");
        }
        for pair in [["بوتين", "بايدن"], ["ترامب", "ترودو"], ["حسن", "حسنين مبارك"]]
        {
            assert_ne!(skeleton(&fold(pair[0])), skeleton(&fold(pair[1])), "{pair:?}");
        }
    }
}
