package cargo

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// tomlKind is the kind of a TOML value, as far as manifests tell values apart.
type tomlKind uint8

const (
	tomlTable tomlKind = iota
	tomlString
	tomlBool
	tomlArray
	tomlNumber
	tomlOther // dates and times, which no manifest key takes
)

func (k tomlKind) String() string {
	return [...]string{"a table", "a string", "a boolean", "an array", "a number", "a date"}[k]
}

// toml is a value of a TOML document with its place. The library's decoder into structs gives no places and stops at the
// first value of a wrong type; a manifest with one bad key must still give the rest, and say where the bad one is.
type toml struct {
	kind   tomlKind
	at     uint32 // byte offset of the value, or of the key that holds it
	str    string // of a string or a number
	flag   bool
	items  []*toml     // of an array
	fields []tomlField // of a table, in the order of the document
	index  map[string]int
	// open tables can still get fields: those of headers and dotted keys, not `{ .. }`.
	open bool
	// headed tables had their own `[header]`; a second one is an error.
	headed bool
}

type tomlField struct {
	name  string
	at    uint32 // byte offset of the key
	value *toml
}

// indexFrom is the number of fields from which a table gets a map: features tables have hundreds.
const indexFrom = 12

// get is the value of a table's field, nil when there is none or t is no table.
func (t *toml) get(name string) *toml {
	if t == nil || t.kind != tomlTable {
		return nil
	}
	if t.index != nil {
		if i, ok := t.index[name]; ok {
			return t.fields[i].value
		}
		return nil
	}
	for i := range t.fields {
		if t.fields[i].name == name {
			return t.fields[i].value
		}
	}
	return nil
}

// path follows fields of fields.
func (t *toml) path(names ...string) *toml {
	for _, name := range names {
		t = t.get(name)
	}
	return t
}

func (t *toml) add(name string, at uint32, value *toml) {
	t.fields = append(t.fields, tomlField{name, at, value})
	if t.index != nil {
		t.index[name] = len(t.fields) - 1
	} else if len(t.fields) >= indexFrom {
		t.index = make(map[string]int, 2*len(t.fields))
		for i := range t.fields {
			t.index[t.fields[i].name] = i
		}
	}
}

// table is all fields of t that hold tables or anything else; nil when t is no table.
func (t *toml) table() []tomlField {
	if t == nil || t.kind != tomlTable {
		return nil
	}
	return t.fields
}

// tomlError is a syntax error at a byte offset.
type tomlError struct {
	at      uint32
	message string
}

func (e *tomlError) Error() string { return e.message }

// parseTOML reads a TOML document. On an error the document as far as it was read is given too.
// A byte order mark at the start is skipped, as cargo does.
func parseTOML(text []byte) (*toml, *tomlError) {
	root := &toml{kind: tomlTable, open: true, headed: true}
	parser := unstable.Parser{}
	body := text
	var skipped uint32
	if bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")) {
		body, skipped = body[3:], 3
	}
	b := tomlBuilder{parser: &parser, text: body, skipped: skipped}
	parser.Reset(body)
	current := root
	for parser.NextExpression() {
		expression := parser.Expression()
		var err *tomlError
		switch expression.Kind {
		case unstable.Table, unstable.ArrayTable:
			current, err = b.header(root, expression)
		case unstable.KeyValue:
			err = b.keyValue(current, expression)
		}
		if err != nil {
			return root, err
		}
	}
	if err := parser.Error(); err != nil {
		return root, b.syntaxError(err)
	}
	// The parser accepts what it does not look into; strings must be UTF-8 for the rest of this package.
	if !utf8.Valid(body) {
		return root, &tomlError{skipped + uint32(firstInvalid(body)), "invalid UTF-8: save the file as UTF-8"}
	}
	return root, nil
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

type tomlBuilder struct {
	parser  *unstable.Parser
	text    []byte
	skipped uint32
	slab    []toml // values to give out: a document has hundreds, which live and die together
}

// tomlSlab is how many values are allocated at once.
const tomlSlab = 32

// add makes a value of the document.
func (b *tomlBuilder) add(value toml) *toml {
	if len(b.slab) == 0 {
		b.slab = make([]toml, tomlSlab)
	}
	t := &b.slab[0]
	b.slab = b.slab[1:]
	*t = value
	return t
}

func (b *tomlBuilder) syntaxError(err error) *tomlError {
	var parserErr *unstable.ParserError
	if !errors.As(err, &parserErr) {
		return &tomlError{0, err.Error()}
	}
	// The library finds the place of a highlight by its capacity, so only a slice of the text has one.
	at := len(b.text)
	if offset := cap(b.text) - cap(parserErr.Highlight); parserErr.Highlight != nil && offset >= 0 && offset <= len(b.text) {
		at = offset
	}
	if !utf8.Valid(b.text) {
		return &tomlError{b.skipped + uint32(firstInvalid(b.text)), "invalid UTF-8: save the file as UTF-8"}
	}
	return &tomlError{b.skipped + uint32(at), parserErr.Message}
}

