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
	"internal/runtime/sys"
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
