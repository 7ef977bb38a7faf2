//go:build js || wasip1

// Package net, the part that Unpark puts in the place of Go's own network for wasm (net_fake.go, which is made of
// channels, locks and timers, each of them a choice).
//
// Sockets are objects in the program's memory. A goroutine that is about to read, write, accept, dial or close comes to
// one point (unparkNetWait, unparkPoint in runtime/unpark_net.go), where the host decides; what it does after that is
// plain memory. Whether it would have to wait the host reads from the object's head. Deadlines are times in the head:
// no timers. Errors are those of Linux.
//
// Only wasm is meant: one thread, no preemption, so nothing here is locked.

package net

import (
	"context"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
	"weak"
)

// Operations, as in runtime/unpark.go.
const (
	unparkNetRead = 30 + iota
	unparkNetWrite
	unparkNetRecv
	unparkNetSend
	unparkNetAccept
	unparkNetDial
	unparkNetBind
	unparkNetClose
	unparkNetFin
	unparkNetStop
	unparkNetSet
	unparkNetLook
)

const (
	// unparkMore marks a write that has begun: it comes before other writes of the same connection.
	unparkMore = 1 << 30
	// A dial's aux: what may go wrong with it.
	unparkDialTCP, unparkDialUnix = 1, 2
	// What unparkNetSet changes, and that it changes nothing.
	unparkSetRead, unparkSetWrite, unparkSetSame = 1, 2, 4
)

// How much may lie unread. Linux on one machine takes 180 KB on a unix socket and, depending on settings and on how it
// is written, 0.2 to 4 MB over TCP; other systems take less.
const (
	unparkTCPBuffer      = 1 << 20
	unparkUnixBuffer     = 212992
	unparkDatagramBuffer = 212992
	unparkMaxDatagram    = 65507
	unparkConnectTimeout = 127 * time.Second // Linux, tcp_syn_retries = 6
)

// What goes wrong in an operation, where the schedule says so (--faults). The numbers are those of FAULTS in
// src/model/run/fault.ts.
const (
	unparkFaultRefused = 1 + iota
	unparkFaultTimeout
	unparkFaultSilent
	unparkFaultReset
	unparkFaultCut
	unparkFaultShort
)

// unparkHead is what the host reads of an object. Its layout is that of HEAD in src/host/net/net-objects.ts.
type unparkHead struct {
	readReady     uint32
	writeReady    uint32
	moreReady     uint32 // a write that has begun may go on
	size          uint32 // how much may lie unread; 0: the positions say nothing
	readDeadline  int64  // on the runtime's clock; 0: none
	writeDeadline int64
	readPos       int64 // bytes, datagrams or connections taken so far
	writePos      int64 // put in so far
	other         *unparkHead
	waiters       unsafe.Pointer // *runtime.sudog: those who really wait
}

//go:linkname unparkNetPoint
func unparkNetPoint(op int32, object *unparkHead, aux int32)

//go:linkname unparkNetWait
func unparkNetWait(op int32, object, head *unparkHead, aux int32, ready *uint32, deadline *int64)

//go:linkname unparkNetFault
func unparkNetFault() int32

//go:linkname unparkNetWake
func unparkNetWake(head *unparkHead)

//go:linkname unparkNetTouch
func unparkNetTouch(head *unparkHead)

//go:linkname unparkNetEffect
func unparkNetEffect(object *unparkHead)

//go:linkname unparkNetExpired
func unparkNetExpired(deadline int64) bool

//go:linkname unparkNetNow
func unparkNetNow() int64

// set changes whether an operation would wait.
func (h *unparkHead) set(word *uint32, value bool) bool {
	v := uint32(0)
	if value {
		v = 1
	}
	if *word == v {
		return false
	}
	*word = v
	unparkNetTouch(h)
	if value && h.waiters != nil {
		unparkNetWake(h)
	}
	return true
}

// ---- streams

// unparkStream is one direction of a connection.
type unparkStream struct {
	unparkHead
	buf      []byte
	off      int
	sizes    []int // with boundaries kept (unixpacket): of each message
	finished bool  // nothing more comes: the reader gets EOF
	writing  bool  // a write has begun and waits for room
	reader   *unparkEnd
	writer   *unparkEnd
}

