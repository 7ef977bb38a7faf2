//go:build wasip1

package syscall

import (
	"internal/byteorder"
	"unsafe"
)

// What files that are borrowed for linux/amd64 hand over by number: addresses of memory with C's layouts.

const (
	SYS_SENDTO      = 44
	SYS_RECVFROM    = 45
	SYS_SENDMSG     = 46
	SYS_RECVMSG     = 47
	SYS_GETSOCKNAME = 51
	SYS_GETPEERNAME = 52
	SYS_SETSOCKOPT  = 54
	SYS_GETSOCKOPT  = 55
	SYS_RECVMMSG    = 299
	SYS_SENDMMSG    = 307
)

// unparkMsghdr is struct msghdr of linux/amd64; unparkMmsghdr is mmsghdr.
type unparkMsghdr struct {
	name       uintptr
	namelen    uint32
	_          uint32
	iov        uintptr
	iovlen     uint64
	control    uintptr
	controllen uint64
	flags      int32
	_          int32
}

type unparkMmsghdr struct {
	header unparkMsghdr
	length uint32
	_      uint32
}

type unparkIovec struct {
	base   uintptr
	length uint64
}

// unparkSocketCall answers the calls of sockets; handled is false where the number is another's.
func unparkSocketCall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1 uintptr, err Errno, handled bool) {
	switch trap {
	case SYS_SENDTO, SYS_RECVFROM, SYS_SENDMSG, SYS_RECVMSG, SYS_GETSOCKNAME, SYS_GETPEERNAME, SYS_SETSOCKOPT, SYS_GETSOCKOPT, SYS_RECVMMSG, SYS_SENDMMSG:
	default:
		return 0, 0, false
	}
	s := unparkSocket(int(int32(a1)))
	if s == nil {
		return 0, ENOTSOCK, true
	}
	switch trap {
	case SYS_SETSOCKOPT:
		err = s.UnparkSetOption(int(a2), int(a3), unparkMemory(a4, a5))
	case SYS_GETSOCKOPT:
		length := (*uint32)(unsafe.Pointer(a5))
		var n int
		n, err = s.UnparkOption(int(a2), int(a3), unparkMemory(a4, uintptr(*length)))
		*length = uint32(n)
	case SYS_GETSOCKNAME, SYS_GETPEERNAME:
		var sa Sockaddr
		if sa, err = s.UnparkName(trap == SYS_GETPEERNAME); err == 0 {
			length := (*uint32)(unsafe.Pointer(a3))
			*length = unparkPutAddress(a2, *length, sa)
		}
	case SYS_SENDTO:
		m := UnparkMessage{Buffers: [][]byte{unparkMemory(a2, a3)}, Address: unparkAddress(a5, uint32(a6))}
		err = s.UnparkSend(&m)
		r1 = uintptr(m.N)
	case SYS_RECVFROM:
		m := UnparkMessage{Buffers: [][]byte{unparkMemory(a2, a3)}}
		err = s.UnparkReceive(&m, int(a4))
		r1 = uintptr(m.N)
		if err == 0 && a6 != 0 {
			length := (*uint32)(unsafe.Pointer(a6))
			*length = unparkPutAddress(a5, *length, m.Address)
		}
	case SYS_SENDMSG:
		r1, err = unparkSendHeader(s, (*unparkMsghdr)(unsafe.Pointer(a2)))
	case SYS_RECVMSG:
		r1, err = unparkReceiveHeader(s, (*unparkMsghdr)(unsafe.Pointer(a2)), int(a3))
	case SYS_SENDMMSG, SYS_RECVMMSG:
		r1, err = unparkMany(s, unsafe.Slice((*unparkMmsghdr)(unsafe.Pointer(a2)), int(a3)), int(a4), trap == SYS_SENDMMSG)
	}
	return r1, err, true
}

// unparkMany is as many as go at once: an error is told of the first alone.
func unparkMany(s UnparkSocket, all []unparkMmsghdr, flags int, send bool) (uintptr, Errno) {
	for i := range all {
		var n uintptr
		var err Errno
		if send {
			n, err = unparkSendHeader(s, &all[i].header)
		} else {
			n, err = unparkReceiveHeader(s, &all[i].header, flags)
		}
		if err != 0 {
			if i == 0 {
				return 0, err
			}
			return uintptr(i), 0
		}
		all[i].length = uint32(n)
	}
	return uintptr(len(all)), 0
}

