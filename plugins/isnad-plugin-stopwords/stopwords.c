/*
 * mark.stopwords: marks the function words of an article, after a list. A stage for isnad in C.
 *
 * Read it from the top: what a stage and a worker are, the entry points in the order in which the host calls
 * them, then the list, the contract, and how words are read. Everything that this file knows of isnad stands in
 * isnad.h. The same stage in Rust is src/in_rust.rs; a test holds the two against each other.
 */
#include "isnad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The list that comes with the library, as bytes `function_words`: build.rs makes it of data/function-words.tsv. */
#include "function-words.h"

/* Words of more bytes than this, folded, are in no list. */
#define LONGEST_WORD 64
#define MOST_CLASSES 64

/* A word of the list. */
typedef struct word {
  uint32_t at, len; /* its folded letters in `isnad_stage.letters` */
  uint32_t hash;
  uint32_t class; /* its place in `isnad_stage.classes`, or ISNAD_END */
} word;

/* A configured stage. All threads share it, so nothing in it changes once `create` has returned it. */
struct isnad_stage {
  word *words;
  size_t n_words;
  char *letters; /* of all words, one behind the other */
  size_t n_letters;
  uint32_t *slots; /* a hash table: 0, or the number of a word plus 1 */
  size_t n_slots;  /* a power of two, at least twice the number of words */
  char *classes[MOST_CLASSES]; /* ended by NUL */
  size_t n_classes;
  int proclitics;
  char *contract; /* JSON */
  size_t n_contract;
};

/* One thread's hold on a stage: the numbers of its names in this pipeline, and memory that is used again and again. */
struct isnad_worker {
  const isnad_stage *stage;
  uint32_t layer;
  uint16_t norm;
  uint16_t labels[MOST_CLASSES];
  isnad_row *rows;
  isnad_new_attr *attrs; /* one a row */
  size_t room;
};

static isnad_rc failed(isnad_call *call, const char *message) {
  call->host->error(call, isnad_str_of(message, strlen(message)));
  return ISNAD_FAILED;
}

/* --- the entry points ------------------------------------------------------------------------------------ */

static int read_list(isnad_stage *stage, isnad_call *call, isnad_str list, const char *option);
static int fill_slots(isnad_stage *stage);
static int write_contract(isnad_stage *stage);
static int mark_words(isnad_worker *worker, const isnad_document *document, size_t *count);
static void destroy(isnad_stage *stage);

/* Makes a stage of the options that stand in the pipeline file. */
static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  const isnad_host *host = call->host;
  isnad_value words = host->json(call, options, (isnad_str)ISNAD_STR("/words"));
  isnad_value proclitics = host->json(call, options, (isnad_str)ISNAD_STR("/proclitics"));
  isnad_str list = isnad_str_of((const char *)function_words, sizeof function_words);
  isnad_stage *stage = calloc(1, sizeof *stage);
  (void)kind;
  if (stage == NULL) return failed(call, "no memory for the stage");

  stage->proclitics = proclitics.type == ISNAD_ABSENT || proclitics.count != 0;
  if (words.type == ISNAD_STRING && host->read_file(call, words.text, &list) != ISNAD_OK) {
    /* The answer is then the reason. An error at an option is shown with its line in the pipeline file. */
    host->option_error(call, (isnad_str)ISNAD_STR("words"), list);
    destroy(stage);
    return ISNAD_FAILED;
  }
  if (!read_list(stage, call, list, "words")) {
    destroy(stage);
    return ISNAD_FAILED;
  }
  if (!fill_slots(stage) || !write_contract(stage)) {
    destroy(stage);
    return failed(call, "no memory for the list of words");
  }
  *made = stage;
  return ISNAD_OK;
}

/* What the stage reads and writes. The text must live as long as the stage. */
static isnad_str contract(isnad_stage *stage) {
  return isnad_str_of(stage->contract, stage->n_contract);
}

