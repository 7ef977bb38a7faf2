//go:build wasip1

package net

import (
	"os"
	"runtime"
	"syscall"
	"weak"
)

// Sockets by number: what RawConn hands out, and what package syscall does with it (go/syscall/unpark_socket.go): options, control
// data of datagrams, calls that do not wait. As on linux/amd64.
//
// R1. A number belongs to one socket for ever, and holds nothing: a socket that nobody else holds is collected.
// R2. What does not wait looks first (unparkNetLook): others that read, write, close or send may come before or after it.

// Of linux/amd64; package syscall has no names for them there, either.
const (
	unparkReusePort  = 15
	unparkUDPSegment = 103
	unparkTCPInfo    = 11
)

// unparkRaw is what a socket has that was asked for by number.
type unparkRaw struct {
	number  int
	options map[[2]int][]byte
}

var (
	unparkSockets    = map[int]weak.Pointer[fakeNetFD]{}
	unparkLastSocket = syscall.UnparkFirstSocket
)

func init() {
	syscall.UnparkSocketOf = func(fd int) syscall.UnparkSocket {
		if ffd := unparkSockets[fd].Value(); ffd != nil {
			return ffd
		}
		return nil
	}
}

func (ffd *fakeNetFD) rawNumber() uintptr {
	raw := ffd.rawState()
	if raw.number == 0 {
		unparkLastSocket++
		raw.number = unparkLastSocket
		unparkSockets[raw.number] = weak.Make(ffd)
	}
	return uintptr(raw.number)
}

func (ffd *fakeNetFD) rawState() *unparkRaw {
	if ffd.raw == nil {
		ffd.raw = &unparkRaw{options: map[[2]int][]byte{}}
	}
	return ffd.raw
}

func (c *rawConn) unparkControl(f func(uintptr)) error {
	ffd := c.fd.fakeNetFD
	if ffd.isClosed() {
		return &OpError{Op: "raw-control", Net: c.fd.net, Addr: c.fd.laddr, Err: ErrClosed}
	}
	f(ffd.rawNumber())
	runtime.KeepAlive(c.fd)
	return nil
}

func (c *rawConn) unparkRead(f func(uintptr) bool) error {
	return c.unparkUntil(f, "raw-read", (*fakeNetFD).awaitRead)
}

func (c *rawConn) unparkWrite(f func(uintptr) bool) error {
	return c.unparkUntil(f, "raw-write", (*fakeNetFD).awaitWrite)
}

// unparkUntil tries, waits, and tries again, as internal/poll does.
func (c *rawConn) unparkUntil(f func(uintptr) bool, op string, await func(*fakeNetFD) error) error {
	ffd := c.fd.fakeNetFD
	err := ffd.failed(op == "raw-read")
	for err == nil && !f(ffd.rawNumber()) {
		err = await(ffd)
	}
	runtime.KeepAlive(c.fd)
	if err != nil {
		return &OpError{Op: op, Net: c.fd.net, Source: c.fd.laddr, Addr: c.fd.raddr, Err: err}
	}
	return nil
}

// failed is why nothing more is tried: the socket is closed, or its time is over.
func (ffd *fakeNetFD) failed(reads bool) error {
	read, write := &ffd.unparkHead, &ffd.unparkHead
	if ffd.unparkEnd != nil {
		read, write = &ffd.in.unparkHead, &ffd.out.unparkHead
	}
	switch {
	case ffd.isClosed():
		return ErrClosed
	case reads && unparkNetExpired(read.readDeadline), !reads && unparkNetExpired(write.writeDeadline):
		return os.ErrDeadlineExceeded
	}
	return nil
}

func (ffd *fakeNetFD) awaitRead() error {
	if e := ffd.unparkEnd; e != nil {
		unparkNetWait(unparkNetRead, &e.in.unparkHead, &e.in.unparkHead, 1, &e.in.readReady, &e.in.readDeadline)
		switch unparkNetFault() {
		case unparkFaultReset:
			e.sever()
		case unparkFaultCut:
			e.in.cut(e.in.unread() / 2)
		}
		return ffd.failed(true)
	}
	if ffd.slot == nil || ffd.listens {
		return syscall.ENOTCONN
	}
	unparkNetWait(unparkNetRecv, &ffd.slot.unparkHead, &ffd.unparkHead, 1, &ffd.readReady, &ffd.readDeadline)
	return ffd.failed(true)
}

func (ffd *fakeNetFD) awaitWrite() error {
	if e := ffd.unparkEnd; e != nil {
		unparkNetWait(unparkNetWrite, &e.out.unparkHead, &e.out.unparkHead, 1, &e.out.writeReady, &e.out.writeDeadline)
		if unparkNetFault() == unparkFaultReset {
			e.sever()
		}
	}
	return ffd.failed(false) // a datagram is never waited for by number: UnparkSend does
}

func (ffd *fakeNetFD) sockaddrOf(a unparkAddr) syscall.Sockaddr {
	switch {
	case a.path == "" && a.port == 0:
		return nil
	case a.kind != unparkUDP:
		return &syscall.SockaddrUnix{Name: a.path}
	}
	sa, _ := ipToSockaddr(ffd.fd.family, IP(a.ip), a.port, "")
	return sa
}

func (ffd *fakeNetFD) UnparkName(peer bool) (syscall.Sockaddr, syscall.Errno) {
	addr := ffd.fd.laddr
	if peer {
		addr = ffd.fd.raddr
	}
	if a, ok := addr.(sockaddr); ok {
		sa, _ := a.sockaddr(ffd.fd.family)
		return sa, 0
	}
	switch {
	case peer:
		return nil, syscall.ENOTCONN
	case ffd.fd.family == syscall.AF_UNIX:
		return &syscall.SockaddrUnix{}, 0
	case ffd.fd.family == syscall.AF_INET:
		return &syscall.SockaddrInet4{}, 0
	}
	return &syscall.SockaddrInet6{}, 0
}
