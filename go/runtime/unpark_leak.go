package runtime

import "unsafe"

// unparkHasLeakGC: this Go version can prove that a goroutine is unreachable (goroutineLeakGC, Go 1.26).
const unparkHasLeakGC = 1

func unparkLeakGC() { goroutineLeakGC() }

// unparkSetElem says what a sudog waits for.
func unparkSetElem(s *sudog, p unsafe.Pointer) { s.elem.set(p) }

func unparkLeaked(status uint32) bool { return status == _Gleaked }

// The leak collection marks what a waiting goroutine holds only once that goroutine is known to be able to go on: its
// stack is scanned no sooner. But its g is an object of the heap like others, reached early from the queue of a
// semaphore (semaRoot, sudog.g), and the deferred calls that stand in a loop hang from the g (g._defer): they keep
// alive the WaitGroup or Mutex that the goroutine itself waits for. So they are hidden from marking, by turning the
// pointer's bits over, until the stack is scanned (scanstack looks at them as well).

// unparkHideDefers is called with the world stopped, before the marking of a leak collection.
func unparkHideDefers() {
	forEachGRace(func(gp *g) {
		if gp._defer != nil && readgstatus(gp)&^_Gscan == _Gwaiting {
			unparkTurnDefers(gp)
		}
	})
}

// unparkShowDefers: a user address has its highest bit clear, a turned one has it set.
//
//go:nosplit
//go:nowritebarrierrec
func unparkShowDefers(gp *g) {
	if int64(uintptr(unsafe.Pointer(gp._defer))) < 0 {
		unparkTurnDefers(gp)
	}
}

//go:nosplit
//go:nowritebarrierrec
func unparkTurnDefers(gp *g) {
	slot := (*uintptr)(unsafe.Pointer(&gp._defer))
	*slot = ^*slot
}