// unparkEnd is one end of a connection.
type unparkEnd struct {
	in, out   *unparkStream
	unix      bool
	packets   bool
	closed    bool
	stopped   bool          // CloseRead
	shut      bool          // CloseWrite
	down      bool          // the connection was reset
	abort     bool          // SetLinger(0): closing resets
	err       syscall.Errno // what the next call gets, once
	readSize  uint32
	writeSize uint32
}

func unparkPair(unix, packets bool) (a, b *unparkEnd) {
	size := uint32(unparkTCPBuffer)
	if unix {
		size = unparkUnixBuffer
	}
	a = &unparkEnd{unix: unix, packets: packets, readSize: size / 2, writeSize: size / 2}
	b = &unparkEnd{unix: unix, packets: packets, readSize: size / 2, writeSize: size / 2}
	ab := &unparkStream{writer: a, reader: b}
	ba := &unparkStream{writer: b, reader: a}
	ab.size, ba.size = size, size
	a.in, a.out, b.in, b.out = ba, ab, ab, ba
	ab.other, ba.other = &ba.unparkHead, &ab.unparkHead
	ab.update()
	ba.update()
	return a, b
}

// unparkOwner is what a connection's netFD alone refers to: once the collector finds that nobody holds the connection any
// more, its end is closed, as natively. It refers to the end weakly, for what a finalizer's object refers to counts as
// held in a leak collection.
type unparkOwner struct {
	end weak.Pointer[unparkEnd]
}

func unparkOwn(e *unparkEnd) *unparkOwner {
	o := &unparkOwner{weak.Make(e)}
	runtime.SetFinalizer(o, func(o *unparkOwner) {
		if e := o.end.Value(); e != nil && !e.closed {
			e.shutDown(e.abort || e.in.unread() > 0)
		}
	})
	return o
}

func (e *unparkEnd) peer() *unparkEnd { return e.out.reader }

func (s *unparkStream) unread() int { return len(s.buf) - s.off }

func (s *unparkStream) room() int { return max(0, int(s.size)-s.unread()) }

func (s *unparkStream) update() {
	r, w := s.reader, s.writer
	fails := w.closed || w.shut || w.down || w.err != 0 || r.closed
	read := s.set(&s.readReady, s.unread() > 0 || s.finished || r.closed || r.stopped || r.down)
	more := s.set(&s.moreReady, s.room() > 0 || fails)
	write := s.set(&s.writeReady, w.closed || !s.writing && (s.room() > 0 || fails))
	if read || more || write {
		unparkNetEffect(&s.unparkHead)
	}
}

func (s *unparkStream) append(p []byte) {
	if s.off == len(s.buf) {
		s.buf, s.off = s.buf[:0], 0
	} else if s.off > 1<<16 && s.off > len(s.buf)/2 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.off:])]
		s.off = 0
	}
	s.buf = append(s.buf, p...)
	s.writePos += int64(len(p))
}

func (s *unparkStream) take(p []byte) int {
	n := copy(p, s.buf[s.off:])
	s.off += n
	s.readPos += int64(n)
	return n
}

func (e *unparkEnd) read(p []byte) (int, error) {
	if len(p) == 0 {
		if e.closed {
			return 0, ErrClosed
		}
		return 0, nil
	}
	s := e.in
	unparkNetWait(unparkNetRead, &s.unparkHead, &s.unparkHead, int32(min(len(p), unparkMore-1)), &s.readReady, &s.readDeadline)
	fault := unparkNetFault()
	switch {
	case e.closed:
		return 0, ErrClosed
	case unparkNetExpired(s.readDeadline):
		return 0, os.ErrDeadlineExceeded
	case fault == unparkFaultReset:
		e.sever()
		return 0, os.NewSyscallError("read", syscall.ECONNRESET)
	case len(s.sizes) > 0:
		size := s.sizes[0]
		s.sizes = s.sizes[1:]
		n := copy(p, s.buf[s.off:s.off+size])
		s.off += size
		s.readPos += int64(size)
		s.update()
		return n, nil
	case fault == unparkFaultCut:
		s.cut(s.unread() / 2)
		if s.unread() == 0 {
			return 0, io.EOF
		}
		n := s.take(p)
		s.update()
		return n, nil
	case s.unread() > 0:
		if fault == unparkFaultShort {
			p = p[:max(1, min(len(p), s.unread())/2)]
		}
		n := s.take(p)
		s.update()
		return n, nil
	case s.finished:
		return 0, io.EOF
	case e.err != 0:
		return 0, os.NewSyscallError("read", e.takeError())
	}
	return 0, io.EOF
}

