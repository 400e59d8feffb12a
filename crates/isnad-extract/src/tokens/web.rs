//! The things of the web: addresses, handles, hashtags. What is one and where it ends is, but for Arabic
//! in paths and for the label of mail, as twitter-text (Apache-2.0) draws it.

use isnad_arabic::{Class, class};
use isnad_lexicon::TopLevelDomains;
use unicode_normalization::char::is_combining_mark;

use super::scan::{Label, is_blank};

/// Finds addresses.
#[derive(Debug)]
pub(super) struct Web {
    top: TopLevelDomains,
}

/// What the labels of a host's name are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    /// Behind `https://`: letters of all scripts, any top-level domain.
    Announced,
    /// Without: Latin letters and a known top-level domain.
    Bare,
}

/// The longest label of a host's name, in characters, and the most labels.
const LABEL: usize = 63;
const LABELS: usize = 32;

/// The longest name before the `@` of a mail address.
const MAILBOX: usize = 64;

/// The host whose short links hold nothing but letters and digits, and at most how many.
const SHORT: (&str, usize) = ("t.co", 40);

/// How many bytes of a path or query are looked at behind what may end it, for a bracket that closes or
/// another letter: without a limit, a text of open brackets would be read again from each.
const AHEAD: usize = 256;

const SCHEMES: [&str; 3] = ["http://", "https://", "ftp://"];

impl Web {
    pub(super) fn new() -> Self {
        let top =
            TopLevelDomains::builtin().expect("the tables of isnad-lexicon are tested to be well formed");
        Web { top }
    }

    /// Length and label of the address that begins at `begin`.
    pub(super) fn address(&self, text: &str, begin: usize) -> Option<(usize, Label)> {
        let rest = text.get(begin..)?;
        let before = text.get(..begin)?.chars().next_back().unwrap_or(' ');
        if before.is_ascii_alphanumeric() || matches!(before, '@' | '\u{FF20}' | '#' | '\u{FF03}' | '$') {
            return None;
        }
        if let Some(scheme) = SCHEMES.iter().find(|scheme| begins_with(rest, scheme)) {
            let len = self.located(rest.get(scheme.len()..)?, Host::Announced)?;
            return Some((scheme.len() + len, Label::Url));
        }
        if matches!(before, '.' | '-' | '_' | '+' | '%' | '/') {
            return None;
        }
        if let Some(len) = mail(rest) {
            return Some((len, Label::Email));
        }
        self.located(rest, Host::Bare).map(|len| (len, Label::Url))
    }

    /// Length of host, port, path and query.
    fn located(&self, rest: &str, kind: Host) -> Option<usize> {
        let host = self.host(rest, kind)?;
        let behind = rest.get(host..)?;
        if behind.starts_with('@') {
            return None;
        }
        let port = port(behind);
        let mut end = host + port;
        let slug = rest.get(end..)?.strip_prefix('/');
        if let Some(slug) = slug.filter(|_| rest.get(..host).is_some_and(|h| h.eq_ignore_ascii_case(SHORT.0)))
        {
            let len = slug.bytes().take_while(u8::is_ascii_alphanumeric).count();
            if len > SHORT.1 {
                return None;
            }
            end += 1 + len;
        } else if slug.is_some() {
            end += path(rest.get(end..)?);
        }
        if rest.get(end..)?.starts_with('?') {
            end += query(rest.get(end..)?);
        }
        Some(end)
    }