/* Opens a worker: names become numbers here, once, so that nothing has to be looked up for each document. */
static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  isnad_worker *worker = calloc(1, sizeof *worker);
  uint32_t number;
  size_t i;
  if (worker == NULL) return failed(call, "no memory for a worker");
  worker->stage = stage;
  worker->layer = isnad_find_layer(names, (isnad_str)ISNAD_STR("stopword"));
  number = isnad_find_symbol(names, (isnad_str)ISNAD_STR("norm"));
  worker->norm = (uint16_t)number;
  for (i = 0; i < stage->n_classes && number != ISNAD_END; i++) {
    number = isnad_find_symbol(names, isnad_str_of(stage->classes[i], strlen(stage->classes[i])));
    worker->labels[i] = (uint16_t)number;
  }
  if (worker->layer == ISNAD_END || number == ISNAD_END) {
    free(worker);
    return failed(call, "the plan lacks a name of the contract");
  }
  *made = worker;
  return ISNAD_OK;
}

/* Works on a batch of documents. What is handed over takes effect when this has returned ISNAD_OK. */
static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  const isnad_host *host = call->host;
  size_t i, row, count;
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    uint32_t first;
    if (host->cancelled(call)) return ISNAD_CANCELLED;
    if (!mark_words(worker, document, &count)) return failed(call, "no memory for the rows of a document");
    if (count == 0) continue;
    /* A refusal fails this document, with a message from the host; the others go on. */
    if (host->add_rows(call, (uint32_t)i, worker->layer, worker->rows, count, &first) != ISNAD_OK) continue;
    for (row = 0; row < count; row++) worker->attrs[row].row = first + (uint32_t)row;
    host->add_attrs(call, (uint32_t)i, worker->layer, worker->attrs, count);
  }
  return ISNAD_OK;
}

static void close(isnad_worker *worker) {
  free(worker->rows);
  free(worker->attrs);
  free(worker);
}

static void destroy(isnad_stage *stage) {
  size_t i;
  for (i = 0; i < stage->n_classes; i++) free(stage->classes[i]);
  free(stage->words);
  free(stage->letters);
  free(stage->slots);
  free(stage->contract);
  free(stage);
}

/* --- what the library is --------------------------------------------------------------------------------- */

static const isnad_kind stopwords = {
    sizeof(isnad_kind),
    0,
    ISNAD_STR("mark.stopwords"),
    ISNAD_STR("marks function words"),
    ISNAD_STR(
        "Writes a `stopword` row for every word of the text that is in a list of function words. Its label is the\n"
        "class of the word, if the list has one; its attr `norm` is the word as it was compared.\n\n"
        "Vowel marks and tatweel are passed over when words are compared, and these letters are one:\n\n"
        "| letters | compared as |\n"
        "|---|---|\n"
        "| آ U+0622, أ U+0623, إ U+0625, ٱ U+0671 | ا U+0627 |\n"
        "| ى U+0649, ی U+06CC | ي U+064A |\n"
        "| ة U+0629 | ه U+0647 |\n"
        "| ک U+06A9 | ك U+0643 |\n"),
    ISNAD_STR(
        "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
        "\"words\":{\"type\":[\"string\",\"null\"],\"default\":null,\"description\":"
        "\"A file with a word a line, and behind a tab its class; lines that begin with # are comments. Without it, "
        "the list that comes with the library.\"},"
        "\"proclitics\":{\"type\":\"boolean\",\"default\":true,\"description\":"
        "\"Mark a word of the list behind an attached و or ف too.\"}}}"),
    ISNAD_STR(
        "[{\"about\":\"prepositions, a conjunction, a pronoun\",\"options\":{},"
        "\"before\":\"وقال إنه عاد "
        "من السفر\","
        "\"after\":\"stopword particle «إنه» norm=انه\\n"
        "stopword preposition «من» norm=من\"}]"),
    create,
    contract,
    open,
    process,
    NULL, /* finish: nothing is left to be done behind the last batch */
    close,
    destroy,
    NULL, /* it writes no output of its own */
    NULL,
    NULL,
    NULL,
    NULL,
};

