/*
 * test.hostile: does on purpose what no stage may do, for the tests of isnad. The option `how` names the fault;
 * where it is one of processing, it happens on documents that hold the word `word`. The others get a row on their
 * first character, so that the tests see that they went through.
 */
#include "isnad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define SLEEP() ((void)0)
#else
#include <time.h>
static void SLEEP(void) {
  struct timespec second = {1, 0};
  nanosleep(&second, NULL);
}
#endif

struct isnad_stage {
  char how[32];
  char word[64];
  size_t word_len;
  char contract[512];
};

struct isnad_worker {
  const isnad_stage *stage;
  uint32_t layer;    /* of its own rows */
  uint32_t other;    /* a layer that is not its own */
  uint32_t stranger; /* a symbol that its contract does not have */
  uint32_t good, note, to;
};

static int is(const isnad_stage *stage, const char *how) { return strcmp(stage->how, how) == 0; }

static isnad_str str(const char *text) { return isnad_str_of(text, strlen(text)); }

static void crash(void) {
  volatile int *nowhere = NULL;
  *nowhere = 1;
}

static void hang(void) {
  for (;;) SLEEP();
}

/* Copies a text of at most `room` - 1 bytes. */
static void keep(char *to, size_t room, isnad_str text) {
  size_t len = text.len < room - 1 ? text.len : room - 1;
  if (len > 0) memcpy(to, text.ptr, len);
  to[len] = 0;
}

/* --- create, contract, open ------------------------------------------------------------------------------ */

static const char rows_contract[] =
    "{\"writes\":[{\"layer\":\"hostile\",\"rows\":true,\"labels\":[\"good\"],\"attrs\":[\"note\"],\"links\":[\"to\"]}]}";

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  const isnad_host *host = call->host;
  isnad_value how = host->json(call, options, str("/how"));
  isnad_value word = host->json(call, options, str("/word"));
  isnad_stage *stage = calloc(1, sizeof *stage);
  (void)kind;
  if (stage == NULL) return ISNAD_FAILED;
  keep(stage->how, sizeof stage->how, how.type == ISNAD_STRING ? how.text : str("none"));
  keep(stage->word, sizeof stage->word, word.type == ISNAD_STRING ? word.text : str("سمّ"));
  stage->word_len = strlen(stage->word);

  if (is(stage, "create-crash")) crash();
  if (is(stage, "create-abort")) abort();
  if (is(stage, "create-hang")) hang();
  if (is(stage, "create-exit")) exit(0);
  if (is(stage, "create-null")) return ISNAD_OK;
  if (is(stage, "create-silent")) return ISNAD_FAILED;
  if (is(stage, "create-odd")) return 77;
  if (is(stage, "create-panicked")) {
    host->error(call, str("caught an exception"));
    return ISNAD_PANICKED;
  }
  if (is(stage, "create-error")) {
    host->error(call, str("the library does not feel like it"));
    return ISNAD_FAILED;
  }
  if (is(stage, "create-option")) {
    host->option_error(call, str("how"), str("this fault is an error of its option"));
    host->option_error(call, str("word"), str("and so is the word"));
    return ISNAD_FAILED;
  }
  if (is(stage, "print")) {
    printf("this goes to standard output\n");
    fflush(stdout);
  }

  keep(stage->contract, sizeof stage->contract, str(rows_contract));
  if (is(stage, "contract-text")) keep(stage->contract, sizeof stage->contract, str("writes: hostile"));
  if (is(stage, "contract-utf8")) keep(stage->contract, sizeof stage->contract, str("{\"writes\":[{\"layer\":\"\xff\"}]}"));
  if (is(stage, "contract-key")) keep(stage->contract, sizeof stage->contract, str("{\"wrights\":[]}"));
  if (is(stage, "contract-less")) keep(stage->contract, sizeof stage->contract, str("{}"));
  if (strncmp(stage->how, "edit", 4) == 0 && !is(stage, "edit-undeclared"))
    keep(stage->contract, sizeof stage->contract, str("{\"text\":\"rewrites\"}"));
  *made = stage;
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) {
  if (is(stage, "contract-crash")) crash();
  if (is(stage, "contract-null")) return isnad_str_of(NULL, 0);
  if (is(stage, "contract-long")) return isnad_str_of(NULL, 4096);
  return str(stage->contract);
}

static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  isnad_worker *worker;
  uint32_t i;
  if (is(stage, "open-crash")) crash();
  if (is(stage, "open-hang")) hang();
  if (is(stage, "open-null")) return ISNAD_OK;
  if (is(stage, "open-error")) {
    call->host->error(call, str("the worker does not open"));
    return ISNAD_FAILED;
  }
  worker = calloc(1, sizeof *worker);
  if (worker == NULL) return ISNAD_FAILED;
  worker->stage = stage;
  worker->layer = isnad_find_layer(names, str("hostile"));
  worker->good = isnad_find_symbol(names, str("good"));
  worker->note = isnad_find_symbol(names, str("note"));
  worker->to = isnad_find_symbol(names, str("to"));
  worker->other = worker->stranger = ISNAD_END;
  for (i = 0; i < names->n_layers; i++)
    if (i != worker->layer) worker->other = i;
  for (i = 1; i < names->n_symbols; i++)
    if (i != worker->good && i != worker->note && i != worker->to) worker->stranger = i;
  *made = worker;
  return ISNAD_OK;
}

