/*
 * {{name}}, a stage for isnad: marks the words that announce breaking news, such as «عاجل», where they stand at the
 * beginning of a line. It is a beginning: put what you need in their place.
 *
 * isnad.h, beside this file, has everything that a stage may use, and says who owns what. In short: what the host
 * lends is good until the function returns to which it was lent; text is UTF-8 with a length; offsets are bytes.
 */
#include "isnad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 64

/* The configured stage, as the pipeline file wants it. All threads share it: it does not change any more. */
struct isnad_stage {
  char *words[MOST_WORDS]; /* ended by NUL */
  size_t n_words;
};

/* One thread's hold on it: the numbers of its names, and memory that is used again and again. */
struct isnad_worker {
  const isnad_stage *stage;
  uint32_t layer, label, key;
};

static const char *const default_words[] = {"عاجل", "خبر عاجل", "عاجل جدا"};

/* Everything that the stage writes is declared; what is not declared is refused. */
static const char contract_json[] =
    "{\"writes\":[{\"layer\":\"{{layer}}\",\"rows\":true,\"labels\":[\"flash\"],\"attrs\":[\"word\"]}]}";

static isnad_str str(const char *text) { return isnad_str_of(text, strlen(text)); }

static isnad_rc failed(isnad_call *call, const char *message) {
  call->host->error(call, str(message));
  return ISNAD_FAILED;
}

/* --- the entry points, in the order in which they are called ---------------------------------------------- */

static int add_word(isnad_stage *stage, isnad_str word);
static int announcement(const isnad_stage *stage, isnad_str text, size_t at, size_t *begin, size_t *end,
                        const char **word);
static void destroy(isnad_stage *stage);

/* Makes a stage of its options, a JSON object that fits the schema below. */
static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  const isnad_host *host = call->host;
  isnad_value words = host->json(call, options, str("/words"));
  isnad_stage *stage = calloc(1, sizeof *stage);
  int ok = stage != NULL;
  uint32_t i;
  (void)kind;
  if (words.type == ISNAD_ARRAY) {
    for (i = 0; ok && i < words.count; i++) {
      char pointer[16], path[24];
      isnad_value word;
      snprintf(pointer, sizeof pointer, "/%lu", (unsigned long)i); /* a JSON pointer into the array */
      word = host->json(call, words.text, str(pointer));
      if (word.text.len == 0 || i == MOST_WORDS) {
        /* Shown with the line in the pipeline file. */
        snprintf(path, sizeof path, "words.%lu", (unsigned long)i);
        host->option_error(call, str(path), str(i == MOST_WORDS ? "is one word too many" : "is no word; remove it"));
        destroy(stage);
        return ISNAD_FAILED;
      }
      ok = add_word(stage, word.text);
    }
  } else {
    size_t n = sizeof default_words / sizeof *default_words;
    for (i = 0; ok && i < n; i++) ok = add_word(stage, str(default_words[i]));
  }
  if (!ok) {
    if (stage != NULL) destroy(stage);
    return failed(call, "no memory for the words");
  }
  *made = stage;
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) {
  (void)stage;
  return str(contract_json);
}

/* Once a thread: names become numbers. */
static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  isnad_worker *worker = calloc(1, sizeof *worker);
  if (worker == NULL) return failed(call, "no memory for a worker");
  worker->stage = stage;
  worker->layer = isnad_find_layer(names, str("{{layer}}"));
  worker->label = isnad_find_symbol(names, str("flash"));
  worker->key = isnad_find_symbol(names, str("word"));
  *made = worker;
  return ISNAD_OK;
}

/* For each batch of documents. */
static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  const isnad_host *host = call->host;
  size_t i;
  for (i = 0; i < n; i++) {
    const isnad_str text = ISNAD_DOCUMENT(documents, i)->text;
    const char *line_end;
    size_t at = 0;
    if (host->cancelled(call)) return ISNAD_CANCELLED;
    while (at < text.len) {
      size_t begin, end;
      const char *word;
      if (announcement(worker->stage, text, at, &begin, &end, &word)) {
        isnad_row row;
        isnad_new_attr attr;
        memset(&row, 0, sizeof row);
        memset(&attr, 0, sizeof attr);
        row.begin = (uint32_t)begin;
        row.end = (uint32_t)end;
        row.label = (uint16_t)worker->label;
        row.score = 1.0f;
        attr.key = (uint16_t)worker->key;
        attr.value = str(word);
        /* What the host refuses fails this document; the others go on. */
        if (host->add_rows(call, (uint32_t)i, worker->layer, &row, 1, &attr.row) == ISNAD_OK)
          host->add_attrs(call, (uint32_t)i, worker->layer, &attr, 1);
      }
      line_end = memchr(text.ptr + at, '\n', text.len - at);
      if (line_end == NULL) break;
      at = (size_t)(line_end - text.ptr) + 1;
    }
  }
  return ISNAD_OK;
}

