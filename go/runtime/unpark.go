// Package runtime, the part that Unpark adds when it builds a program for its host (GOOS=wasip1).
//
// The idea: a goroutine that is about to do a visible operation calls unparkPoint, which tells the host and parks.
// When nothing is runnable any more the scheduler calls unparkIdle (through beforeIdle): there the module pauses, and
// the host decides who goes on. What runs between two points commutes with what others do between theirs, so the
// runtime's own queue order never matters.
//
// Only wasm is meant: one thread, no preemption, so plain loads and stores suffice here.

package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	"internal/stringslite"
	"unsafe"
)

// Operations. The numbers are indices into OPERATIONS of src/model/run/operation.ts; a test compares them.
const (
	unparkSend = iota
	unparkRecv
	unparkClose
	unparkSelect
	unparkLock
	unparkTryLock
	unparkUnlock
	unparkRLock
	unparkTryRLock
	unparkRUnlock
	unparkWLock
	unparkTryWLock
	unparkWAcquire
	unparkWUnlock
	unparkWGAdd
	unparkWGWait
	unparkCondWait
	unparkCondSignal
	unparkCondBroadcast
	unparkOnce
	unparkOnceDone
	unparkSemacquire
	unparkLoad
	unparkStore
	unparkRMW
	unparkYield
	unparkSleepOp
	unparkTimerStop
	unparkTimerReset
	unparkRandom
	unparkNetRead
	unparkNetWrite
	unparkNetRecv
	unparkNetSend
	unparkNetAccept
	unparkNetDial
	unparkNetBind
	unparkNetClose
	unparkNetFin
	unparkNetStop
	unparkNetSet
	unparkNetLook
	unparkFileOpen
	unparkFileWrite
	unparkFileClose
)

// Events that are no choice. The numbers are those of EVENT in src/host/guest/guest-protocol.ts.
const (
	unparkEventMain      = 1  // main returned, or os.Exit was called: a = exit code
	unparkEventTest      = 2  // the selected test is over: a = 1 if it failed
	unparkEventSkip      = 3  // the selected test was skipped
	unparkEventEnd       = 4  // goroutine a has ended
	unparkEventTimer     = 5  // timer a was made
	unparkEventTouch     = 6  // who waits at object a may be able to go on now, or no longer
	unparkEventCollector = 7  // goroutine a is ours: it collects
	unparkEventEffect    = 8  // the operation at hand touches object a, too
	unparkEventHandOver  = 9  // who is running gives object a to who gets it later, or got it
	unparkEventFail      = 11 // who is running fails an assertion: a = 1 if that ends it, and it is not a test's own
	unparkEventRest      = 10 // who is running has waited until all others in its synctest bubble are blocked or have ended
)

//go:wasmimport unpark point
func unparkHostPoint(op int32, gp uint32, obj uint32, aux int32, pc uint32) int32

//go:wasmimport unpark name
func unparkHostName(pc uint32, name unsafe.Pointer, n int32)

//go:wasmimport unpark started
func unparkHostStarted(parent uint32, child uint32)

//go:wasmimport unpark event
func unparkHostEvent(kind int32, a uint32)

//go:wasmimport unpark idle
func unparkHostIdle() int32

//go:wasmimport unpark begin
func unparkHostBegin(box unsafe.Pointer) int32

//go:wasmimport unpark random
func unparkHostRandom(n int32) int32

//go:wasmimport unpark fault
func unparkHostFault() int32

// unparkHostClock is a reading of the clock, in nanoseconds since its zero (src/control/virtual-time.ts): below 2^53.
//
//go:wasmimport unpark clock
func unparkHostClock() float64

//go:wasmimport unpark test
func unparkHostTest(name unsafe.Pointer, n int32)

//go:wasmimport unpark selected
func unparkHostSelected() int32

//go:wasmimport unpark part
func unparkHostPart(to unsafe.Pointer, n int32) int32

//go:wasmimport unpark subtest
func unparkHostSubtest(name unsafe.Pointer, n int32)

