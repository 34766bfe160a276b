#include "tree_sitter.h"

#include <stdio.h>
#include <stdlib.h>

static _Thread_local uint64_t work;
static _Thread_local uint64_t work_limit = UINT64_MAX;
static _Thread_local size_t stop; // the parser looks at it after every 100 operations

// The runtime cannot go on without memory; its own allocator ends the process in the same way.
static void *checked(void *memory, size_t size) {
	if (memory == NULL && size > 0) {
		fprintf(stderr, "tree-sitter failed to allocate %zu bytes", size);
		abort();
	}
	work += size;
	if (work > work_limit) {
		stop = 1;
	}
	return memory;
}

static void *counting_malloc(size_t size) {
	return checked(malloc(size), size);
}

static void *counting_calloc(size_t count, size_t size) {
	return checked(calloc(count, size), count * size);
}

static void *counting_realloc(void *memory, size_t size) {
	return checked(realloc(memory, size), size);
}

void afidt_count_work(void) {
	ts_set_allocator(counting_malloc, counting_calloc, counting_realloc, free);
}

void afidt_work_begin(TSParser *parser, uint64_t limit) {
	work = 0;
	work_limit = limit;
	stop = 0;
	ts_parser_set_cancellation_flag(parser, &stop);
}

uint64_t afidt_work_end(TSParser *parser) {
	work_limit = UINT64_MAX;
	ts_parser_set_cancellation_flag(parser, NULL);
	return work;
}