func (e *unparkEnd) takeError() syscall.Errno {
	err := e.err
	e.err = 0
	e.in.update()
	e.out.update()
	return err
}

func (e *unparkEnd) write(p []byte, name string) (n int, err error) {
	s := e.out
	more := int32(0)
	for {
		ready := &s.writeReady
		if more != 0 {
			ready = &s.moreReady
		}
		if len(p) > 0 {
			unparkNetWait(unparkNetWrite, &s.unparkHead, &s.unparkHead, int32(min(len(p), unparkMore-1))|more, ready, &s.writeDeadline)
		}
		fault := unparkNetFault()
		if more != 0 {
			s.writing = false
		}
		k, err := e.writeNow(p, name, fault)
		n += k
		p = p[k:]
		if err != nil || len(p) == 0 {
			s.update()
			return n, err
		}
		more = unparkMore
		s.writing = true
		s.update()
	}
}

func (e *unparkEnd) writeNow(p []byte, name string, fault int32) (int, error) {
	s := e.out
	switch {
	case e.closed:
		return 0, ErrClosed
	case unparkNetExpired(s.writeDeadline):
		return 0, os.ErrDeadlineExceeded
	case fault == unparkFaultReset:
		e.sever()
		return 0, os.NewSyscallError(name, syscall.ECONNRESET)
	case e.unix && (e.down || s.reader.closed):
		return 0, os.NewSyscallError(name, syscall.EPIPE)
	case e.err != 0:
		return 0, os.NewSyscallError(name, e.takeError())
	case e.down || e.shut:
		return 0, os.NewSyscallError(name, syscall.EPIPE)
	case s.reader.closed: // taken, and answered by a reset
		e.reset()
		return len(p), nil
	case e.packets:
		if len(p) > int(s.size) {
			return 0, os.NewSyscallError(name, syscall.EMSGSIZE)
		}
		s.append(p)
		s.sizes = append(s.sizes, len(p))
		return len(p), nil
	}
	k := min(len(p), s.room())
	if fault == unparkFaultCut {
		k = min(k, len(p)/2)
		s.append(p[:k])
		e.down = true
		s.cut(s.unread())
		return k, os.NewSyscallError(name, syscall.ECONNRESET)
	}
	s.append(p[:k])
	return k, nil
}

// sever breaks the connection for both ends: what is on its way is lost.
func (e *unparkEnd) sever() {
	peer := e.peer()
	peer.reset()
	e.down = true
	e.in.drop(e.in.unread())
	e.out.drop(e.out.unread())
	e.touchBoth()
}

// cut ends the stream after n more bytes, and the connection for its writer.
func (s *unparkStream) cut(n int) {
	s.drop(s.unread() - n)
	s.finished = true
	s.writer.reset()
	s.reader.touchBoth()
}

// drop loses the last n bytes that nobody has read.
func (s *unparkStream) drop(n int) {
	s.buf = s.buf[:len(s.buf)-n]
	s.readPos += int64(n)
	s.sizes = nil
}

// touchBoth tells the host that a fault changed both streams, whatever it changed of them.
func (e *unparkEnd) touchBoth() {
	e.in.update()
	e.out.update()
	unparkNetEffect(&e.in.unparkHead)
	unparkNetEffect(&e.out.unparkHead)
}

// reset is what a RST makes of this end. Linux, tcp_reset: EPIPE once the peer's FIN is there, else ECONNRESET.
func (e *unparkEnd) reset() {
	if e.closed || e.down {
		return
	}
	e.down = true
	e.err = syscall.ECONNRESET
	if e.in.finished {
		e.err = syscall.EPIPE
	}
	e.in.update()
	e.out.update()
}

func (e *unparkEnd) close() error {
	unparkNetPoint(unparkNetClose, &e.in.unparkHead, 0)
	if e.closed {
		return ErrClosed
	}
	e.shutDown(e.abort || e.in.unread() > 0)
	return nil
}

func (e *unparkEnd) shutDown(reset bool) {
	e.closed = true
	if reset {
		e.peer().reset()
	} else {
		e.out.finished = true
	}
	e.in.readPos += int64(e.in.unread())
	e.in.buf, e.in.off, e.in.sizes = nil, 0, nil
	e.in.update()
	e.out.update()
}

