//go:build wasip1

package syscall

import "unsafe"

// Files in memory (mmap), which wasip1 has not and stores are built on (bbolt, badger, Prometheus' TSDB). A mapping is a copy
// of the file in the module's own memory that is kept equal to it:
//
//   - M1. What is written to the file (write, pwrite, ftruncate) is copied into all that map it shared.
//   - M2. What the program writes into memory that it may write and shares is copied into the file before the file is read by a
//     call, and by msync, munmap and close. A store into memory cannot be noticed, so that it is no step: two goroutines
//     that share data in this way are not explored.
//   - M3. As on Linux a mapping outlives the descriptor that it was made with: that is closed with the last mapping.
//
// Not kept: what lies behind the file's end is zero (Linux kills the process), and all memory can be written.

const (
	PROT_NONE     = 0x0
	PROT_READ     = 0x1
	PROT_WRITE    = 0x2
	PROT_EXEC     = 0x4
	MAP_SHARED    = 0x1
	MAP_PRIVATE   = 0x2
	MAP_FIXED     = 0x10
	MAP_ANON      = 0x20
	MAP_ANONYMOUS = 0x20
	MAP_GROWSDOWN = 0x100
	MAP_LOCKED    = 0x2000
	MAP_NORESERVE = 0x4000
	MAP_POPULATE  = 0x8000
	MAP_NONBLOCK  = 0x10000
	MADV_NORMAL   = 0x0
	MADV_RANDOM   = 0x1

	MADV_SEQUENTIAL = 0x2
	MADV_WILLNEED   = 0x3
	MADV_DONTNEED   = 0x4
	MS_ASYNC        = 0x1
	MS_INVALIDATE   = 0x2
	MS_SYNC         = 0x4
	MCL_CURRENT     = 0x1
	MCL_FUTURE      = 0x2

	unparkPage = 4096
)

type unparkMapping struct {
	memory []byte
	offset int64
	fd     int // -1: of no file
	file   unparkInode
	shared bool
	writes bool // shared, and the program may write
}

type unparkInode struct{ dev, ino uint64 }

// unparkMaps are few: a store maps a handful of files.
var unparkMaps []*unparkMapping

// unparkClosing are descriptors that the program has closed, and a mapping still needs (M3).
var unparkClosing map[int]bool

func Mmap(fd int, offset int64, length int, prot int, flags int) ([]byte, error) {
	if length <= 0 || offset%unparkPage != 0 || flags&(MAP_SHARED|MAP_PRIVATE) == 0 {
		return nil, EINVAL
	}
	m := &unparkMapping{offset: offset, fd: -1, memory: unparkPages(length)}
	if flags&MAP_ANON == 0 {
		file, size, err := unparkInodeOf(fd)
		if err != nil {
			return nil, err
		}
		unparkFlush(file)
		if err := unparkLoad(m.memory, fd, offset, size); err != nil {
			return nil, err
		}
		m.fd, m.file, m.shared = fd, file, flags&MAP_SHARED != 0
		m.writes = m.shared && prot&PROT_WRITE != 0
	}
	unparkMaps = append(unparkMaps, m)
	return m.memory, nil
}

func Munmap(b []byte) error {
	m := unparkMappingOf(b)
	if m == nil {
		return EINVAL
	}
	m.flush()
	for i, one := range unparkMaps {
		if one == m {
			unparkMaps = append(unparkMaps[:i], unparkMaps[i+1:]...)
			break
		}
	}
	for _, one := range unparkMaps {
		if one.fd == m.fd {
			return nil
		}
	}
	if unparkClosing[m.fd] {
		delete(unparkClosing, m.fd)
		fd_close(int32(m.fd))
	}
	return nil
}

func Msync(b []byte, flags int) error {
	if m := unparkMappingOf(b); m != nil {
		m.flush()
	}
	return nil
}

func Madvise(b []byte, advice int) error { return nil }
func Mlock(b []byte) error               { return nil }
func Munlock(b []byte) error             { return nil }
func Mlockall(flags int) error           { return nil }
func Munlockall() error                  { return nil }
func Mprotect(b []byte, prot int) error {
	if m := unparkMappingOf(b); m != nil && m.shared && prot&PROT_WRITE != 0 {
		m.writes = true
	}
	return nil
}
func Fdatasync(fd int) error { return Fsync(fd) }

// Fallocate makes a file as long as asked; what it holds stays.
func Fallocate(fd int, mode uint32, offset, length int64) error {
	if mode != 0 {
		return EOPNOTSUPP
	}
	if _, size, err := unparkInodeOf(fd); err != nil || size >= offset+length {
		return err
	}
	return Ftruncate(fd, offset+length)
}

// unparkMremap gives a mapping another length, and another place.
func unparkMremap(b []byte, length int) ([]byte, error) {
	m := unparkMappingOf(b)
	if m == nil || length <= 0 {
		return nil, EINVAL
	}
	memory := unparkPages(length)
	if m.fd >= 0 {
		m.flush()
		_, size, err := unparkInodeOf(m.fd)
		if err != nil {
			return nil, err
		}
		if err := unparkLoad(memory, m.fd, m.offset, size); err != nil {
			return nil, err
		}
	}
	if !m.shared {
		copy(memory, m.memory)
	}
	m.memory = memory
	return memory, nil
}