    /// Length of the name of a host: labels with full stops between them, the last one a top-level domain.
    fn host(&self, rest: &str, kind: Host) -> Option<usize> {
        let mut best = None;
        let mut at = 0;
        // The label before: it may hold no `_` where it stands right before the top-level domain.
        let mut domain: Option<&str> = None;
        for _ in 0..LABELS {
            let here = rest.get(at..)?;
            let label = here.get(..label_len(here, kind))?;
            if domain.is_some_and(|domain| is_domain(domain, kind)) {
                if let Some(len) = self.top_level(here, kind) {
                    best = Some(at + len);
                    if len < label.len() {
                        break;
                    }
                } else if kind == Host::Announced && may_be_top_level(label) {
                    best = Some(at + label.len());
                }
            }
            if !is_label(label) {
                break;
            }
            domain = Some(label);
            at += label.len();
            if !rest.get(at..)?.starts_with('.') {
                break;
            }
            at += 1;
        }
        best.or_else(|| (kind == Host::Announced).then(|| number_of_host(rest)).flatten())
    }

    /// Length of the known top-level domain at the beginning of `here`.
    fn top_level(&self, here: &str, kind: Host) -> Option<usize> {
        let letters = here.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == 0 {
            // Without a scheme, an Arabic word behind a full stop is a word.
            let tld = self.top.beginning(here)?;
            let arabic = tld.starts_with(isnad_arabic::is_arabic_letter);
            let goes_on = here.get(tld.len()..)?.starts_with(char::is_alphabetic);
            return (!arabic || kind == Host::Announced && !goes_on).then_some(tld.len());
        }
        let tld = here.get(..letters)?;
        let next = here.get(letters..)?.chars().next().unwrap_or(' ');
        if next.is_ascii_alphanumeric() || matches!(next, '-' | '_' | '@') || !self.top.contains(tld) {
            return None;
        }
        // «… at home.In Paris»: a sentence ends there, no name does.
        let mut cases = tld.bytes().map(|byte| byte.is_ascii_uppercase());
        let titled = cases.next() == Some(true) && !cases.next().unwrap_or(true);
        (kind == Host::Announced || !titled).then_some(letters)
    }
}

/// Length of `@name`: ASCII letters, digits and underscores, not behind or before what makes it part of
/// something else; `RT` alone may stand glued to it.
pub(super) fn handle(text: &str, at: usize) -> Option<usize> {
    let (before, rest) = (text.get(..at)?, text.get(at..)?);
    let sign = rest.chars().next()?.len_utf8();
    let glued = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '!' | '#' | '$' | '%' | '&' | '*' | '@' | '\u{FF20}' /* FULLWIDTH AT */)
    };
    if before.chars().next_back().is_some_and(glued) && !is_retweet(before) {
        return None;
    }
    let name = rest.get(sign..)?;
    let len = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let behind = name.get(len..)?;
    let next = behind.chars().next().unwrap_or(' ');
    let goes_on = matches!(next, '@' | '\u{FF20}') || is_accented(next) || behind.starts_with("://");
    (len > 0 && !goes_on).then_some(sign + len)
}

/// Length of a hashtag: letters, marks, digits and a few signs, at least one of them a letter, not behind
/// a letter, digit or `&`.
pub(super) fn hashtag(text: &str, at: usize) -> Option<usize> {
    let (before, rest) = (text.get(..at)?, text.get(at..)?);
    if before.chars().next_back().is_some_and(|c| c == '&' || is_tag_char(c)) {
        return None;
    }
    let sign = rest.chars().next()?.len_utf8();
    let mut len = 0;
    let mut named = false;
    for c in rest.get(sign..)?.chars() {
        if !is_tag_char(c) {
            break;
        }
        named |= c.is_alphabetic() || is_combining_mark(c);
        len += c.len_utf8();
    }
    let behind = rest.get(sign + len..)?;
    let goes_on = behind.starts_with(['#', '\u{FF03}']) || behind.starts_with("://");
    (named && !goes_on).then_some(sign + len)
}

fn is_tag_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    // Letters of Arabic are told by a table, those of other scripts by a search.
    if class(c) == Class::Letter {
        return true;
    }
    // A variation selector belongs to the picture before it.
    let selector = matches!(c, '\u{FE00}'..='\u{FE0F}');
    c.is_alphabetic() || c.is_numeric() || is_combining_mark(c) && !selector || TAG_SIGNS.contains(&c)
}