static const isnad_kind *const kinds[] = {&stopwords};

static const isnad_module module = {
    ISNAD_MODULE_HEAD, 1, ISNAD_STR("0.1.0"), ISNAD_STR("C"), kinds, NULL,
};

const isnad_module *isnad_module_v0(void) {
  return &module;
}

/* --- words ----------------------------------------------------------------------------------------------- */

#define NO_LETTER 0u /* not part of a word */
#define NOTHING 1u   /* part of a word, but not compared: vowel marks and tatweel */

/* The code point at the beginning of `text`, which is UTF-8; `*len` becomes its length in bytes. */
static uint32_t code_point(const unsigned char *text, size_t *len) {
  if (text[0] < 0x80) {
    *len = 1;
    return text[0];
  }
  if (text[0] < 0xE0) {
    *len = 2;
    return (uint32_t)(text[0] & 0x1F) << 6 | (text[1] & 0x3F);
  }
  /* No letter of ours is this long: what it is does not matter. */
  *len = text[0] < 0xF0 ? 3 : 4;
  return 0x10000;
}

/* What a code point is compared as. */
static uint32_t folded(uint32_t c) {
  switch (c) {
    case 0x0622: /* alef with madda */
    case 0x0623: /* alef with hamza above */
    case 0x0625: /* alef with hamza below */
    case 0x0671: /* alef wasla */
      return 0x0627;
    case 0x0649: /* alef maksura */
    case 0x06CC: /* Farsi yeh */
      return 0x064A;
    case 0x0629: /* teh marbuta */
      return 0x0647;
    case 0x06A9: /* keheh */
      return 0x0643;
    case 0x0640: /* tatweel */
    case 0x0670: /* superscript alef */
      return NOTHING;
    default:
      break;
  }
  if (c >= 0x064B && c <= 0x065F) return NOTHING; /* vowel marks */
  if (c >= 0x0621 && c <= 0x064A && !(c >= 0x063B && c <= 0x063F)) return c;
  return NO_LETTER;
}

/* A word of a text: its place, and its letters as they are compared. */
typedef struct found {
  size_t begin, end;
  char letters[LONGEST_WORD];
  size_t len; /* of the letters; longer than LONGEST_WORD where not all are kept */
} found;

/* The first word of the text at or behind `at`; 0 where there is none. Goes over each byte once. */
static int next_word(isnad_str text, size_t at, found *word) {
  word->len = 0;
  while (at < text.len) {
    size_t len;
    uint32_t c = folded(code_point((const unsigned char *)text.ptr + at, &len));
    if (c > NOTHING) {
      if (word->len == 0) word->begin = at;
      if (word->len + 2 <= LONGEST_WORD) {
        /* All letters lie between U+0080 and U+07FF: two bytes each. */
        word->letters[word->len] = (char)(0xC0 | c >> 6);
        word->letters[word->len + 1] = (char)(0x80 | (c & 0x3F));
      }
      word->len += 2;
    } else if (c == NO_LETTER && word->len > 0) {
      break;
    }
    at += len;
  }
  word->end = at;
  return word->len > 0;
}

static uint32_t hash_of(const char *letters, size_t len) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  size_t i;
  for (i = 0; i < len; i++) hash = (hash ^ (unsigned char)letters[i]) * 16777619u;
  return hash;
}

/* The word of the list with these letters, or NULL. */
static const word *look_up(const isnad_stage *stage, const char *letters, size_t len) {
  uint32_t hash = hash_of(letters, len);
  size_t slot = hash & (stage->n_slots - 1);
  while (stage->slots[slot] != 0) {
    const word *word = &stage->words[stage->slots[slot] - 1];
    if (word->hash == hash && word->len == len && memcmp(stage->letters + word->at, letters, len) == 0) return word;
    slot = (slot + 1) & (stage->n_slots - 1);
  }
  return NULL;
}

