package runtime

import "unsafe"

const (
	unparkBubbleOffset     = uint32(unsafe.Offsetof((*g)(nil).bubble))
	unparkChanBubbleOffset = uint32(unsafe.Offsetof((*hchan)(nil).bubble))
	unparkBubbleNowOffset  = uint32(unsafe.Offsetof((*synctestBubble)(nil).now))
)

// unparkBubble: a goroutine in a testing/synctest bubble (Go 1.25), which has a clock of its own.
func unparkBubble(gp *g) bool { return gp.bubble != nil }

// unparkRunTimers runs the timers that are due, and gives the time of the next; 0: none is set.
//
//go:yeswritebarrierrec
func unparkRunTimers(pp *p) int64 {
	_, pollUntil, _ := pp.timers.check(0, nil)
	return pollUntil
}
