/* A stage that marks the first ten words of every document, in one call or in ten; and one that does nothing. */
#include "isnad.h"

#include <stdlib.h>

struct isnad_stage {
  int one_by_one;
};

struct isnad_worker {
  const isnad_stage *stage;
  uint32_t word;
};

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  isnad_str pointer = ISNAD_STR("/one_by_one");
  (void)kind;
  *made = calloc(1, sizeof **made);
  (*made)->one_by_one = call->host->json(call, options, pointer).count == 1;
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) {
  static const isnad_str text = ISNAD_STR("{\"writes\": [{\"layer\": \"word\", \"rows\": true}]}");
  (void)stage;
  return text;
}

static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  isnad_str name = ISNAD_STR("word");
  (void)call;
  *made = calloc(1, sizeof **made);
  (*made)->stage = stage;
  (*made)->word = isnad_find_layer(names, name);
  return ISNAD_OK;
}

static isnad_rc ten(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  size_t i;
  for (i = 0; i < n; i++) {
    isnad_str text = ISNAD_DOCUMENT(documents, i)->text;
    isnad_row rows[10];
    uint32_t at, begin = 0, count = 0;
    for (at = 0; at < text.len && count < 10; at++) {
      isnad_row row = {0};
      if (text.ptr[at] != ' ') continue;
      row.begin = begin;
      row.end = at;
      row.score = 1.0f;
      rows[count++] = row;
      begin = at + 1;
    }
    if (!worker->stage->one_by_one)
      call->host->add_rows(call, (uint32_t)i, worker->word, rows, count, NULL);
    else
      for (at = 0; at < count; at++) call->host->add_rows(call, (uint32_t)i, worker->word, &rows[at], 1, NULL);
  }
  return ISNAD_OK;
}

static isnad_rc nothing(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  (void)worker, (void)call, (void)documents, (void)n;
  return ISNAD_OK;
}

static void close(isnad_worker *worker) { free(worker); }
static void destroy(isnad_stage *stage) { free(stage); }

#define KIND(id, NAME, process)                                                                                     \
  static const isnad_kind id = {sizeof(isnad_kind), 0, ISNAD_STR(NAME), ISNAD_STR(""), ISNAD_STR(""),                \
                                ISNAD_STR("{}"), ISNAD_STR(""), create, contract, open, process, NULL, close,        \
                                destroy, NULL, NULL, NULL, NULL, NULL}
KIND(kind_ten, "bench.ten", ten);
KIND(kind_nothing, "bench.nothing", nothing);

static const isnad_kind *const kinds[] = {&kind_ten, &kind_nothing};
static const isnad_module module = {ISNAD_MODULE_HEAD, 2, ISNAD_STR("1"), ISNAD_STR(""), kinds, NULL};

const isnad_module *isnad_module_v0(void) { return &module; }