//go:wasmimport unpark goroutine
func unparkHostGoroutine(gp uint32, id int32, status int32, reason unsafe.Pointer, n int32, leaked int32, parent int32)

//go:wasmimport unpark frame
func unparkHostFrame(function unsafe.Pointer, fn int32, file unsafe.Pointer, n int32, line int32)

//go:wasmimport unpark state
func unparkHostState(gp uint32) int32

// unparkHostFuel is called by what the host puts into each loop (src/host/guest/instrument.ts), never by Go code in
// earnest: it is imported for that.
//
//go:wasmimport unpark fuel
func unparkHostFuel()

// unparkHostAccess is called, likewise, before the user's functions read or write memory, in a copy of the module that
// looks for data races (src/host/guest/watched-memory.ts).
//
//go:wasmimport unpark access
func unparkHostAccess(address uint32, site int32)

// unparkHostArguments: the n-th frame of the stack that is about to come to a point. pc is its own in callers', argp where its
// arguments lie, info its FUNCDATA_ArgInfo.
//
//go:wasmimport unpark arguments
func unparkHostArguments(n int32, pc uint32, argp uint32, info uint32)

//go:wasmimport unpark symbolize
func unparkHostSymbolize() uint32

//go:wasmimport unpark stub
func unparkHostStub(name unsafe.Pointer, n int32)

// unparkRoom makes the stack grow now, if it must. The cases of a select lie on the stack, and the host is told their address
// as a number: where the stack grew later, on the way to the stop, the host would read what lies in the old one. In unpark_wasm.s.
func unparkRoom()

// unparkStub is called by every function that answers ENOSYS for want of its own code (go/borrow).
//
//go:linkname unparkStub
func unparkStub(name string) {
	unparkHostStub(unsafe.Pointer(unsafe.StringData(name)), int32(len(name)))
}

// unparkHandOver: who put obj into a pool did all that it did with it before who gets it does anything. Where data races
// are looked for only: for the search it is no operation (who gets which of two equal objects is no choice).
//
//go:linkname unparkHandOver
func unparkHandOver(obj uintptr) {
	if unparkBox.watched != 0 {
		unparkHostEvent(unparkEventHandOver, uint32(obj))
	}
}

// unparkRest: synctest.Wait and the end of a bubble come after all that the others in it did (raceacquireg in
// runtime/synctest.go). Where data races are not looked for nobody asks.
func unparkRest() {
	if unparkBox.watched != 0 {
		unparkHostEvent(unparkEventRest, 0)
	}
}

// unparkBox is what the host reads and writes in our memory without a call. Its layout is that of BOX in
// src/host/guest/guest-protocol.ts. The host never keeps a pointer of ours over a step, except those of g's, which are never freed.
type unparkBoxT struct {
	hooks     uint32 // 1: points are seen by the host
	idle      uint32 // 1: the host decides what runs when nothing is runnable
	trace     uint32 // 1: points put their callers into pcs; 2: and tell what these were called with
	npcs      uint32
	pollUntil int64  // time of the runtime's next timer; 0: none
	ns        int64  // a sleep's length
	timer     uint32 // the timer whose function runs on the system stack
	leakGC    uint32 // 1: the collector proves leaks by the runtime's collection; 2: it lets finalizers run before
	faults    uint32 // 1: something may go wrong in this run: operations on files are points (unpark_file.go)
	watched   uint32 // 1: data races are looked for: what passes through a sync.Pool is reported
	late      uint32 // 1: the clock has moved since the test was over
	passes    uint32 // so many operations that need not wait may be done without asking (unparkPassesUnasked)
	passed    uint32 // of these, locks and wait groups in touched
	acted     uint32 // 1: one of these did more than look; 2: on a channel
	wake      int32  // who goes on after a pause; -1: the clock has moved
	more      uint32 // 1: others go on in the same step, whom the host names when nothing is runnable
	touched   [64]uint32
	channels  [64]uint32 // at which channels somebody stands, a bit for each (unparkStands)
	pcs       [64]uint64

	// Where fields are, so that the host reads objects as this Go version lays them out.
	chanQcount, chanDataqsiz, chanClosed, chanTimer, chanRecvq, chanSendq uint32
	timerWhen                                                             uint32
	scaseSize                                                             uint32
	gGoid, gM, gCase, gSeed, mCurg                                        uint32
	timeTimer                                                             uint32 // offset of timer in timeTimer
	bloc                                                                  uint32 // address of the break
	mutable                                                               uint32 // address of the first data that is ever written
	gBubble                                                               uint32 // 0: this version has no bubbles
	timerIsFake                                                           uint32
	gGopc, gStartpc                                                       uint32
	timerArg                                                              uint32 // offset of the pointer in what a timer's function is given
	gSched                                                                uint32 // offset of the stack pointer of a goroutine that does not run
	heap                                                                  uint32 // address behind the last variable: the heap's objects lie there
	chanBubble, bubbleNow                                                 uint32 // of no use where gBubble is 0
}