// ---- addresses

const (
	unparkTCP = iota
	unparkUDP
	unparkUnix
	unparkUnixgram
	unparkUnixpacket
)

// unparkAddr is where a socket is bound. IPv4 addresses have four bytes; those of IPv6 that stand for IPv4, too.
type unparkAddr struct {
	kind int
	ip   string // empty: every address of the machine
	port int
	path string
}

// unparkSlot is an address as an object: whoever binds it, dials it or sends to it depends on the others who do.
type unparkSlot struct {
	unparkHead
	sockets []*fakeNetFD
}

var (
	unparkSlots = map[unparkAddr]*unparkSlot{}
	unparkPorts = map[[2]int]bool{} // kind and port, of all that were given out
	unparkNames int                 // of unix sockets that nobody named
)

func unparkSlotOf(a unparkAddr) *unparkSlot {
	s := unparkSlots[a]
	if s == nil {
		s = &unparkSlot{}
		s.writeReady = 1
		s.size = 1 << 30
		unparkSlots[a] = s
		if a.ip != "" {
			a.ip = ""
			s.other = &unparkSlotOf(a).unparkHead
		}
	}
	return s
}

func unparkKind(network string) int {
	switch network {
	case "unix":
		return unparkUnix
	case "unixgram":
		return unparkUnixgram
	case "unixpacket":
		return unparkUnixpacket
	}
	if len(network) >= 3 && network[:3] == "udp" {
		return unparkUDP
	}
	return unparkTCP
}

func unparkIP(ip IP) string {
	if ip.IsUnspecified() {
		return ""
	}
	if ip4 := ip.To4(); ip4 != nil {
		return string(ip4)
	}
	return string(ip)
}

// unparkAddrOf also tells the address's IP as it was given, and its zone. A nil address: everything is zero.
func unparkAddrOf(kind int, sa sockaddr) (a unparkAddr, ip IP, zone string) {
	a.kind = kind
	switch sa := sa.(type) {
	case *TCPAddr:
		if sa != nil {
			a.port, ip, zone = sa.Port, sa.IP, sa.Zone
		}
	case *UDPAddr:
		if sa != nil {
			a.port, ip, zone = sa.Port, sa.IP, sa.Zone
		}
	case *UnixAddr:
		if sa != nil {
			a.path = sa.Name
		}
	}
	a.ip = unparkIP(ip)
	return a, ip, zone
}

func unparkIsHere(ip string) bool {
	return ip == "" || IP(ip).IsLoopback()
}

// unparkFullIP is an address as Linux tells it of a socket of this family.
func unparkFullIP(family int, ip string) IP {
	switch {
	case ip == "" && family == syscall.AF_INET:
		return IP{0, 0, 0, 0}
	case ip == "":
		return make(IP, IPv6len)
	case family == syscall.AF_INET:
		return IP(ip)
	}
	return IP(ip).To16()
}

func unparkNetAddr(network string, family int, a unparkAddr, zone string) Addr {
	switch a.kind {
	case unparkTCP:
		return &TCPAddr{IP: unparkFullIP(family, a.ip), Port: a.port, Zone: zone}
	case unparkUDP:
		return &UDPAddr{IP: unparkFullIP(family, a.ip), Port: a.port, Zone: zone}
	}
	return &UnixAddr{Name: a.path, Net: network}
}

// unparkFreePort draws from the goroutine's own stream, so that who comes first does not matter; Linux's range.
func unparkFreePort(kind int) int {
	for {
		port := 32768 + int(runtime_rand()%28232)
		if key := [2]int{kind, port}; !unparkPorts[key] {
			unparkPorts[key] = true
			return port
		}
		if len(unparkPorts) > 28232 {
			clear(unparkPorts)
		}
	}
}

// ---- sockets

type fakeNetFD struct {
	fd *netFD
	*unparkEnd
	owner *unparkOwner

	// Listeners and datagram sockets.
	unparkHead
	addr     unparkAddr
	slot     *unparkSlot
	only6    bool
	gone     bool
	listens  bool
	backlog  []*netFD
	queue    []unparkDatagram
	queued   int
	limit    int
	remote   unparkAddr
	pending  syscall.Errno // what the next call gets, once
	connects bool
	raw      *unparkRaw // nil: nobody asked for its number
}

