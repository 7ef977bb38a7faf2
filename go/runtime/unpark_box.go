package runtime

import "unsafe"

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

// What unparkHostState says besides an operation that cannot go on. STATE in src/host/guest/guest-protocol.ts.
const (
	unparkStateOther    = -1 // not stopped at a point
	unparkStateRunnable = -2
	unparkStateNil      = 64 // added to the operation: on a nil channel, or without cases
)

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
