package rand

import _ "unsafe"

// unparkChooseRandom lets the host choose among the values below n, where they are few.
//
//go:linkname unparkChooseRandom
func unparkChooseRandom(n int64) (int64, bool)
