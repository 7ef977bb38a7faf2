//go:build js || wasip1

package net

import "unsafe"

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
