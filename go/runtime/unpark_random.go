package runtime

import _ "unsafe" // for linkname

// unparkRand is the running goroutine's own random stream (splitmix64, Steele, Lea and Flood 2014): what it draws
// must not depend on the order in which others draw.
//
//go:nosplit
func unparkRand() uint64 {
	gp := getg().m.curg
	if gp == nil {
		return 0x9e3779b97f4a7c15
	}
	gp.racectx += uintptr(0x9e3779b97f4a7c15)
	z := uint64(gp.racectx)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

//go:nosplit
func unparkRandOn() bool { return unparkBox.hooks != 0 }

// unparkChooseRandom asks the host for a value below n, where n is small enough to be explored.
//
//go:linkname unparkChooseRandom math/rand.unparkChooseRandom
func unparkChooseRandom(n int64) (int64, bool) {
	if unparkBox.hooks == 0 || n < 2 || n > 16 {
		return 0, false
	}
	unparkPoint(unparkRandom, 0, int32(n), 0) // no caller: it is math/rand, whose own locks are noise, but not its values
	v := unparkHostRandom(int32(n))
	return int64(v), v >= 0
}

//go:linkname unparkChooseRandomV2 math/rand/v2.unparkChooseRandom
func unparkChooseRandomV2(n int64) (int64, bool) { return unparkChooseRandom(n) }
