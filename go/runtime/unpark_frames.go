package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	"internal/stringslite"
	"unsafe"
)

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
