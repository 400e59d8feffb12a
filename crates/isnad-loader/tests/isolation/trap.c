/* A stage that marks «قال», and does something bad where its options tell it to. */
#include <isnad.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct isnad_stage {
  char at[16];    /* where something bad is done: init is a macro; create, open, process, finish, close, destroy */
  char how[16];   /* what */
  char flag[512]; /* only if there is this file, if one is named; "once" and "wait" remove it */
};

struct isnad_worker {
  struct isnad_stage *stage;
  uint32_t layer;
};

static void be_bad(const char *how) {
  if (strcmp(how, "segv") == 0) *(volatile int *)(uintptr_t)16 = 1;
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "hang") == 0)
    for (;;) pause();
  if (strcmp(how, "spin") == 0)
    for (;;) fputs("still here\n", stderr);
  if (strcmp(how, "exit") == 0) exit(0);
  if (strcmp(how, "print") == 0) {
    puts("a library that prints");
    fflush(stdout);
    /* Whoever reads finds nothing, and whoever waits for it does not wait. */
    if (getchar() != EOF) abort();
  }
  if (strcmp(how, "close") == 0) {
    close(0);
    close(1);
  }
  if (strcmp(how, "memory") == 0)
    for (;;) {
      char *more = malloc(1 << 24);
      if (more == NULL) abort();
      memset(more, 1, 1 << 24);
    }
}

static void maybe(const struct isnad_stage *stage, const char *at) {
  if (strcmp(stage->at, at) != 0) return;
  if (stage->flag[0] != 0) {
    if (access(stage->flag, F_OK) != 0) return;
    if (strcmp(stage->how, "once") == 0) {
      unlink(stage->flag);
      be_bad("segv");
    }
    if (strcmp(stage->how, "wait") == 0) {
      unlink(stage->flag);
      be_bad("hang");
    }
  }
  be_bad(stage->how);
}

static void take(isnad_call *call, isnad_str options, const char *pointer, char *to, size_t size) {
  isnad_str at = {pointer, strlen(pointer)};
  isnad_value value = call->host->json(call, options, at);
  if (value.type == ISNAD_STRING && value.text.len < size) memcpy(to, value.text.ptr, value.text.len);
}

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **stage) {
  (void)kind;
  *stage = calloc(1, sizeof **stage);
  take(call, options, "/at", (*stage)->at, sizeof (*stage)->at);
  take(call, options, "/how", (*stage)->how, sizeof (*stage)->how);
  take(call, options, "/flag", (*stage)->flag, sizeof (*stage)->flag);
  maybe(*stage, "create");
  return ISNAD_OK;
}

#define TEXT(literal) {literal, sizeof(literal) - 1}

static isnad_str contract(isnad_stage *stage) {
  (void)stage;
  return (isnad_str)TEXT("{\"writes\": [{\"layer\": \"said\", \"rows\": true}]}");
}

static isnad_rc open_worker(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **worker) {
  (void)call;
  maybe(stage, "open");
  *worker = calloc(1, sizeof **worker);
  (*worker)->stage = stage;
  for (uint32_t i = 0; i < names->n_layers; i++)
    if (names->layers[i].len == 4 && memcmp(names->layers[i].ptr, "said", 4) == 0) (*worker)->layer = i;
  return ISNAD_OK;
}

static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  static const char said[] = "قال", poison[] = "سم";
  for (size_t d = 0; d < n; d++) {
    const isnad_document *document = ISNAD_DOCUMENT(documents, d);
    const char *begin = document->text.ptr, *end = begin + document->text.len;
    for (const char *p = begin; p + sizeof poison - 1 <= end; p++) {
      if (p + sizeof said - 1 <= end && memcmp(p, said, sizeof said - 1) == 0) {
        isnad_row row = {0};
        row.begin = (uint32_t)(p - begin);
        row.end = row.begin + (uint32_t)(sizeof said - 1);
        row.score = 1;
        call->host->add_rows(call, (uint32_t)d, worker->layer, &row, 1, NULL);
      }
      if (memcmp(p, poison, sizeof poison - 1) == 0) maybe(worker->stage, "process");
    }
  }
  return ISNAD_OK;
}

static isnad_rc finish(isnad_worker *worker, isnad_call *call) {
  (void)call;
  maybe(worker->stage, "finish");
  return ISNAD_OK;
}

static void close_worker(isnad_worker *worker) {
  maybe(worker->stage, "close");
  free(worker);
}

static void destroy(isnad_stage *stage) {
  maybe(stage, "destroy");
  free(stage);
}

static isnad_rc init(const isnad_host *host) {
  (void)host;
#ifdef BAD_INIT
  be_bad(BAD_INIT);
#endif
  return ISNAD_OK;
}

#ifdef BAD_LOAD
__attribute__((constructor)) static void constructor(void) { be_bad(BAD_LOAD); }
#endif

static const isnad_kind kind = {
    .size = sizeof(isnad_kind),
    .name = TEXT("trap.said"),
    .about = TEXT("marks verbs of speech, and misbehaves on demand"),
    .docs = TEXT("For tests."),
    .schema = TEXT("{\"type\": \"object\", \"properties\": {\"at\": {\"type\": \"string\"}, "
                   "\"how\": {\"type\": \"string\"}, \"flag\": {\"type\": \"string\"}}}"),
    .create = create,
    .contract = contract,
    .open = open_worker,
    .process = process,
    .finish = finish,
    .close = close_worker,
    .destroy = destroy,
};

static const isnad_kind *const kinds[] = {&kind};

static const isnad_module module = {
    .magic = ISNAD_MAGIC,
    .size = sizeof(isnad_module),
    .abi_major = ISNAD_ABI_MAJOR,
    .abi_minor = ISNAD_ABI_MINOR,
    .abi_minor_needed = ISNAD_ABI_MINOR,
    .row_size = sizeof(isnad_row),
    .attr_size = sizeof(isnad_attr),
    .link_size = sizeof(isnad_link),
    .document_size = sizeof(isnad_document),
    .n_kinds = 1,
    .version = TEXT("1.0"),
    .kinds = kinds,
    .init = init,
};

const isnad_module *isnad_module_v0(void) { return &module; }
