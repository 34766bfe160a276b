//go:build !linux

package main

func adviseHugePages([]byte) bool { return false }
