/*
 * A library with one stage, which does nothing. Each test of the handshake spoils one thing by a macro.
 */
#include "isnad.h"

#include <stdlib.h>

#ifndef MAGIC
#define MAGIC ISNAD_MAGIC
#endif
#ifndef MODULE_SIZE
#define MODULE_SIZE sizeof(isnad_module)
#endif
#ifndef MAJOR
#define MAJOR ISNAD_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR ISNAD_ABI_MINOR
#endif
#ifndef NEEDED
#define NEEDED 1
#endif
#ifndef ROW_SIZE
#define ROW_SIZE sizeof(isnad_row)
#endif
#ifndef DOCUMENT_SIZE
#define DOCUMENT_SIZE sizeof(isnad_document)
#endif
#ifndef N_KINDS
#define N_KINDS 1
#endif
#ifndef KINDS
#define KINDS kinds
#endif
#ifndef SECOND
#define SECOND NULL
#endif
#ifndef FIRST
#define FIRST &kind.known
#endif
#ifndef KIND_SIZE
#define KIND_SIZE sizeof(isnad_kind)
#endif
#ifndef NAME
#define NAME ISNAD_STR("test.nothing")
#endif
#ifndef VERSION
#define VERSION ISNAD_STR("1.0")
#endif
#ifndef SCHEMA
#define SCHEMA "{\"type\": \"object\"}"
#endif
#ifndef EXAMPLES
#define EXAMPLES ""
#endif
#ifndef PROCESS
#define PROCESS process
#endif
#ifndef TAIL
#define TAIL NULL
#endif
#ifndef INIT_RC
#define INIT_RC ISNAD_OK
#endif
#ifndef MODULE
#define MODULE (const isnad_module *)&module
#endif

struct isnad_stage {
  int nothing;
};
struct isnad_worker {
  int nothing;
};

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  (void)kind, (void)call, (void)options;
  *made = calloc(1, sizeof(isnad_stage));
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) {
  (void)stage;
  return isnad_str_of("{}", 2);
}

static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  (void)stage, (void)call, (void)names;
  *made = calloc(1, sizeof(isnad_worker));
  return ISNAD_OK;
}

static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  (void)worker, (void)call, (void)documents, (void)n;
  return ISNAD_OK;
}

static void close(isnad_worker *worker) { free(worker); }
static void destroy(isnad_stage *stage) { free(stage); }

static isnad_rc init(const isnad_host *host) {
  isnad_str target = ISNAD_STR("test"), message = ISNAD_STR("the moon is wrong");
  if (INIT_RC != ISNAD_OK) host->log(host, ISNAD_LOG_ERROR, target, message);
  return INIT_RC;
}

/* As a later version has them: what is known now, and more. */
static const struct {
  isnad_kind known;
  void *more[4];
} kind = {{KIND_SIZE, 0, NAME, ISNAD_STR("Nothing."), ISNAD_STR(""), ISNAD_STR(SCHEMA), ISNAD_STR(EXAMPLES), create,
           contract, open, PROCESS, NULL, close, destroy, TAIL, TAIL, TAIL, TAIL, TAIL},
          {(void *)1, (void *)1, (void *)1, (void *)1}};

static const isnad_kind *const kinds[] = {FIRST, SECOND};

static const struct {
  isnad_module known;
  void *more[4];
} module = {{MAGIC, (uint32_t)(MODULE_SIZE), MAJOR, MINOR, NEEDED, (uint32_t)(ROW_SIZE), sizeof(isnad_attr),
             sizeof(isnad_link), (uint32_t)(DOCUMENT_SIZE), N_KINDS, VERSION, ISNAD_STR(""), KINDS, init},
            {(void *)1, (void *)1, (void *)1, (void *)1}};

#ifdef NO_SYMBOL
const isnad_module *another_symbol(void);
const isnad_module *another_symbol(void)
#else
const isnad_module *isnad_module_v0(void)
#endif
{
  (void)kinds, (void)module.known.size;
  return MODULE;
}
