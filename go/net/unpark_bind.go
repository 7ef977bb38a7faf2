//go:build js || wasip1

package net

import (
	"os"
	"syscall"
)

// reaches tells whether a socket that is bound to every address takes what comes to ip.
func (ffd *fakeNetFD) reaches(ip string) bool {
	if ffd.addr.ip != "" || ffd.fd.family == syscall.AF_UNIX {
		return true
	}
	v4 := len(ip) == IPv4len
	return ffd.fd.family == syscall.AF_INET && v4 || ffd.fd.family == syscall.AF_INET6 && !(v4 && ffd.only6)
}

// overlaps tells whether two sockets, both bound to every address of one port, or to the same one, stand in each
// other's way.
func (ffd *fakeNetFD) overlaps(other *fakeNetFD) bool {
	if ffd.addr.ip != "" && other.addr.ip != "" {
		return ffd.addr.ip == other.addr.ip
	}
	if ffd.addr.ip == "" && other.addr.ip == "" {
		dual := func(f *fakeNetFD) bool { return f.fd.family == syscall.AF_INET6 && !f.only6 }
		return ffd.fd.family == other.fd.family || dual(ffd) || dual(other)
	}
	if ffd.addr.ip == "" {
		return ffd.reaches(other.addr.ip)
	}
	return other.reaches(ffd.addr.ip)
}

// bind gives the socket its address.
func (ffd *fakeNetFD) bind(sa sockaddr) error {
	fd := ffd.fd
	a, ip, zone := unparkAddrOf(unparkKind(fd.net), sa)
	if fd.family == syscall.AF_UNIX {
		return ffd.bindPath(a)
	}
	if fd.family == syscall.AF_INET && ip != nil && ip.To4() == nil {
		return &AddrError{Err: "non-IPv4 address", Addr: ip.String()}
	}
	if !unparkIsHere(a.ip) && !(a.kind == unparkUDP && ip.IsMulticast()) {
		return os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
	}
	chosen := a.port == 0
	if chosen {
		a.port = unparkFreePort(a.kind)
	}
	for {
		ffd.addr = a
		slot := unparkSlotOf(a)
		unparkNetPoint(unparkNetBind, &slot.unparkHead, 0)
		if !ffd.taken() {
			ffd.enter(slot)
			break
		}
		if !chosen {
			return os.NewSyscallError("bind", syscall.EADDRINUSE)
		}
		a.port = unparkFreePort(a.kind)
	}
	unparkPorts[[2]int{a.kind, a.port}] = true
	fd.laddr = unparkNetAddr(fd.net, fd.family, a, zone)
	return nil
}

func (ffd *fakeNetFD) taken() bool {
	for a, slot := range unparkSlots {
		if a.kind != ffd.addr.kind || a.port != ffd.addr.port {
			continue
		}
		for _, other := range slot.sockets {
			if ffd.overlaps(other) && !ffd.shares(other) {
				return true
			}
		}
	}
	return false
}

func (ffd *fakeNetFD) enter(slot *unparkSlot) {
	ffd.slot = slot
	slot.sockets = append(slot.sockets, ffd)
	if len(slot.sockets) > 1 {
		slot.size = 0
	}
}

func (ffd *fakeNetFD) bindPath(a unparkAddr) error {
	fd := ffd.fd
	switch {
	case len(a.path) > 107:
		return os.NewSyscallError("bind", syscall.EINVAL)
	case a.path == "":
		unparkNames++
		a.path = "@" + unparkHex(unparkNames)
	case a.path[0] != '@':
		f, err := syscall.Open(a.path, syscall.O_CREAT|syscall.O_EXCL|syscall.O_WRONLY, 0o755)
		if err != nil {
			if err == syscall.EEXIST {
				err = syscall.EADDRINUSE
			}
			return os.NewSyscallError("bind", err)
		}
		syscall.Close(f)
	}
	slot := unparkSlotOf(a)
	unparkNetPoint(unparkNetBind, &slot.unparkHead, 0)
	if a.path[0] == '@' && len(slot.sockets) > 0 {
		return os.NewSyscallError("bind", syscall.EADDRINUSE)
	}
	for _, old := range slot.sockets { // its file was removed: nobody finds it any more
		old.slot = nil
	}
	slot.sockets = nil
	ffd.addr = a
	ffd.enter(slot)
	fd.laddr = &UnixAddr{Name: a.path, Net: fd.net}
	return nil
}

// unparkHex is the name that Linux gives to a unix socket that has none: five digits.
func unparkHex(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 5)
	for i := range b {
		b[4-i] = digits[n>>(4*i)&15]
	}
	return string(b)
}

// leave gives the address back.
func (ffd *fakeNetFD) leave() {
	slot := ffd.slot
	if slot == nil {
		return
	}
	for i, one := range slot.sockets {
		if one == ffd {
			slot.sockets = append(append([]*fakeNetFD(nil), slot.sockets[:i]...), slot.sockets[i+1:]...)
			slot.readPos = slot.writePos
			slot.set(&slot.writeReady, true)
			break
		}
	}
}
