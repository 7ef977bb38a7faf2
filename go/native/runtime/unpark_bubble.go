package runtime

// unparkBubble: a goroutine in a testing/synctest bubble (Go 1.25), which has a clock of its own.
func unparkBubble(gp *g) bool { return gp.bubble != nil }
