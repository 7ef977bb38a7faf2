package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// The deep form of the native mode (src/toolchain/patches/deep-patches.ts). It changes what the leak collection records, not what
// it keeps alive:
//
// R1. No goroutine changes its status: the collection's result is a list of numbers. So it may run at any time, and a
//
//	goroutine that is woken afterwards goes on.
//
// R2. An open collection asks a weaker question, and only of goroutines whose test is over: would this one go on if no
//
//	packet came and nothing but its tickers ticked? Waiting for the network counts as being alive only if its
//	poll.FD is reachable (somebody could close it), a ticker's channel does not count.
//
// R3. A sleeping goroutine is alive: it wakes by itself.
var unparkGC struct {
	on   bool // record instead of marking as leaked
	open bool // R2
	ids  []uint64
	n    int
}

// unparkCollect runs one collection and gives the numbers of the goroutines that it found. left: those of R2.
//
//go:linkname unparkCollect runtime/pprof.unparkCollect
func unparkCollect(open bool, left []uint64) []uint64 {
	ids := make([]uint64, 0, 2*gcount(false)+1024) // nothing can be allocated while the world is stopped
	stw := stopTheWorldGC(stwForTestPageCachePagesLeaked)
	unparkGC.on, unparkGC.open, unparkGC.ids, unparkGC.n = true, open, ids[:cap(ids)], 0
	forEachGRace(func(gp *g) {
		gp.unparkLeft = false
		for _, id := range left {
			gp.unparkLeft = gp.unparkLeft || id == gp.goid
		}
	})
	startTheWorldGC(stw)
	goroutineLeakGC()
	found := unparkGC.ids[:unparkGC.n]
	unparkGC.on, unparkGC.open, unparkGC.ids = false, false, nil
	return found
}

// unparkFound is called with the world stopped, for each goroutine that the collection did not reach.
func unparkFound(gp *g) {
	if unparkGC.n < len(unparkGC.ids) {
		unparkGC.ids[unparkGC.n] = gp.goid
		unparkGC.n++
	}
}

// unparkAsks: is this one of those of R2, in a wait that usually counts as being alive?
func unparkAsks(gp *g) bool {
	return unparkGC.open && gp.unparkLeft && gp.waitreason == waitReasonIOWait && gp.unparkFD != 0
}

// unparkIsOpen answers isMaybeRunnable for the goroutines of R2; ok is false for a wait that it has no opinion on.
func unparkIsOpen(gp *g) (alive, ok bool) {
	if !unparkGC.open || !gp.unparkLeft || readgstatus(gp) != _Gwaiting {
		return false, false
	}
	switch gp.waitreason {
	case waitReasonIOWait:
		if gp.unparkFD == 0 {
			return true, true
		}
		return isMarkedOrNotInHeap(unsafe.Pointer(gp.unparkFD)), true
	case waitReasonChanReceive, waitReasonSelect:
		for sg := gp.waiting; sg != nil; sg = sg.waitlink {
			c := sg.c.get()
			if c != nil && c.timer != nil && c.timer.period > 0 {
				continue
			}
			if isMarkedOrNotInHeap(unsafe.Pointer(c)) {
				return true, true
			}
		}
		return false, true
	}
	return false, false
}

// unparkPoll notes which poll.FD this goroutine is about to wait for. A number, so that it keeps nothing alive.
//
//go:linkname unparkPoll internal/poll.unparkPoll
func unparkPoll(fd unsafe.Pointer) { getg().unparkFD = uintptr(fd) }

//go:linkname unparkShowLabels runtime/pprof.unparkShowLabels
func unparkShowLabels() { debug.tracebacklabels.Store(1) }

// The live counter of an owner: how many goroutines carry its label. The label's value lies in a block that begins with
// the counter (runtime/pprof's unpark_deep.go); which labels are such ones is known by their key's address.
var unparkKey unsafe.Pointer

//go:linkname unparkCounted runtime/pprof.unparkCounted
func unparkCounted(key unsafe.Pointer) { unparkKey = key }

type unparkLabel struct{ key, value string }

//go:nosplit
//go:nowritebarrierrec
func unparkCount(labels unsafe.Pointer, delta int32) {
	if labels == nil || unparkKey == nil {
		return
	}
	list := *(*[]unparkLabel)(labels)
	if len(list) == 0 || unsafe.Pointer(unsafe.StringData(list[0].key)) != unparkKey {
		return
	}
	atomic.Xadd((*uint32)(unsafe.Add(unsafe.Pointer(unsafe.StringData(list[0].value)), -8)), delta)
}
