//go:build wasip1

package os

import (
	"internal/poll"
	"io"
	"runtime"
	"syscall"
	"time"
	"unsafe"
	"weak"
)

// Pipes, which wasm has none of (pipe_wasm.go): objects in the program's memory, as sockets are (go/net/net_fake.go). Each read,
// write and close is one point; whether it would have to wait the host reads from the pipe's head. Errors are those of Linux.
//
// Only wasm is meant: one thread, no preemption, so nothing here is locked.

// Operations, as in runtime/unpark.go.
const (
	unparkPipeRead  = 30
	unparkPipeWrite = 31
	unparkPipeFin   = 38
	unparkPipeStop  = 39
	unparkPipeSet   = 40
)

const (
	// unparkPipeMore marks a write that has begun.
	unparkPipeMore = 1 << 30
	// unparkPipeSetSame marks a deadline that is set to what it is, as in go/net/net_fake.go.
	unparkPipeSetRead, unparkPipeSetWrite, unparkPipeSetSame = 1, 2, 4
	// pipe(7): what may lie unread, and what is written whole or not at all.
	unparkPipeSize = 1 << 16
	unparkPipeBuf  = 4096
)

// unparkHead is what the host reads of an object. Its layout is that of HEAD in src/host/net/net-objects.ts.
type unparkHead struct {
	readReady     uint32
	writeReady    uint32
	moreReady     uint32 // a write that has begun may go on
	size          uint32 // how much may lie unread
	readDeadline  int64  // on the runtime's clock; 0: none
	writeDeadline int64
	readPos       int64 // bytes taken so far
	writePos      int64 // put in so far
	other         *unparkHead
	waiters       unsafe.Pointer // *runtime.sudog: those who really wait
}

//go:linkname unparkPipePoint
func unparkPipePoint(op int32, pipe *unparkHead, aux int32)

//go:linkname unparkPipeWait
func unparkPipeWait(op int32, pipe *unparkHead, aux int32, ready *uint32, deadline *int64)

//go:linkname unparkPipeWake
func unparkPipeWake(pipe *unparkHead)

//go:linkname unparkPipeTouch
func unparkPipeTouch(pipe *unparkHead)

//go:linkname unparkPipeEffect
func unparkPipeEffect(pipe *unparkHead)

//go:linkname unparkPipeExpired
func unparkPipeExpired(deadline int64) bool

//go:linkname unparkPipeNow
func unparkPipeNow() int64

type unparkPipe struct {
	unparkHead
	buf     []byte
	off     int
	reader  *unparkPipeEnd
	writer  *unparkPipeEnd
	writing bool // a write has begun and waits for room
}

// unparkPipeEnd is what a File of a pipe has.
type unparkPipeEnd struct {
	pipe   *unparkPipe
	writes bool
	closed bool
}

// unparkPipeOwner is what the File alone refers to: once the collector finds that nobody holds that any more, its end is
// closed, as natively. Weakly, for what a finalizer's object refers to counts as held in a leak collection.
type unparkPipeOwner struct {
	end weak.Pointer[unparkPipeEnd]
}

// unparkNewPipe takes the place of Pipe.
func unparkNewPipe() (r *File, w *File, err error) {
	p := &unparkPipe{}
	p.size = unparkPipeSize
	p.other = &p.unparkHead // no opposite direction: nothing goes wrong with it that does with a connection (src/host/run/pending/faults-of.ts)
	p.reader, p.writer = &unparkPipeEnd{pipe: p}, &unparkPipeEnd{pipe: p, writes: true}
	p.update()
	return p.reader.file("|0"), p.writer.file("|1"), nil
}

func (e *unparkPipeEnd) file(name string) *File {
	f := &File{&file{name: name, unparkPipe: e}}
	f.pfd.Sysfd = -1
	owner := &unparkPipeOwner{weak.Make(e)}
	f.file.unparkOwner = owner
	runtime.SetFinalizer(owner, func(o *unparkPipeOwner) {
		if e := o.end.Value(); e != nil && !e.closed {
			e.shut()
		}
	})
	return f
}

func (p *unparkPipe) unread() int { return len(p.buf) - p.off }

// update: a small write goes on while there is any room, and is written whole; so up to 4,095 bytes more may lie there.
func (p *unparkPipe) update() {
	r, w := p.reader.closed, p.writer.closed
	room := p.unread() < unparkPipeSize || r || w
	read := p.set(&p.readReady, p.unread() > 0 || r || w)
	more := p.set(&p.moreReady, room)
	write := p.set(&p.writeReady, w || !p.writing && room)
	if read || more || write {
		unparkPipeEffect(&p.unparkHead)
	}
}

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
	h.changed(value)
	return true
}

