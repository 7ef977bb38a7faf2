//go:build wasip1

package syscall

import "unsafe"

// Permissions, for which WASI has no words: the host keeps them, and refuses what they refuse an ordinary user, who owns
// all files (src/host/files/permissions.ts). They are in padding of WASI's stat, in the upper half of rights that nobody
// asks for, and in a time, by a flag of its own (src/host/wasi/flags.ts).

const (
	unparkSetMode  fstflags = 0x8000
	unparkModeSaid rights   = 1 << 62
)

// unparkMask is what a login leaves it at: group and others do not write.
var unparkMask uint32 = 0o22

func unparkUmask(mask int) int {
	old := unparkMask
	unparkMask = uint32(mask) & 0o777
	return int(old)
}

// unparkStatMode is for package os, too.
//
//go:linkname unparkStatMode
func unparkStatMode(st *Stat_t) {
	st.Mode = int(*(*uint16)(unsafe.Add(unsafe.Pointer(st), 18)))
	st.Uid = uint32(Getuid())
	st.Gid = uint32(Getgid())
}

func unparkCreated(perm uint32) rights {
	return rights(perm&0o777&^unparkMask)<<32 | unparkModeSaid
}

// unparkMade gives a directory that has just been made its permissions.
func unparkMade(errno Errno, dirFd int32, path *byte, length size, perm uint32) error {
	if errno == 0 {
		errno = path_filestat_set_times(dirFd, 0, path, length, timestamp(perm&^unparkMask), 0, unparkSetMode)
	}
	return errnoErr(errno)
}

func unparkChmod(path string, mode uint32) error {
	if path == "" {
		return ENOENT
	}
	dirFd, pathPtr, pathLen := preparePath(path)
	return unparkChmodat(int(dirFd), unsafe.String(pathPtr, pathLen), mode)
}

// unparkChmodat and unparkMadeAt are for os.Root.
//
//go:linkname unparkChmodat
func unparkChmodat(dirFd int, path string, mode uint32) error {
	return errnoErr(path_filestat_set_times(int32(dirFd), LOOKUP_SYMLINK_FOLLOW, unsafe.StringData(path), size(len(path)), timestamp(mode), 0, unparkSetMode))
}

//go:linkname unparkMadeAt
func unparkMadeAt(dirFd int, path string, perm uint32) error {
	return unparkMade(0, int32(dirFd), unsafe.StringData(path), size(len(path)), perm)
}

//go:wasmimport wasi_snapshot_preview1 fd_filestat_set_times
//go:noescape
func unparkSetTimes(fd int32, atim timestamp, mtim timestamp, flags fstflags) Errno

func unparkFchmod(fd int, mode uint32) error {
	return errnoErr(unparkSetTimes(int32(fd), timestamp(mode), 0, unparkSetMode))
}

// unparkChown: a file may be given to who has it.
func unparkChown(err error, uid, gid int) error {
	if err == nil && (uid != -1 && uid != Getuid() || gid != -1 && gid != Getgid()) {
		return EPERM
	}
	return err
}
