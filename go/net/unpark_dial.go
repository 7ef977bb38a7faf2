//go:build js || wasip1

package net

import (
	"context"
	"os"
	"syscall"
	"time"
	"unsafe"
)

func (ffd *fakeNetFD) listen(laddr sockaddr) error {
	if err := ffd.bind(laddr); err != nil {
		return err
	}
	ffd.listens = ffd.fd.sotype != syscall.SOCK_DGRAM
	return nil
}

func (ffd *fakeNetFD) dial(ctx context.Context, laddr, raddr sockaddr) error {
	fd := ffd.fd
	to, ip, zone := unparkAddrOf(unparkKind(fd.net), raddr)
	if fd.family != syscall.AF_UNIX {
		if fd.family == syscall.AF_INET && ip.To4() == nil || fd.family == syscall.AF_INET6 && len(ip) != IPv4len && len(ip) != IPv6len {
			return &AddrError{Err: "non-IPv4 address", Addr: ip.String()}
		}
		if to.ip == "" {
			to.ip = string(IP{127, 0, 0, 1})
		}
	}
	fd.raddr = unparkNetAddr(fd.net, fd.family, to, zone)
	if fd.sotype == syscall.SOCK_DGRAM {
		return ffd.dialDatagram(laddr, to)
	}
	if !unparkIsHere(to.ip) {
		return unparkNobody(ctx)
	}
	from, err := ffd.source(laddr, to)
	if err != nil {
		return err
	}
	if len(to.path) > 107 {
		return os.NewSyscallError("connect", syscall.EINVAL)
	}
	slot := unparkSlotOf(to)
	kind := int32(unparkDialTCP)
	if fd.family == syscall.AF_UNIX {
		kind = unparkDialUnix
	}
	unparkNetPoint(unparkNetDial, &slot.unparkHead, kind)
	fault := unparkNetFault()
	switch fault {
	case unparkFaultRefused:
		return os.NewSyscallError("connect", syscall.ECONNREFUSED)
	case unparkFaultTimeout:
		return unparkNobody(ctx)
	}
	if to.path != "" && to.path[0] != '@' {
		var st syscall.Stat_t
		if err := syscall.Stat(to.path, &st); err != nil {
			return os.NewSyscallError("connect", err)
		}
	}
	if fd.family == syscall.AF_UNIX && len(slot.sockets) == 0 && unparkOtherKind(to) {
		return os.NewSyscallError("connect", syscall.EPROTOTYPE)
	}
	ln := unparkFind(slot, to)
	if ln == nil || !ln.listens {
		return os.NewSyscallError("connect", syscall.ECONNREFUSED)
	}
	near, far := unparkPair(fd.family == syscall.AF_UNIX, fd.sotype == syscall.SOCK_SEQPACKET)
	ffd.unparkEnd, ffd.owner = near, unparkOwn(near)
	fd.isConnected = true
	fd.laddr = unparkNetAddr(fd.net, fd.family, from, "")
	if fault == unparkFaultSilent { // the other machine takes the connection, and its program never gets to it
		return nil
	}
	server := &netFD{family: ln.fd.family, sotype: ln.fd.sotype, net: ln.fd.net, isConnected: true}
	server.fakeNetFD = &fakeNetFD{fd: server, unparkEnd: far, owner: unparkOwn(far)}
	server.laddr = unparkNetAddr(ln.fd.net, ln.fd.family, to, zone)
	server.raddr = unparkNetAddr(ln.fd.net, ln.fd.family, from, zone)
	ln.backlog = append(ln.backlog, server)
	ln.slot.writePos++
	ln.set(&ln.readReady, true)
	return nil
}

// unparkNobody dials an address that is not of this machine: nobody answers, as behind a firewall.
func unparkNobody(ctx context.Context) error {
	timer := time.NewTimer(unparkConnectTimeout)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return mapErr(ctx.Err())
	case <-timer.C:
		return os.NewSyscallError("connect", syscall.ETIMEDOUT)
	}
}

// source is the address that a connection comes from.
func (ffd *fakeNetFD) source(laddr sockaddr, to unparkAddr) (unparkAddr, error) {
	from, _, _ := unparkAddrOf(to.kind, laddr)
	if ffd.fd.family == syscall.AF_UNIX {
		if from.path == "" {
			from.path = "@"
			return from, nil
		}
		err := ffd.bindPath(from)
		return from, err
	}
	if !unparkIsHere(from.ip) {
		return from, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
	}
	if from.ip == "" {
		from.ip = string(IP{127, 0, 0, 1})
		if len(to.ip) == IPv6len {
			from.ip = string(IPv6loopback)
		}
	}
	if from.port == 0 {
		from.port = unparkFreePort(to.kind)
	}
	return from, nil
}

// unparkFind is the socket that takes what comes to an address.
func unparkFind(slot *unparkSlot, to unparkAddr) *fakeNetFD {
	for _, one := range slot.sockets {
		return one
	}
	if slot.other == nil {
		return nil
	}
	for _, one := range (*unparkSlot)(unsafe.Pointer(slot.other)).sockets {
		if one.reaches(to.ip) {
			return one
		}
	}
	return nil
}

func (ffd *fakeNetFD) accept(laddr Addr) (*netFD, error) {
	if ffd.slot == nil || !ffd.listens {
		if ffd.gone {
			return nil, ErrClosed
		}
		return nil, os.NewSyscallError("accept", syscall.EINVAL)
	}
	unparkNetWait(unparkNetAccept, &ffd.slot.unparkHead, &ffd.unparkHead, 1, &ffd.readReady, &ffd.readDeadline)
	switch {
	case ffd.gone:
		return nil, ErrClosed
	case unparkNetExpired(ffd.readDeadline):
		return nil, os.ErrDeadlineExceeded
	}
	server := ffd.backlog[0]
	ffd.backlog[0] = nil // nobody is to be held by a place in an array
	ffd.backlog = ffd.backlog[1:]
	ffd.slot.readPos++
	ffd.set(&ffd.readReady, len(ffd.backlog) > 0)
	return server, nil
}
