package syntax

import (
	"bytes"
	"strings"
)

// IncludedPath is the path in `include!("path");` at an item; ok is false for what is no such call. One that other macros make up
// is not known.
func IncludedPath(f *File, item int32) (path string, ok bool) {
	it := &f.Items[item]
	if it.Kind != KindMacroCall || it.Macro < 0 {
		return "", false
	}
	m := &f.Macros[it.Macro]
	name := m.Path.Of(f.Text)
	if !bytes.HasSuffix(name, []byte("include")) {
		return "", false
	}
	switch strings.TrimPrefix(strings.Join(strings.Fields(string(name)), ""), "::") {
	case "include", "std::include", "core::include":
		return StringValue(strings.TrimSuffix(strings.TrimSpace(string(m.Args.Of(f.Text))), ","))
	}
	return "", false
}
