/*
 * isnad.h: the border between isnad and stages in dynamic libraries. ABI 0.1, C11 and C++17.
 *
 * A library exports one function, `isnad_module_v0`, which returns a static description: the kinds of stages
 * it has, each with its options and its functions. The host calls them in this order:
 *
 *   module -> init                                    once
 *   kind   -> create(options) -> contract             once a stage of a pipeline; shared by all threads
 *   stage  -> open(names)                             once a thread: a worker, which owns scratch memory
 *   worker -> process(documents) ... -> finish -> close
 *   stage  -> destroy
 *
 * Manners
 * - Who allocates frees. Nothing that one side allocated is freed by the other.
 * - What is lent (documents, rows, names, answers of host functions) is valid until the call returns to which it
 *   was lent. What the library returns (`contract`) is valid as long as the stage.
 * - Results go through the functions of the host, which check and copy at once. They take effect when `process`
 *   has returned ISNAD_OK: what is lent does not change during the call.
 * - A bad result is refused with ISNAD_REFUSED; the document fails with a message that names stage, document and
 *   place, the others go on.
 * - Nothing unwinds over the border: no C++ exception, no Rust panic, no longjmp.
 * - Text is UTF-8 with a length and without a NUL at its end. Offsets are bytes, half-open, on the borders of
 *   code points.
 * - `size` is the size of a struct as its maker knows it. Structs only grow at their end: look with ISNAD_HAS
 *   before using a field that came with a later minor version. What is reserved is zero.
 * - Threads: functions of a kind may be called on any thread, of one worker on one thread only, of different
 *   workers at the same time. Functions of the host that take an `isnad_call` belong to that call and its thread;
 *   the others may be called on any thread at any time.
 */
#ifndef ISNAD_H
#define ISNAD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ISNAD_MAGIC 0x4E534931u /* "1ISN" in memory on little-endian machines */
#define ISNAD_ABI_MAJOR 0u
#define ISNAD_ABI_MINOR 1u

/* Whether the maker of `*table` knew `field`. */
#define ISNAD_HAS(table, type, field) \
  ((table)->size >= offsetof(type, field) + sizeof((table)->field))

/* --- plain values ---------------------------------------------------------------------------------------- */

/* Text, not ended by NUL; `ptr` may be NULL where `len` is 0. */
typedef struct isnad_str {
  const char *ptr;
  size_t len;
} isnad_str;

/* What a call came to. */
typedef int32_t isnad_rc;
#define ISNAD_OK 0
#define ISNAD_FAILED 1    /* the run cannot go on; say why with `error` before returning it */
#define ISNAD_PANICKED 2  /* a panic or exception was caught: the host drops the worker and looks for the document */
#define ISNAD_CANCELLED 3 /* `cancelled` said so, and the work was left */
#define ISNAD_REFUSED 4   /* from functions of the host: this may not be, and why is noted */

#define ISNAD_NONE 0u          /* no label, no rule */
#define ISNAD_END 0xFFFFFFFFu  /* the end of a chain of attrs or links, and a number that is none */

/* One annotation. `span` lies in the text; names are numbers of `isnad_names.symbols`. */
typedef struct isnad_row {
  uint32_t begin, end;
  float score;      /* from 0 to 1 */
  uint16_t label;
  uint16_t rule;
  uint16_t stage;   /* who made it; ignored in rows that are handed over */
  uint16_t reserved;
} isnad_row;

/* Which row: its layer, and its index there. */
typedef struct isnad_ref {
  uint32_t index;
  uint16_t layer;
  uint16_t reserved;
} isnad_ref;

/* A value on a row of the layer in whose table it stands. */
typedef struct isnad_attr {
  uint32_t row;
  uint32_t value_at, value_len; /* in `isnad_document.arena` */
  uint32_t next;                /* the attr of the same row written before it, or ISNAD_END */
  uint16_t key;
  uint16_t stage;
} isnad_attr;

