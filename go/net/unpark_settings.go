//go:build js || wasip1

package net

import "time"

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

func (ffd *fakeNetFD) setLinger(sec int) error {
	if ffd.unparkEnd != nil {
		ffd.abort = sec == 0
	}
	return nil
}
