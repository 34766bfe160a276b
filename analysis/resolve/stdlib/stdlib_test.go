package stdlib

import (
	"bytes"
	"testing"
)

// The table must stay small: it is part of every binary, and what a session reads of it stays in memory.
const (
	maxPacked = 1 << 20
	maxText   = 3 << 20
)

func TestIndex(t *testing.T) {
	total := 0
	for path := range index() {
		text, ok := Open(path)
		if !ok {
			t.Errorf("%s does not unpack", path)
		}
		total += len(text)
	}
	if total == 0 || total > maxText || len(packed) > maxPacked {
		t.Errorf("%d bytes of text in %d files, %d packed; want at most %d and %d", total, len(index()), len(packed), maxText, maxPacked)
	}
	t.Logf("%d files, %d bytes of text, %d packed", len(index()), total, len(packed))
}

func TestOpen(t *testing.T) {
	for _, crate := range Crates() {
		if _, ok := Open(crate + "/src/lib.rs"); !ok {
			t.Errorf("crate %s has no root", crate)
		}
	}
	text, _ := Open("core/src/fmt/mod.rs")
	if !bytes.Contains(text, []byte("pub trait Debug")) {
		t.Errorf("no trait Debug in core::fmt:\n%s", text)
	}
	if _, ok := Open("core/src/no_such_file.rs"); ok {
		t.Error("a file that does not exist was opened")
	}
}

func TestTruncatedTableIsEmpty(t *testing.T) {
	for _, length := range []int{0, 1, 100, 20_000, len(packed) - 1} {
		if got := readIndex(packed[:length]); len(got) != 0 {
			t.Errorf("the first %d bytes of the table give %d files", length, len(got))
		}
	}
}

// BenchmarkOpen opens the files in which `use std::fmt::Debug; fn f(_: &dyn Iterator<Item = u8>)` is resolved.
func BenchmarkOpen(b *testing.B) {
	files := []string{
		"std/src/lib.rs", "core/src/lib.rs", "alloc/src/lib.rs", "std/src/prelude/mod.rs", "std/src/prelude/v1.rs",
		"core/src/prelude/mod.rs", "core/src/prelude/v1.rs", "alloc/src/fmt.rs", "core/src/fmt/mod.rs", "core/src/iter/mod.rs",
		"core/src/iter/traits/mod.rs", "core/src/iter/traits/iterator.rs",
	}
	index()
	for b.Loop() {
		for _, f := range files {
			if _, ok := Open(f); !ok {
				b.Fatalf("%s is not in the table", f)
			}
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		if len(readIndex(packed)) == 0 {
			b.Fatal("the table does not read")
		}
	}
}
