/*
 * A stage that marks the first letter of every document, and misbehaves as its option `do` says on those that hold
 * the word «poison». Its contract is the text of the option `contract`.
 */
#include "isnad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct isnad_stage {
  char contract[1024];
  char todo[64];
};

struct isnad_worker {
  const isnad_stage *stage;
  uint32_t mark, other, good, bad, attr;
};

/* A call that is long over. */
static isnad_call *kept;

static isnad_str literal(const char *text) { return isnad_str_of(text, strlen(text)); }

static void take(isnad_call *call, isnad_str options, const char *pointer, char *into, size_t most) {
  isnad_value value = call->host->json(call, options, literal(pointer));
  snprintf(into, most, "%.*s", (int)value.text.len, value.text.len > 0 ? value.text.ptr : "");
}

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  isnad_stage *stage = calloc(1, sizeof *stage);
  isnad_row row = {0, 1, 1.0f, 0, 0, 0, 0};
  (void)kind;
  if (stage == NULL) return ISNAD_FAILED;
  take(call, options, "/contract", stage->contract, sizeof stage->contract);
  take(call, options, "/do", stage->todo, sizeof stage->todo);
  *made = stage;
  if (strcmp(stage->todo, "create-fails") == 0) {
    call->host->error(call, literal("the stars are wrong"));
    return ISNAD_FAILED;
  }
  if (strcmp(stage->todo, "create-nothing") == 0) *made = NULL;
  if (strcmp(stage->todo, "create-panics") == 0) return ISNAD_PANICKED;
  if (strcmp(stage->todo, "create-options") == 0) {
    call->host->option_error(call, literal("do"), literal("is not nice"));
    call->host->option_error(call, literal("contract"), literal("is not nice either"));
  }
  if (strcmp(stage->todo, "create-rows") == 0 && call->host->add_rows(call, 0, 0, &row, 1, NULL) != ISNAD_OK)
    return ISNAD_FAILED;
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) { return literal(stage->contract); }

static void destroy(isnad_stage *stage) { free(stage); }

static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  isnad_worker *worker = calloc(1, sizeof *worker);
  if (worker == NULL) return ISNAD_FAILED;
  if (strcmp(stage->todo, "open-fails") == 0) {
    call->host->error(call, literal("no room"));
    return ISNAD_FAILED;
  }
  if (strcmp(stage->todo, "open-nothing") == 0) return ISNAD_OK;
  if (strcmp(stage->todo, "open-odd") == 0) return 17;
  worker->stage = stage;
  worker->mark = isnad_find_layer(names, literal("mark"));
  worker->other = isnad_find_layer(names, literal("said"));
  worker->good = isnad_find_symbol(names, literal("GOOD"));
  worker->bad = isnad_find_symbol(names, literal("VERB"));
  worker->attr = isnad_find_symbol(names, literal("note"));
  *made = worker;
  return ISNAD_OK;
}

static void close(isnad_worker *worker) { free(worker); }

static int holds(isnad_str text, const char *word) {
  size_t at, len = strlen(word);
  for (at = 0; at + len <= text.len; at++)
    if (memcmp(text.ptr + at, word, len) == 0) return 1;
  return 0;
}

static isnad_rc row(isnad_worker *w, isnad_call *call, uint32_t n, uint32_t layer, uint32_t begin, uint32_t end) {
  isnad_row row = {0};
  row.begin = begin;
  row.end = end;
  row.score = 1.0f;
  row.label = (uint16_t)w->good;
  return call->host->add_rows(call, n, layer, &row, 1, NULL);
}

static isnad_rc attr(isnad_worker *w, isnad_call *call, uint32_t n, uint32_t row, uint32_t key, isnad_str value) {
  isnad_new_attr attr = {0};
  attr.row = row;
  attr.key = (uint16_t)key;
  attr.value = value;
  return call->host->add_attrs(call, n, w->mark, &attr, 1);
}

