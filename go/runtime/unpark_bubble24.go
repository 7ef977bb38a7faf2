package runtime

const (
	unparkBubbleOffset     = 0
	unparkChanBubbleOffset = 0
	unparkBubbleNowOffset  = 0
)

// unparkBubble: before Go 1.25 synctest is an experiment that is off.
func unparkBubble(gp *g) bool { return false }

// unparkRunTimers runs the timers that are due, and gives the time of the next; 0: none is set.
//
//go:yeswritebarrierrec
func unparkRunTimers(pp *p) int64 {
	_, pollUntil, _ := pp.timers.check(0)
	return pollUntil
}
