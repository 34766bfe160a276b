package main

import "syscall"

// adviseHugePages asks the kernel for huge pages where they are given on request (madvise in
// /sys/kernel/mm/transparent_hugepage/enabled); elsewhere it changes nothing.
func adviseHugePages(memory []byte) bool {
	return syscall.Madvise(memory, syscall.MADV_HUGEPAGE) == nil
}
