package runtime

const (
	unparkBubbleOffset     = 0
	unparkChanBubbleOffset = 0
	unparkBubbleNowOffset  = 0
)

// unparkBubble: before Go 1.25 synctest is an experiment that is off.
func unparkBubble(gp *g) bool { return false }
