//go:build wasip1

package net

import (
	"internal/byteorder"
	"os"
	"syscall"
)

// ---- messages

func (ffd *fakeNetFD) UnparkReceive(m *syscall.UnparkMessage, flags int) syscall.Errno {
	if ffd.unparkEnd != nil {
		return ffd.unparkEnd.receiveNow(m, flags)
	}
	switch {
	case ffd.isClosed():
		return syscall.EBADF
	case ffd.slot == nil || ffd.listens:
		return syscall.ENOTCONN
	}
	unparkNetPoint(unparkNetLook, &ffd.slot.unparkHead, 0)
	switch {
	case ffd.gone:
		return syscall.EBADF
	case ffd.pending != 0:
		return ffd.takePending()
	case len(ffd.queue) == 0:
		return syscall.EAGAIN
	}
	d := ffd.queue[0]
	if flags&syscall.MSG_PEEK == 0 {
		d = ffd.takeDatagram()
	}
	m.N = unparkScatter(m.Buffers, d.data)
	if m.N < len(d.data) {
		m.Flags |= syscall.MSG_TRUNC
	}
	m.OOBN = ffd.controlOf(d, m)
	m.Address = ffd.sockaddrOf(d.from)
	return 0
}

func (e *unparkEnd) receiveNow(m *syscall.UnparkMessage, flags int) syscall.Errno {
	s := e.in
	unparkNetPoint(unparkNetLook, &s.unparkHead, 0)
	switch {
	case e.closed:
		return syscall.EBADF
	case s.readReady == 0:
		return syscall.EAGAIN
	case s.unread() == 0:
		if e.err != 0 && !s.finished {
			return e.takeError()
		}
		return 0
	}
	size := s.unread()
	if len(s.sizes) > 0 {
		size = s.sizes[0]
	}
	m.N = unparkScatter(m.Buffers, s.buf[s.off:s.off+size])
	if flags&syscall.MSG_PEEK != 0 {
		return 0
	}
	taken := m.N
	if len(s.sizes) > 0 {
		taken, s.sizes = size, s.sizes[1:]
	}
	s.off += taken
	s.readPos += int64(taken)
	s.update()
	return 0
}

func unparkScatter(buffers [][]byte, data []byte) int {
	n := 0
	for _, b := range buffers {
		n += copy(b, data[n:])
	}
	return n
}

// UnparkSend sends a datagram as Write does; of a stream it takes what there is room for.
func (ffd *fakeNetFD) UnparkSend(m *syscall.UnparkMessage) syscall.Errno {
	var data []byte
	for _, b := range m.Buffers {
		data = append(data, b...)
	}
	var err error
	if e := ffd.unparkEnd; e != nil {
		unparkNetPoint(unparkNetLook, &e.out.unparkHead, 0)
		if len(data) > 0 && e.out.writeReady == 0 {
			return syscall.EAGAIN
		}
		m.N, err = e.writeNow(data, "write", 0)
		e.out.update()
	} else if m.N, err = ffd.sendMessage(data, m.OOB, m.Address, "sendmsg"); err == nil {
		m.OOBN = len(m.OOB)
	}
	return unparkErrno(err)
}

func unparkErrno(err error) syscall.Errno {
	switch err := err.(type) {
	case nil:
		return 0
	case *os.SyscallError:
		return err.Err.(syscall.Errno)
	}
	if err == os.ErrDeadlineExceeded {
		return syscall.EAGAIN
	}
	return syscall.EBADF
}

// ---- control data (cmsg(3)): its length with the header's 16 bytes, its level and its type; each begins at a multiple of 8

const unparkCmsgHeader = 16

// unparkSending is what control data says of a datagram that is sent.
type unparkSending struct {
	source  string // an address, as in unparkAddr
	class   byte   // type of service, traffic class
	segment int    // more than 0: of this size, one datagram each (UDP_SEGMENT)
}

