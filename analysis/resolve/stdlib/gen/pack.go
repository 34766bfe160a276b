package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// pack is the table as a file: the number of files; for each, in the order of their paths, its path (length and bytes),
// its size and its packed size; then their contents, each deflated on its own, so that opening one costs no more than its
// own text. Numbers are unsigned varints.
func pack(files map[string]string) ([]byte, error) {
	paths := slices.Sorted(maps.Keys(files))
	head := binary.AppendUvarint(nil, uint64(len(paths)))
	var body bytes.Buffer
	for _, p := range paths {
		start := body.Len()
		w, err := flate.NewWriter(&body, flate.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(files[p])); err != nil {
			return nil, fmt.Errorf("packing %s: %w", p, err)
		}
		if err := w.Close(); err != nil {
			return nil, fmt.Errorf("packing %s: %w", p, err)
		}
		head = binary.AppendUvarint(head, uint64(len(p)))
		head = append(head, p...)
		head = binary.AppendUvarint(head, uint64(len(files[p])))
		head = binary.AppendUvarint(head, uint64(body.Len()-start))
	}
	return append(head, body.Bytes()...), nil
}
