#include "tree_sitter.h"

// The kind that the runtime gives to ERROR nodes (ts_builtin_sym_error).
#define KIND_ERROR ((TSSymbol)-1)

// While a node is open its next holds the index of its parent, so that no stack is needed.
uint32_t afidt_flatten(TSNode root, uint32_t base, afidt_node *nodes, uint32_t cap) {
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	uint32_t count = 0;
	uint32_t parent = 0;
	for (;;) {
		if (count == cap) {
			count = cap + 1;
			break;
		}
		TSNode node = ts_tree_cursor_current_node(&cursor);
		uint32_t self = count++;
		afidt_node *record = &nodes[self];
		TSSymbol kind = ts_node_symbol(node);
		record->kind = kind;
		record->field = (uint8_t)ts_tree_cursor_current_field_id(&cursor);
		record->flags = (uint8_t)((ts_node_is_named(node) ? AFIDT_NAMED : 0) |
			(ts_node_is_missing(node) ? AFIDT_MISSING : 0) |
			(kind == KIND_ERROR ? AFIDT_ERROR : 0) |
			(ts_node_is_extra(node) ? AFIDT_EXTRA : 0));
		record->start = base + ts_node_start_byte(node);
		record->end = base + ts_node_end_byte(node);
		record->next = parent;
		if (ts_tree_cursor_goto_first_child(&cursor)) {
			parent = self;
			continue;
		}
		record->next = count;
		while (self != 0 && !ts_tree_cursor_goto_next_sibling(&cursor)) {
			ts_tree_cursor_goto_parent(&cursor);
			self = parent;
			parent = nodes[self].next;
			nodes[self].next = count;
		}
		if (self == 0) {
			break;
		}
	}
	ts_tree_cursor_delete(&cursor);
	return count;
}
