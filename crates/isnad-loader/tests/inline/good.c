/*
 * Sound stages in C, which use all that the border has.
 *
 *   test.said   marks a word, or the words of a file, as rows; each is linked to the one before
 *   test.onto   puts an attr from the metadata on the rows of test.said
 *   test.tidy   deletes tatweel, turns ASCII hyphens into dashes, hides digits; drops documents with a marker
 *   test.out    writes the ids of documents to a file
 */
#include "isnad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const isnad_host *the_host;

struct isnad_stage {
  char contract[512];
  char *words; /* ended by NUL, one a line */
  char path[128];
};

struct isnad_worker {
  const isnad_stage *stage;
  uint32_t said, verb, norm, before, listed, source, documents;
  char *bytes;
};

struct isnad_sink {
  isnad_output *file;
};

static isnad_str literal(const char *text) { return isnad_str_of(text, strlen(text)); }

static isnad_str option(isnad_call *call, isnad_str options, const char *pointer, const char *otherwise) {
  isnad_value value = call->host->json(call, options, literal(pointer));
  return value.type == ISNAD_STRING ? value.text : literal(otherwise);
}

static char *copy_of(isnad_str text) {
  char *copy = malloc(text.len + 1);
  if (copy == NULL) abort();
  if (text.len > 0) memcpy(copy, text.ptr, text.len);
  copy[text.len] = 0;
  return copy;
}

static int is(const isnad_kind *kind, const char *name) { return isnad_str_is(kind->name, literal(name)); }

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  isnad_stage *stage = calloc(1, sizeof *stage);
  isnad_str file = option(call, options, "/file", "");
  isnad_str words = option(call, options, "/word", "قال");
  isnad_str path = option(call, options, "/path", "out.txt");
  const char *contract = "{}";
  if (stage == NULL) return ISNAD_FAILED;
  if (isnad_str_is(words, literal(""))) {
    call->host->option_error(call, literal("word"), literal("is empty; give a word"));
    free(stage);
    return ISNAD_FAILED;
  }
  if (file.len > 0 && call->host->read_file(call, file, &words) != ISNAD_OK) {
    call->host->option_error(call, literal("file"), words);
    free(stage);
    return ISNAD_FAILED;
  }
  stage->words = copy_of(words);
  snprintf(stage->path, sizeof stage->path, "%.*s", (int)path.len, path.ptr);
  if (is(kind, "test.said"))
    contract = "{\"writes\": [{\"layer\": \"said\", \"rows\": true, \"labels\": [\"VERB\"], \"attrs\": [\"norm\"],"
               " \"links\": [\"before\"], \"rules\": [\"listed\"]}]}";
  else if (is(kind, "test.onto"))
    contract = "{\"meta\": true, \"reads\": [{\"layer\": \"said\", \"keys\": [\"norm\"]}],"
               " \"writes\": [{\"layer\": \"said\", \"attrs\": [\"source\"]}]}";
  else if (is(kind, "test.tidy"))
    contract = "{\"text\": \"rewrites\", \"documents\": \"drops\"}";
  else if (is(kind, "test.out"))
    contract = "{\"sink\": \"documents\"}";
  strcpy(stage->contract, contract);
  *made = stage;
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) { return literal(stage->contract); }

static void destroy(isnad_stage *stage) {
  free(stage->words);
  free(stage);
}

static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  isnad_worker *worker = calloc(1, sizeof *worker);
  (void)call;
  if (worker == NULL) return ISNAD_FAILED;
  worker->stage = stage;
  worker->said = isnad_find_layer(names, literal("said"));
  worker->verb = isnad_find_symbol(names, literal("VERB"));
  worker->norm = isnad_find_symbol(names, literal("norm"));
  worker->before = isnad_find_symbol(names, literal("before"));
  worker->listed = isnad_find_symbol(names, literal("listed"));
  worker->source = isnad_find_symbol(names, literal("source"));
  *made = worker;
  return ISNAD_OK;
}

static void close(isnad_worker *worker) { free(worker); }

/* Where the word begins in the text from `at` on, or the length of the text. */
static size_t find(isnad_str text, size_t at, const char *word, size_t len) {
  for (; at + len <= text.len; at++)
    if (memcmp(text.ptr + at, word, len) == 0) return at;
  return text.len;
}

static isnad_rc mark(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  size_t i;
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    const char *word = worker->stage->words;
    uint32_t last = ISNAD_END;
    if (call->host->cancelled(call)) return ISNAD_CANCELLED;
    while (*word != 0) {
      size_t len = strcspn(word, "\n"), at;
      for (at = 0; len > 0 && (at = find(document->text, at, word, len)) < document->text.len; at += len) {
        isnad_row row = {0};
        isnad_new_attr attr = {0};
        isnad_new_link link = {0};
        row.begin = (uint32_t)at;
        row.end = (uint32_t)(at + len);
        row.score = 0.5f;
        row.label = (uint16_t)worker->verb;
        row.rule = (uint16_t)worker->listed;
        if (call->host->add_rows(call, (uint32_t)i, worker->said, &row, 1, &attr.row) != ISNAD_OK) break;
        attr.key = (uint16_t)worker->norm;
        attr.value = isnad_str_of(word, len);
        call->host->add_attrs(call, (uint32_t)i, worker->said, &attr, 1);
        if (last != ISNAD_END) {
          link.row = attr.row;
          link.key = (uint16_t)worker->before;
          link.to.index = last;
          link.to.layer = (uint16_t)worker->said;
          call->host->add_links(call, (uint32_t)i, worker->said, &link, 1);
        }
        last = attr.row;
      }
      word += len + (word[len] == '\n');
    }
  }
  return ISNAD_OK;
}