func (ffd *fakeNetFD) sendingOf(oob []byte) unparkSending {
	sending := unparkSending{class: byte(max(ffd.flag(syscall.SOL_IP, syscall.IP_TOS), ffd.flag(syscall.SOL_IPV6, syscall.IPV6_TCLASS)))}
	sending.segment = ffd.flag(syscall.SOL_UDP, unparkUDPSegment)
	for len(oob) >= unparkCmsgHeader {
		length := int(byteorder.LEUint64(oob))
		if length < unparkCmsgHeader || length > len(oob) {
			break
		}
		data := oob[unparkCmsgHeader:length]
		switch kind := [2]int{unparkWord(oob[8:]), unparkWord(oob[12:])}; {
		case kind == [2]int{syscall.SOL_IP, syscall.IP_PKTINFO} && len(data) >= 12:
			sending.source = unparkIP(IP(data[4:8]))
		case kind == [2]int{syscall.SOL_IPV6, syscall.IPV6_PKTINFO} && len(data) >= 20:
			sending.source = unparkIP(IP(data[:16]))
		case kind == [2]int{syscall.SOL_IP, syscall.IP_TOS} && len(data) >= 1, kind == [2]int{syscall.SOL_IPV6, syscall.IPV6_TCLASS} && len(data) >= 4:
			sending.class = data[0]
		case kind == [2]int{syscall.SOL_UDP, unparkUDPSegment} && len(data) >= 2:
			sending.segment = int(byteorder.LEUint16(data))
		}
		oob = oob[min(len(oob), (length+7)&^7):]
	}
	return sending
}

// controlOf writes the control data that the socket's options ask for.
func (ffd *fakeNetFD) controlOf(d unparkDatagram, m *syscall.UnparkMessage) int {
	if ffd.raw == nil || d.from.kind != unparkUDP {
		return 0
	}
	v4 := len(d.to) != IPv6len
	out := unparkCmsgs{room: len(m.OOB)}
	if v4 && ffd.flag(syscall.SOL_IP, syscall.IP_PKTINFO) != 0 {
		out.add(syscall.SOL_IP, syscall.IP_PKTINFO, unparkWords(1), []byte(d.to), []byte(d.to))
	}
	if v4 && ffd.flag(syscall.SOL_IP, syscall.IP_RECVTTL) != 0 {
		out.add(syscall.SOL_IP, syscall.IP_TTL, unparkWords(64))
	}
	if v4 && ffd.flag(syscall.SOL_IP, syscall.IP_RECVTOS) != 0 {
		out.add(syscall.SOL_IP, syscall.IP_TOS, []byte{d.class})
	}
	if ffd.fd.family == syscall.AF_INET6 && ffd.flag(syscall.SOL_IPV6, syscall.IPV6_RECVPKTINFO) != 0 {
		out.add(syscall.SOL_IPV6, syscall.IPV6_PKTINFO, IP(d.to).To16(), unparkWords(1))
	}
	if !v4 && ffd.flag(syscall.SOL_IPV6, syscall.IPV6_RECVHOPLIMIT) != 0 {
		out.add(syscall.SOL_IPV6, syscall.IPV6_HOPLIMIT, unparkWords(64))
	}
	if !v4 && ffd.flag(syscall.SOL_IPV6, syscall.IPV6_RECVTCLASS) != 0 {
		out.add(syscall.SOL_IPV6, syscall.IPV6_TCLASS, unparkWords(int(d.class)))
	}
	if out.cut {
		m.Flags |= syscall.MSG_CTRUNC
	}
	return copy(m.OOB, out.bytes)
}

type unparkCmsgs struct {
	bytes []byte
	room  int
	cut   bool // there was no room for all
}

func (c *unparkCmsgs) add(level, kind int, parts ...[]byte) {
	var data []byte
	for _, one := range parts {
		data = append(data, one...)
	}
	length := unparkCmsgHeader + len(data)
	if len(c.bytes)+length > c.room {
		c.cut = true
		return
	}
	c.bytes = append(append(append(c.bytes, unparkWords(length, 0, level, kind)...), data...), make([]byte, min(-length&7, c.room-len(c.bytes)-length))...)
}

func unparkWords(words ...int) []byte {
	var b []byte
	for _, n := range words {
		b = byteorder.LEAppendUint32(b, uint32(n))
	}
	return b
}

func unparkWord(b []byte) int { return int(int32(byteorder.LEUint32(b))) }
