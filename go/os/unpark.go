//go:build wasip1

package os

import (
	"internal/filepathlite"
	"syscall"
	_ "unsafe" // go:linkname
)

// What may go wrong with a file, where the schedule says so (--faults): points of their own, for they are none otherwise.
// The operations are those of runtime/unpark.go.

//go:linkname unparkFileFault
func unparkFileFault(op int32) int32

const (
	unparkFileOpen = 42 + iota
	unparkFileWrite
	unparkFileClose
)

func unparkOpenFails(name string) error {
	if unparkFileFault(unparkFileOpen) == 0 {
		return nil
	}
	return &PathError{Op: "open", Path: name, Err: syscall.EACCES}
}

//go:linkname unparkStatMode syscall.unparkStatMode
func unparkStatMode(st *syscall.Stat_t)

// unparkFails asks of a file that is open, and none of the standard ones.
func (f *File) unparkFails(op int32, name string, errno syscall.Errno) error {
	if f == nil || f.file == nil || f.pfd.Sysfd <= 2 || unparkFileFault(op) == 0 {
		return nil
	}
	return &PathError{Op: name, Path: f.name, Err: errno}
}

// unparkBase is a program's own name.
func unparkBase(path string) string { return filepathlite.Base(path) }
