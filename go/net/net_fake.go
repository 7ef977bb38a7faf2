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
	"os"
	"syscall"
	"time"
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

func (ffd *fakeNetFD) dup() (f *os.File, err error) {
	return nil, os.NewSyscallError("dup", syscall.ENOSYS)
}

func sysSocket(family, sotype, proto int) (int, error) {
	return 0, os.NewSyscallError("socket", syscall.ENOSYS)
}
