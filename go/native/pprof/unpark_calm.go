package pprof

// UnparkShake is --stress's.
func UnparkShake(bool) {}
