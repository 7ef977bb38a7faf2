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

// So does the coroutine of an iter.Pull that nobody has asked yet, which the g refers to until it begins (g.coroarg).
//
// A goroutine that is parked in a coroutine (its own, or its caller's while that one runs) goes on only if somebody switches
// it: who can get at the coro. From the coro to the g there is no pointer that is traced, and from the g to the coro none
// at all; g.sigpc, which wasm never uses, holds its address.

// unparkInCoro: the leak collection may ask whether it can go on.
func unparkInCoro(gp *g) bool { return gp.waitreason == waitReasonCoroutine && gp.sigpc != 0 }

// unparkNewCoro: of a new coroutine's goroutine, which newcoro's caller (iter.Pull) has just made.
func unparkNewCoro(gp *g, c *coro) {
	gp.sigpc = uintptr(unsafe.Pointer(c))
	callers(3, c.unparkMaker[:]) // behind this one, newcoro and iter.Pull
}

// unparkOrigin: where it was started; a coroutine's in whose code iter.Pull was called.
func unparkOrigin(gp *g) uintptr {
	start := corostart
	if gp.sigpc != 0 && gp.startpc == **(**uintptr)(unsafe.Pointer(&start)) {
		if pc := (*coro)(unsafe.Pointer(gp.sigpc)).unparkMaker[0]; pc != 0 {
			return pc
		}
	}
	return gp.gopc
}

// unparkHideDefers is called with the world stopped, before the marking of a leak collection.
func unparkHideDefers() {
	forEachGRace(func(gp *g) {
		if readgstatus(gp)&^_Gscan != _Gwaiting {
			return
		}
		if gp._defer != nil {
			unparkTurn(unsafe.Pointer(&gp._defer))
		}
		if gp.coroarg != nil {
			unparkTurn(unsafe.Pointer(&gp.coroarg))
		}
	})
}

// unparkShowDefers: a user address has its highest bit clear, a turned one has it set.
//
//go:nosplit
//go:nowritebarrierrec
func unparkShowDefers(gp *g) {
	if int64(uintptr(unsafe.Pointer(gp._defer))) < 0 {
		unparkTurn(unsafe.Pointer(&gp._defer))
	}
	if int64(uintptr(unsafe.Pointer(gp.coroarg))) < 0 {
		unparkTurn(unsafe.Pointer(&gp.coroarg))
		shade(uintptr(unsafe.Pointer(gp.coroarg))) // its g may have been scanned by now
	}
}

//go:nosplit
//go:nowritebarrierrec
func unparkTurn(field unsafe.Pointer) {
	slot := (*uintptr)(field)
	*slot = ^*slot
}
