package syntax

// The kinds and fields below are tables of tree-sitter-rust v0.23.3; checkGrammar compares them with the grammar that is linked.

// Kinds of named nodes.
const (
	NodeIdentifier                  NodeKind = 1
	NodePrimitiveType               NodeKind = 32
	NodeMutableSpecifier            NodeKind = 122
	NodeIntegerLiteral              NodeKind = 127
	NodeCharLiteral                 NodeKind = 130
	NodeEscapeSequence              NodeKind = 131
	NodeShebang                     NodeKind = 142
	NodeSelf                        NodeKind = 143
	NodeSuper                       NodeKind = 144
	NodeCrate                       NodeKind = 145
	NodeMetavariable                NodeKind = 146
	NodeStringContent               NodeKind = 147
	NodeFloatLiteral                NodeKind = 151
	NodeOuterDocCommentMarker       NodeKind = 152
	NodeInnerDocCommentMarker       NodeKind = 153
	NodeDocComment                  NodeKind = 155
	NodeSourceFile                  NodeKind = 157
	NodeEmptyStatement              NodeKind = 159
	NodeExpressionStatement         NodeKind = 160
	NodeMacroDefinition             NodeKind = 161
	NodeMacroRule                   NodeKind = 162
	NodeTokenTreePattern            NodeKind = 164
	NodeTokenBindingPattern         NodeKind = 165
	NodeTokenRepetitionPattern      NodeKind = 166
	NodeFragmentSpecifier           NodeKind = 167
	NodeTokenTree                   NodeKind = 168
	NodeTokenRepetition             NodeKind = 169
	NodeAttributeItem               NodeKind = 170
	NodeInnerAttributeItem          NodeKind = 171
	NodeAttribute                   NodeKind = 172
	NodeModItem                     NodeKind = 173
	NodeForeignModItem              NodeKind = 174
	NodeDeclarationList             NodeKind = 175
	NodeStructItem                  NodeKind = 176
	NodeUnionItem                   NodeKind = 177
	NodeEnumItem                    NodeKind = 178
	NodeEnumVariantList             NodeKind = 179
	NodeEnumVariant                 NodeKind = 180
	NodeFieldDeclarationList        NodeKind = 181
	NodeFieldDeclaration            NodeKind = 182
	NodeOrderedFieldDeclarationList NodeKind = 183
	NodeExternCrateDeclaration      NodeKind = 184
	NodeConstItem                   NodeKind = 185
	NodeStaticItem                  NodeKind = 186
	NodeTypeItem                    NodeKind = 187
	NodeFunctionItem                NodeKind = 188
	NodeFunctionSignatureItem       NodeKind = 189
	NodeFunctionModifiers           NodeKind = 190
	NodeWhereClause                 NodeKind = 191
	NodeWherePredicate              NodeKind = 192
	NodeImplItem                    NodeKind = 193
	NodeTraitItem                   NodeKind = 194
	NodeAssociatedType              NodeKind = 195
	NodeTraitBounds                 NodeKind = 196
	NodeHigherRankedTraitBound      NodeKind = 197
	NodeRemovedTraitBound           NodeKind = 198
	NodeTypeParameters              NodeKind = 199
	NodeConstParameter              NodeKind = 200
	NodeTypeParameter               NodeKind = 201
	NodeLifetimeParameter           NodeKind = 202
	NodeLetDeclaration              NodeKind = 203
	NodeUseDeclaration              NodeKind = 204
	NodeScopedUseList               NodeKind = 206
	NodeUseList                     NodeKind = 207
	NodeUseAsClause                 NodeKind = 208
	NodeUseWildcard                 NodeKind = 209
	NodeParameters                  NodeKind = 210
	NodeSelfParameter               NodeKind = 211
	NodeVariadicParameter           NodeKind = 212
	NodeParameter                   NodeKind = 213
	NodeExternModifier              NodeKind = 214
	NodeVisibilityModifier          NodeKind = 215
	NodeBracketedType               NodeKind = 217
	NodeQualifiedType               NodeKind = 218
	NodeLifetime                    NodeKind = 219
	NodeArrayType                   NodeKind = 220
	NodeForLifetimes                NodeKind = 221
	NodeFunctionType                NodeKind = 222
	NodeTupleType                   NodeKind = 223
	NodeUnitType                    NodeKind = 224
	NodeGenericFunction             NodeKind = 225
	NodeGenericType                 NodeKind = 226
	NodeGenericTypeWithTurbofish    NodeKind = 227
	NodeBoundedType                 NodeKind = 228
	NodeUseBounds                   NodeKind = 229
	NodeTypeArguments               NodeKind = 230
	NodeTypeBinding                 NodeKind = 231
	NodeReferenceType               NodeKind = 232
	NodePointerType                 NodeKind = 233
	NodeNeverType                   NodeKind = 234
	NodeAbstractType                NodeKind = 235
	NodeDynamicType                 NodeKind = 236
	NodeMacroInvocation             NodeKind = 239
	NodeScopedIdentifier            NodeKind = 243
	NodeScopedTypeIdentifier        NodeKind = 245
	NodeRangeExpression             NodeKind = 246
	NodeUnaryExpression             NodeKind = 247
	NodeTryExpression               NodeKind = 248
	NodeReferenceExpression         NodeKind = 249
	NodeBinaryExpression            NodeKind = 250
	NodeAssignmentExpression        NodeKind = 251
	NodeCompoundAssignmentExpr      NodeKind = 252
	NodeTypeCastExpression          NodeKind = 253
	NodeReturnExpression            NodeKind = 254
	NodeYieldExpression             NodeKind = 255
	NodeCallExpression              NodeKind = 256
	NodeArguments                   NodeKind = 257
	NodeArrayExpression             NodeKind = 258
	NodeParenthesizedExpression     NodeKind = 259
	NodeTupleExpression             NodeKind = 260
	NodeUnitExpression              NodeKind = 261
	NodeStructExpression            NodeKind = 262
	NodeFieldInitializerList        NodeKind = 263
	NodeShorthandFieldInitializer   NodeKind = 264
	NodeFieldInitializer            NodeKind = 265
	NodeBaseFieldInitializer        NodeKind = 266
	NodeIfExpression                NodeKind = 267
	NodeLetCondition                NodeKind = 268
	NodeElseClause                  NodeKind = 271
	NodeMatchExpression             NodeKind = 272
	NodeMatchBlock                  NodeKind = 273
	NodeMatchArm                    NodeKind = 274
	NodeMatchPattern                NodeKind = 276
	NodeWhileExpression             NodeKind = 277
	NodeLoopExpression              NodeKind = 278
	NodeForExpression               NodeKind = 279
	NodeConstBlock                  NodeKind = 280
	NodeClosureExpression           NodeKind = 281
	NodeClosureParameters           NodeKind = 282
	NodeLabel                       NodeKind = 283
	NodeBreakExpression             NodeKind = 284
	NodeContinueExpression          NodeKind = 285
	NodeIndexExpression             NodeKind = 286
	NodeAwaitExpression             NodeKind = 287
	NodeFieldExpression             NodeKind = 288
	NodeUnsafeBlock                 NodeKind = 289
	NodeAsyncBlock                  NodeKind = 290
	NodeGenBlock                    NodeKind = 291
	NodeTryBlock                    NodeKind = 292
	NodeBlock                       NodeKind = 293
	NodeGenericPattern              NodeKind = 295
	NodeTuplePattern                NodeKind = 296
	NodeSlicePattern                NodeKind = 297
	NodeTupleStructPattern          NodeKind = 298
	NodeStructPattern               NodeKind = 299
	NodeFieldPattern                NodeKind = 300
	NodeRemainingFieldPattern       NodeKind = 301
	NodeMutPattern                  NodeKind = 302
	NodeRangePattern                NodeKind = 303
	NodeRefPattern                  NodeKind = 304
	NodeCapturedPattern             NodeKind = 305
	NodeReferencePattern            NodeKind = 306
	NodeOrPattern                   NodeKind = 307
	NodeNegativeLiteral             NodeKind = 310
	NodeStringLiteral               NodeKind = 311
	NodeRawStringLiteral            NodeKind = 312
	NodeBooleanLiteral              NodeKind = 313
	NodeLineComment                 NodeKind = 314
	NodeBlockComment                NodeKind = 318
	NodeFieldIdentifier             NodeKind = 351
	NodeLetChain                    NodeKind = 352
	NodeShorthandFieldIdentifier    NodeKind = 353
	NodeTypeIdentifier              NodeKind = 354
)

