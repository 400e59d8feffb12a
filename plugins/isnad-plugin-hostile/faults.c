/*
 * Libraries that are wrong before any stage of theirs is made. build.rs compiles this file once for each fault, with
 * its name defined; without one it is a sound library with one stage that does nothing.
 */
#include "isnad.h"

#include <stdlib.h>
#include <string.h>

static void crash(void) {
  volatile int *nowhere = NULL;
  *nowhere = 1;
}

struct isnad_stage {
  int nothing;
};

struct isnad_worker {
  int nothing;
};

static isnad_stage the_stage;
static isnad_worker the_worker;

static isnad_rc create(const isnad_kind *kind, isnad_call *call, isnad_str options, isnad_stage **made) {
  (void)kind, (void)call, (void)options;
  *made = &the_stage;
  return ISNAD_OK;
}

static isnad_str contract(isnad_stage *stage) {
  (void)stage;
  return isnad_str_of("{}", 2);
}

static isnad_rc open(isnad_stage *stage, isnad_call *call, const isnad_names *names, isnad_worker **made) {
  (void)stage, (void)call, (void)names;
  *made = &the_worker;
  return ISNAD_OK;
}

static isnad_rc process(isnad_worker *worker, isnad_call *call, const isnad_document *documents, size_t n) {
  (void)worker, (void)call, (void)documents, (void)n;
  return ISNAD_OK;
}

static void close(isnad_worker *worker) { (void)worker; }
static void destroy(isnad_stage *stage) { (void)stage; }

static isnad_rc init(const isnad_host *host) {
  (void)host;
#if defined(INIT_CRASHES)
  crash();
#elif defined(INIT_FAILS)
  return ISNAD_FAILED;
#endif
  return ISNAD_OK;
}

#if defined(CONSTRUCTOR_CRASHES)
__attribute__((constructor)) static void construct(void) { crash(); }
#elif defined(CONSTRUCTOR_ABORTS)
__attribute__((constructor)) static void construct(void) { abort(); }
#elif defined(CONSTRUCTOR_EXITS)
__attribute__((constructor)) static void construct(void) { exit(0); }
#elif defined(CONSTRUCTOR_HANGS)
__attribute__((constructor)) static void construct(void) {
  for (volatile unsigned i = 0;; i++) continue;
}
#endif

/* Tables as a library has them that was built with the next minor version: with fields at their ends that this
 * host does not know. */
typedef struct longer_kind {
  isnad_kind known;
  void (*later)(void);
  uint64_t more[4];
} longer_kind;

typedef struct longer_module {
  isnad_module known;
  uint64_t more[4];
} longer_module;

#if defined(NAME_UTF8)
#define NAME ISNAD_STR("test.\xff\xfe")
#elif defined(NAME_SHAPE)
#define NAME ISNAD_STR("Test Stage")
#elif defined(NAME_TAKEN)
#define NAME ISNAD_STR("normalize.marks")
#else
#define NAME ISNAD_STR("test.faults")
#endif

#if defined(SCHEMA_TEXT)
#define SCHEMA ISNAD_STR("no options")
#else
#define SCHEMA ISNAD_STR("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}")
#endif

#if defined(KIND_TRUNCATED)
#define KIND_SIZE offsetof(isnad_kind, process)
#elif defined(SHORTER)
#define KIND_SIZE offsetof(isnad_kind, open_sink)
#elif defined(LONGER)
#define KIND_SIZE sizeof(longer_kind)
#else
#define KIND_SIZE sizeof(isnad_kind)
#endif

#if defined(NO_PROCESS)
#define PROCESS NULL
#else
#define PROCESS process
#endif

static const longer_kind kind = {
    {KIND_SIZE, 0, NAME, ISNAD_STR("does nothing"), ISNAD_STR("It does nothing."), SCHEMA, ISNAD_STR(""), create,
     contract, open, PROCESS, NULL, close, destroy, NULL, NULL, NULL, NULL, NULL},
    NULL,
    {0, 0, 0, 0},
};

static const isnad_kind *const kinds[] = {&kind.known};

#if defined(MODULE_TRUNCATED)
#define MODULE_SIZE offsetof(isnad_module, kinds)
#elif defined(SHORTER)
#define MODULE_SIZE offsetof(isnad_module, init)
#elif defined(LONGER)
#define MODULE_SIZE sizeof(longer_module)
#else
#define MODULE_SIZE sizeof(isnad_module)
#endif

#if defined(MAGIC_WRONG)
#define MAGIC 0x12345678u
#else
#define MAGIC ISNAD_MAGIC
#endif

#if defined(MAJOR_OTHER)
#define MAJOR (ISNAD_ABI_MAJOR + 1u)
#else
#define MAJOR ISNAD_ABI_MAJOR
#endif

#if defined(LONGER) || defined(MINOR_NEEDED)
#define MINOR (ISNAD_ABI_MINOR + 7u)
#else
#define MINOR ISNAD_ABI_MINOR
#endif

#if defined(MINOR_NEEDED)
#define NEEDED (ISNAD_ABI_MINOR + 7u)
#else
#define NEEDED ISNAD_ABI_MINOR
#endif

#if defined(ROW_OTHER)
#define ROW_SIZE 12u
#else
#define ROW_SIZE (uint32_t)sizeof(isnad_row)
#endif

#if defined(KINDS_NULL)
#define KINDS NULL
#else
#define KINDS kinds
#endif

static const longer_module module = {
    {MAGIC, (uint32_t)MODULE_SIZE, MAJOR, MINOR, NEEDED, ROW_SIZE, (uint32_t)sizeof(isnad_attr),
     (uint32_t)sizeof(isnad_link), (uint32_t)sizeof(isnad_document), 1, ISNAD_STR("0.1.0"), ISNAD_STR("C"), KINDS,
     init},
    {0, 0, 0, 0},
};

#if defined(NO_SYMBOL)
ISNAD_EXPORT const isnad_module *some_other_function(void);
const isnad_module *some_other_function(void) {
  crash();
  return &module.known;
}
#else
const isnad_module *isnad_module_v0(void) {
#if defined(ENTRY_CRASHES)
  crash();
#elif defined(MODULE_NULL)
  return NULL;
#endif
  return &module.known;
}
#endif

/* For those variants that do not use them. */
void isnad_test_unused(void);
void isnad_test_unused(void) {
  (void)crash, (void)module, (void)kinds, (void)process, (void)memset, (void)abort;
}
