//go:build unix

package server

import (
	"errors"
	"syscall"
)

// alive reports whether a process runs; one that belongs to somebody else does.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