/* A reference from a row of the layer in whose table it stands to another row. One to a row of a layer that is
 * not lent leads to an index that is not there: such links read as none. */
typedef struct isnad_link {
  uint32_t row;
  isnad_ref to;
  uint32_t next; /* the link of the same row written before it, or ISNAD_END */
  uint16_t key;
  uint16_t stage;
} isnad_link;

/* The newest attr and the newest link of a row, or ISNAD_END. */
typedef struct isnad_heads {
  uint32_t attr, link;
} isnad_heads;

/* The rows of a layer, and what hangs on them. All NULL and 0 for a layer that is not lent or has no rows. */
typedef struct isnad_layer {
  const isnad_row *rows;
  const isnad_attr *attrs;
  const isnad_link *links;
  const isnad_heads *heads; /* one a row */
  uint32_t n_rows, n_attrs, n_links;
  uint32_t reserved;
} isnad_layer;

/* A stretch of the text and the stretch of the raw text it came from. */
typedef struct isnad_segment {
  uint32_t begin, end;
  uint32_t raw_begin, raw_end;
  uint32_t kind; /* ISNAD_SAME, or one of ISNAD_REPLACE ... ISNAD_WITHHOLD */
} isnad_segment;

#define ISNAD_SAME 0u           /* the same length, on the same borders of code points */
#define ISNAD_REPLACE 1u        /* another text */
#define ISNAD_DELETE 2u         /* nothing; what was there belongs to nothing: controls, spaces */
#define ISNAD_DELETE_BEFORE 3u  /* nothing; what was there belongs to the letter before: marks, tatweel */
#define ISNAD_DELETE_BEHIND 4u  /* nothing; what was there belongs to the letter behind */
#define ISNAD_REVERSE 5u        /* the same, code point by code point in reverse order */
#define ISNAD_WITHHOLD 6u       /* another text, and no output may show what was there */

/* One edit of the text. */
typedef struct isnad_edit {
  uint32_t begin, end;
  uint32_t kind;      /* ISNAD_REPLACE ... ISNAD_WITHHOLD */
  uint32_t reserved;
  isnad_str with;     /* for ISNAD_REPLACE and ISNAD_WITHHOLD */
} isnad_edit;

/* A value for a row: one that is lent, or one handed over in the same call. */
typedef struct isnad_new_attr {
  uint32_t row;
  uint16_t key;
  uint16_t reserved;
  isnad_str value;
} isnad_new_attr;

/* A reference from a row, lent or handed over in the same call, to another one. */
typedef struct isnad_new_link {
  uint32_t row;
  uint16_t key;
  uint16_t reserved;
  isnad_ref to;
} isnad_new_link;

/* An article, as far as the stage may see it. An array of documents is stepped through by `size` of the first:
 * ISNAD_DOCUMENT does it. */
typedef struct isnad_document {
  uint32_t size;
  uint32_t title_len;   /* bytes of the title at the beginning of `raw`; 0: none */
  isnad_str id;
  isnad_str raw;        /* the text as it came */
  isnad_str text;       /* as rewritten so far: what rows lie in and edits change */
  const isnad_segment *segments; /* how `text` lies on `raw`; n_segments is 0 where they are the same */
  const isnad_layer *layers;     /* by number of the layer, n_layers of them */
  isnad_str arena;      /* in which the values of attrs lie */
  isnad_str meta;       /* the metadata, a JSON object; empty unless the contract says `meta` */
  isnad_str path;       /* the input, as it was named; empty: unknown */
  uint64_t record;      /* its number in the input, from 1 */
  uint64_t begin, end;  /* bytes of the record in the input */
  uint32_t n_segments;
  uint32_t n_layers;
  uint32_t published;   /* the day of publication as the number yyyymmdd; 0: unknown */
  uint32_t reserved;
} isnad_document;

