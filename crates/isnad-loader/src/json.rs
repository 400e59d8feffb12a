//! JSON for libraries that have none of their own: values by JSON pointer.

use isnad_plugin::abi;
use serde_json::Value;

/// What was asked for in one call: texts are parsed once, and answers stay until the call is over.
#[derive(Debug, Default)]
pub(crate) struct Json {
    parsed: Vec<(String, Option<Value>)>,
    texts: Vec<String>,
}

impl Json {
    /// What stands in `json` at `pointer` (RFC 6901, and `/#N` for the Nth key of an object); `None` where `json` is
    /// no JSON. The text of the answer stays where it is for as long as `self`.
    pub(crate) fn ask(&mut self, json: &str, pointer: &str) -> Option<abi::Value> {
        // By content: a library may well write another text into the same memory.
        let index = self.parsed.iter().position(|(text, _)| text == json).unwrap_or_else(|| {
            self.parsed.push((json.to_owned(), serde_json::from_str(json).ok()));
            self.parsed.len() - 1
        });
        let value = self.parsed.get(index)?.1.as_ref()?;
        if let Some((object, token)) = pointer.rsplit_once("/#")
            && let (Ok(index), Some(object)) =
                (token.parse::<usize>(), value.pointer(object).and_then(Value::as_object))
        {
            return Some(object.keys().nth(index).map_or(ABSENT, |key| abi::Value {
                kind: abi::value::STRING,
                text: abi::Str::new(key),
                ..ABSENT
            }));
        }
        let Some(value) = value.pointer(pointer) else { return Some(ABSENT) };
        let mut answer = plain(value);
        if answer.kind != abi::value::STRING {
            let text = value.to_string();
            answer.text = abi::Str::new(&text);
            // The characters stay where they are when the string that owns them moves.
            self.texts.push(text);
        }
        Some(answer)
    }
}

/// No value.
pub(crate) const ABSENT: abi::Value =
    abi::Value { kind: abi::value::ABSENT, count: 0, integer: 0, number: 0.0, text: abi::Str::EMPTY };

/// The value without its text, but for strings.
fn plain(value: &Value) -> abi::Value {
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    match value {
        Value::Null => abi::Value { kind: abi::value::NULL, ..ABSENT },
        Value::Bool(is) => abi::Value { kind: abi::value::BOOLEAN, count: u32::from(*is), ..ABSENT },
        Value::Number(number) => {
            let float = number.as_f64().unwrap_or_default();
            match number.as_i64() {
                Some(integer) => abi::Value { kind: abi::value::INTEGER, integer, number: float, ..ABSENT },
                None => {
                    abi::Value { kind: abi::value::NUMBER, integer: whole(float), number: float, ..ABSENT }
                }
            }
        }
        Value::String(text) => abi::Value { kind: abi::value::STRING, text: abi::Str::new(text), ..ABSENT },
        Value::Array(items) => abi::Value { kind: abi::value::ARRAY, count: count(items.len()), ..ABSENT },
        Value::Object(keys) => abi::Value { kind: abi::value::OBJECT, count: count(keys.len()), ..ABSENT },
    }
}

/// The number as an integer where it is one that a float holds exactly; else 0.
fn whole(number: f64) -> i64 {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2 to the power of 53
    if number.fract() == 0.0 && number.abs() <= EXACT { number as i64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &str = r#"{"words":["قال","أعلن"],"a/b":true,"n":-3,"x":2.0,"half":0.5,"big":9e99,"none":null,"o":{"k":1,"ل":2}}"#;

    /// The type and the text of what stands at each pointer.
    fn check(json: &str, pointers: &[&str], expected: &[(u32, &str)]) {
        let mut asked = Json::default();
        let answers: Vec<abi::Value> = pointers.iter().map(|p| asked.ask(json, p).unwrap()).collect();
        for ((answer, pointer), (kind, text)) in answers.iter().zip(pointers).zip(expected) {
            // SAFETY: `asked` is still there.
            let found = unsafe { answer.text.text() };
            assert_eq!((answer.kind, found), (*kind, Some(*text)), "{pointer}");
        }
    }

    #[test]
    fn values_come_with_their_type_and_their_text() {
        use abi::value::*;
        check(
            OPTIONS,
            &["/words/0", "/words", "/a~1b", "/n", "/x", "/none", "/o", "/nothing", "/words/7", "n"],
            &[
                (STRING, "قال"),
                (ARRAY, r#"["قال","أعلن"]"#),
                (BOOLEAN, "true"),
                (INTEGER, "-3"),
                (NUMBER, "2.0"),
                (NULL, "null"),
                (OBJECT, r#"{"k":1,"ل":2}"#),
                (ABSENT, ""),
                (ABSENT, ""),
                (ABSENT, ""),
            ],
        );
    }

    #[test]
    fn keys_come_in_their_order() {
        use abi::value::*;
        check(
            OPTIONS,
            &["/o/#0", "/o/#1", "/o/#2", "/#0", "/n/#0", "/o/#x"],
            &[(STRING, "k"), (STRING, "ل"), (ABSENT, ""), (STRING, "words"), (ABSENT, ""), (ABSENT, "")],
        );
    }

    #[test]
    fn numbers_that_are_whole_are_integers_too() {
        let mut asked = Json::default();
        let mut number =
            |pointer| asked.ask(OPTIONS, pointer).map(|v| (v.kind, v.integer, v.number)).unwrap();
        assert_eq!(number("/n"), (abi::value::INTEGER, -3, -3.0));
        assert_eq!(number("/x"), (abi::value::NUMBER, 2, 2.0));
        assert_eq!(number("/half"), (abi::value::NUMBER, 0, 0.5));
        assert_eq!(number("/big"), (abi::value::NUMBER, 0, 9e99));
    }

    #[test]
    fn counts_are_those_of_arrays_objects_and_truths() {
        let mut asked = Json::default();
        let mut count = |pointer| asked.ask(OPTIONS, pointer).map(|v| v.count).unwrap();
        assert_eq!((count("/words"), count("/o"), count("/a~1b")), (2, 2, 1));
    }

    #[test]
    fn what_is_no_json_has_no_values() {
        assert!(Json::default().ask("{", "").is_none());
    }
}
