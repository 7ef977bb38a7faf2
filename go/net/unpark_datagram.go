//go:build js || wasip1

package net

import (
	"os"
	"syscall"
)

type unparkDatagram struct {
	data  []byte
	from  unparkAddr
	to    string // the address that it was sent to
	class byte   // its type of service, or traffic class
}

// ---- datagrams

func (ffd *fakeNetFD) dialDatagram(laddr sockaddr, to unparkAddr) error {
	fd := ffd.fd
	from, err := ffd.local(laddr, to)
	if err != nil {
		return err
	}
	if fd.family == syscall.AF_UNIX {
		slot := unparkSlotOf(to)
		unparkNetPoint(unparkNetDial, &slot.unparkHead, 0)
		if err := slot.sendable(to, "connect"); err != nil {
			ffd.leave()
			return err
		}
	}
	ffd.remote = to
	ffd.connects = true
	fd.isConnected = true
	fd.laddr = unparkNetAddr(fd.net, fd.family, from, "")
	return nil
}

func (ffd *fakeNetFD) local(laddr sockaddr, to unparkAddr) (unparkAddr, error) {
	from, _, _ := unparkAddrOf(to.kind, laddr)
	if ffd.fd.family == syscall.AF_UNIX {
		if from.path == "" { // it has no name: nobody can send to it
			from.path = "@"
			ffd.slot = &unparkSlot{sockets: []*fakeNetFD{ffd}}
			ffd.slot.writeReady = 1
			ffd.addr = unparkAddr{kind: to.kind}
			return from, nil
		}
		return from, ffd.bindPath(from)
	}
	ip, zone := IP(from.ip), ""
	if from.ip == "" {
		ip = IP{127, 0, 0, 1}
		if len(to.ip) == IPv6len {
			ip = IPv6loopback
		}
	}
	err := ffd.bind(&UDPAddr{IP: ip, Port: from.port, Zone: zone})
	return ffd.addr, err
}

// sendable tells why nothing can be sent to a unix address.
func (slot *unparkSlot) sendable(to unparkAddr, name string) error {
	if to.path != "" && to.path[0] != '@' {
		var st syscall.Stat_t
		if err := syscall.Stat(to.path, &st); err != nil {
			return os.NewSyscallError(name, err)
		}
	}
	if len(slot.sockets) == 0 {
		if unparkOtherKind(to) {
			return os.NewSyscallError(name, syscall.EPROTOTYPE)
		}
		return os.NewSyscallError(name, syscall.ECONNREFUSED)
	}
	return nil
}

// unparkOtherKind: a unix socket of another kind is bound to the path.
func unparkOtherKind(to unparkAddr) bool {
	for _, kind := range []int{unparkUnix, unparkUnixgram, unparkUnixpacket} {
		if other := unparkSlots[unparkAddr{kind: kind, path: to.path}]; kind != to.kind && to.path != "" && other != nil && len(other.sockets) > 0 {
			return true
		}
	}
	return false
}

func (ffd *fakeNetFD) send(p []byte, to unparkAddr, name string) (int, error) {
	return ffd.sendWith(p, to, name, ffd.sendingOf(nil))
}

func (ffd *fakeNetFD) sendWith(p []byte, to unparkAddr, name string, sending unparkSending) (int, error) {
	if ffd.gone {
		return 0, ErrClosed
	}
	slot := unparkSlotOf(to)
	unparkNetWait(unparkNetSend, &slot.unparkHead, &ffd.unparkHead, 1, &slot.writeReady, &ffd.writeDeadline)
	switch {
	case ffd.gone:
		return 0, ErrClosed
	case unparkNetExpired(ffd.writeDeadline):
		return 0, os.ErrDeadlineExceeded
	case ffd.pending != 0:
		return 0, os.NewSyscallError(name, ffd.takePending())
	case ffd.addr.kind == unparkUDP && len(p) > unparkMaxDatagram, len(p) > unparkDatagramBuffer:
		return 0, os.NewSyscallError(name, syscall.EMSGSIZE)
	}
	if ffd.addr.kind != unparkUDP {
		if err := slot.sendable(to, name); err != nil {
			return 0, err
		}
	}
	from := ffd.addr
	if sending.source != "" && from.kind == unparkUDP {
		from.ip = sending.source
	}
	if from.ip == "" && from.kind == unparkUDP {
		from.ip = string(IP{127, 0, 0, 1})
		if len(to.ip) == IPv6len {
			from.ip = string(IPv6loopback)
		}
	}
	there := unparkFind(slot, to)
	if there == nil {
		if ffd.connects && unparkIsHere(to.ip) { // an ICMP message comes back
			ffd.pending = syscall.ECONNREFUSED
			ffd.set(&ffd.readReady, true)
			unparkNetEffect(&ffd.slot.unparkHead)
		}
		return len(p), nil
	}
	for rest := p; ; {
		part := rest
		if sending.segment > 0 {
			part = rest[:min(len(rest), sending.segment)]
		}
		there.deliver(unparkDatagram{append([]byte(nil), part...), from, to.ip, sending.class})
		if rest = rest[len(part):]; len(rest) == 0 {
			return len(p), nil
		}
	}
}

func (ffd *fakeNetFD) deliver(d unparkDatagram) {
	p, from := d.data, d.from
	if ffd.connects && ffd.remote != from {
		return
	}
	udp := ffd.addr.kind == unparkUDP
	if udp && ffd.queued+len(p) > ffd.limit {
		return // dropped
	}
	ffd.queue = append(ffd.queue, d)
	ffd.queued += len(p) + 1
	ffd.slot.writePos++
	ffd.set(&ffd.readReady, true)
	if !udp {
		ffd.slot.set(&ffd.slot.writeReady, ffd.queued < unparkDatagramBuffer)
	}
}

func (ffd *fakeNetFD) takePending() syscall.Errno {
	err := ffd.pending
	ffd.pending = 0
	ffd.set(&ffd.readReady, len(ffd.queue) > 0)
	return err
}

func (ffd *fakeNetFD) receive(p []byte, name string) (int, unparkAddr, error) {
	d, err := ffd.awaitDatagram(name)
	return copy(p, d.data), d.from, err
}

func (ffd *fakeNetFD) awaitDatagram(name string) (unparkDatagram, error) {
	if ffd.slot == nil || ffd.listens {
		if ffd.isClosed() {
			return unparkDatagram{}, ErrClosed
		}
		return unparkDatagram{}, os.NewSyscallError(name, syscall.ENOTCONN)
	}
	unparkNetWait(unparkNetRecv, &ffd.slot.unparkHead, &ffd.unparkHead, 1, &ffd.readReady, &ffd.readDeadline)
	switch {
	case ffd.gone:
		return unparkDatagram{}, ErrClosed
	case unparkNetExpired(ffd.readDeadline):
		return unparkDatagram{}, os.ErrDeadlineExceeded
	case ffd.pending != 0:
		return unparkDatagram{}, os.NewSyscallError(name, ffd.takePending())
	}
	return ffd.takeDatagram(), nil
}

func (ffd *fakeNetFD) takeDatagram() unparkDatagram {
	d := ffd.queue[0]
	ffd.queue = ffd.queue[1:]
	ffd.queued -= len(d.data) + 1
	ffd.slot.readPos++
	ffd.set(&ffd.readReady, len(ffd.queue) > 0)
	if ffd.addr.kind != unparkUDP {
		ffd.slot.set(&ffd.slot.writeReady, true)
	}
	return d
}