#define ISNAD_DOCUMENT(documents, index) \
  ((const isnad_document *)(const void *)((const char *)(documents) + (size_t)(index) * (documents)->size))

/* The names of the plan, by their numbers. */
typedef struct isnad_names {
  uint32_t size;
  uint32_t n_layers, n_symbols, n_stages;
  const isnad_str *layers;     /* names of layers */
  const uint16_t *versions;    /* their versions */
  const isnad_str *symbols;    /* labels, keys and rules; number 0 is the empty one */
  const isnad_str *stages;     /* ids of the stages of the pipeline */
  uint32_t stage;              /* the number of this one, or ISNAD_END where the host opens workers before it is known */
  uint32_t reserved;
} isnad_names;

/* A value out of a JSON text. */
typedef struct isnad_value {
  uint32_t type;     /* ISNAD_NULL ... ISNAD_OBJECT; ISNAD_ABSENT where there is nothing */
  uint32_t count;    /* of an array or object: how many; of a boolean: 0 or 1 */
  int64_t integer;   /* of an integer; of another number that is whole and small enough too */
  double number;     /* of any number */
  isnad_str text;    /* of a string: its characters; of anything else: its JSON */
} isnad_value;

#define ISNAD_ABSENT 0u
#define ISNAD_NULL 1u
#define ISNAD_BOOLEAN 2u
#define ISNAD_INTEGER 3u
#define ISNAD_NUMBER 4u
#define ISNAD_STRING 5u
#define ISNAD_ARRAY 6u
#define ISNAD_OBJECT 7u

/* --- the host -------------------------------------------------------------------------------------------- */

typedef struct isnad_host isnad_host;
typedef struct isnad_output isnad_output; /* a file being written */

/* What belongs to one call into the library. */
typedef struct isnad_call {
  const isnad_host *host;
} isnad_call;

#define ISNAD_LOG_ERROR 1u
#define ISNAD_LOG_WARN 2u
#define ISNAD_LOG_INFO 3u
#define ISNAD_LOG_DEBUG 4u
#define ISNAD_LOG_TRACE 5u

/* What the host does for libraries. */
struct isnad_host {
  uint32_t size;
  uint32_t abi_major, abi_minor;
  uint32_t log_level; /* messages of levels above this one are not looked at; 0: none are */

  /* --- at any time, on any thread */
  void (*log)(const isnad_host *, uint32_t level, isnad_str target, isnad_str message);
  /* An ability that is not part of this table, by its name such as "org.example.thing/1"; NULL: the host lacks it. */
  const void *(*get_extension)(const isnad_host *, isnad_str id);

  /* --- in every call */
  /* Why the call is about to return something other than ISNAD_OK. */
  void (*error)(isnad_call *, isnad_str message);
  /* Whether the run was told to stop: look in long work, and return ISNAD_CANCELLED. */
  int32_t (*cancelled)(isnad_call *);
  /* What stands in a JSON text at a JSON pointer (RFC 6901): "/count", "/paths/0"; "" is the whole. Keys of objects
   * come in their order with a pointer that ends in "/#N": the Nth key. Valid until the call returns. */
  isnad_value (*json)(isnad_call *, isnad_str json, isnad_str pointer);

  /* --- in create and open_sink */
  /* Something wrong with an option, by its path such as "count" or "paths.0"; then return ISNAD_FAILED. */
  void (*option_error)(isnad_call *, isnad_str path, isnad_str message);
  /* The bytes of a file; paths start at the folder of the pipeline file. On ISNAD_REFUSED `bytes` is the reason. */
  isnad_rc (*read_file)(isnad_call *, isnad_str path, isnad_str *bytes);