/// Signs that stand inside words of one language or another, as twitter-text lists them.
const TAG_SIGNS: [char; 15] = [
    '\u{00B7}', // MIDDLE DOT
    '\u{05BE}', // HEBREW PUNCTUATION MAQAF
    '\u{05F3}', // HEBREW PUNCTUATION GERESH
    '\u{05F4}', // HEBREW PUNCTUATION GERSHAYIM
    '\u{0F0B}', // TIBETAN MARK INTERSYLLABIC TSHEG
    '\u{200C}', // ZERO WIDTH NON-JOINER
    '\u{200D}', // ZERO WIDTH JOINER
    '\u{3003}', // DITTO MARK
    '\u{301C}', // WAVE DASH
    '\u{309B}', // KATAKANA-HIRAGANA VOICED SOUND MARK
    '\u{309C}', // KATAKANA-HIRAGANA SEMI-VOICED SOUND MARK
    '\u{30A0}', // KATAKANA-HIRAGANA DOUBLE HYPHEN
    '\u{30FB}', // KATAKANA MIDDLE DOT
    '\u{A67E}', // CYRILLIC KAVYKA
    '\u{FF5E}', // FULLWIDTH TILDE
];

/// Whether a text ends in `RT` or `RT:`, standing alone.
fn is_retweet(before: &str) -> bool {
    let word = before.strip_suffix(':').unwrap_or(before);
    let Some(at) = word.len().checked_sub(2) else { return false };
    let alone = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '+' | '.' | '~' | '-');
    word.get(at..).is_some_and(|word| word.eq_ignore_ascii_case("rt"))
        && word.get(..at).is_some_and(|rest| rest.chars().next_back().is_none_or(alone))
}

/// Latin letters outside ASCII.
fn is_accented(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic()
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Length of a mail address.
fn mail(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let in_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-');
    let name = bytes.iter().take(MAILBOX + 1).take_while(in_name).count();
    if name > MAILBOX || bytes.get(name) != Some(&b'@') {
        return None;
    }
    let domain = rest.get(name + 1..)?;
    let mut at = 0;
    let mut best = None;
    for labels in 0..LABELS {
        let here = domain.get(at..)?;
        let label = here.get(..label_len(here, Host::Bare))?;
        if !is_label(label) || !label.is_ascii() || label.contains('_') {
            break;
        }
        at += label.len();
        if labels > 0 && label.len() > 1 && label.bytes().all(|b| b.is_ascii_alphabetic()) {
            best = Some(name + 1 + at);
        }
        if !domain.get(at..)?.starts_with('.') {
            break;
        }
        at += 1;
    }
    best.filter(|&end| !rest.get(end..).is_some_and(|behind| behind.starts_with('@')))
}

/// Length of what may be a label of a host's name, a little more where it is too long for one.
fn label_len(rest: &str, kind: Host) -> usize {
    let inside = |c: char| match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
        _ if kind == Host::Bare => is_accented(c),
        // Arrows, stars and other pictures may stand in a name.
        '\u{2190}'..='\u{2BFF}' => true,
        _ => c.is_alphanumeric() || is_combining_mark(c),
    };
    rest.chars().take(LABEL + 1).take_while(|&c| inside(c)).map(char::len_utf8).sum()
}

fn is_label(label: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| !matches!(c, '-' | '_'));
    inner(label.chars().next())
        && inner(label.chars().next_back())
        && label.chars().count() <= LABEL
        && (label.is_ascii() || !begins_with(label, "xn--"))
}

/// Whether a label may stand right before the top-level domain.
fn is_domain(label: &str, kind: Host) -> bool {
    !label.contains('_') && (kind == Host::Announced || label.chars().any(char::is_alphabetic))
}

/// Whether a label may be a top-level domain that the table does not know: new ones come every year.
fn may_be_top_level(label: &str) -> bool {
    begins_with(label, "xn--") && label.is_ascii() && !label.contains('_')
        || label.chars().all(char::is_alphabetic) && label.chars().nth(1).is_some()
}