func unparkSendHeader(s UnparkSocket, h *unparkMsghdr) (uintptr, Errno) {
	m := UnparkMessage{Buffers: h.buffers(), OOB: unparkMemory(h.control, uintptr(h.controllen)), Address: unparkAddress(h.name, h.namelen)}
	err := s.UnparkSend(&m)
	return uintptr(m.N), err
}

func unparkReceiveHeader(s UnparkSocket, h *unparkMsghdr, flags int) (uintptr, Errno) {
	m := UnparkMessage{Buffers: h.buffers(), OOB: unparkMemory(h.control, uintptr(h.controllen))}
	if err := s.UnparkReceive(&m, flags); err != 0 {
		return 0, err
	}
	h.namelen = unparkPutAddress(h.name, h.namelen, m.Address)
	h.controllen = uint64(m.OOBN)
	h.flags = int32(m.Flags)
	return uintptr(m.N), 0
}

func (h *unparkMsghdr) buffers() [][]byte {
	if h.iov == 0 {
		return nil
	}
	var all [][]byte
	for _, one := range unsafe.Slice((*unparkIovec)(unsafe.Pointer(h.iov)), int(h.iovlen)) {
		all = append(all, unparkMemory(one.base, uintptr(one.length)))
	}
	return all
}

func unparkAddress(at uintptr, length uint32) Sockaddr {
	b := unparkMemory(at, uintptr(length))
	if len(b) < 2 {
		return nil
	}
	switch family := byteorder.LEUint16(b); {
	case family == AF_INET && len(b) >= 16:
		return &SockaddrInet4{Port: int(byteorder.BEUint16(b[2:])), Addr: [4]byte(b[4:8])}
	case family == AF_INET6 && len(b) >= 28:
		return &SockaddrInet6{Port: int(byteorder.BEUint16(b[2:])), Addr: [16]byte(b[8:24]), ZoneId: byteorder.LEUint32(b[24:])}
	case family == AF_UNIX:
		path := b[2:]
		for i, c := range path {
			if c == 0 && i > 0 {
				path = path[:i]
				break
			}
		}
		if len(path) > 0 && path[0] == 0 {
			return &SockaddrUnix{Name: "@" + string(path[1:])}
		}
		return &SockaddrUnix{Name: string(path)}
	}
	return nil
}

// unparkPutAddress writes as much as there is room for, and gives the whole length.
func unparkPutAddress(at uintptr, room uint32, sa Sockaddr) uint32 {
	var b []byte
	switch sa := sa.(type) {
	case *SockaddrInet4:
		b = make([]byte, 16)
		b[0] = AF_INET
		byteorder.BEPutUint16(b[2:], uint16(sa.Port))
		copy(b[4:], sa.Addr[:])
	case *SockaddrInet6:
		b = make([]byte, 28)
		b[0] = AF_INET6
		byteorder.BEPutUint16(b[2:], uint16(sa.Port))
		copy(b[8:], sa.Addr[:])
		byteorder.LEPutUint32(b[24:], sa.ZoneId)
	case *SockaddrUnix:
		b = append([]byte{AF_UNIX, 0}, sa.Name...)
		if len(sa.Name) > 0 && sa.Name[0] == '@' {
			b[2] = 0
		} else {
			b = append(b, 0)
		}
	}
	if at != 0 {
		copy(unparkMemory(at, uintptr(room)), b)
	}
	return uint32(len(b))
}

// As Linux' package syscall has them; golang.org/x/net/internal/socket reaches for them by name.
//
//go:linkname getsockopt
func getsockopt(s int, level int, name int, val unsafe.Pointer, vallen *uint32) error {
	_, err, _ := unparkSocketCall(SYS_GETSOCKOPT, uintptr(s), uintptr(level), uintptr(name), uintptr(val), uintptr(unsafe.Pointer(vallen)), 0)
	return unparkError(err)
}

//go:linkname setsockopt
func setsockopt(s int, level int, name int, val unsafe.Pointer, vallen uintptr) error {
	_, err, _ := unparkSocketCall(SYS_SETSOCKOPT, uintptr(s), uintptr(level), uintptr(name), uintptr(val), vallen, 0)
	return unparkError(err)
}