type unparkDatagram struct {
	data  []byte
	from  unparkAddr
	to    string // the address that it was sent to
	class byte   // its type of service, or traffic class
}

func socket(ctx context.Context, network string, family, sotype, proto int, ipv6only bool, laddr, raddr sockaddr, ctrlCtxFn func(context.Context, string, string, syscall.RawConn) error) (*netFD, error) {
	fd := &netFD{family: family, sotype: sotype, net: network}
	ffd := &fakeNetFD{fd: fd, only6: ipv6only, limit: unparkDatagramBuffer}
	fd.fakeNetFD = ffd
	if ctrlCtxFn != nil {
		if err := unparkControl(ctx, fd, laddr, raddr, ctrlCtxFn); err != nil {
			return nil, err
		}
	}
	var err error
	if raddr == nil {
		err = ffd.listen(laddr)
	} else {
		err = ffd.dial(ctx, laddr, raddr)
	}
	if err != nil {
		return nil, err
	}
	return fd, nil
}

func unparkControl(ctx context.Context, fd *netFD, laddr, raddr sockaddr, control func(context.Context, string, string, syscall.RawConn) error) error {
	network := fd.net
	if last := network[len(network)-1]; fd.family != syscall.AF_UNIX && last != '4' && last != '6' {
		if fd.family == syscall.AF_INET {
			network += "4"
		} else {
			network += "6"
		}
	}
	address := ""
	if raddr != nil {
		address = raddr.String()
	} else if laddr != nil {
		address = laddr.String()
	}
	return control(ctx, network, address, newRawConn(fd))
}

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