var unparkBox unparkBoxT

// unparkCollector waits until a run has come to rest, and then tells the host about every goroutine.
var unparkCollector *g

// Three fields of g that wasm never uses carry what belongs to a goroutine: racectx (race detector) the state of its
// random stream, sigcode0 (signals) the select case that the host chose, sigcode1 whether it is a user's.
const unparkUser = 1

// The host keeps a table of callers whose atomics are no choice in this program: it need not hear of them. It lies behind the
// map of written pages (src/host/guest/dirty-pages.ts), where no copy of memory takes it back. A map's lookup is some twenty of them.
const unparkPassing = 8192

func unparkPasses(pc uintptr) bool {
	known := (*uint32)(add(nil, unparkPassing+4*uintptr(uint32(pc)*0x9e3779b1>>22)))
	return pc != 0 && *known == uint32(pc)
}

// unparkPoint stops before a visible operation until the host lets the goroutine go on. pc is the operation's caller.
// sync, internal/sync, sync/atomic and testing call it under its name here: as a frame of the runtime it is shown in no
// stack that the program prints (traceback.go, showframe).
//
//go:linkname unparkPoint
func unparkPoint(op int32, obj uintptr, aux int32, pc uintptr) {
	if unparkBox.hooks == 0 || uint32(op-unparkLoad) <= unparkRMW-unparkLoad && unparkPasses(pc) {
		return
	}
	gp := getg()
	if gp == gp.m.g0 || gp.sigcode1 != unparkUser || gp.m.locks != 0 || gp.m.mallocing != 0 {
		return
	}
	if unparkBox.passes != 0 && unparkPassesUnasked(op, obj, aux) {
		return
	}
	if unparkBox.trace != 0 {
		unparkBox.npcs = uint32(callers(2, (*[64]uintptr)(unsafe.Pointer(&unparkBox.pcs))[:]))
		if unparkBox.trace == 2 {
			unparkArguments()
		}
	}
	for {
		switch unparkHostPoint(op, uint32(uintptr(unsafe.Pointer(gp))), uint32(obj), aux, uint32(pc)) {
		case 0:
			unparkStop(gp)
			return
		case 2: // the host does not know this caller yet
			name := funcname(findfunc(pc))
			unparkHostName(uint32(pc), unsafe.Pointer(unsafe.StringData(name)), int32(len(name)))
		case 3: // the caller is sync.(*Mutex).Lock itself, which is not inlined in large functions (cmd/compile/internal/inline, inlineBigFunctionNodes)
			pc = unparkOutsideSync(sys.GetCallerSP(), sys.GetCallerPC(), pc)
		default:
			return
		}
	}
}

// unparkStop parks who has come to a point. Most switch to who comes next without asking the scheduler, which would look in five places.
func unparkStop(gp *g) {
	if unparkBubble(gp) || traceEnabled() {
		gopark(nil, nil, waitReasonZero, traceBlockGeneric, 4)
		return
	}
	gp.waitreason = waitReasonZero
	mcall(unparkSwitch)
}