/* --- process --------------------------------------------------------------------------------------------- */

static int holds(isnad_str text, const char *word, size_t len) {
  size_t at;
  for (at = 0; at + len <= text.len; at++)
    if (memcmp(text.ptr + at, word, len) == 0) return 1;
  return 0;
}

/* The end of the first character. */
static uint32_t first_character(isnad_str text) {
  uint32_t end = 1;
  while (end < text.len && (text.ptr[end] & 0xC0) == 0x80) end++;
  return end;
}

static isnad_row row_of(const isnad_worker *worker, uint32_t begin, uint32_t end) {
  isnad_row row;
  memset(&row, 0, sizeof row);
  row.begin = begin;
  row.end = end;
  row.score = 0.5f;
  row.label = worker->good == ISNAD_END ? ISNAD_NONE : (uint16_t)worker->good;
  return row;
}

static isnad_edit edit_of(uint32_t begin, uint32_t end, uint32_t kind) {
  isnad_edit edit;
  memset(&edit, 0, sizeof edit);
  edit.begin = begin;
  edit.end = end;
  edit.kind = kind;
  return edit;
}

/* Faults that end the process, or never end. */
static void perish(const isnad_worker *worker) {
  const isnad_stage *stage = worker->stage;
  if (is(stage, "abort")) abort();
  if (is(stage, "segfault")) crash();
  if (is(stage, "hang")) hang();
  if (is(stage, "spin"))
    for (volatile unsigned i = 0;; i++) continue;
  if (is(stage, "exit")) exit(7);
  if (is(stage, "exit-zero")) exit(0);
  if (is(stage, "memory")) {
    /* Until there is no more; then the pointer that nobody checked. */
    for (;;) {
      size_t size = (size_t)16 << 20;
      char *more = malloc(size);
      if (more == NULL) abort();
      memset(more, 1, size);
    }
  }
  if (is(stage, "stack")) {
    volatile char frame[1 << 16];
    frame[0] = 1;
    perish(worker);
    frame[1] = frame[0];
  }
}

/* Faults that the host refuses. */
static void misreport(isnad_worker *worker, isnad_call *call, const isnad_document *document, uint32_t i, size_t n) {
  const isnad_host *host = call->host;
  const isnad_stage *stage = worker->stage;
  const uint32_t end = first_character(document->text), len = (uint32_t)document->text.len;
  isnad_row row = row_of(worker, 0, end);
  isnad_new_attr attr;
  isnad_new_link link;
  uint32_t layer = worker->layer, first = 0;
  memset(&attr, 0, sizeof attr);
  memset(&link, 0, sizeof link);
  attr.key = (uint16_t)worker->note;
  attr.value = str("note");
  link.key = (uint16_t)worker->to;
  link.to.layer = (uint16_t)layer;

  if (is(stage, "span-out")) row.end = len + 1;
  if (is(stage, "span-inside")) row.end = end - 1 > 0 ? end - 1 : 1;
  if (is(stage, "span-empty")) row.end = 0;
  if (is(stage, "span-back")) row.begin = end, row.end = 0;
  if (is(stage, "span-huge")) row.end = 0xFFFFFFFFu;
  if (is(stage, "score")) row.score = 2.0f;
  if (is(stage, "score-nan")) memset(&row.score, 0xFF, sizeof row.score);
  if (is(stage, "label")) row.label = (uint16_t)worker->stranger;
  if (is(stage, "label-unknown")) row.label = 0xFFFE;
  if (is(stage, "rule")) row.rule = (uint16_t)worker->stranger;
  if (is(stage, "layer")) layer = worker->other;
  if (is(stage, "layer-unknown")) layer = 0xFFFFFFFEu;
  if (is(stage, "document")) i = (uint32_t)n + 3;
  if (is(stage, "rows-null")) {
    host->add_rows(call, i, layer, NULL, 3, &first);
    return;
  }
  if (is(stage, "rows-huge")) {
    host->add_rows(call, i, layer, &row, (size_t)-1, &first);
    return;
  }
  host->add_rows(call, i, layer, &row, 1, &first);
  attr.row = link.row = link.to.index = first;
  if (is(stage, "attr")) attr.key = (uint16_t)worker->stranger;
  if (is(stage, "attr-row")) attr.row = first + 100;
  if (is(stage, "attr-utf8")) attr.value = str("\xd8");
  if (is(stage, "attr-null")) attr.value = isnad_str_of(NULL, 1 << 20);
  if (strncmp(stage->how, "attr", 4) == 0) host->add_attrs(call, i, layer, &attr, 1);
  if (is(stage, "attr-twice")) host->add_attrs(call, i, layer, &attr, 1);
  if (is(stage, "link")) link.key = (uint16_t)worker->stranger;
  if (is(stage, "link-row")) link.to.index = first + 100;
  if (is(stage, "link-layer")) link.to.layer = 0xFFFE;
  if (strncmp(stage->how, "link", 4) == 0) host->add_links(call, i, layer, &link, 1);
  if (is(stage, "drop")) host->drop(call, i, str("without having declared it"));
}