/// Length of four numbers with full stops between them.
fn number_of_host(rest: &str) -> Option<usize> {
    let len = rest.bytes().take(16).take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let number = rest.get(..len)?.trim_end_matches('.');
    let parts = number.split('.').filter(|part| (1..=3).contains(&part.len())).count();
    (parts == 4 && number.split('.').count() == 4).then_some(number.len())
}

/// Length of `:8080`.
fn port(rest: &str) -> usize {
    let Some(number) = rest.strip_prefix(':') else { return 0 };
    match number.bytes().take_while(u8::is_ascii_digit).count() {
        digits @ 1..=5 => 1 + digits,
        _ => 0,
    }
}

/// Length of a path, without the punctuation of the sentence around it and without a bracket that was not
/// opened in it.
fn path(rest: &str) -> usize {
    let mut end = 0;
    let mut open = 0;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        let letter = match c {
            _ if at > end + AHEAD => break,
            '(' => {
                open += 1;
                false
            }
            ')' if open == 0 => break,
            ')' => {
                open -= 1;
                true
            }
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '=' | '_' | '#' | '/' => true,
            '!' | '*' | '\'' | ';' | ':' | ',' | '.' | '$' | '%' | '[' | ']' | '~' | '@' | '|' | '&' => false,
            '\u{2013}' => false, // EN DASH
            _ if c.is_ascii() => break,
            // Letters of scripts that put spaces between words; but a word glued to an address is none of it.
            _ => {
                let of_word = c.is_alphanumeric() || is_combining_mark(c);
                let glued = before.is_ascii_alphanumeric() && !is_accented(c);
                if c >= '\u{0E00}' || is_blank(c) || !of_word || glued {
                    break;
                }
                true
            }
        };
        if letter && open == 0 {
            end = at + c.len_utf8();
        }
        before = c;
    }
    end
}

/// Length of a query.
fn query(rest: &str) -> usize {
    let mut end = 0;
    for (at, byte) in rest.bytes().enumerate() {
        if at > end + AHEAD {
            break;
        }
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'&' | b'=' | b'#' | b'/' => end = at + 1,
            b'!' | b'?' | b'*' | b'\'' | b'@' | b'(' | b')' | b';' | b':' | b'+' | b'$' | b'%' | b'['
            | b']' | b'.' | b',' | b'~' | b'|' => {}
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses that begin a text, with their labels.
    fn check(text: &str, expected: Option<(&str, Label)>) {
        let found = Web::new().address(text, 0);
        assert_eq!(found.map(|(len, label)| (&text[..len], label)), expected, "{text}");
    }

    #[test]
    fn addresses_end_before_what_is_not_theirs() {
        let url = |text| Some((text, Label::Url));
        check("https://t.co/AbC123قال", url("https://t.co/AbC123"));
        check("https://ar.wikipedia.org/wiki/القاهرة، وهي", url("https://ar.wikipedia.org/wiki/القاهرة"));
        check("http://example.org/a_(b)).", url("http://example.org/a_(b)"));
        check("http://192.168.1.10:8080/x", url("http://192.168.1.10:8080/x"));
        check("https://موقع.وزارة-الاتصالات.مصر/", url("https://موقع.وزارة-الاتصالات.مصر/"));
        check("http://example.comقال", url("http://example.com"));
        check("http://no-tld", None);
    }

    #[test]
    fn addresses_without_a_scheme() {
        let url = |text| Some((text, Label::Url));
        check("aawsat.com، الجمعة", url("aawsat.com"));
        check("moi.gov.sa/news?id=5.", url("moi.gov.sa/news?id=5"));
        check("spokesman said.In Paris", None);
        check("CNN.مصر", None);
        check("U.S.", None);
        check("ASP.NETT", None);
        check("info@example.gov.eg.", Some(("info@example.gov.eg", Label::Email)));
    }
}