// unparkSwitch is park_m and schedule, on g0, for a goroutine that nobody follows and nothing is to be unlocked for.
func unparkSwitch(gp *g) {
	casgstatus(gp, _Grunning, _Gwaiting)
	dropg()
	if next := unparkNext(); next != nil {
		execute(next, false)
	}
	schedule()
}

// unparkPassesUnasked: in a natural run that is too long to be shown, a goroutine does a number of operations without asking,
// each of which need not wait, as the host would find by looking at the same memory (canGoOn in src/host/guest/guest-operations.ts).
// What others may wait for is noted: the host looks at them when the goroutine asks next (src/host/run/step/unasked-passes.ts).
func unparkPassesUnasked(op int32, obj uintptr, aux int32) bool {
	b := &unparkBox
	word := (*int32)(unsafe.Pointer(obj)) // a Mutex's state, a Once's done; an RWMutex begins with a Mutex
	switch op {
	case unparkLoad:
		b.passes--
		return true
	case unparkOnce:
		if *word == 0 {
			return false
		}
		b.passes--
		return true
	case unparkStore, unparkRMW:
		b.passes--
		b.acted |= 1
		return true
	case unparkLock, unparkTryLock, unparkWLock:
		if *word&1 != 0 {
			return false
		}
	case unparkRLock:
		if *(*int32)(add(unsafe.Pointer(obj), unparkReaderCount)) < 0 {
			return false
		}
	case unparkWAcquire:
		if aux == 0 {
			return false
		}
	case unparkSend, unparkRecv:
		if !unparkChannelGoesOn(op, (*hchan)(unsafe.Pointer(obj))) {
			return false
		}
	case unparkUnlock, unparkRUnlock, unparkWUnlock, unparkWGAdd:
	default:
		return false
	}
	if b.passed == 0 || b.touched[b.passed-1] != uint32(obj) {
		if b.passed == uint32(len(b.touched)) {
			return false // no room
		}
		b.touched[b.passed] = uint32(obj)
		b.passed++
	}
	b.passes--
	b.acted |= 1
	if op == unparkSend || op == unparkRecv {
		b.acted |= 2
	}
	return true
}

// unparkChannelGoesOn: there is room, or a value, and nobody waits for that. Who stands at a channel waits for a value if there is none, and for
// room if it is full.
func unparkChannelGoesOn(op int32, c *hchan) bool {
	if c == nil || c.timer != nil || c.recvq.first != nil || c.sendq.first != nil {
		return false
	}
	if op == unparkSend {
		return c.closed == 0 && c.qcount < c.dataqsiz && (c.qcount > 0 || !unparkStands(c))
	}
	return c.qcount > 0 && (c.qcount < c.dataqsiz || !unparkStands(c))
}

// unparkStands: somebody stands at the channel, or at one with the same bit (src/host/run/pending/channel-bits.ts).
func unparkStands(c *hchan) bool {
	bit := uint32(uintptr(unsafe.Pointer(c))) * 0x9e3779b1 >> 21
	return unparkBox.channels[bit>>5]>>(bit&31)&1 != 0
}

// unparkReaderCount is where readerCount lies in a sync.RWMutex: SYNC in src/host/guest/guest-objects.ts.
const unparkReaderCount = 16

// unparkPolls is where a receive that does not wait comes from, until chanrecv has asked.
var unparkPolls uintptr

func unparkPoller() uintptr {
	pc := unparkPolls
	unparkPolls = 0
	return pc
}

// unparkArguments tells the host of each function on the stack where what it was called with lies (printArgs, traceback.go).
func unparkArguments() {
	gp, pc, sp := getg(), sys.GetCallerPC(), sys.GetCallerSP()
	systemstack(func() {
		var u unwinder
		n := int32(0)
		for u.initAt(pc, sp, 0, gp, unwindSilentErrors); u.valid(); u.next() {
			own := uintptr(0) // behind what was inlined into it
			for iu, uf := newInlineUnwinder(u.frame.fn, u.symPC()); uf.valid(); uf = iu.next(uf) {
				own = uf.pc + 1
			}
			info := funcdata(u.frame.fn, abi.FUNCDATA_ArgInfo)
			unparkHostArguments(n, uint32(own), uint32(u.frame.argp), uint32(uintptr(info)))
			n++
		}
	})
}