static void misedit(isnad_worker *worker, isnad_call *call, const isnad_document *document, uint32_t i) {
  const isnad_stage *stage = worker->stage;
  const uint32_t end = first_character(document->text), len = (uint32_t)document->text.len;
  isnad_edit edits[2] = {edit_of(0, end, ISNAD_DELETE), edit_of(end, end, ISNAD_REPLACE)};
  size_t n = 1;
  if (is(stage, "edit-unsorted")) {
    edits[0] = edit_of(end, len, ISNAD_DELETE);
    edits[1] = edit_of(0, end, ISNAD_DELETE);
    n = 2;
  }
  if (is(stage, "edit-overlap")) {
    edits[1] = edit_of(0, len, ISNAD_DELETE);
    n = 2;
  }
  if (is(stage, "edit-inside")) edits[0].end = end - 1;
  if (is(stage, "edit-out")) edits[0].end = len + 5;
  if (is(stage, "edit-kind")) edits[0].kind = 99;
  if (is(stage, "edit-utf8")) {
    edits[0].kind = ISNAD_REPLACE;
    edits[0].with = str("\xff\xfe");
  }
  call->host->edit(call, i, edits, n);
}

static isnad_call *kept; /* a call that is over by the time it is used again */

static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  const isnad_stage *stage = worker->stage;
  const isnad_host *host = call->host;
  size_t i;
  if (is(stage, "leak")) {
    char *lost = malloc(4096);
    if (lost != NULL) memset(lost, 1, 4096);
  }
  if (is(stage, "print")) {
    printf("this goes to standard output\n");
    fprintf(stderr, "this goes to standard error\n");
    fflush(stdout);
  }
  if (is(stage, "late-call") && kept != NULL) {
    isnad_row row = row_of(worker, 0, 1);
    host->add_rows(kept, 0, worker->layer, &row, 1, NULL);
  }
  for (i = 0; i < n; i++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, i);
    const int is_poison = holds(document->text, stage->word, stage->word_len);
    if (document->text.len == 0) continue;
    if (is_poison) {
      perish(worker);
      if (is(stage, "odd")) return 77;
      if (is(stage, "failed")) {
        host->error(call, str("the library gave up"));
        return ISNAD_FAILED;
      }
      if (is(stage, "panicked")) {
        host->error(call, str("caught an exception"));
        return ISNAD_PANICKED;
      }
      if (is(stage, "fail")) host->fail(call, (uint32_t)i, str("poison"), str("the document holds the word"));
      if (strncmp(stage->how, "edit", 4) == 0)
        misedit(worker, call, document, (uint32_t)i);
      else
        misreport(worker, call, document, (uint32_t)i, n);
    } else if (worker->layer != ISNAD_END) {
      isnad_row row = row_of(worker, 0, first_character(document->text));
      host->add_rows(call, (uint32_t)i, worker->layer, &row, 1, NULL);
    }
  }
  kept = call;
  return ISNAD_OK;
}

static isnad_rc finish(isnad_worker *worker, isnad_call *call) {
  if (is(worker->stage, "finish-crash")) crash();
  if (is(worker->stage, "finish-error")) {
    call->host->error(call, str("the end went wrong"));
    return ISNAD_FAILED;
  }
  return ISNAD_OK;
}

static void close(isnad_worker *worker) {
  if (is(worker->stage, "close-crash")) crash();
  free(worker);
}

static void destroy(isnad_stage *stage) { free(stage); }

/* --- what the library is --------------------------------------------------------------------------------- */

static const isnad_kind hostile = {
    sizeof(isnad_kind),
    0,
    ISNAD_STR("test.hostile"),
    ISNAD_STR("does what no stage may do"),
    ISNAD_STR("For the tests of isnad. hostile.c has the faults by name."),
    ISNAD_STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
              "\"how\":{\"type\":\"string\",\"default\":\"none\",\"description\":\"The name of the fault.\"},"
              "\"word\":{\"type\":\"string\",\"default\":\"سمّ\",\"description\":\"The word of the documents that it happens on.\"}}}"),
    ISNAD_STR(""),
    create,
    contract,
    open,
    process,
    finish,
    close,
    destroy,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
};

static const isnad_kind *const kinds[] = {&hostile};

static const isnad_module module = {ISNAD_MODULE_HEAD, 1, ISNAD_STR("0.1.0"), ISNAD_STR("C"), kinds, NULL};

const isnad_module *isnad_module_v0(void) { return &module; }