  /* --- in process; `document` is its place in the batch */
  /* Rows of a layer. `first` (may be NULL) becomes the index of the first of them, the others follow it. One that
   * is there already, with this span and label, adds nothing: its index then stands for the row that is there. */
  isnad_rc (*add_rows)(isnad_call *, uint32_t document, uint32_t layer, const isnad_row *, size_t n, uint32_t *first);
  isnad_rc (*add_attrs)(isnad_call *, uint32_t document, uint32_t layer, const isnad_new_attr *, size_t n);
  isnad_rc (*add_links)(isnad_call *, uint32_t document, uint32_t layer, const isnad_new_link *, size_t n);
  /* All edits of a document, sorted and disjoint. A second call edits the text that the first one makes. */
  isnad_rc (*edit)(isnad_call *, uint32_t document, const isnad_edit *, size_t n);
  /* The document cannot go on: `code` is one word with dashes, for counting. */
  isnad_rc (*fail)(isnad_call *, uint32_t document, isnad_str code, isnad_str message);
  /* The document is taken out of the run on purpose. */
  isnad_rc (*drop)(isnad_call *, uint32_t document, isnad_str reason);
  /* Something odd that does not stop it. */
  isnad_rc (*warn)(isnad_call *, uint32_t document, isnad_str code, isnad_str message);
  /* Bytes for the sink of a stage that writes output: those of a batch, in one piece or several. */
  isnad_rc (*write)(isnad_call *, isnad_str bytes);

  /* --- in open_sink; files may be written and finished in commit and finish_sink too */
  /* A file, which gets its name with `finish_file`. On ISNAD_REFUSED the reason is noted as by `error`. */
  isnad_rc (*create_file)(isnad_call *, isnad_str path, isnad_output **);
  isnad_rc (*write_file)(isnad_call *, isnad_output *, isnad_str bytes);
  isnad_rc (*finish_file)(isnad_call *, isnad_output *);
};

/* --- the library ----------------------------------------------------------------------------------------- */

typedef struct isnad_stage isnad_stage;   /* the library's own: a configured stage */
typedef struct isnad_worker isnad_worker; /* one thread's hold on it */
typedef struct isnad_sink isnad_sink;     /* what receives what its workers wrote */

/* A kind of stage. Functions that may be NULL say so. */
typedef struct isnad_kind {
  uint32_t size;
  uint32_t reserved;
  isnad_str name;     /* `group.noun`; the groups normalize, extract and export are isnad's */
  isnad_str about;    /* what it does, in a line */
  isnad_str docs;     /* the same in Markdown */
  isnad_str schema;   /* JSON Schema of its options: an object whose properties bear type, description, default */
  isnad_str examples; /* a JSON array of {"about", "options", "before", "after"}; may be empty */

  /* Makes a stage. `options` is a JSON object that fits the schema; what is left out is for the library to fill. */
  isnad_rc (*create)(const struct isnad_kind *, isnad_call *, isnad_str options, isnad_stage **);
  /* What the stage reads and writes, as JSON: docs/guides/write-a-stage.md has the keys. */
  isnad_str (*contract)(isnad_stage *);
  isnad_rc (*open)(isnad_stage *, isnad_call *, const isnad_names *, isnad_worker **);
  isnad_rc (*process)(isnad_worker *, isnad_call *, const isnad_document *, size_t n);
  /* Behind the last batch, if all went well. May be NULL. */
  isnad_rc (*finish)(isnad_worker *, isnad_call *);
  /* Not called for a worker that panicked. */
  void (*close)(isnad_worker *);
  void (*destroy)(isnad_stage *);

  /* For stages whose contract says `sink`; else NULL. `commit` gets what `write` took, batch by batch in the order
   * of the input, from one thread at a time. */
  isnad_rc (*open_sink)(isnad_stage *, isnad_call *, isnad_sink **);
  isnad_rc (*commit)(isnad_sink *, isnad_call *, isnad_str bytes);
  isnad_rc (*finish_sink)(isnad_sink *, isnad_call *);
  void (*close_sink)(isnad_sink *);

  /* An ability that is not part of this table; NULL: none. May be NULL itself. */
  const void *(*get_extension)(const struct isnad_kind *, isnad_str id);
} isnad_kind;