// unparkOutsideSync is the return address of what called into package sync: of the third frame from internal/sync's on, whose own return
// address is pc, or of the fourth where that is the runtime's (a deferred unlock). 0: neither. sp and own: of who called unparkPoint. The stack is
// read, not walked: that costs some twenty times as much, and net/http does it at each second lock.
func unparkOutsideSync(sp, own, pc uintptr) uintptr {
	f := findfunc(own)
	for frame := 1; f.valid() && frame <= 3; {
		sp += uintptr(funcspdelta(f, own))
		own = *(*uintptr)(unsafe.Pointer(sp))
		sp += unsafe.Sizeof(own)
		if frame == 1 && own != pc {
			break
		}
		f = findfunc(own)
		if f.valid() && f.funcID == abi.FuncIDWrapper { // shown in no stack (traceback.go, tracebackPCs)
			continue
		}
		if frame++; frame > 2 && unparkIsOutside(funcname(f)) {
			return own
		}
	}
	return 0
}

func unparkIsOutside(name string) bool {
	return name != "" && !stringslite.HasPrefix(name, "sync.") && !stringslite.HasPrefix(name, "internal/sync.") && !stringslite.HasPrefix(name, "runtime.")
}

// unparkShownState is what runtime.Stack says of a goroutine that is stopped at a point: what it would say natively, where
// a goroutine that can go on has not stopped at all, and one that cannot waits inside of the operation. (The goroutine
// itself keeps waitReasonZero: for the leak collection it is one that may run.)
//
//go:nowritebarrierrec
func unparkShownState(gp *g, status string) string {
	if unparkBox.hooks == 0 || gp.waitreason != waitReasonZero {
		return status
	}
	state := unparkHostState(uint32(uintptr(unsafe.Pointer(gp))))
	reason := waitReasonZero
	switch state {
	case unparkStateOther:
		return status
	case unparkStateRunnable:
		return gStatusStrings[_Grunnable]
	case unparkSend:
		reason = waitReasonChanSend
	case unparkRecv:
		reason = waitReasonChanReceive
	case unparkSelect:
		reason = waitReasonSelect
	case unparkStateNil + unparkSend:
		reason = waitReasonChanSendNilChan
	case unparkStateNil + unparkRecv:
		reason = waitReasonChanReceiveNilChan
	case unparkStateNil + unparkSelect:
		reason = waitReasonSelectNoCases
	case unparkLock, unparkOnce:
		reason = waitReasonSyncMutexLock
	case unparkRLock:
		reason = waitReasonSyncRWMutexRLock
	case unparkWLock, unparkWAcquire:
		reason = waitReasonSyncRWMutexLock
	case unparkWGWait:
		reason = waitReasonSyncWaitGroupWait
	case unparkCondWait:
		reason = waitReasonSyncCondWait
	case unparkSemacquire:
		reason = waitReasonSemacquire
	case unparkSleepOp:
		reason = waitReasonSleep
	case unparkNetRead, unparkNetWrite, unparkNetRecv, unparkNetSend, unparkNetAccept:
		reason = waitReasonIOWait
	default:
		return gStatusStrings[_Grunnable]
	}
	return reason.String()
}

// What unparkHostState says besides an operation that cannot go on. STATE in src/host/guest/guest-protocol.ts.
const (
	unparkStateOther    = -1 // not stopped at a point
	unparkStateRunnable = -2
	unparkStateNil      = 64 // added to the operation: on a nil channel, or without cases
)

// unparkIdle is asked when no goroutine is runnable.
//
//go:yeswritebarrierrec
func unparkIdle(pollUntil int64) (*g, bool) {
	if unparkBox.idle == 0 {
		return nil, false
	}
	unparkBox.pollUntil = pollUntil
	next := int32(0)
	if unparkBox.more != 0 {
		next = unparkHostIdle()
	}
	if next == 0 { // the step is over
		unparkPause()
		next = unparkBox.wake
	}
	switch next {
	case -1: // the clock has moved: look at the timers
		return nil, true
	case -2: // as without us
		return nil, false
	}
	return (*g)(unsafe.Pointer(uintptr(uint32(next)))), false
}

