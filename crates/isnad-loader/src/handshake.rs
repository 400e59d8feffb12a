//! The handshake: what a library says of itself, read step by step. Nothing is read before what stands before it is
//! known to be good, and no function of the library is called.

use std::collections::BTreeSet;
use std::mem::{MaybeUninit, offset_of, size_of};
use std::path::Path;

use isnad_plugin::abi;
use serde::Deserialize;
use serde_json::Value;

use crate::description::{Description, ExampleText, KindDescription, LoadError, LoadErrorKind};

/// A library that has said what it is.
pub(crate) struct Introduced {
    pub(crate) description: Description,
    /// In the order of the description.
    pub(crate) kinds: Vec<KindTable>,
    pub(crate) init: Option<unsafe extern "C" fn(*const abi::Host) -> abi::Rc>,
}

/// A kind of stage of a library.
pub(crate) struct KindTable {
    /// Where it lies in the library, which may have more behind it.
    pub(crate) at: *const abi::Kind,
    /// Its functions, as far as the library has them.
    pub(crate) table: abi::Kind,
}

/// Groups of stages that are isnad's own.
const OWN_GROUPS: [&str; 3] = ["normalize", "extract", "export"];
/// What no text of a description is longer than.
const LONGEST_TEXT: usize = 16 << 20;
/// What no library has more kinds than.
const MOST_KINDS: u32 = 4096;

/// What a module is at least, in its first version: `init` and all behind it may be missing.
const MODULE_LEAST: usize = offset_of!(abi::Module, init);
/// What a kind is at least, in its first version: all behind `destroy` may be missing.
const KIND_LEAST: usize = offset_of!(abi::Kind, open_sink);

/// Reads the description of the library at `path`.
///
/// # Safety
/// `module` is what the entry function of a library returned that stays loaded: it is null, or leads to a module as
/// the header has it, whose first field says whether it is one.
pub(crate) unsafe fn introduce(path: &Path, module: *const abi::Module) -> Result<Introduced, LoadError> {
    let reader = Reader { path };
    // SAFETY: the caller promises it.
    let module = unsafe { reader.module(module) }?;
    // SAFETY: the library promises its texts, as every pointer in a module that is one.
    let version = unsafe { reader.text("its version", module.version) }?;
    // SAFETY: as above.
    let built_with = unsafe { reader.text("what it was built with", module.built_with) }?;
    let mut introduced = Introduced {
        description: Description {
            version: version.to_owned(),
            built_with: built_with.to_owned(),
            abi: (module.abi_major, module.abi_minor, module.abi_minor_needed),
            kinds: Vec::new(),
        },
        kinds: Vec::new(),
        init: module.init,
    };
    if module.n_kinds > MOST_KINDS {
        return Err(reader
            .error(LoadErrorKind::Magic, format!("says that it has {} kinds of stages", module.n_kinds)));
    }
    if module.n_kinds > 0 && (module.kinds.is_null() || !module.kinds.is_aligned()) {
        return Err(reader.error(LoadErrorKind::Magic, "has a list of kinds that is null or not aligned"));
    }
    // SAFETY: the pointer is aligned and not null, and the library promises so many pointers behind it.
    let kinds = unsafe { abi::slice(module.kinds, module.n_kinds as usize) };
    let mut names = BTreeSet::new();
    for (index, &at) in kinds.iter().enumerate() {
        // SAFETY: the library promises a kind at each of the pointers.
        let (table, description) = unsafe { reader.kind(index, at) }?;
        if !names.insert(description.name.clone()) {
            let what = format!("has two kinds of stages named `{}`", description.name);
            return Err(reader.error(LoadErrorKind::Name, what));
        }
        introduced.kinds.push(KindTable { at, table });
        introduced.description.kinds.push(description);
    }
    Ok(introduced)
}

struct Reader<'p> {
    path: &'p Path,
}