// header finds or makes the table of `[a.b]` or `[[a.b]]`.
func (b *tomlBuilder) header(root *toml, expression *unstable.Node) (*toml, *tomlError) {
	table := root
	for key := expression.Key(); key.Next(); {
		node := key.Node()
		at := node.Raw.Offset + b.skipped
		name := string(node.Data)
		if !key.IsLast() {
			next, err := b.descend(table, name, at)
			if err != nil {
				return nil, err
			}
			table = next
			continue
		}
		existing := table.get(name)
		if expression.Kind == unstable.ArrayTable {
			if existing == nil {
				existing = b.add(toml{kind: tomlArray, at: at, open: true})
				table.add(name, at, existing)
			}
			if existing.kind != tomlArray || !existing.open {
				return nil, &tomlError{at, "duplicate key `" + name + "`"}
			}
			element := b.add(toml{kind: tomlTable, at: at, open: true, headed: true})
			existing.items = append(existing.items, element)
			return element, nil
		}
		if existing == nil {
			existing = b.add(toml{kind: tomlTable, at: at, open: true})
			table.add(name, at, existing)
		}
		if existing.kind != tomlTable || !existing.open || existing.headed {
			return nil, &tomlError{at, "duplicate key `" + name + "`"}
		}
		existing.headed = true
		return existing, nil
	}
	return table, nil
}

// descend goes into the table name of a header's or a dotted key's path, making it when it is new; of an array of tables
// the last one is meant.
func (b *tomlBuilder) descend(table *toml, name string, at uint32) (*toml, *tomlError) {
	next := table.get(name)
	if next == nil {
		next = b.add(toml{kind: tomlTable, at: at, open: true})
		table.add(name, at, next)
		return next, nil
	}
	if next.kind == tomlArray && next.open && len(next.items) > 0 {
		next = next.items[len(next.items)-1]
	}
	if next.kind != tomlTable || !next.open {
		return nil, &tomlError{at, "`" + name + "` is already " + next.kind.String() + " and cannot be extended"}
	}
	return next, nil
}

func (b *tomlBuilder) keyValue(table *toml, expression *unstable.Node) *tomlError {
	for key := expression.Key(); key.Next(); {
		node := key.Node()
		at := node.Raw.Offset + b.skipped
		name := string(node.Data)
		if !key.IsLast() {
			next, err := b.descend(table, name, at)
			if err != nil {
				return err
			}
			table = next
			continue
		}
		if table.get(name) != nil {
			return &tomlError{at, "duplicate key `" + name + "`"}
		}
		value, err := b.value(expression.Value(), at)
		if err != nil {
			return err
		}
		table.add(name, at, value)
	}
	return nil
}

// value converts a value; keyAt is its place where the parser keeps none. The parser bounds the depth of nesting.
func (b *tomlBuilder) value(node *unstable.Node, keyAt uint32) (*toml, *tomlError) {
	t := b.add(toml{at: keyAt})
	if node.Raw.Length > 0 {
		t.at = node.Raw.Offset + b.skipped
	}
	switch node.Kind {
	case unstable.String:
		t.kind, t.str = tomlString, string(node.Data)
	case unstable.Bool:
		t.kind, t.flag = tomlBool, len(node.Data) > 0 && node.Data[0] == 't'
	case unstable.Integer, unstable.Float:
		t.kind, t.str = tomlNumber, string(node.Data)
	case unstable.Array:
		t.kind = tomlArray
		for items := node.Children(); items.Next(); {
			item, err := b.value(items.Node(), t.at)
			if err != nil {
				return nil, err
			}
			t.items = append(t.items, item)
		}
	case unstable.InlineTable:
		t.kind, t.open = tomlTable, true
		for fields := node.Children(); fields.Next(); {
			if err := b.keyValue(t, fields.Node()); err != nil {
				return nil, err
			}
		}
		closeTables(t)
	default:
		t.kind = tomlOther
	}
	return t, nil
}

// closeTables marks an inline table, and what dotted keys opened in it, as complete.
func closeTables(t *toml) {
	// Inner inline tables are closed already, and dotted keys can be long: no recursion.
	for pending := []*toml{t}; len(pending) > 0; {
		table := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		table.open = false
		for i := range table.fields {
			if value := table.fields[i].value; value.kind == tomlTable && value.open {
				pending = append(pending, value)
			}
		}
	}
}

// crateName is the name that code uses for a package, a target or a dependency.
func crateName(name string) string { return strings.ReplaceAll(name, "-", "_") }