/* The word of the list that a word of a text is, perhaps behind an attached waw (U+0648) or feh (U+0641). */
static const word *look_up_found(const isnad_stage *stage, const found *found) {
  const word *word;
  if (found->len > LONGEST_WORD) return NULL;
  word = look_up(stage, found->letters, found->len);
  if (word == NULL && stage->proclitics && found->len > 2 &&
      (memcmp(found->letters, "\xd9\x88", 2) == 0 || memcmp(found->letters, "\xd9\x81", 2) == 0))
    word = look_up(stage, found->letters + 2, found->len - 2);
  return word;
}

/* Fills the worker's rows and attrs for a document; 0 where memory ran out. */
static int mark_words(isnad_worker *worker, const isnad_document *document, size_t *count) {
  const isnad_stage *stage = worker->stage;
  size_t at = 0;
  found found;
  *count = 0;
  while (next_word(document->text, at, &found)) {
    const word *word = look_up_found(stage, &found);
    at = found.end;
    if (word == NULL) continue;
    if (*count == worker->room) {
      size_t room = worker->room == 0 ? 256 : worker->room * 2;
      isnad_row *rows = realloc(worker->rows, room * sizeof *rows);
      isnad_new_attr *attrs;
      if (rows == NULL) return 0;
      worker->rows = rows;
      attrs = realloc(worker->attrs, room * sizeof *attrs);
      if (attrs == NULL) return 0;
      worker->attrs = attrs;
      worker->room = room;
    }
    {
      isnad_row *row = &worker->rows[*count];
      isnad_new_attr *attr = &worker->attrs[*count];
      memset(row, 0, sizeof *row);
      memset(attr, 0, sizeof *attr);
      row->begin = (uint32_t)found.begin;
      row->end = (uint32_t)found.end;
      row->score = 1.0f;
      row->label = word->class == ISNAD_END ? ISNAD_NONE : worker->labels[word->class];
      attr->key = worker->norm;
      attr->value = isnad_str_of(stage->letters + word->at, word->len);
    }
    *count += 1;
  }
  return 1;
}

/* --- the list -------------------------------------------------------------------------------------------- */

/* Says at the option what is wrong with a line of the list. */
static void line_error(isnad_call *call, const char *option, size_t line, const char *what) {
  char message[128];
  int len = snprintf(message, sizeof message, "line %lu %s", (unsigned long)line, what);
  call->host->option_error(call, isnad_str_of(option, strlen(option)), isnad_str_of(message, (size_t)len));
}

/* The number of a class, which is new or not; ISNAD_END where there are too many or memory ran out. */
static uint32_t class_number(isnad_stage *stage, isnad_str name) {
  size_t i;
  char *copy;
  for (i = 0; i < stage->n_classes; i++)
    if (isnad_str_is(isnad_str_of(stage->classes[i], strlen(stage->classes[i])), name)) return (uint32_t)i;
  copy = i < MOST_CLASSES ? calloc(name.len + 1, 1) : NULL;
  if (copy == NULL) return ISNAD_END;
  memcpy(copy, name.ptr, name.len);
  stage->classes[i] = copy;
  stage->n_classes = i + 1;
  return (uint32_t)i;
}

/* Classes become labels, and stand in the contract, which is JSON. */
static int is_class_name(isnad_str name) {
  size_t i;
  for (i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return 0;
  }
  return name.len > 0 && name.len <= LONGEST_WORD;
}