impl Reader<'_> {
    fn error(&self, kind: LoadErrorKind, what: impl AsRef<str>) -> LoadError {
        LoadError::new(kind, format!("library `{}` {}", self.path.display(), what.as_ref()))
    }

    /// # Safety
    /// As for [`introduce`].
    unsafe fn module(&self, at: *const abi::Module) -> Result<abi::Module, LoadError> {
        if at.is_null() || !at.is_aligned() {
            return Err(
                self.error(LoadErrorKind::Magic, "gives a null or unaligned pointer for its description")
            );
        }
        // SAFETY: the pointer is aligned and not null, and what lies there begins with five numbers.
        let [magic, size, major, minor, needed] = unsafe { at.cast::<[u32; 5]>().read() };
        if magic != abi::MAGIC {
            let what = format!(
                "has a description that begins with {magic:#010x} instead of {:#010x}; make it with `ISNAD_MODULE_HEAD` \
                 of `isnad.h`",
                abi::MAGIC
            );
            return Err(self.error(LoadErrorKind::Magic, what));
        }
        let (ours_major, ours, oldest) = (abi::ABI_MAJOR, abi::ABI_MINOR, abi::ABI_MINOR_OLDEST);
        let here = format!("this isnad speaks {ours_major}.{ours}");
        if major != ours_major {
            let what = format!(
                "speaks version {major}.{minor} of the plugin ABI, and {here}; build it for {ours_major}.{ours}"
            );
            return Err(self.error(LoadErrorKind::Version, what));
        }
        if needed > ours {
            let what = format!(
                "needs version {major}.{needed} of the plugin ABI, and {here}; use an isnad that speaks {major}.{needed} or later"
            );
            return Err(self.error(LoadErrorKind::Version, what));
        }
        if minor < oldest {
            let what = format!(
                "speaks version {major}.{minor} of the plugin ABI, and {here} and versions from {major}.{oldest} on; build it anew"
            );
            return Err(self.error(LoadErrorKind::Version, what));
        }
        let size = size as usize;
        if size < MODULE_LEAST {
            return Err(self.truncated("its description", size, MODULE_LEAST));
        }
        // SAFETY: a module that is one has `size` bytes; null pointers and zeros are values of all its fields.
        let module = unsafe { prefix(at, size) };
        for (what, theirs, ours, may_be_more) in [
            ("rows", module.row_size, size_of::<abi::Row>(), false),
            ("attrs", module.attr_size, size_of::<abi::Attr>(), false),
            ("links", module.link_size, size_of::<abi::Link>(), false),
            ("documents", module.document_size, size_of::<abi::Document>(), true),
        ] {
            let theirs = theirs as usize;
            if theirs != ours && !(may_be_more && theirs > ours) {
                let what = format!(
                    "knows {what} of {theirs} bytes, and they have {ours}; build it with the `isnad.h` of its version"
                );
                return Err(self.error(LoadErrorKind::Layout, what));
            }
        }
        Ok(module)
    }

    /// # Safety
    /// `at` is null, or leads to a kind whose first field says how long it is.
    unsafe fn kind(
        &self,
        index: usize,
        at: *const abi::Kind,
    ) -> Result<(abi::Kind, KindDescription), LoadError> {
        let number = index + 1;
        if at.is_null() || !at.is_aligned() {
            return Err(self.error(
                LoadErrorKind::Magic,
                format!("has a null or unaligned pointer for its kind number {number}"),
            ));
        }
        // SAFETY: the pointer is aligned and not null, and what lies there begins with its size.
        let size = unsafe { at.cast::<u32>().read() } as usize;
        if size < KIND_LEAST {
            return Err(self.truncated(&format!("its kind number {number}"), size, KIND_LEAST));
        }
        // SAFETY: the kind says that it has `size` bytes; null pointers and zeros are values of all its fields.
        let table = unsafe { prefix(at, size) };
        // SAFETY: the library promises the texts of a kind.
        let name = unsafe { self.text(&format!("the name of its kind number {number}"), table.name) }?;
        self.check_name(name)?;
        let functions = [
            ("create", table.create.is_some()),
            ("contract", table.contract.is_some()),
            ("open", table.open.is_some()),
            ("process", table.process.is_some()),
            ("close", table.close.is_some()),
            ("destroy", table.destroy.is_some()),
        ];
        if let Some((missing, _)) = functions.iter().find(|(_, is_there)| !is_there) {
            let what = format!(
                "has no function `{missing}` for its kind `{name}`; only `finish` and what follows `destroy` may be null"
            );
            return Err(self.error(LoadErrorKind::Function, what));
        }
        let text = |what: &str, text: abi::Str| {
            // SAFETY: the library promises the texts of a kind.
            unsafe { self.text(&format!("{what} of `{name}`"), text) }
        };
        let (about, docs) = (text("the line about", table.about)?, text("the docs", table.docs)?);
        let schema = self.schema(name, text("the schema", table.schema)?)?;
        let examples = self.examples(name, text("the examples", table.examples)?)?;
        let description = KindDescription {
            name: name.to_owned(),
            about: about.to_owned(),
            docs: docs.to_owned(),
            schema,
            examples,
        };
        Ok((table, description))
    }

    fn check_name(&self, name: &str) -> Result<(), LoadError> {
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
        };
        match name.split_once('.') {
            Some((group, noun)) if is_word(group) && is_word(noun) => {
                if OWN_GROUPS.contains(&group) {
                    let what = format!(
                        "has a kind of stage `{name}`, and the group `{group}` is isnad's own; give it a group of yours"
                    );
                    return Err(self.error(LoadErrorKind::Name, what));
                }
                Ok(())
            }
            _ => {
                let what = format!(
                    "has a kind of stage `{}`; names are `group.noun`, in small letters, digits, `-` and `_`",
                    name.escape_debug()
                );
                Err(self.error(LoadErrorKind::Name, what))
            }
        }
    }

    fn schema(&self, name: &str, text: &str) -> Result<Value, LoadError> {
        let wrong = |why: String| {
            self.error(LoadErrorKind::Schema, format!("has no schema for the options of `{name}`: {why}"))
        };
        let schema: Value =
            serde_json::from_str(text).map_err(|error| wrong(format!("it is no JSON: {error}")))?;
        let is_object = schema.get("type").is_none_or(|kind| kind == "object");
        let properties = schema.get("properties");
        if !schema.is_object() || !is_object || properties.is_some_and(|properties| !properties.is_object()) {
            return Err(wrong(
                "it does not describe an object; write `{\"type\": \"object\", \"properties\": {…}}`"
                    .to_owned(),
            ));
        }
        Ok(schema)
    }

    fn examples(&self, name: &str, text: &str) -> Result<Vec<ExampleText>, LoadError> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let examples: Result<Vec<Example>, _> = serde_json::from_str(text);
        let examples = examples.map_err(|error| {
            self.error(
                LoadErrorKind::Examples,
                format!("has examples of `{name}` that are no list of examples: {error}"),
            )
        })?;
        Ok(examples.into_iter().map(Example::into_text).collect())
    }

    /// # Safety
    /// Where the text has a pointer and a length that can be, it lies there for ever.
    unsafe fn text(&self, what: &str, text: abi::Str) -> Result<&'static str, LoadError> {
        let wrong = |why: &str| self.error(LoadErrorKind::Text, format!("has {what} wrong: {why}"));
        if text.len > 0 && text.ptr.is_null() {
            return Err(wrong("its pointer is null and its length is not 0"));
        }
        if text.len > LONGEST_TEXT {
            return Err(wrong(&format!("it is {} bytes long", text.len)));
        }
        // SAFETY: pointer and length are possible, and the caller promises the rest.
        unsafe { text.text() }.ok_or_else(|| wrong("it is not UTF-8"))
    }

    fn truncated(&self, what: &str, size: usize, least: usize) -> LoadError {
        let what = format!(
            "has {what} truncated: {size} bytes, and {least} are the least; build it with the `isnad.h` of its version"
        );
        self.error(LoadErrorKind::Truncated, what)
    }
}

