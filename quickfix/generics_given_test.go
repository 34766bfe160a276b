package quickfix

import (
	"bytes"
	"testing"
)

// TestGivenAt has uses of a field, and whether a function that has one is read for what gives the field another value.
func TestGivenAt(t *testing.T) {
	for text, want := range map[string]bool{
		"self.sink = other;":                                 true,
		"self.sink\n    = other;":                            true,
		"self.r#sink = other;":                               true,
		"self.sink == other":                                 false,
		"self.sink /* set */ = other;":                       true,
		"swap(&mut self.sink, other)":                        true,
		"swap(other, &mut self.sink)":                        true,
		"swap(&mut self . sink, other)":                      true,
		"swap(&mut r#self.sink, other)":                      true,
		"swap(&mut /* this one */ self.sink, other)":         true,
		"swap(\n    &mut // this one\n    self.sink, other)": true,
		"send(&self.sink, other)":                            false,
		"send(permut(self.sink), other)":                     false,
		"self.sink.replace(other);":                          true,
		"self\n    .sink\n    .take();":                      true,
		"self.sink. /* not */ send();":                       true,
		"self.sink.send(other);":                             false,
		"self.sink;":                                         false,
		"self.sink":                                          false,
	} {
		start := bytes.Index([]byte(text), []byte("sink"))
		if got := givenAt([]byte(text), start, start+len("sink")); got != want {
			t.Errorf("givenAt in %q is %v", text, got)
		}
	}
}