static isnad_rc link(isnad_worker *w, isnad_call *call, uint32_t n, uint32_t row, uint32_t key, uint32_t layer, uint32_t to) {
  isnad_new_link link = {0};
  link.row = row;
  link.key = (uint16_t)key;
  link.to.layer = (uint16_t)layer;
  link.to.index = to;
  return call->host->add_links(call, n, w->mark, &link, 1);
}

static isnad_rc edit(isnad_call *call, uint32_t n, uint32_t begin, uint32_t end, uint32_t kind, isnad_str with) {
  isnad_edit edit = {0};
  edit.begin = begin;
  edit.end = end;
  edit.kind = kind;
  edit.with = with;
  return call->host->edit(call, n, &edit, 1);
}

static isnad_rc odd(isnad_worker *w, isnad_call *call, uint32_t n, const isnad_document *document) {
  const char *todo = w->stage->todo;
  isnad_rc rc = ISNAD_REFUSED;
  isnad_row bad = {0, 2, 1.0f, 0, 0, 0, 0};
  isnad_edit two[2];
  isnad_str text = literal("x"), not_utf8 = literal("\xFF"), null = isnad_str_of(NULL, 3);
  uint32_t len = (uint32_t)document->text.len;
  volatile float zero = 0.0f;
  memset(two, 0, sizeof two);
#define DO(name) if (strcmp(todo, name) == 0)
  DO("row-outside") rc = row(w, call, n, w->mark, 0, len + 1);
  DO("row-far-outside") rc = row(w, call, n, w->mark, len + 10, len + 20);
  DO("row-inside") rc = row(w, call, n, w->mark, 0, 3);
  DO("row-empty") rc = row(w, call, n, w->mark, 2, 2);
  DO("row-backwards") rc = row(w, call, n, w->mark, 4, 2);
  DO("row-layer") rc = row(w, call, n, 999, 0, 2);
  DO("row-other-layer") rc = row(w, call, n, w->other, 0, 2);
  DO("row-label") { bad.label = (uint16_t)w->bad; rc = call->host->add_rows(call, n, w->mark, &bad, 1, NULL); }
  DO("row-no-label") { bad.label = 9999; rc = call->host->add_rows(call, n, w->mark, &bad, 1, NULL); }
  DO("row-rule") { bad.rule = (uint16_t)w->bad; rc = call->host->add_rows(call, n, w->mark, &bad, 1, NULL); }
  DO("row-score") { bad.score = 1.5f; rc = call->host->add_rows(call, n, w->mark, &bad, 1, NULL); }
  DO("row-nan") { bad.score = zero / zero; rc = call->host->add_rows(call, n, w->mark, &bad, 1, NULL); }
  DO("row-null") rc = call->host->add_rows(call, n, w->mark, NULL, 3, NULL);
  DO("row-unaligned") rc = call->host->add_rows(call, n, w->mark, (const isnad_row *)(const void *)((const char *)&bad + 1), 1, NULL);
  DO("row-many") rc = call->host->add_rows(call, n, w->mark, &bad, (size_t)-1 / 64, NULL);
  DO("attr-key") rc = attr(w, call, n, 0, w->good, text);
  DO("attr-row") rc = attr(w, call, n, 77, w->attr, text);
  DO("attr-utf8") rc = attr(w, call, n, 0, w->attr, not_utf8);
  DO("attr-null") rc = attr(w, call, n, 0, w->attr, null);
  DO("attr-twice") { attr(w, call, n, 0, w->attr, text); attr(w, call, n, 0, w->attr, text); rc = ISNAD_REFUSED; }
  DO("link-key") rc = link(w, call, n, 0, w->attr, w->mark, 0);
  DO("link-row") rc = link(w, call, n, 77, w->good, w->mark, 0);
  DO("link-to") rc = link(w, call, n, 0, w->good, w->mark, 77);
  DO("link-to-layer") rc = link(w, call, n, 0, w->good, w->other, 0);
  DO("edit-undeclared") rc = edit(call, n, 0, 2, ISNAD_DELETE, text);
  DO("edit-frozen") rc = edit(call, n, 0, 2, ISNAD_DELETE, text);
  DO("edit-inside") rc = edit(call, n, 0, 1, ISNAD_DELETE, text);
  DO("edit-outside") rc = edit(call, n, 0, len + 5, ISNAD_DELETE, text);
  DO("edit-kind") rc = edit(call, n, 0, 2, 42, text);
  DO("edit-same") rc = edit(call, n, 0, 2, ISNAD_SAME, text);
  DO("edit-utf8") rc = edit(call, n, 0, 2, ISNAD_REPLACE, not_utf8);
  DO("edit-unsorted") {
    two[0].begin = 4, two[0].end = 6, two[0].kind = ISNAD_DELETE;
    two[1].begin = 0, two[1].end = 2, two[1].kind = ISNAD_DELETE;
    rc = call->host->edit(call, n, two, 2);
  }
  DO("edit-overlap") {
    two[0].begin = 0, two[0].end = 4, two[0].kind = ISNAD_DELETE;
    two[1].begin = 2, two[1].end = 6, two[1].kind = ISNAD_DELETE;
    rc = call->host->edit(call, n, two, 2);
  }
  DO("drop-undeclared") rc = call->host->drop(call, n, text);
  DO("fail-code") rc = call->host->fail(call, n, literal("Not A Code"), text);
  DO("warn-utf8") rc = call->host->warn(call, n, text, not_utf8);
  DO("number") rc = row(w, call, 1000, w->mark, 0, 2);
  DO("write") rc = call->host->write(call, text);
  DO("create-file") { isnad_output *file; rc = call->host->create_file(call, text, &file); }
  DO("option-error") call->host->option_error(call, text, text);
  DO("read-file") { isnad_str bytes; rc = call->host->read_file(call, text, &bytes); }
  DO("late-call") rc = kept != NULL && kept != call ? row(w, kept, n, w->mark, 0, 2) : ISNAD_REFUSED;
  DO("panic") { call->host->error(call, literal("out of tea")); return ISNAD_PANICKED; }
  DO("fails") { call->host->error(call, literal("no disk")); return ISNAD_FAILED; }
  DO("fails-silently") return ISNAD_FAILED;
  DO("odd-code") return -3;
  DO("cancelled") return ISNAD_CANCELLED;
  /* What is wrong is refused at once. */
  return rc == ISNAD_REFUSED ? ISNAD_OK : ISNAD_FAILED;
}