/* What a library is. The first five fields never change their places. */
typedef struct isnad_module {
  uint32_t magic;              /* ISNAD_MAGIC */
  uint32_t size;
  uint32_t abi_major;          /* ISNAD_ABI_MAJOR */
  uint32_t abi_minor;          /* ISNAD_ABI_MINOR: what it was built with */
  uint32_t abi_minor_needed;   /* the oldest minor version it can work with */
  uint32_t row_size, attr_size, link_size, document_size; /* as the library knows them */
  uint32_t n_kinds;
  isnad_str version;           /* of the library, for people */
  isnad_str built_with;        /* compiler and SDK, for people; may be empty */
  const isnad_kind *const *kinds;
  /* Called once, before anything else. The host lives as long as the library. May be NULL. */
  isnad_rc (*init)(const isnad_host *);
} isnad_module;

#if defined(_WIN32)
#define ISNAD_EXPORT __declspec(dllexport)
#else
#define ISNAD_EXPORT __attribute__((visibility("default")))
#endif

/* The one symbol that a library exports. It does no work beyond making the description, and never fails. */
ISNAD_EXPORT const isnad_module *isnad_module_v0(void);

/* Fills the fields of an isnad_module that are the same for all libraries. */
#define ISNAD_MODULE_HEAD                                                                      \
  ISNAD_MAGIC, (uint32_t)sizeof(isnad_module), ISNAD_ABI_MAJOR, ISNAD_ABI_MINOR, 1u,           \
      (uint32_t)sizeof(isnad_row), (uint32_t)sizeof(isnad_attr), (uint32_t)sizeof(isnad_link), \
      (uint32_t)sizeof(isnad_document)

/* --- for convenience ------------------------------------------------------------------------------------- */

/* A string literal. */
#define ISNAD_STR(literal) { (literal), sizeof(literal) - 1 }

static inline isnad_str isnad_str_of(const char *ptr, size_t len) {
  isnad_str str;
  str.ptr = ptr;
  str.len = len;
  return str;
}

static inline int isnad_str_is(isnad_str a, isnad_str b) {
  size_t i;
  if (a.len != b.len) return 0;
  for (i = 0; i < a.len; i++)
    if (a.ptr[i] != b.ptr[i]) return 0;
  return 1;
}

static inline uint32_t isnad_find(const isnad_str *names, uint32_t n, isnad_str name) {
  uint32_t i;
  for (i = 0; i < n; i++)
    if (isnad_str_is(names[i], name)) return i;
  return ISNAD_END;
}

/* The number of a layer, or ISNAD_END where the pipeline has none of this name. */
static inline uint32_t isnad_find_layer(const isnad_names *names, isnad_str name) {
  return isnad_find(names->layers, names->n_layers, name);
}

/* The number of a label, key or rule, or ISNAD_END. */
static inline uint32_t isnad_find_symbol(const isnad_names *names, isnad_str name) {
  return isnad_find(names->symbols, names->n_symbols, name);
}

/* The layer of this number, or NULL where the document has none. */
static inline const isnad_layer *isnad_layer_of(const isnad_document *document, uint32_t layer) {
  return layer < document->n_layers ? &document->layers[layer] : NULL;
}

/* The value of an attr of a row; empty where it has none. */
static inline isnad_str isnad_attr_of(const isnad_document *document, uint32_t layer, uint32_t row, uint32_t key) {
  const isnad_layer *l = isnad_layer_of(document, layer);
  uint32_t at;
  if (l == NULL || row >= l->n_rows) return isnad_str_of(NULL, 0);
  for (at = l->heads[row].attr; at < l->n_attrs; at = l->attrs[at].next)
    if (l->attrs[at].key == key)
      return isnad_str_of(document->arena.ptr + l->attrs[at].value_at, l->attrs[at].value_len);
  return isnad_str_of(NULL, 0);
}

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
