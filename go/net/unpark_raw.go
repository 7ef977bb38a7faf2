//go:build wasip1

package net

import (
	"internal/byteorder"
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

// ---- options

// flag is an option's number; 0: it was not set.
func (ffd *fakeNetFD) flag(level, name int) int {
	if ffd.raw == nil {
		return 0
	}
	value := ffd.raw.options[[2]int{level, name}]
	if len(value) == 0 || len(value) > 4 {
		return 0
	}
	return unparkWord(append(append([]byte(nil), value...), 0, 0, 0, 0))
}

// shares: two sockets that both say so may have one address. Who of them gets what comes is the first, where Linux draws.
func (ffd *fakeNetFD) shares(other *fakeNetFD) bool {
	both := func(name int) bool {
		return ffd.flag(syscall.SOL_SOCKET, name) != 0 && other.flag(syscall.SOL_SOCKET, name) != 0
	}
	return both(unparkReusePort) || ffd.addr.kind == unparkUDP && both(syscall.SO_REUSEADDR)
}

func (ffd *fakeNetFD) UnparkSetOption(level, name int, value []byte) syscall.Errno {
	if err := ffd.refusesOptions(level); err != 0 {
		return err
	}
	n := 0
	if len(value) >= 4 {
		n = unparkWord(value)
	}
	ffd.rawState().options[[2]int{level, name}] = append([]byte(nil), value...)
	if level != syscall.SOL_SOCKET {
		return 0
	}
	switch name {
	case syscall.SO_TYPE, syscall.SO_ERROR, syscall.SO_ACCEPTCONN, syscall.SO_DOMAIN, syscall.SO_PROTOCOL:
		return syscall.ENOPROTOOPT
	case syscall.SO_MARK, syscall.SO_RCVBUFFORCE, syscall.SO_SNDBUFFORCE: // for root alone
		return syscall.EPERM
	case syscall.SO_RCVBUF:
		ffd.setReadBuffer(n)
	case syscall.SO_SNDBUF:
		ffd.setWriteBuffer(n)
	case syscall.SO_LINGER:
		if len(value) < 8 {
			return syscall.EINVAL
		}
		if n != 0 {
			ffd.setLinger(unparkWord(value[4:]))
		} else {
			ffd.setLinger(-1)
		}
	}
	return 0
}

// refusesOptions of a level, or any; 0: it does not.
func (ffd *fakeNetFD) refusesOptions(level int) syscall.Errno {
	if ffd.isClosed() {
		return syscall.EBADF
	}
	switch level {
	case syscall.SOL_SOCKET, syscall.SOL_IP, syscall.SOL_TCP, syscall.SOL_UDP, syscall.SOL_IPV6:
		return 0
	}
	return syscall.ENOPROTOOPT
}

func (ffd *fakeNetFD) UnparkOption(level, name int, value []byte) (int, syscall.Errno) {
	if err := ffd.refusesOptions(level); err != 0 {
		return 0, err
	}
	if level == syscall.SOL_SOCKET {
		if n, ok := ffd.socketOption(name); ok {
			return copy(value, unparkWords(n)), 0
		}
	}
	if set := ffd.rawState().options[[2]int{level, name}]; set != nil {
		return copy(value, set), 0
	}
	return copy(value, unparkWords(unparkDefaults[[2]int{level, name}])), 0
}

// unparkDefaults are those of Linux, or what Go sets.
var unparkDefaults = map[[2]int]int{
	{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}:      1,
	{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}:      1,
	{syscall.SOL_SOCKET, syscall.SO_RCVLOWAT}:       1,
	{syscall.SOL_TCP, syscall.TCP_NODELAY}:          1,
	{syscall.SOL_TCP, syscall.TCP_MAXSEG}:           65483,
	{syscall.SOL_TCP, syscall.TCP_KEEPIDLE}:         15,
	{syscall.SOL_TCP, syscall.TCP_KEEPINTVL}:        15,
	{syscall.SOL_TCP, syscall.TCP_KEEPCNT}:          9,
	{syscall.SOL_TCP, unparkTCPInfo}:                1, // its first byte is the state: established
	{syscall.SOL_IP, syscall.IP_TTL}:                64,
	{syscall.SOL_IP, syscall.IP_MULTICAST_TTL}:      1,
	{syscall.SOL_IP, syscall.IP_MULTICAST_LOOP}:     1,
	{syscall.SOL_IPV6, syscall.IPV6_UNICAST_HOPS}:   64,
	{syscall.SOL_IPV6, syscall.IPV6_MULTICAST_HOPS}: 1,
	{syscall.SOL_IPV6, syscall.IPV6_MULTICAST_LOOP}: 1,
}

func (ffd *fakeNetFD) socketOption(name int) (int, bool) {
	switch name {
	case syscall.SO_TYPE:
		return ffd.fd.sotype, true
	case syscall.SO_ACCEPTCONN:
		if ffd.listens {
			return 1, true
		}
		return 0, true
	case syscall.SO_DOMAIN:
		return ffd.fd.family, true
	case syscall.SO_PROTOCOL:
		return map[int]int{unparkTCP: syscall.IPPROTO_TCP, unparkUDP: syscall.IPPROTO_UDP}[unparkKind(ffd.fd.net)], true
	case syscall.SO_ERROR:
		if ffd.pending != 0 {
			return int(ffd.takePending()), true
		}
		if ffd.unparkEnd != nil && ffd.err != 0 {
			return int(ffd.takeError()), true
		}
		return 0, true
	case syscall.SO_RCVBUF:
		if ffd.unparkEnd != nil {
			return int(ffd.readSize), true
		}
		return ffd.limit, true
	case syscall.SO_SNDBUF:
		if ffd.unparkEnd != nil {
			return int(ffd.writeSize), true
		}
		if n := ffd.flag(syscall.SOL_SOCKET, name); n != 0 {
			return 2 * n, true
		}
		return unparkDatagramBuffer, true
	}
	return 0, false
}