/// An example as a library writes it: options may be an object, or a text that holds one.
#[derive(Deserialize)]
struct Example {
    about: String,
    #[serde(default)]
    options: Value,
    before: String,
    after: String,
}

impl Example {
    fn into_text(self) -> ExampleText {
        let options = match self.options {
            Value::Null => "{}".to_owned(),
            Value::String(text) => text,
            value => value.to_string(),
        };
        ExampleText { about: self.about, options, before: self.before, after: self.after }
    }
}

/// A table as far as its maker knew it; what came into it later reads as zero, and what is newer than we are is left
/// out.
///
/// # Safety
/// `size` bytes can be read at `table`, as long as they are no more than a `T`, and all of a `T` may be zero.
unsafe fn prefix<T: Copy>(table: *const T, size: usize) -> T {
    // Half a field is none: the fields of tables are as long as they are aligned.
    let known = size.min(size_of::<T>()) / align_of::<T>() * align_of::<T>();
    let mut copy = MaybeUninit::<T>::zeroed();
    // SAFETY: `known` bytes are in both, and the copy is our own.
    unsafe { std::ptr::copy_nonoverlapping(table.cast::<u8>(), copy.as_mut_ptr().cast::<u8>(), known) };
    // SAFETY: every byte is zero or one of the table, and the caller promises that these are a `T`.
    unsafe { copy.assume_init() }
}