// unparkNext is the goroutine that the host lets go on, where nothing else could be runnable: findRunnable then need not look
// everywhere first. Else nil.
//
//go:yeswritebarrierrec
func unparkNext() *g {
	if unparkBox.idle == 0 {
		return nil
	}
	pp := getg().m.p.ptr()
	pollUntil := unparkRunTimers(pp)
	if !runqempty(pp) || !sched.runq.empty() || sched.gcwaiting.Load() || pp.runSafePointFn != 0 {
		return nil
	}
	gp, _ := unparkIdle(pollUntil)
	if gp != nil {
		casgstatus(gp, _Gwaiting, _Grunnable)
	}
	return gp // nil: the clock has moved, or the host wants nobody
}

// unparkPause unwinds to the host, which comes back by calling wasm_pc_f_loop: as if this function returned.
//
//go:noinline
func unparkPause() {
	pause(sys.GetCallerSP() - 8)
}

// unparkCase is the select case that the host chose for the running goroutine: -2 means wait in the queues.
func unparkCase() int {
	return int(int32(getg().sigcode0))
}

// unparkSelectOrder stands for cheaprandn in selectgo: it puts the chosen case first. (There, the n-th channel case i
// is swapped to position j of the n so far.)
func unparkSelectOrder(n uint32, i int) uint32 {
	if unparkBox.hooks == 0 {
		return 0
	}
	if unparkCase() == i {
		return 0
	}
	return n - 1
}

// unparkSelectPoll is pass 1 of selectgo: nothing to look at when the goroutine is to wait in the queues, where its
// partner in the same step will find it.
func unparkSelectPoll(order []uint16) []uint16 {
	if unparkBox.hooks != 0 && unparkCase() == -2 {
		return nil
	}
	return order
}

// unparkSleep is time.Sleep under control: true if it slept.
func unparkSleep(ns int64) bool {
	gp := getg()
	if unparkBox.hooks == 0 || gp.m.locks != 0 || gp.sigcode1 != unparkUser || unparkBubble(gp) {
		return false
	}
	if ns > 0 {
		unparkBox.ns = ns
		unparkPoint(unparkSleepOp, 0, 0, 0)
	}
	return true
}

// unparkPast is when a timer is due that is set into the past: now, or, outside of synctest's bubbles (whose clock may not go back), before all that
// any goroutine reads from the clock.
//
//go:linkname unparkPast time.unparkPast
func unparkPast(now int64) int64 {
	if unparkBox.hooks == 0 || unparkBubble(getg()) {
		return now
	}
	return 1
}

// unparkEpoch is EPOCH of src/control/virtual-time.ts; a test compares them.
const unparkEpoch = 1767225600 * 1e9

// unparkWallTime is walltime1 (os_wasip1.go): seconds since 1970, and nanoseconds.
func unparkWallTime() (sec int64, nsec int32) {
	now := unparkEpoch + int64(unparkHostClock())
	return now / 1e9, int32(now % 1e9)
}

// unparkNewTimer tells the host who made a timer: what it starts later is named after that goroutine.
func unparkNewTimer(t *timer) {
	if unparkBox.hooks != 0 {
		unparkHostEvent(unparkEventTimer, uint32(uintptr(unsafe.Pointer(t))))
	}
}

// unparkGo tells the host of a new goroutine, whose name follows from its parent's.
func unparkGo(parent, child *g) {
	child.sigcode1 = 0
	if unparkBox.idle == 0 || isSystemGoroutine(child, false) {
		return
	}
	child.sigcode1 = unparkUser
	p := uint32(uintptr(unsafe.Pointer(parent)))
	if parent == parent.m.g0 {
		p = 0
	}
	unparkHostStarted(p, uint32(uintptr(unsafe.Pointer(child))))
}