func (ffd *fakeNetFD) Close() error {
	if ffd.unparkEnd != nil {
		err := ffd.unparkEnd.close()
		if err == nil && ffd.slot != nil {
			ffd.leave()
		}
		return err
	}
	if ffd.slot == nil {
		if ffd.gone || ffd.fd.laddr == nil {
			return ErrClosed
		}
	} else {
		unparkNetPoint(unparkNetClose, &ffd.slot.unparkHead, 1)
	}
	if ffd.gone {
		return ErrClosed
	}
	ffd.gone = true
	ffd.leave()
	for _, server := range ffd.backlog {
		server.fakeNetFD.shutDown(true)
	}
	ffd.backlog, ffd.queue, ffd.queued = nil, nil, 0
	ffd.set(&ffd.readReady, true)
	return nil
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

func (ffd *fakeNetFD) isClosed() bool {
	if ffd.unparkEnd != nil {
		return ffd.closed
	}
	return ffd.gone
}

func (ffd *fakeNetFD) closeRead() error {
	e := ffd.unparkEnd
	if e == nil {
		return os.NewSyscallError("shutdown", syscall.ENOTCONN)
	}
	unparkNetPoint(unparkNetStop, &e.in.unparkHead, 0)
	switch {
	case e.closed:
		return ErrClosed
	case e.down:
		return os.NewSyscallError("shutdown", syscall.ENOTCONN)
	}
	e.stopped = true
	e.in.update()
	return nil
}

func (ffd *fakeNetFD) closeWrite() error {
	e := ffd.unparkEnd
	if e == nil {
		return os.NewSyscallError("shutdown", syscall.ENOTCONN)
	}
	unparkNetPoint(unparkNetFin, &e.out.unparkHead, 0)
	switch {
	case e.closed:
		return ErrClosed
	case e.down:
		return os.NewSyscallError("shutdown", syscall.ENOTCONN)
	}
	e.shut = true
	e.out.finished = true
	e.out.update()
	return nil
}

func (ffd *fakeNetFD) Read(p []byte) (int, error) {
	if ffd.unparkEnd != nil {
		return ffd.unparkEnd.read(p)
	}
	n, _, err := ffd.receive(p, "read")
	return n, err
}

func (ffd *fakeNetFD) Write(p []byte) (int, error) {
	if ffd.unparkEnd != nil {
		return ffd.unparkEnd.write(p, "write")
	}
	if !ffd.connects {
		if ffd.gone {
			return 0, ErrClosed
		}
		if ffd.addr.kind == unparkUDP {
			return 0, os.NewSyscallError("write", syscall.EDESTADDRREQ)
		}
		return 0, os.NewSyscallError("write", syscall.ENOTCONN)
	}
	return ffd.send(p, ffd.remote, "write")
}

// writeBuffers stands for writev: all in one write.
func (c *conn) writeBuffers(v *Buffers) (int64, error) {
	if !c.ok() {
		return 0, syscall.EINVAL
	}
	var n int
	var err error
	if ffd := c.fd.fakeNetFD; ffd != nil && ffd.unparkEnd != nil {
		var all []byte
		for _, b := range *v {
			all = append(all, b...)
		}
		if len(all) > 0 {
			n, err = ffd.unparkEnd.write(all, "writev")
		}
	} else {
		for _, b := range *v {
			var k int
			k, err = c.fd.Write(b)
			n += k
			if err != nil {
				break
			}
		}
	}
	v.consume(int64(n))
	if err != nil {
		return int64(n), &OpError{Op: "writev", Net: c.fd.net, Source: c.fd.laddr, Addr: c.fd.raddr, Err: err}
	}
	return int64(n), nil
}

// ---- deadlines and options

func (ffd *fakeNetFD) SetDeadline(t time.Time) error {
	return ffd.setDeadlines(t, unparkSetRead|unparkSetWrite)
}

func (ffd *fakeNetFD) SetReadDeadline(t time.Time) error { return ffd.setDeadlines(t, unparkSetRead) }

func (ffd *fakeNetFD) SetWriteDeadline(t time.Time) error { return ffd.setDeadlines(t, unparkSetWrite) }

func (ffd *fakeNetFD) setDeadlines(t time.Time, which int32) error {
	deadline := int64(0)
	if !t.IsZero() {
		if d := time.Until(t); d > 0 {
			deadline = unparkNetNow() + int64(d)
		} else {
			deadline = -1
		}
	}
	read, write := &ffd.unparkHead, &ffd.unparkHead
	if ffd.unparkEnd != nil {
		read, write = &ffd.in.unparkHead, &ffd.out.unparkHead
	}
	object := read
	if which == unparkSetWrite {
		object = write
	}
	same := int32(0)
	if (which&unparkSetRead == 0 || read.readDeadline == deadline) && (which&unparkSetWrite == 0 || write.writeDeadline == deadline) {
		same = unparkSetSame
	}
	if ffd.unparkEnd == nil && ffd.slot != nil {
		object = &ffd.slot.unparkHead
	}
	unparkNetPoint(unparkNetSet, object, which|same)
	if ffd.isClosed() {
		return ErrClosed
	}
	if which&unparkSetRead != 0 {
		unparkSetDeadline(read, &read.readDeadline, deadline)
	}
	if which&unparkSetWrite != 0 {
		unparkSetDeadline(write, &write.writeDeadline, deadline)
	}
	return nil
}

func unparkSetDeadline(h *unparkHead, place *int64, deadline int64) {
	if *place == deadline {
		return
	}
	*place = deadline
	unparkNetTouch(h)
	if h.waiters != nil {
		unparkNetWake(h)
	}
}

func (ffd *fakeNetFD) setReadBuffer(bytes int) error {
	if e := ffd.unparkEnd; e != nil {
		return e.setSize(e.in, &e.readSize, bytes, &e.peer().writeSize)
	}
	ffd.limit = 2 * max(bytes, 1152) // Linux doubles it, for its own bookkeeping
	return nil
}

func (ffd *fakeNetFD) setWriteBuffer(bytes int) error {
	if e := ffd.unparkEnd; e != nil {
		return e.setSize(e.out, &e.writeSize, bytes, &e.peer().readSize)
	}
	return nil
}

func (e *unparkEnd) setSize(s *unparkStream, own *uint32, bytes int, others *uint32) error {
	unparkNetPoint(unparkNetSet, &s.unparkHead, unparkSetRead|unparkSetWrite)
	if e.closed {
		return ErrClosed
	}
	*own = uint32(min(2*max(bytes, 2304), 1<<24))
	s.size = *own + *others
	s.update()
	return nil
}

func (ffd *fakeNetFD) setLinger(sec int) error {
	if ffd.unparkEnd != nil {
		ffd.abort = sec == 0
	}
	return nil
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

func (ffd *fakeNetFD) dup() (f *os.File, err error) {
	return nil, os.NewSyscallError("dup", syscall.ENOSYS)
}

func sysSocket(family, sotype, proto int) (int, error) {
	return 0, os.NewSyscallError("socket", syscall.ENOSYS)
}
