package sync

import "unsafe"

// Operations, as in runtime/unpark.go.
const (
	unparkRLock         = 7
	unparkTryRLock      = 8
	unparkRUnlock       = 9
	unparkWLock         = 10
	unparkTryWLock      = 11
	unparkWAcquire      = 12
	unparkWUnlock       = 13
	unparkWGAdd         = 14
	unparkWGWait        = 15
	unparkCondWait      = 16
	unparkCondSignal    = 17
	unparkCondBroadcast = 18
	unparkOnce          = 19
	unparkOnceDone      = 20
	unparkLoad          = 22
	unparkRMW           = 24
)

// unparkPoint stops before a visible operation until the host lets the goroutine go on.
//
//go:linkname unparkPoint runtime.unparkPoint
func unparkPoint(op int32, obj uintptr, aux int32, pc uintptr)

//go:linkname unparkHandOver runtime.unparkHandOver
func unparkHandOver(obj uintptr)

// unparkPooled: x was put into a pool, or got out of it.
func unparkPooled(x any) {
	if x != nil {
		unparkHandOver((*[2]uintptr)(unsafe.Pointer(&x))[1])
	}
}