func unparkEnd(gp *g) {
	if unparkBox.idle != 0 && gp.sigcode1 == unparkUser {
		unparkHostEvent(unparkEventEnd, uint32(uintptr(unsafe.Pointer(gp))))
	}
}

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

// unparkMain is called before main.main. A main program is controlled from here; a test binary from unparkTests.
func unparkMain() {
	unparkHostFuel() // or the linker would leave the import out
	unparkHostAccess(0, 0)
	go unparkCollect()
	for unparkCollector == nil {
		goschedNoPoint()
	}
	if unparkHostBegin(unsafe.Pointer(&unparkBox)) != 0 {
		unparkControl()
	}
}

// unparkControl makes the host the scheduler, from the calling goroutine's next step on.
func unparkControl() {
	unparkSpare()
	self := getg()
	forEachG(func(gp *g) {
		if gp != self && readgstatus(gp) != _Gdead && !isSystemGoroutine(gp, false) {
			gp.sigcode1 = unparkUser
			unparkHostStarted(0, uint32(uintptr(unsafe.Pointer(gp))))
		}
	})
	self.sigcode1 = unparkUser
	unparkHostStarted(0xffffffff, uint32(uintptr(unsafe.Pointer(self))))
	unparkBox.hooks = 1
	unparkBox.idle = 1
	gopark(nil, nil, waitReasonZero, traceBlockGeneric, 1)
}

// unparkSpares is how many goroutines most tests start at most.
const unparkSpares = 4

var unparkSparesBegun, unparkSparesEnded int

// unparkSpareOne ends after those that begin after it: who ended last is taken first, so those of a run stand in order of creation in allgs.
func unparkSpareOne() {
	unparkSparesBegun++
	after := unparkSpares - unparkSparesBegun
	if after > 0 {
		go unparkSpareOne()
	}
	for unparkSparesEnded < after {
		goschedNoPoint()
	}
	unparkSparesEnded++
}

// unparkSpare lets some goroutines end before the first run: their memory is there for the first ones of each run, which else would
// each take new memory from the heap. The numbers of those that come stay as they are.
func unparkSpare() {
	pp := getg().m.p.ptr()
	cache, end, next := pp.goidcache, pp.goidcacheend, sched.goidgen.Load()
	startingStackSize = 4 * stackMin
	go unparkSpareOne()
	for unparkSparesEnded < unparkSpares {
		goschedNoPoint()
	}
	pp.goidcache, pp.goidcacheend = cache, end
	sched.goidgen.Store(next)
}

// unparkStack sets how much stack the next goroutine starts with: what a handler of net/http comes to need, as long as there are few, for to copy a
// stack twice costs as much as three steps. Many begin as small as anywhere.
func unparkStack() {
	switch {
	case unparkBox.hooks == 0:
	case allglen < 256:
		startingStackSize = 4 * stackMin
	default:
		startingStackSize = stackMin
	}
}

// unparkMainReturned: the scope of a main program is over. Its goroutine stops here for good; the others go on until
// they have come to rest.
func unparkMainReturned(code int) {
	if unparkBox.hooks == 0 {
		return
	}
	unparkHostEvent(unparkEventMain, uint32(code))
	gopark(nil, nil, waitReasonZero, traceBlockForever, 1)
}

//go:linkname unparkIsLate testing.unparkIsLate
func unparkIsLate() bool { return unparkBox.late != 0 }

//go:linkname unparkTestOver testing.unparkTestOver
func unparkTestOver(failed bool) {
	if unparkBox.hooks == 0 {
		return
	}
	a := uint32(0)
	if failed {
		a = 1
	}
	unparkHostEvent(unparkEventTest, a)
	gopark(nil, nil, waitReasonZero, traceBlockForever, 1)
}

//go:linkname unparkTestSkipped testing.unparkTestSkipped
func unparkTestSkipped() { unparkHostEvent(unparkEventSkip, 0) }

//go:linkname unparkTestFailed testing.unparkTestFailed
func unparkTestFailed() {
	if unparkBox.hooks != 0 {
		unparkHostEvent(unparkEventFail, 0)
	}
}