func (h *unparkHead) changed(wakes bool) {
	unparkPipeTouch(h)
	if wakes && h.waiters != nil {
		unparkPipeWake(h)
	}
}

func (e *unparkPipeEnd) read(b []byte) (int, error) {
	p := e.pipe
	switch {
	case e.closed:
		return 0, poll.ErrFileClosing
	case e.writes:
		return 0, syscall.EBADF
	case len(b) == 0:
		return 0, nil
	}
	unparkPipeWait(unparkPipeRead, &p.unparkHead, int32(min(len(b), unparkPipeMore-1)), &p.readReady, &p.readDeadline)
	switch {
	case e.closed:
		return 0, poll.ErrFileClosing
	case unparkPipeExpired(p.readDeadline):
		return 0, poll.ErrDeadlineExceeded
	case p.unread() == 0:
		return 0, io.EOF
	}
	n := copy(b, p.buf[p.off:])
	p.off += n
	p.readPos += int64(n)
	p.update()
	return n, nil
}

func (e *unparkPipeEnd) write(b []byte) (n int, err error) {
	p := e.pipe
	switch {
	case e.closed:
		return 0, poll.ErrFileClosing
	case !e.writes:
		return 0, syscall.EBADF
	case len(b) == 0:
		return 0, nil
	}
	more := int32(0)
	for {
		ready := &p.writeReady
		if more != 0 {
			ready = &p.moreReady
		}
		unparkPipeWait(unparkPipeWrite, &p.unparkHead, int32(min(len(b), unparkPipeMore-1))|more, ready, &p.writeDeadline)
		if more != 0 {
			p.writing = false
		}
		switch {
		case e.closed:
			err = poll.ErrFileClosing
		case unparkPipeExpired(p.writeDeadline):
			err = poll.ErrDeadlineExceeded
		case p.reader.closed:
			err = syscall.EPIPE
		default:
			k := len(b)
			if more != 0 || k > unparkPipeBuf {
				k = min(k, max(0, unparkPipeSize-p.unread()))
			}
			p.append(b[:k])
			n += k
			b = b[k:]
		}
		if err != nil || len(b) == 0 {
			p.update()
			return n, err
		}
		more = unparkPipeMore
		p.writing = true
		p.update()
	}
}

func (p *unparkPipe) append(b []byte) {
	if p.off == len(p.buf) {
		p.buf, p.off = p.buf[:0], 0
	} else if p.off > unparkPipeSize && p.off > len(p.buf)/2 {
		p.buf = p.buf[:copy(p.buf, p.buf[p.off:])]
		p.off = 0
	}
	p.buf = append(p.buf, b...)
	p.writePos += int64(len(b))
}

func (e *unparkPipeEnd) close(name string) error {
	op := int32(unparkPipeStop)
	if e.writes {
		op = unparkPipeFin
	}
	unparkPipePoint(op, &e.pipe.unparkHead, 0)
	if e.closed {
		return &PathError{Op: "close", Path: name, Err: ErrClosed}
	}
	e.shut()
	return nil
}

func (e *unparkPipeEnd) shut() {
	e.closed = true
	if p := e.pipe; !e.writes {
		p.readPos += int64(p.unread())
		p.buf, p.off = nil, 0
	}
	e.pipe.update()
}

// setDeadline: of the one direction that this end has.
func (e *unparkPipeEnd) setDeadline(t time.Time, reads, writes bool) error {
	p := e.pipe
	place, which, asked := &p.readDeadline, int32(unparkPipeSetRead), reads
	if e.writes {
		place, which, asked = &p.writeDeadline, unparkPipeSetWrite, writes
	}
	if !asked {
		place, which = nil, unparkPipeSetSame
	}
	deadline := int64(0)
	if !t.IsZero() {
		deadline = -1
		if d := time.Until(t); d > 0 {
			deadline = unparkPipeNow() + int64(d)
		}
	}
	same := place == nil || *place == deadline
	if same {
		which |= unparkPipeSetSame
	}
	unparkPipePoint(unparkPipeSet, &p.unparkHead, which)
	if e.closed {
		return poll.ErrFileClosing
	}
	if !same {
		*place = deadline
		p.changed(true)
	}
	return nil
}

func (f *File) unparkStat() (FileInfo, error) {
	if f.unparkPipe.closed {
		return nil, &PathError{Op: "stat", Path: f.name, Err: ErrClosed}
	}
	return &fileStat{name: f.name, mode: ModeNamedPipe | 0o600}, nil
}