/* Adds what a line of the list says: a word, and behind a tab its class. 0 where it is wrong. */
static int read_line(isnad_stage *stage, isnad_call *call, const char *option, size_t number, isnad_str line) {
  const char *tab = memchr(line.ptr, '\t', line.len);
  isnad_str column = isnad_str_of(line.ptr, tab == NULL ? line.len : (size_t)(tab - line.ptr));
  isnad_str class = isnad_str_of(tab == NULL ? line.ptr : tab + 1, tab == NULL ? 0 : line.len - column.len - 1);
  found found;
  word *word = &stage->words[stage->n_words];
  if (!next_word(column, 0, &found) || found.begin != 0 || found.end != column.len || found.len > LONGEST_WORD) {
    line_error(call, option, number, "has to begin with one Arabic word");
    return 0;
  }
  word->class = ISNAD_END;
  if (class.len > 0) {
    if (!is_class_name(class)) {
      line_error(call, option, number, "has a class of other characters than Latin letters, digits and `-`");
      return 0;
    }
    word->class = class_number(stage, class);
    if (word->class == ISNAD_END) {
      line_error(call, option, number, "has one class too many: 64 are possible");
      return 0;
    }
  }
  word->at = (uint32_t)stage->n_letters;
  word->len = (uint32_t)found.len;
  word->hash = hash_of(found.letters, found.len);
  memcpy(stage->letters + word->at, found.letters, found.len);
  stage->n_letters += found.len;
  stage->n_words += 1;
  return 1;
}

/* Reads the lines of a list; 0 where one is wrong, and why is said then. */
static int read_list(isnad_stage *stage, isnad_call *call, isnad_str list, const char *option) {
  size_t at, lines = 1, number = 0;
  int ok = 1;
  for (at = 0; at < list.len; at++) lines += list.ptr[at] == '\n';
  stage->words = calloc(lines, sizeof *stage->words);
  stage->letters = malloc(list.len + 1);
  if (stage->words == NULL || stage->letters == NULL) return failed(call, "no memory for the list of words") == ISNAD_OK;
  for (at = 0; at < list.len;) {
    const char *begin = list.ptr + at;
    const char *end = memchr(begin, '\n', list.len - at);
    size_t len = end == NULL ? list.len - at : (size_t)(end - begin);
    at += len + 1;
    number += 1;
    if (len > 0 && begin[len - 1] == '\r') len -= 1;
    if (len == 0 || begin[0] == '#') continue;
    ok &= read_line(stage, call, option, number, isnad_str_of(begin, len));
  }
  return ok;
}

/* Makes the hash table. Of a word that stands in the list twice, the first counts. */
static int fill_slots(isnad_stage *stage) {
  size_t i;
  for (stage->n_slots = 16; stage->n_slots < stage->n_words * 2; stage->n_slots *= 2) continue;
  stage->slots = calloc(stage->n_slots, sizeof *stage->slots);
  if (stage->slots == NULL) return 0;
  for (i = 0; i < stage->n_words; i++) {
    const word *word = &stage->words[i];
    size_t slot = word->hash & (stage->n_slots - 1);
    if (look_up(stage, stage->letters + word->at, word->len) != NULL) continue;
    while (stage->slots[slot] != 0) slot = (slot + 1) & (stage->n_slots - 1);
    stage->slots[slot] = (uint32_t)i + 1;
  }
  return 1;
}

/* The contract: rows of one layer, whose labels are the classes of the list. */
static int write_contract(isnad_stage *stage) {
  static const char head[] =
      "{\"writes\":[{\"layer\":\"stopword\",\"rows\":true,\"exclusive\":true,\"attrs\":[\"norm\"],\"labels\":[";
  static const char tail[] = "]}]}";
  size_t room = sizeof head + sizeof tail, i;
  char *at;
  for (i = 0; i < stage->n_classes; i++) room += strlen(stage->classes[i]) + 3;
  at = stage->contract = malloc(room);
  if (at == NULL) return 0;
  at += sprintf(at, "%s", head);
  for (i = 0; i < stage->n_classes; i++) at += sprintf(at, "%s\"%s\"", i == 0 ? "" : ",", stage->classes[i]);
  at += sprintf(at, "%s", tail);
  stage->n_contract = (size_t)(at - stage->contract);
  return 1;
}
