//go:build js || wasip1

package net

import (
	"io"
	"os"
	"runtime"
	"syscall"
	"weak"
)

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
