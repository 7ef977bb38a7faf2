package runtime

import "unsafe"

// unparkGo tells the host of a new goroutine, whose name follows from its parent's.
func unparkGo(parent, child *g) {
	child.sigcode1 = 0
	if unparkBox.idle == 0 || isSystemGoroutine(child, false) {
		return
	}
	child.sigcode1 = unparkUser
	p := uint32(uintptr(unsafe.Pointer(parent)))
	unparkBox.npcs = 0
	if parent == parent.m.g0 {
		p = 0
	} else if unparkBox.trace != 0 { // newproc1 is on g0: where the parent left its own stack
		unparkBox.npcs = uint32(gcallers(parent, 0, (*[64]uintptr)(unsafe.Pointer(&unparkBox.pcs))[:]))
	}
	unparkHostStarted(p, uint32(uintptr(unsafe.Pointer(child))))
}

func unparkEnd(gp *g) {
	if unparkBox.idle != 0 && gp.sigcode1 == unparkUser {
		unparkHostEvent(unparkEventEnd, uint32(uintptr(unsafe.Pointer(gp))))
	}
}

// unparkSpares is how many goroutines most tests start at most.
const unparkSpares = 4

var unparkSparesBegun, unparkSparesEnded int

// unparkSpareOne ends after those that begin after it: who ended last is taken first, so those of a run stand in order of creation in allgs.
func unparkSpareOne() {
	unparkSparesBegun++
	after := unparkSpares - unparkSparesBegun
	if after > 0 {
		go unparkSpareOne()
	}
	for unparkSparesEnded < after {
		goschedNoPoint()
	}
	unparkSparesEnded++
}

// unparkSpare lets some goroutines end before the first run: their memory is there for the first ones of each run, which else would
// each take new memory from the heap. The numbers of those that come stay as they are.
func unparkSpare() {
	pp := getg().m.p.ptr()
	cache, end, next := pp.goidcache, pp.goidcacheend, sched.goidgen.Load()
	startingStackSize = 4 * stackMin
	go unparkSpareOne()
	for unparkSparesEnded < unparkSpares {
		goschedNoPoint()
	}
	pp.goidcache, pp.goidcacheend = cache, end
	sched.goidgen.Store(next)
}

// unparkStack sets how much stack the next goroutine starts with: what a handler of net/http comes to need, as long as there are few, for to copy a
// stack twice costs as much as three steps. Many begin as small as anywhere.
func unparkStack() {
	switch {
	case unparkBox.hooks == 0:
	case allglen < 256:
		startingStackSize = 4 * stackMin
	default:
		startingStackSize = stackMin
	}
}
