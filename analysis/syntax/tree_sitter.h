// The part of tree-sitter's public C API (api.h, ABI 14) that this package calls itself. The functions are in the runtime that
// the Go binding links; its header cannot be included from here, because cgo does not see another package's headers.
#ifndef AFIDT_TREE_SITTER_H
#define AFIDT_TREE_SITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint16_t TSSymbol;
typedef uint16_t TSFieldId;
typedef struct TSParser TSParser;
typedef struct TSTree TSTree;

typedef struct TSNode {
	uint32_t context[4];
	const void *id;
	const TSTree *tree;
} TSNode;

typedef struct TSTreeCursor {
	const void *tree;
	const void *id;
	uint32_t context[3];
} TSTreeCursor;

TSSymbol ts_node_symbol(TSNode self);
uint32_t ts_node_start_byte(TSNode self);
uint32_t ts_node_end_byte(TSNode self);
bool ts_node_is_named(TSNode self);
bool ts_node_is_missing(TSNode self);
bool ts_node_is_extra(TSNode self);
uint32_t ts_node_descendant_count(TSNode self);

TSTreeCursor ts_tree_cursor_new(TSNode node);
void ts_tree_cursor_delete(TSTreeCursor *self);
TSNode ts_tree_cursor_current_node(const TSTreeCursor *self);
TSFieldId ts_tree_cursor_current_field_id(const TSTreeCursor *self);
bool ts_tree_cursor_goto_parent(TSTreeCursor *self);
bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *self);
bool ts_tree_cursor_goto_first_child(TSTreeCursor *self);

void ts_parser_set_cancellation_flag(TSParser *self, const size_t *flag);

void ts_set_allocator(
	void *(*new_malloc)(size_t),
	void *(*new_calloc)(size_t, size_t),
	void *(*new_realloc)(void *, size_t),
	void (*new_free)(void *));

// afidt_node has the layout of the Go type Node.
typedef struct afidt_node {
	uint16_t kind;
	uint8_t field;
	uint8_t flags;
	uint32_t start;
	uint32_t end;
	uint32_t next;
} afidt_node;

// Bits of afidt_node.flags; the Go constants of type NodeFlags are these.
enum {
	AFIDT_NAMED = 1,
	AFIDT_MISSING = 2,
	AFIDT_ERROR = 4,
	AFIDT_EXTRA = 8,
};

// afidt_flatten writes root and its descendants in preorder to nodes, which has room for cap of them, and returns how
// many there are; a number above cap says that they did not fit. Offsets are those of the tree plus base.
uint32_t afidt_flatten(TSNode root, uint32_t base, afidt_node *nodes, uint32_t cap);

// afidt_count_work makes the runtime count what it allocates. To be called once, before the first parse.
void afidt_count_work(void);

// afidt_work_begin makes the next parse of this parser on this thread stop when it has allocated more than limit bytes.
// afidt_work_end says how many it has allocated, freed ones included.
void afidt_work_begin(TSParser *parser, uint64_t limit);
uint64_t afidt_work_end(TSParser *parser);

#endif
