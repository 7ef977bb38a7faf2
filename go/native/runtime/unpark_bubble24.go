package runtime

// unparkBubble: before Go 1.25 synctest is an experiment that is off.
func unparkBubble(gp *g) bool { return false }
