//go:build unix

package main

import (
	"os"
	"syscall"
)

// An interrupt from the terminal reaches the child by itself, and must not end the launcher first.
var forwarded = []os.Signal{syscall.SIGTERM, syscall.SIGHUP, os.Interrupt}
