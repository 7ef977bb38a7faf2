//go:build js || wasip1

package net

import (
	"os"
	"syscall"
)

func (ffd *fakeNetFD) readFrom(p []byte) (int, syscall.Sockaddr, error) {
	return ffd.readAddr(p, "recvfrom")
}

func (ffd *fakeNetFD) readAddr(p []byte, name string) (int, syscall.Sockaddr, error) {
	if ffd.unparkEnd != nil {
		n, err := ffd.unparkEnd.read(p)
		return n, nil, err
	}
	n, from, err := ffd.receive(p, name)
	if err != nil || from.path == "" && from.port == 0 {
		return n, nil, err
	}
	if from.kind != unparkUDP {
		return n, &syscall.SockaddrUnix{Name: from.path}, nil
	}
	sa, err := ipToSockaddr(ffd.fd.family, IP(from.ip), from.port, "")
	return n, sa, err
}

func (ffd *fakeNetFD) readFromInet4(p []byte, sa *syscall.SockaddrInet4) (int, error) {
	n, from, err := ffd.receive(p, "recvfrom")
	if err == nil {
		sa.Port = from.port
		copy(sa.Addr[:], IP(from.ip).To4())
	}
	return n, err
}

func (ffd *fakeNetFD) readFromInet6(p []byte, sa *syscall.SockaddrInet6) (int, error) {
	n, from, err := ffd.receive(p, "recvfrom")
	if err == nil {
		sa.Port = from.port
		copy(sa.Addr[:], IP(from.ip).To16())
	}
	return n, err
}

func (ffd *fakeNetFD) readMsg(p []byte, oob []byte, flags int) (n, oobn, retflags int, sa syscall.Sockaddr, err error) {
	if ffd.unparkEnd != nil {
		n, err = ffd.unparkEnd.read(p)
		return n, 0, 0, nil, err
	}
	d, err := ffd.awaitDatagram("recvmsg")
	if err != nil {
		return 0, 0, 0, nil, err
	}
	n = copy(p, d.data)
	m := syscall.UnparkMessage{OOB: oob}
	if n < len(d.data) {
		m.Flags = syscall.MSG_TRUNC
	}
	oobn = ffd.controlOf(d, &m)
	return n, oobn, m.Flags, ffd.sockaddrOf(d.from), nil
}

func (ffd *fakeNetFD) readMsgInet4(p []byte, oob []byte, flags int, sa *syscall.SockaddrInet4) (n, oobn, retflags int, err error) {
	n, oobn, retflags, from, err := ffd.readMsg(p, oob, flags)
	if from, ok := from.(*syscall.SockaddrInet4); ok {
		*sa = *from
	}
	return n, oobn, retflags, err
}

func (ffd *fakeNetFD) readMsgInet6(p []byte, oob []byte, flags int, sa *syscall.SockaddrInet6) (n, oobn, retflags int, err error) {
	n, oobn, retflags, from, err := ffd.readMsg(p, oob, flags)
	if from, ok := from.(*syscall.SockaddrInet6); ok {
		*sa = *from
	}
	return n, oobn, retflags, err
}

func (ffd *fakeNetFD) writeMsg(p []byte, oob []byte, sa syscall.Sockaddr) (n int, oobn int, err error) {
	n, err = ffd.sendMessage(p, oob, sa, "sendmsg")
	if err == nil {
		oobn = len(oob)
	}
	return n, oobn, err
}

func (ffd *fakeNetFD) sendMessage(p []byte, oob []byte, sa syscall.Sockaddr, name string) (int, error) {
	switch {
	case sa != nil:
		return ffd.sendTo(p, sa, name, oob)
	case ffd.unparkEnd != nil:
		return ffd.unparkEnd.write(p, name)
	case ffd.connects:
		return ffd.sendWith(p, ffd.remote, name, ffd.sendingOf(oob))
	}
	return 0, os.NewSyscallError(name, syscall.EDESTADDRREQ)
}

func (ffd *fakeNetFD) writeMsgInet4(p []byte, oob []byte, sa4 *syscall.SockaddrInet4) (n int, oobn int, err error) {
	var sa syscall.Sockaddr
	if sa4 != nil {
		sa = sa4
	}
	return ffd.writeMsg(p, oob, sa)
}

func (ffd *fakeNetFD) writeMsgInet6(p []byte, oob []byte, sa6 *syscall.SockaddrInet6) (n int, oobn int, err error) {
	var sa syscall.Sockaddr
	if sa6 != nil {
		sa = sa6
	}
	return ffd.writeMsg(p, oob, sa)
}

func (ffd *fakeNetFD) writeTo(p []byte, sa syscall.Sockaddr) (int, error) {
	return ffd.sendTo(p, sa, "sendto", nil)
}

func (ffd *fakeNetFD) sendTo(p []byte, sa syscall.Sockaddr, name string, oob []byte) (int, error) {
	if ffd.unparkEnd != nil {
		return 0, os.NewSyscallError(name, syscall.EISCONN)
	}
	to := unparkAddr{kind: ffd.addr.kind}
	switch sa := sa.(type) {
	case *syscall.SockaddrInet4:
		to.ip, to.port = unparkIP(sa.Addr[:]), sa.Port
	case *syscall.SockaddrInet6:
		to.ip, to.port = unparkIP(sa.Addr[:]), sa.Port
	case *syscall.SockaddrUnix:
		to.path = sa.Name
	}
	if to.kind == unparkUDP {
		if to.port == 0 {
			return 0, os.NewSyscallError(name, syscall.EINVAL)
		}
		if to.ip == "" {
			to.ip = string(IP{127, 0, 0, 1})
		}
	}
	return ffd.sendWith(p, to, name, ffd.sendingOf(oob))
}

func (ffd *fakeNetFD) writeToInet4(p []byte, sa *syscall.SockaddrInet4) (int, error) {
	return ffd.sendTo(p, sa, "sendto", nil)
}

func (ffd *fakeNetFD) writeToInet6(p []byte, sa *syscall.SockaddrInet6) (int, error) {
	return ffd.sendTo(p, sa, "sendto", nil)
}