static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  size_t i;
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    int poison = holds(document->text, "poison");
    /* A text is edited before there are rows. */
    int edits = poison && strncmp(worker->stage->todo, "edit-", 5) == 0 && strcmp(worker->stage->todo, "edit-frozen") != 0;
    if (!edits) row(worker, call, (uint32_t)i, worker->mark, 0, 2);
    if (poison) {
      isnad_rc rc = odd(worker, call, (uint32_t)i, document);
      if (rc != ISNAD_OK) return rc;
    }
  }
  kept = call;
  return ISNAD_OK;
}

static isnad_rc finish(isnad_worker *worker, isnad_call *call) {
  /* Too late for documents: it is refused, and nothing comes of it. */
  if (row(worker, call, 0, worker->mark, 0, 2) != ISNAD_REFUSED) return ISNAD_FAILED;
  if (kept != NULL && kept != call && row(worker, kept, 0, worker->mark, 0, 2) != ISNAD_REFUSED) return ISNAD_FAILED;
  return ISNAD_OK;
}

static const isnad_kind kind = {sizeof(isnad_kind), 0, ISNAD_STR("test.naughty"), ISNAD_STR("A test."), ISNAD_STR(""),
                                ISNAD_STR("{\"type\": \"object\"}"), ISNAD_STR(""), create, contract, open, process,
                                finish, close, destroy, NULL, NULL, NULL, NULL, NULL};
static const isnad_kind *const kinds[] = {&kind};
static const isnad_module module = {ISNAD_MODULE_HEAD, 1, ISNAD_STR("1.0"), ISNAD_STR(""), kinds, NULL};

const isnad_module *isnad_module_v0(void) { return &module; }