// Kinds of anonymous nodes that this package asks for.
const (
	nodeSemicolon NodeKind = 2
)

// Fields.
const (
	FieldAlias          FieldID = 1
	FieldAlternative    FieldID = 2
	FieldArgument       FieldID = 3
	FieldArguments      FieldID = 4
	FieldBody           FieldID = 5
	FieldBounds         FieldID = 6
	FieldCondition      FieldID = 7
	FieldConsequence    FieldID = 8
	FieldDefaultType    FieldID = 9
	FieldDoc            FieldID = 10
	FieldElement        FieldID = 11
	FieldField          FieldID = 12
	FieldFunction       FieldID = 13
	FieldInner          FieldID = 14
	FieldLeft           FieldID = 15
	FieldLength         FieldID = 16
	FieldList           FieldID = 17
	FieldMacro          FieldID = 18
	FieldName           FieldID = 19
	FieldOperator       FieldID = 20
	FieldOuter          FieldID = 21
	FieldParameters     FieldID = 22
	FieldPath           FieldID = 23
	FieldPattern        FieldID = 24
	FieldReturnType     FieldID = 25
	FieldRight          FieldID = 26
	FieldTrait          FieldID = 27
	FieldType           FieldID = 28
	FieldTypeArguments  FieldID = 29
	FieldTypeParameters FieldID = 30
	FieldValue          FieldID = 31
)