// unparkTestCutOff: FailNow ends the goroutine that calls it. A test's own is started in testing, and its end is the test's.
//
//go:linkname unparkTestCutOff testing.unparkTestCutOff
func unparkTestCutOff() {
	const own = "testing."
	started := funcname(findfunc(getg().startpc))
	if unparkBox.hooks != 0 && (len(started) < len(own) || started[:len(own)] != own) {
		unparkHostEvent(unparkEventFail, 1)
	}
}

//go:linkname unparkTestName testing.unparkTestName
func unparkTestName(name string) {
	unparkHostTest(unsafe.Pointer(unsafe.StringData(name)), int32(len(name)))
}

// unparkTestSelect takes control before the tests of a package; what it returns after a restore is the program to run:
// its number, and the subtest that it is, whose full name is written to part. Its length is -1-length where the subtests
// of that are to be listed and none is to be run.
//
//go:linkname unparkTestSelect testing.unparkTestSelect
func unparkTestSelect(part []byte) (program, length int) {
	unparkControl()
	return int(unparkHostSelected()), int(unparkHostPart(unsafe.Pointer(unsafe.SliceData(part)), int32(len(part))))
}

//go:linkname unparkSubtestName testing.unparkSubtestName
func unparkSubtestName(name string) {
	unparkHostSubtest(unsafe.Pointer(unsafe.StringData(name)), int32(len(name)))
}

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

// unparkFrames tells the host the source lines of a return address, innermost inlined function first.
func unparkFrames(pc uintptr) {
	one := make([]uintptr, 1)
	one[0] = pc
	frames := CallersFrames(one)
	for {
		f, more := frames.Next()
		unparkHostFrame(unsafe.Pointer(unsafe.StringData(f.Function)), int32(len(f.Function)),
			unsafe.Pointer(unsafe.StringData(f.File)), int32(len(f.File)), int32(f.Line))
		if !more {
			return
		}
	}
}

//go:nosplit
func goschedNoPoint() { mcall(gosched_m) }

func init() {
	b := &unparkBox
	var c hchan
	b.chanQcount = uint32(unsafe.Offsetof(c.qcount))
	b.chanDataqsiz = uint32(unsafe.Offsetof(c.dataqsiz))
	b.chanClosed = uint32(unsafe.Offsetof(c.closed))
	b.chanTimer = uint32(unsafe.Offsetof(c.timer))
	b.chanRecvq = uint32(unsafe.Offsetof(c.recvq))
	b.chanSendq = uint32(unsafe.Offsetof(c.sendq))
	b.timerWhen = uint32(unsafe.Offsetof((*timer)(nil).when))
	b.scaseSize = uint32(unsafe.Sizeof(scase{}))
	b.gGoid = uint32(unsafe.Offsetof((*g)(nil).goid))
	b.gM = uint32(unsafe.Offsetof((*g)(nil).m))
	b.gCase = uint32(unsafe.Offsetof((*g)(nil).sigcode0))
	b.gSeed = uint32(unsafe.Offsetof((*g)(nil).racectx))
	b.mCurg = uint32(unsafe.Offsetof((*m)(nil).curg))
	b.timeTimer = uint32(unsafe.Offsetof((*timeTimer)(nil).timer))
	b.bloc = uint32(uintptr(unsafe.Pointer(&bloc)))
	b.mutable = uint32(firstmoduledata.noptrdata)
	b.gBubble = unparkBubbleOffset
	b.timerIsFake = uint32(unsafe.Offsetof((*timer)(nil).isFake))
	b.gGopc = uint32(unsafe.Offsetof((*g)(nil).gopc))
	b.gStartpc = uint32(unsafe.Offsetof((*g)(nil).startpc))
	b.timerArg = uint32(unsafe.Offsetof((*timer)(nil).arg) + unsafe.Offsetof(eface{}.data))
	b.gSched = uint32(unsafe.Offsetof((*g)(nil).sched))
	b.heap = uint32(firstmoduledata.end)
	b.chanBubble, b.bubbleNow = unparkChanBubbleOffset, unparkBubbleNowOffset
}
