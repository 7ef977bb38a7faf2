package runtime

import _ "unsafe"

// --stress (src/toolchain/patches/stress-patches.ts): where goroutines meet, and where one starts another, it now and then lets
// the others go first, or comes late. Random as the runtime's own draws are: other in each process.
//
// S1. Only a goroutine of the program, with no lock of the runtime held, may stop.
// S2. In a synctest bubble nobody sleeps: that would move the bubble's clock.
var unparkStress bool

//go:linkname unparkShake runtime/pprof.unparkShake
func unparkShake(on bool) { unparkStress = on }

//go:linkname sync_unparkYield sync.unparkYield
func sync_unparkYield() { unparkYield() }

func unparkYield() {
	if !unparkStress {
		return
	}
	gp := getg()
	if gp != gp.m.curg || gp.m.locks != 0 || isSystemGoroutine(gp, false) {
		return // S1
	}
	switch n := cheaprandn(384); {
	case n < 2 && !unparkBubble(gp): // S2
		timeSleep(1_000 * (1 + int64(cheaprandn(250))))
	case n < 64:
		Gosched()
	}
}
