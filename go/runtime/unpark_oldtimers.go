package runtime

import "unsafe"

// unparkOldTimers tells the host of the timers that are set as control begins: they were made as packages were initialized. Only
// where the clock's move fills a timer's channel (GODEBUG asynctimerchan=1, before Go 1.27): else channels know their timers.
func unparkOldTimers() {
	if debug.asynctimerchan.Load() == 0 {
		return
	}
	for _, set := range getg().m.p.ptr().timers.heap {
		unparkHostEvent(unparkEventTimer, uint32(uintptr(unsafe.Pointer(set.timer))))
	}
}
