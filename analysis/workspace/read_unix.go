//go:build unix

package workspace

import (
	"os"
	"syscall"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
)

// readText reads a regular file with as few system calls as that takes: package os prepares every file to be waited for,
// which takes two more for each and is a good part of the time that a small file takes.
func readText(path string) ([]byte, error) {
	fail := func(op string, err error) ([]byte, error) { return nil, &os.PathError{Op: op, Path: path, Err: err} }
	var fd int
	err := untilDone(func() (err error) {
		// A pipe of that name must not make us wait.
		fd, err = syscall.Open(path, syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
		return err
	})
	if err == syscall.ENXIO { // a socket
		return nil, cargo.ErrNotAFile
	}
	if err != nil {
		return fail("open", err)
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := untilDone(func() error { return syscall.Fstat(fd, &info) }); err != nil {
		return fail("stat", err)
	}
	if info.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return nil, cargo.ErrNotAFile
	}
	if info.Size > maxFileBytes {
		return nil, tooLarge(path, info.Size)
	}
	text := make([]byte, info.Size)
	for done := 0; done < len(text); {
		var n int
		err := untilDone(func() (err error) {
			n, err = syscall.Read(fd, text[done:])
			return err
		})
		if err != nil {
			return fail("read", err)
		}
		if n <= 0 { // it shrank
			return text[:done], nil
		}
		done += n
	}
	return text, nil
}

// exists reports whether there is anything at path, a link that leads nowhere included.
func exists(path string) bool {
	var info syscall.Stat_t
	return untilDone(func() error { return syscall.Lstat(path, &info) }) == nil
}

// untilDone repeats a system call that a signal interrupted.
func untilDone(call func() error) error {
	for {
		if err := call(); err != syscall.EINTR {
			return err
		}
	}
}