// unparkPages begin at a page.
func unparkPages(length int) []byte {
	all := make([]byte, length+unparkPage)
	skip := (unparkPage - int(uintptr(unsafe.Pointer(&all[0]))%unparkPage)) % unparkPage
	return all[skip : skip+length : skip+length]
}

func unparkMappingOf(b []byte) *unparkMapping {
	if len(b) == 0 {
		return nil
	}
	at := uintptr(unsafe.Pointer(&b[0]))
	for _, m := range unparkMaps {
		first := uintptr(unsafe.Pointer(&m.memory[0]))
		if first <= at && at < first+uintptr(len(m.memory)) {
			return m
		}
	}
	return nil
}

func unparkInodeOf(fd int) (unparkInode, int64, error) {
	var st Stat_t
	if err := Fstat(fd, &st); err != nil {
		return unparkInode{}, 0, err
	}
	return unparkInode{st.Dev, st.Ino}, int64(st.Size), nil
}

// unparkLoad reads what the file has of a part; the rest is zero.
func unparkLoad(into []byte, fd int, offset, size int64) error {
	into = into[:max(0, min(int64(len(into)), size-offset))]
	for len(into) > 0 {
		var n uint32
		if errno := fd_pread(int32(fd), makeIOVec(into), 1, filesize(offset), &n); errno != 0 {
			return errno
		}
		if n == 0 {
			return nil
		}
		into, offset = into[n:], offset+int64(n)
	}
	return nil
}

// flush writes what the program may have changed (M2). It makes no file longer.
func (m *unparkMapping) flush() {
	if !m.writes {
		return
	}
	_, size, err := unparkInodeOf(m.fd)
	if err != nil {
		return
	}
	rest := m.memory[:max(0, min(int64(len(m.memory)), size-m.offset))]
	for at := m.offset; len(rest) > 0; {
		var n uint32
		if errno := fd_pwrite(int32(m.fd), makeIOVec(rest), 1, filesize(at), &n); errno != 0 || n == 0 {
			return
		}
		rest, at = rest[n:], at+int64(n)
	}
	for _, other := range unparkMaps {
		if other != m && other.shared && other.file == m.file {
			unparkLoad(other.memory, m.fd, other.offset, size)
		}
	}
}

func unparkFlush(file unparkInode) {
	for _, m := range unparkMaps {
		if m.fd >= 0 && m.file == file {
			m.flush()
		}
	}
}

// unparkBefore is called before a file is read or written by a call, while anything is mapped.
func unparkBefore(fd int) {
	if file, _, err := unparkInodeOf(fd); err == nil {
		unparkFlush(file)
	}
}

// unparkWritten copies what a call has written into the mappings (M1).
func unparkWritten(fd int, b []byte, offset int64) {
	file, _, err := unparkInodeOf(fd)
	if err != nil {
		return
	}
	for _, m := range unparkMaps {
		if !m.shared || m.file != file {
			continue
		}
		if from := offset - m.offset; from >= 0 && from < int64(len(m.memory)) {
			copy(m.memory[from:], b)
		} else if from < 0 && -from < int64(len(b)) {
			copy(m.memory, b[-from:])
		}
	}
}

func unparkMappedWrite(fd int, b []byte) (int, error) {
	unparkBefore(fd)
	var n uint32
	errno := fd_write(int32(fd), makeIOVec(b), 1, &n)
	if n > 0 {
		if end, err := Seek(fd, 0, 1); err == nil { // in a file that is appended to only the end is known
			unparkWritten(fd, b[:n], end-int64(n))
		}
	}
	return int(n), errnoErr(errno)
}

func unparkMappedPwrite(fd int, b []byte, offset int64) (int, error) {
	unparkBefore(fd)
	var n uint32
	errno := fd_pwrite(int32(fd), makeIOVec(b), 1, filesize(offset), &n)
	unparkWritten(fd, b[:n], offset)
	return int(n), errnoErr(errno)
}

// unparkMappedFtruncate: what is cut off is zero should the file grow again.
func unparkMappedFtruncate(fd int, length int64) error {
	unparkBefore(fd)
	if errno := fd_filestat_set_size(int32(fd), filesize(length)); errno != 0 {
		return errnoErr(errno)
	}
	file, _, _ := unparkInodeOf(fd)
	for _, m := range unparkMaps {
		if m.shared && m.file == file && length < m.offset+int64(len(m.memory)) {
			clear(m.memory[max(0, length-m.offset):])
		}
	}
	return nil
}

// unparkKeeps says whether a mapping still needs the descriptor that the program closes (M3).
func unparkKeeps(fd int) bool {
	for _, m := range unparkMaps {
		if m.fd == fd {
			m.flush()
			if unparkClosing == nil {
				unparkClosing = map[int]bool{}
			}
			unparkClosing[fd] = true
			return true
		}
	}
	return false
}
