package sync

import _ "unsafe"

// Operations, as in runtime/unpark.go.
const (
	unparkLock    = 4
	unparkTryLock = 5
	unparkUnlock  = 6
)

// unparkPoint stops before a visible operation until the host lets the goroutine go on.
//
//go:linkname unparkPoint runtime.unparkPoint
func unparkPoint(op int32, obj uintptr, aux int32, pc uintptr)