// fieldNames are the fields' names, by FieldID.
var fieldNames = [...]string{
	1:  "alias",
	2:  "alternative",
	3:  "argument",
	4:  "arguments",
	5:  "body",
	6:  "bounds",
	7:  "condition",
	8:  "consequence",
	9:  "default_type",
	10: "doc",
	11: "element",
	12: "field",
	13: "function",
	14: "inner",
	15: "left",
	16: "length",
	17: "list",
	18: "macro",
	19: "name",
	20: "operator",
	21: "outer",
	22: "parameters",
	23: "path",
	24: "pattern",
	25: "return_type",
	26: "right",
	27: "trait",
	28: "type",
	29: "type_arguments",
	30: "type_parameters",
	31: "value",
}

// kindNames are the kinds' names, by NodeKind. Symbols that no node has are empty: hidden ones, and those that the grammar shows as
// another one of the same name.
var kindNames = [...]string{
	"", "identifier", ";", "macro_rules!", "(", ")", "[", "]", "{", "}", "=>", ":", "$", "", "+", "*", "?",
	"block", "expr", "expr_2021", "ident", "item", "lifetime", "literal", "meta", "pat", "pat_param", "path",
	"stmt", "tt", "ty", "vis", "primitive_type", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
	"-", "/", "%", "^", "!", "&", "|", "&&", "||", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=",
	"<<=", ">>=", "=", "==", "!=", ">", "<", ">=", "<=", "@", "_", ".", "..", "...", "..=", ",", "::", "->", "#",
	"'", "as", "async", "await", "break", "const", "continue", "default", "enum", "fn", "for", "gen", "if",
	"impl", "let", "loop", "match", "mod", "pub", "return", "static", "struct", "trait", "type", "union",
	"unsafe", "use", "where", "while", "extern", "ref", "else", "in", "", "dyn", "mutable_specifier", "raw",
	"yield", "move", "try", "integer_literal", "", "\"", "char_literal", "escape_sequence", "true", "false",
	"//", "", "", "", "", "", "/*", "*/", "shebang", "self", "super", "crate", "metavariable", "string_content",
	"", "", "", "float_literal", "outer_doc_comment_marker", "inner_doc_comment_marker", "", "doc_comment", "",
	"source_file", "", "empty_statement", "expression_statement", "macro_definition", "macro_rule", "",
	"token_tree_pattern", "token_binding_pattern", "token_repetition_pattern", "fragment_specifier",
	"token_tree", "token_repetition", "attribute_item", "inner_attribute_item", "attribute", "mod_item",
	"foreign_mod_item", "declaration_list", "struct_item", "union_item", "enum_item", "enum_variant_list",
	"enum_variant", "field_declaration_list", "field_declaration", "ordered_field_declaration_list",
	"extern_crate_declaration", "const_item", "static_item", "type_item", "function_item",
	"function_signature_item", "function_modifiers", "where_clause", "where_predicate", "impl_item",
	"trait_item", "associated_type", "trait_bounds", "higher_ranked_trait_bound", "removed_trait_bound",
	"type_parameters", "const_parameter", "type_parameter", "lifetime_parameter", "let_declaration",
	"use_declaration", "", "scoped_use_list", "use_list", "use_as_clause", "use_wildcard", "parameters",
	"self_parameter", "variadic_parameter", "parameter", "extern_modifier", "visibility_modifier", "",
	"bracketed_type", "qualified_type", "lifetime", "array_type", "for_lifetimes", "function_type", "tuple_type",
	"unit_type", "generic_function", "generic_type", "generic_type_with_turbofish", "bounded_type", "use_bounds",
	"type_arguments", "type_binding", "reference_type", "pointer_type", "never_type", "abstract_type",
	"dynamic_type", "", "", "macro_invocation", "", "", "", "scoped_identifier", "", "scoped_type_identifier",
	"range_expression", "unary_expression", "try_expression", "reference_expression", "binary_expression",
	"assignment_expression", "compound_assignment_expr", "type_cast_expression", "return_expression",
	"yield_expression", "call_expression", "arguments", "array_expression", "parenthesized_expression",
	"tuple_expression", "unit_expression", "struct_expression", "field_initializer_list",
	"shorthand_field_initializer", "field_initializer", "base_field_initializer", "if_expression",
	"let_condition", "", "", "else_clause", "match_expression", "match_block", "match_arm", "", "match_pattern",
	"while_expression", "loop_expression", "for_expression", "const_block", "closure_expression",
	"closure_parameters", "label", "break_expression", "continue_expression", "index_expression",
	"await_expression", "field_expression", "unsafe_block", "async_block", "gen_block", "try_block", "block", "",
	"generic_pattern", "tuple_pattern", "slice_pattern", "tuple_struct_pattern", "struct_pattern",
	"field_pattern", "remaining_field_pattern", "mut_pattern", "range_pattern", "ref_pattern",
	"captured_pattern", "reference_pattern", "or_pattern", "", "", "negative_literal", "string_literal",
	"raw_string_literal", "boolean_literal", "line_comment", "", "", "", "block_comment", "", "", "", "", "", "",
	"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
	"field_identifier", "let_chain", "shorthand_field_identifier", "type_identifier",
}
