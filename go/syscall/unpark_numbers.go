//go:build wasip1

package syscall

import "unsafe"

// unparkStub tells Unpark of a call that only answers ENOSYS.
//
//go:linkname unparkStub runtime.unparkStub
func unparkStub(name string)

// The numbers of linux/amd64 that are answered, by the names that Linux's package syscall has for them.
const (
	SYS_MMAP       = 9
	SYS_MPROTECT   = 10
	SYS_MUNMAP     = 11
	SYS_MREMAP     = 25
	SYS_MSYNC      = 26
	SYS_MADVISE    = 28
	SYS_UNAME      = 63
	SYS_FLOCK      = 73
	SYS_FSYNC      = 74
	SYS_FDATASYNC  = 75
	SYS_FTRUNCATE  = 77
	SYS_MLOCK      = 149
	SYS_MUNLOCK    = 150
	SYS_MLOCKALL   = 151
	SYS_MUNLOCKALL = 152
	SYS_READAHEAD  = 187
	SYS_FADVISE64  = 221
	SYS_FALLOCATE  = 285
)

// unparkSyscall answers the system calls of linux/amd64 that have an answer here: files that are borrowed for it
// (golang.org/x/sys/unix, go/borrow) call by number. As on amd64 r2 is the third argument: Linux leaves its register (RDX) as it
// was, and ristretto looks there for the size that mremap gave.
func unparkSyscall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	if n, failed, handled := unparkSocketCall(trap, a1, a2, a3, a4, a5, a6); handled {
		if failed != 0 {
			return ^uintptr(0), 0, failed
		}
		return n, a3, 0
	}
	var failed error
	switch trap {
	case SYS_MMAP:
		if a1 != 0 && a4&MAP_FIXED != 0 {
			return 0, 0, ENOMEM
		}
		var memory []byte
		if memory, failed = Mmap(int(int32(a5)), int64(a6), int(a2), int(a3), int(a4)); failed == nil {
			r1 = uintptr(unsafe.Pointer(&memory[0]))
		}
	case SYS_MUNMAP:
		failed = Munmap(unparkMemory(a1, a2))
	case SYS_MREMAP:
		var memory []byte
		if memory, failed = unparkMremap(unparkMemory(a1, a2), int(a3)); failed == nil {
			r1 = uintptr(unsafe.Pointer(&memory[0]))
		}
	case SYS_MPROTECT:
		failed = Mprotect(unparkMemory(a1, a2), int(a3))
	case SYS_MSYNC:
		failed = Msync(unparkMemory(a1, a2), int(a3))
	case SYS_MADVISE, SYS_MLOCK, SYS_MUNLOCK, SYS_MLOCKALL, SYS_MUNLOCKALL, SYS_READAHEAD, SYS_FADVISE64: // advice
	case SYS_UNAME:
		failed = Uname((*Utsname)(unsafe.Pointer(a1)))
	case SYS_FLOCK:
		failed = Flock(int(a1), int(a2))
	case SYS_FSYNC, SYS_FDATASYNC:
		failed = Fsync(int(a1))
	case SYS_FTRUNCATE:
		failed = Ftruncate(int(a1), int64(a2))
	case SYS_FALLOCATE:
		failed = Fallocate(int(a1), uint32(a2), int64(a3), int64(a4))
	default:
		unparkStub("golang.org/x/sys/unix.Syscall")
		return 0, 0, ENOSYS
	}
	if failed != nil {
		return ^uintptr(0), 0, failed.(Errno)
	}
	return r1, a3, 0
}

// Utsname is Linux', with which it shares its layout.
type Utsname struct {
	Sysname, Nodename, Release, Version, Machine, Domainname [65]int8
}

// Uname names a kernel that has what sockets and files have here; quic-go and others leave out what is younger than theirs.
func Uname(buf *Utsname) error {
	fields := [...]*[65]int8{&buf.Sysname, &buf.Nodename, &buf.Release, &buf.Version, &buf.Machine, &buf.Domainname}
	for i, word := range [...]string{"Linux", "localhost", "6.1.0", "#1 SMP", "x86_64", "(none)"} {
		*fields[i] = [65]int8{}
		for at := range len(word) {
			fields[i][at] = int8(word[at])
		}
	}
	return nil
}

func unparkMemory(address, length uintptr) []byte {
	if address == 0 || length == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(address)), int(length))
}
