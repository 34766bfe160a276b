//go:build !unix

package workspace

import (
	"io"
	"os"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
)

// readText reads a regular file.
func readText(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, cargo.ErrNotAFile
	case info.Size() > maxFileBytes:
		return nil, tooLarge(path, info.Size())
	}
	text := make([]byte, info.Size())
	n, err := io.ReadFull(file, text)
	if err == io.ErrUnexpectedEOF || err == io.EOF { // it shrank
		err = nil
	}
	return text[:n], err
}

// exists reports whether there is anything at path, a link that leads nowhere included.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
