package pprof

func unparkShake(on bool)

// UnparkShake makes goroutines give way to each other at random (--stress), or ends that.
func UnparkShake(on bool) { unparkShake(on) }
