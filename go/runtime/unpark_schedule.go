package runtime

import (
	"internal/runtime/sys"
	"unsafe"
)

// unparkIdle is asked when no goroutine is runnable.
//
//go:yeswritebarrierrec
func unparkIdle(pollUntil int64) (*g, bool) {
	if unparkBox.idle == 0 {
		return nil, false
	}
	unparkBox.pollUntil = pollUntil
	next := int32(0)
	if unparkBox.more != 0 {
		next = unparkHostIdle()
	}
	if next == 0 { // the step is over
		unparkPause()
		next = unparkBox.wake
	}
	switch next {
	case -1: // the clock has moved: look at the timers
		return nil, true
	case -2: // as without us
		return nil, false
	}
	return (*g)(unsafe.Pointer(uintptr(uint32(next)))), false
}

// unparkNext is the goroutine that the host lets go on, where nothing else could be runnable: findRunnable then need not look
// everywhere first. Else nil.
//
//go:yeswritebarrierrec
func unparkNext() *g {
	if unparkBox.idle == 0 {
		return nil
	}
	pp := getg().m.p.ptr()
	pollUntil := unparkRunTimers(pp)
	if !runqempty(pp) || !sched.runq.empty() || sched.gcwaiting.Load() || pp.runSafePointFn != 0 {
		return nil
	}
	gp, _ := unparkIdle(pollUntil)
	if gp != nil {
		casgstatus(gp, _Gwaiting, _Grunnable)
	}
	return gp // nil: the clock has moved, or the host wants nobody
}

// unparkPause unwinds to the host, which comes back by calling wasm_pc_f_loop: as if this function returned.
//
//go:noinline
func unparkPause() {
	pause(sys.GetCallerSP() - 8)
}

// unparkCase is the select case that the host chose for the running goroutine: -2 means wait in the queues.
func unparkCase() int {
	return int(int32(getg().sigcode0))
}

// unparkSelectOrder stands for cheaprandn in selectgo: it puts the chosen case first. (There, the n-th channel case i
// is swapped to position j of the n so far.)
func unparkSelectOrder(n uint32, i int) uint32 {
	if unparkBox.hooks == 0 {
		return 0
	}
	if unparkCase() == i {
		return 0
	}
	return n - 1
}

// unparkSelectPoll is pass 1 of selectgo: nothing to look at when the goroutine is to wait in the queues, where its
// partner in the same step will find it. After the run, when nobody is controlled, a select that stood before its point waits, too, once:
// one that goes round on what is always ready would never let others go on.
func unparkSelectPoll(order []uint16) []uint16 {
	switch unparkCase() {
	case -2:
		if unparkBox.hooks == 0 {
			getg().sigcode0 = 0
		}
		return nil
	case -3: // it could go on
		getg().sigcode0 = unparkCould
		return nil
	case -4: // somebody has let it go on since
		getg().sigcode0 = 0
	}
	return order
}

const unparkCould = 0xfffffffc // -4, as unparkCase reads it

// unparkCouldGoOn: it waits in its select after the run, and could go on all the same: for the leak collection it is no waiting goroutine.
func unparkCouldGoOn(gp *g) bool {
	return gp.sigcode0 == unparkCould && gp.waitreason == waitReasonSelect
}

//go:nosplit
func goschedNoPoint() { mcall(gosched_m) }
