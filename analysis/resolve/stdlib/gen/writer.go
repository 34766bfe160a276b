package main

import "strings"

// writer writes one item a line, indented by one tab a level.
type writer struct {
	strings.Builder
	depth int
}

func (w *writer) line(text string) {
	for range w.depth {
		w.WriteByte('\t')
	}
	w.WriteString(text)
	w.WriteByte('\n')
}

func (w *writer) open(head string) {
	w.line(head + " {")
	w.depth++
}

func (w *writer) close() {
	w.depth--
	if text := w.String(); strings.HasSuffix(text, " {\n") {
		w.Reset()
		w.WriteString(text[:len(text)-1] + "}\n")
		return
	}
	w.line("}")
}
