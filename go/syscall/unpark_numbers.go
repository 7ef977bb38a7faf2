//go:build wasip1

package syscall

import "unsafe"

// unparkStub tells Unpark of a call that only answers ENOSYS.
//
//go:linkname unparkStub runtime.unparkStub
func unparkStub(name string)

// unparkSyscall answers the system calls of linux/amd64 that have an answer here: files that are borrowed for it
// (golang.org/x/sys/unix, go/borrow) call by number.
func unparkSyscall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	var failed error
	switch trap {
	case 9: // mmap
		if a1 != 0 && a4&MAP_FIXED != 0 {
			return 0, 0, ENOMEM
		}
		var memory []byte
		if memory, failed = Mmap(int(int32(a5)), int64(a6), int(a2), int(a3), int(a4)); failed == nil {
			r1 = uintptr(unsafe.Pointer(&memory[0]))
		}
	case 11: // munmap
		failed = Munmap(unparkMemory(a1, a2))
	case 25: // mremap
		var memory []byte
		if memory, failed = unparkMremap(unparkMemory(a1, a2), int(a3)); failed == nil {
			r1 = uintptr(unsafe.Pointer(&memory[0]))
		}
	case 10: // mprotect
		failed = Mprotect(unparkMemory(a1, a2), int(a3))
	case 26: // msync
		failed = Msync(unparkMemory(a1, a2), int(a3))
	case 28, 149, 150, 151, 152, 187: // madvise, mlock, munlock, mlockall, munlockall, readahead
	case 73: // flock
		failed = Flock(int(a1), int(a2))
	case 74, 75: // fsync, fdatasync
		failed = Fsync(int(a1))
	case 77: // ftruncate
		failed = Ftruncate(int(a1), int64(a2))
	case 221: // fadvise64
	case 285: // fallocate
		failed = Fallocate(int(a1), uint32(a2), int64(a3), int64(a4))
	default:
		unparkStub("golang.org/x/sys/unix.Syscall")
		return 0, 0, ENOSYS
	}
	if failed != nil {
		return ^uintptr(0), 0, failed.(Errno)
	}
	return r1, 0, 0
}

func unparkMemory(address, length uintptr) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(address)), int(length))
}
