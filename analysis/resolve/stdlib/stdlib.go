// Package stdlib is the standard library as a table in the binary: the declarations of core, alloc, std, proc_macro and
// test, as Rust text that is scanned and resolved like that of any other crate.
//
// It knows files and nothing about Rust. The text is that of Rust's own sources, stripped to what other crates can see by
// ./gen: there are no bodies (`{}` stands for one), no private functions and fields, no initialisers and no comments;
// trait impls are headers with their associated types; item macros are expanded. Modules that exist on other platforms are
// there with their `#[cfg]`. Of std::sys only the name is left, of core::arch only the types.
//
// The standard library is distributed under MIT OR Apache-2.0, copyright the Rust Project contributors
// (https://github.com/rust-lang/rust); so is the table.
package stdlib

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"io"
	"sync"
)

//go:generate go run ./gen -o std.pack

// Version is the release of Rust that the table was made from.
const Version = "1.96.0"

// Edition is the edition of all crates of the table.
const Edition = 2024

// packed is the table: see gen/pack.go for its layout.
//
//go:embed std.pack
var packed []byte

// Crates are the names of the crates in the table, each before those that need it. The root of crate c is the file
// `c/src/lib.rs`.
func Crates() []string { return []string{"core", "alloc", "std", "proc_macro", "test"} }

// Open is the text of a file of the table, whose path is relative to the folder `library` of Rust's sources
// (`core/src/marker.rs`); ok is false if the table has no such file. Every call unpacks the file again.
func Open(path string) (text []byte, ok bool) {
	e, ok := index()[path]
	if !ok {
		return nil, false
	}
	text = make([]byte, e.size)
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	r.(flate.Resetter).Reset(bytes.NewReader(e.data), nil) // its error is always nil
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, false
	}
	return text, true
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// entry is one packed file.
type entry struct {
	data []byte
	size int // unpacked, in bytes
}

// index finds packed files by path.
var index = sync.OnceValue(func() map[string]entry { return readIndex(packed) })

// readIndex reads a table; one that does not read is empty.
func readIndex(table []byte) map[string]entry {
	type header struct {
		path         string
		size, length int
	}
	count, rest := number(table)
	headers := make([]header, 0, min(count, len(rest)))
	for range count {
		var h header
		var n int
		if n, rest = number(rest); n > len(rest) {
			return nil
		}
		h.path = string(rest[:n])
		h.size, rest = number(rest[n:])
		h.length, rest = number(rest)
		headers = append(headers, h)
	}
	out := make(map[string]entry, len(headers))
	for _, h := range headers {
		if h.length > len(rest) {
			return nil
		}
		out[h.path] = entry{rest[:h.length], h.size}
		rest = rest[h.length:]
	}
	return out
}

// number reads a varint; one that does not read is 0.
func number(data []byte) (n int, rest []byte) {
	v, length := binary.Uvarint(data)
	if length <= 0 || v > 1<<30 {
		return 0, nil
	}
	return int(v), data[length:]
}

// Has reports whether the table has a file.
func Has(path string) bool {
	_, ok := index()[path]
	return ok
}
