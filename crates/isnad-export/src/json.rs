//! Writing JSON member by member into a byte buffer, without building a value first.

use serde::Serialize;

/// Writes one JSON text. The caller opens and closes objects and arrays in pairs.
pub(crate) struct JsonWriter<'o> {
    out: &'o mut Vec<u8>,
    /// Whether the next member or item is the first of its object or array.
    first: bool,
}

impl<'o> JsonWriter<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        JsonWriter { out, first: true }
    }

    /// Opens an object or array: `{` or `[`.
    pub(crate) fn open(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.first = true;
    }

    /// Closes it: `}` or `]`.
    pub(crate) fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.first = false;
    }

    /// The name of a member, which holds nothing to escape; its value comes next.
    pub(crate) fn key(&mut self, key: &'static str) {
        self.item();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// Any name of a member; its value comes next.
    pub(crate) fn any_key(&mut self, key: &str) {
        self.item();
        self.value(key);
        self.out.push(b':');
    }

    /// Begins an item of an array; its value comes next.
    pub(crate) fn item(&mut self) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
    }

    /// A value.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        serde_json::to_writer(&mut *self.out, value)
            .expect("strings, numbers and JSON values are written into memory");
    }

    /// The id of an annotation.
    pub(crate) fn id(&mut self, number: u32) {
        self.out.extend_from_slice(b"\"a");
        self.value(&number);
        self.out.push(b'"');
    }

    /// A member and its value.
    pub(crate) fn member<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.key(key);
        self.value(value);
    }
}
