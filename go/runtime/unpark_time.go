package runtime

import "unsafe"

// unparkSleep is time.Sleep under control: true if it slept.
func unparkSleep(ns int64) bool {
	gp := getg()
	if unparkBox.hooks == 0 || gp.m.locks != 0 || gp.sigcode1 != unparkUser || unparkBubble(gp) {
		return false
	}
	if ns > 0 {
		unparkBox.ns = ns
		unparkPoint(unparkSleepOp, 0, 0, 0)
	}
	return true
}

// unparkPast is when a timer is due that is set into the past: now, or, outside of synctest's bubbles (whose clock may not go back), before all that
// any goroutine reads from the clock.
//
//go:linkname unparkPast time.unparkPast
func unparkPast(now int64) int64 {
	if unparkBox.hooks == 0 || unparkBubble(getg()) {
		return now
	}
	return 1
}

// unparkEpoch is EPOCH of src/control/virtual-time.ts; a test compares them.
const unparkEpoch = 1767225600 * 1e9

// unparkWallTime is walltime1 (os_wasip1.go): seconds since 1970, and nanoseconds.
func unparkWallTime() (sec int64, nsec int32) {
	now := unparkEpoch + int64(unparkHostClock())
	return now / 1e9, int32(now % 1e9)
}

// unparkNewTimer tells the host who made a timer: what it starts later is named after that goroutine.
func unparkNewTimer(t *timer) {
	if unparkBox.hooks != 0 {
		unparkHostEvent(unparkEventTimer, uint32(uintptr(unsafe.Pointer(t))))
	}
}
