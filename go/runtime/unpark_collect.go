package runtime

import "unsafe"

// unparkCollector waits until a run has come to rest, and then tells the host about every goroutine.
var unparkCollector *g

// unparkCollect runs in a goroutine of ours, in a world that is thrown away afterwards.
func unparkCollect() {
	unparkCollector = getg()
	unparkHostEvent(unparkEventCollector, uint32(uintptr(unsafe.Pointer(unparkCollector))))
	gopark(nil, nil, waitReasonZero, traceBlockGeneric, 1)
	if unparkBox.leakGC == 2 {
		unparkFinalize()
		unparkFinalized = true
		unparkBox.leakGC = 1
	}
	if unparkBox.leakGC != 0 && unparkHasLeakGC != 0 {
		unparkDropCached()
		unparkLeakGC()
	}
	unparkBox.leakGC = unparkHasLeakGC
	var pcs [128]uintptr
	forEachG(func(gp *g) {
		status := readgstatus(gp) &^ _Gscan
		if status == _Gdead || isSystemGoroutine(gp, false) {
			return
		}
		n := 0
		systemstack(func() { n = gcallers(gp, 0, pcs[:]) })
		reason := gp.waitreason.String()
		leaked := int32(0)
		if unparkLeaked(status) {
			leaked = 1
		}
		unparkHostGoroutine(uint32(uintptr(unsafe.Pointer(gp))), int32(gp.goid), int32(status),
			unsafe.Pointer(unsafe.StringData(reason)), int32(len(reason)), leaked, int32(gp.parentGoid))
		if pc := unparkOrigin(gp); pc != 0 {
			unparkFrames(pc)
		} else {
			unparkHostFrame(nil, 0, nil, 0, 0)
		}
		unparkHostFrame(nil, 0, nil, 0, -1)
		for _, pc := range pcs[:n] {
			unparkFrames(pc)
		}
	})
	for {
		pc := unparkHostSymbolize()
		if pc == 0 {
			break
		}
		unparkFrames(uintptr(pc))
		unparkHostFrame(nil, 0, nil, 0, -1)
	}
	unparkBox.idle = 1
	gopark(nil, nil, waitReasonZero, traceBlockForever, 1)
}

// unparkFinalize runs the finalizers and cleanups of what nobody refers to any more, and those whom they wake up: some
// libraries stop their workers so (a janitor that ends when its cache is dropped). Nobody is controlled any more. What
// one finalizer lets go the next collection finds: three of them, as for a client that holds a connection that holds a file.
func unparkFinalize() {
	unparkBox.idle = 0
	for range 3 {
		unparkGC()
	}
}

func unparkGC() {
	GC()
	for range 400 { // each turn lets everybody that is runnable go on once
		goschedNoPoint()
	}
}

// unparkCollectNow is a collection that the program asks for: one step, in which nobody is controlled. Who is runnable are the
// collector's goroutines, and those of finalizers and cleanups: the others all stand before a point, or wait. That a benchmark
// begins with one is no wish of the program's.
func unparkCollectNow() {
	var caller [1]uintptr
	if callers(2, caller[:]) == 1 {
		if f := findfunc(caller[0]); f.valid() && funcname(f) == "testing.(*B).runN" {
			return
		}
	}
	unparkStub("runtime.GC")
	unparkCollectUnseen()
}

// unparkFullAt: so many bytes of heap are collected in a run without being asked for. Most runs never come to it. Kept for
// the next time at twice what is left, as GOGC has it.
var unparkFullAt uint64 = unparkFull

const unparkFull = 256 << 20

func unparkIsFull() bool { return gcController.heapLive.Load() >= unparkFullAt }

// unparkCollectFull is called by malloc, as gcStart is, and does nothing where that would not.
func unparkCollectFull() {
	mp := acquirem()
	gp := getg()
	can := gp != mp.g0 && mp.locks <= 1 && mp.preemptoff == "" && gp.sigcode1 == unparkUser
	releasem(mp)
	if !can {
		return
	}
	unparkStub("runtime.gcStart")
	unparkCollectUnseen()
	unparkFullAt = max(unparkFull, 2*gcController.heapLive.Load())
}

func unparkCollectUnseen() {
	hooks, idle := unparkBox.hooks, unparkBox.idle
	unparkBox.hooks, unparkBox.idle = 0, 0
	unparkGC()
	unparkBox.hooks, unparkBox.idle = hooks, idle
}

// unparkFinalized: the finalizers of what nobody refers to have run. Of those that are left each object is held by
// somebody who runs, and is reached that way, or by a stuck goroutine alone: then it never runs. So from now on a
// finalizer keeps nothing alive (gcScanFinalizer would mark all that its object refers to, and gcScanCleanup the
// arguments of a cleanup).
var unparkFinalized bool

// unparkDropCached drops what only the runtime's own tables hold, as the collector would over its next cycles (mgc.go,
// clearpools): the contents of each sync.Pool and, the second time, the pool itself with its New (sync.poolCleanup moves
// them to the victims first). Timers that were stopped stand in the heap of timers until their turn comes (time.go,
// timerZombie), and hold their functions.
func unparkDropCached() {
	systemstack(func() {
		clearpools()
		clearpools()
		for _, pp := range allp {
			lock(&pp.timers.mu)
			pp.timers.adjust(0, true)
			unlock(&pp.timers.mu)
		}
	})
}
