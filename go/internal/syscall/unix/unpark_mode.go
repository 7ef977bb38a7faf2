//go:build wasip1

package unix

import _ "unsafe" // go:linkname

// go/syscall/unpark_mode.go

//go:linkname unparkMadeAt syscall.unparkMadeAt
func unparkMadeAt(dirFd int, path string, perm uint32) error

//go:linkname unparkChmodat syscall.unparkChmodat
func unparkChmodat(dirFd int, path string, mode uint32) error