static void close(isnad_worker *worker) { free(worker); }

static void destroy(isnad_stage *stage) {
  size_t i;
  for (i = 0; i < stage->n_words; i++) free(stage->words[i]);
  free(stage);
}

/* --- what the library is ----------------------------------------------------------------------------------- */

static const isnad_kind kind = {
    sizeof(isnad_kind),
    0,
    ISNAD_STR("{{name}}"),
    ISNAD_STR("marks announcements of breaking news"),
    ISNAD_STR("Writes a row of `{{layer}}`, labelled `flash`, for a word of `words` at the beginning of a line; signs and spaces\n"
              "before it are passed over. Its attr `word` is the word of the list.\n"),
    ISNAD_STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
              "\"words\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
              "\"default\":[\"عاجل\",\"خبر عاجل\",\"عاجل جدا\"],"
              "\"description\":\"The words that announce breaking news.\"}}}"),
    ISNAD_STR("[{\"about\":\"breaking news\",\"options\":{},\"before\":\"عاجل: الرئيس يصل إلى بغداد\","
              "\"after\":\"{{layer}} flash «عاجل» word=عاجل\"}]"),
    create,
    contract,
    open,
    process,
    NULL, /* finish */
    close,
    destroy,
    NULL, /* open_sink, commit, finish_sink, close_sink: for stages that write output */
    NULL,
    NULL,
    NULL,
    NULL, /* get_extension */
};

static const isnad_kind *const kinds[] = {&kind};

static const isnad_module module = {ISNAD_MODULE_HEAD, 1, ISNAD_STR("0.1.0"), ISNAD_STR("C"), kinds, NULL};

/* The one function that the library exports. */
const isnad_module *isnad_module_v0(void) { return &module; }

/* --- words ------------------------------------------------------------------------------------------------- */

static int add_word(isnad_stage *stage, isnad_str word) {
  char *copy = calloc(word.len + 1, 1);
  if (copy == NULL) return 0;
  memcpy(copy, word.ptr, word.len);
  stage->words[stage->n_words++] = copy;
  return 1;
}

/* The code point at `at`, and its length in bytes; 0 at the end of the text. */
static uint32_t code_point(isnad_str text, size_t at, size_t *len) {
  const unsigned char *p = (const unsigned char *)text.ptr + at;
  *len = at >= text.len ? 0 : p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  switch (*len) {
    case 0:
      return 0;
    case 1:
      return p[0];
    case 2:
      return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    default:
      return 0xFFFD; /* no letter of ours is this long */
  }
}

/* Vowel marks and tatweel, which make no difference. */
static int is_mark(uint32_t c) { return (c >= 0x064B && c <= 0x065F) || c == 0x0670 || c == 0x0640; }

static int is_letter(uint32_t c) {
  if (c >= 0x0660 && c <= 0x066D) return 0; /* digits, and the signs behind them */
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x0621 && c <= 0x06D3 && !is_mark(c));
}

/* Where `word` ends if it stands in the text at `at`, as a whole word; else 0. */
static size_t end_of_word(isnad_str text, size_t at, isnad_str word) {
  size_t of_word = 0, len;
  uint32_t c;
  while (of_word < word.len) {
    size_t wanted_len;
    uint32_t wanted = code_point(word, of_word, &wanted_len);
    if (!is_mark(wanted)) {
      c = code_point(text, at, &len);
      if (c != wanted) return 0;
      at += len;
      while (is_mark(code_point(text, at, &len))) at += len;
    }
    of_word += wanted_len;
  }
  c = code_point(text, at, &len);
  return is_letter(c) ? 0 : at;
}

/* The longest of the words that stands at the beginning of the line at `at`; 0 where none does. */
static int announcement(const isnad_stage *stage, isnad_str text, size_t at, size_t *begin, size_t *end,
                        const char **word) {
  size_t len, i;
  uint32_t c;
  for (c = code_point(text, at, &len); len > 0 && c != '\n' && !is_letter(c); c = code_point(text, at, &len)) at += len;
  *begin = at;
  *end = 0;
  for (i = 0; i < stage->n_words; i++) {
    size_t found = end_of_word(text, at, str(stage->words[i]));
    if (found > *end && found > at) {
      *end = found;
      *word = stage->words[i];
    }
  }
  return *end > 0;
}