static isnad_rc onto(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  size_t i;
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    const isnad_layer *layer = isnad_layer_of(document, worker->said);
    isnad_value source = call->host->json(call, document->meta, literal("/source"));
    uint32_t row;
    for (row = 0; layer != NULL && row < layer->n_rows; row++) {
      isnad_str norm = isnad_attr_of(document, worker->said, row, worker->norm);
      isnad_new_attr attr = {0};
      char value[256];
      attr.row = row;
      attr.key = (uint16_t)worker->source;
      attr.value.ptr = value;
      attr.value.len = (size_t)snprintf(value, sizeof value, "%.*s, %.*s, %u", (int)source.text.len, source.text.ptr,
                                        (int)norm.len, norm.ptr, (unsigned)document->published);
      call->host->add_attrs(call, (uint32_t)i, worker->said, &attr, 1);
    }
  }
  return ISNAD_OK;
}

static isnad_rc tidy(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  size_t i;
  (void)worker;
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    isnad_str text = document->text;
    isnad_edit *edits = calloc(text.len + 1, sizeof *edits);
    size_t count = 0, at;
    if (edits == NULL) return ISNAD_FAILED;
    for (at = 0; at < text.len; at++) {
      isnad_edit edit = {0};
      edit.begin = (uint32_t)at;
      edit.end = (uint32_t)at + 1;
      if (text.ptr[at] == '-') {
        edit.kind = ISNAD_REPLACE;
        edit.with = literal("\xE2\x80\x93"); /* EN DASH */
      } else if (text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        edit.kind = ISNAD_WITHHOLD;
        edit.with = literal("#");
      } else if (at + 1 < text.len && memcmp(text.ptr + at, "\xD9\x80", 2) == 0) { /* TATWEEL */
        edit.kind = ISNAD_DELETE_BEFORE;
        edit.end++;
      } else {
        continue;
      }
      edits[count++] = edit;
    }
    if (count > 0) call->host->edit(call, (uint32_t)i, edits, count);
    free(edits);
    if (find(text, 0, "[drop]", 6) < text.len) call->host->drop(call, (uint32_t)i, literal("marked"));
    if (find(text, 0, "[warn]", 6) < text.len) call->host->warn(call, (uint32_t)i, literal("odd-mark"), literal("a mark"));
    if (find(text, 0, "[fail]", 6) < text.len) call->host->fail(call, (uint32_t)i, literal("bad-mark"), literal("a mark"));
  }
  return ISNAD_OK;
}

static isnad_rc encode(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  size_t i;
  (void)worker;
  for (i = 0; i < n; i++) {
    call->host->write(call, ISNAD_DOCUMENT(documents, i)->raw);
    call->host->write(call, literal("\n"));
  }
  return ISNAD_OK;
}

static isnad_rc open_sink(isnad_stage *stage, isnad_call *call, isnad_sink **made) {
  isnad_sink *sink = calloc(1, sizeof *sink);
  if (sink == NULL || call->host->create_file(call, literal(stage->path), &sink->file) != ISNAD_OK) {
    free(sink);
    return ISNAD_FAILED;
  }
  *made = sink;
  return ISNAD_OK;
}

static isnad_rc commit(isnad_sink *sink, isnad_call *call, isnad_str bytes) {
  return call->host->write_file(call, sink->file, bytes) == ISNAD_OK ? ISNAD_OK : ISNAD_FAILED;
}

static isnad_rc finish_sink(isnad_sink *sink, isnad_call *call) {
  return call->host->finish_file(call, sink->file) == ISNAD_OK ? ISNAD_OK : ISNAD_FAILED;
}

static void close_sink(isnad_sink *sink) { free(sink); }

static isnad_rc nothing(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  (void)worker, (void)call, (void)documents, (void)n;
  return ISNAD_OK;
}

#define SCHEMA "{\"type\": \"object\", \"properties\": {\"word\": {\"type\": \"string\", \"default\": \"قال\"}}}"
#define EXAMPLES "[{\"about\": \"A verb.\", \"options\": {}, \"before\": \"قال\", \"after\": \"0..6 said VERB «قال»\"}]"
#define KIND(id, NAME, process)                                                                                 \
  static const isnad_kind id = {sizeof(isnad_kind), 0, ISNAD_STR(NAME), ISNAD_STR("A test."), ISNAD_STR(""),     \
                                ISNAD_STR(SCHEMA), ISNAD_STR(EXAMPLES), create, contract, open, process, NULL,   \
                                close, destroy, open_sink, commit, finish_sink, close_sink, NULL}

KIND(kind_said, "test.said", mark);
KIND(kind_onto, "test.onto", onto);
KIND(kind_tidy, "test.tidy", tidy);
KIND(kind_out, "test.out", encode);
KIND(kind_nothing, "test.nothing", nothing);

static const isnad_kind *const kinds[] = {&kind_said, &kind_onto, &kind_tidy, &kind_out, &kind_nothing};

static isnad_rc init(const isnad_host *host) {
  if (the_host != NULL) return ISNAD_FAILED; /* it is called once */
  the_host = host;
  host->log(host, ISNAD_LOG_INFO, literal("test"), literal("ready"));
  return host->get_extension(host, literal("org.example.none/1")) == NULL ? ISNAD_OK : ISNAD_FAILED;
}

static const isnad_module module = {ISNAD_MODULE_HEAD, 5, ISNAD_STR("1.2.3"), ISNAD_STR("a C compiler"), kinds, init};

const isnad_module *isnad_module_v0(void) { return &module; }
