package runtime

import "unsafe"

// unparkFileFault is what goes wrong with an operation on a file; 0: nothing. Only where something may go wrong is the
// operation a point.
//
//go:linkname unparkFileFault os.unparkFileFault
func unparkFileFault(op int32) int32 {
	if unparkBox.faults == 0 {
		return 0
	}
	unparkPoint(op, 0, 0, 0)
	return unparkHostFault()
}

// Pipes (go/os/unpark_pipe.go) are waited for as sockets are.

//go:linkname unparkPipePoint os.unparkPipePoint
func unparkPipePoint(op int32, pipe unsafe.Pointer, aux int32) { unparkNetPoint(op, pipe, aux) }

//go:linkname unparkPipeWait os.unparkPipeWait
func unparkPipeWait(op int32, pipe unsafe.Pointer, aux int32, ready *uint32, deadline *int64) {
	unparkNetWait(op, pipe, pipe, aux, ready, deadline)
}

//go:linkname unparkPipeWake os.unparkPipeWake
func unparkPipeWake(pipe unsafe.Pointer) { unparkNetWake(pipe) }

//go:linkname unparkPipeTouch os.unparkPipeTouch
func unparkPipeTouch(pipe unsafe.Pointer) { unparkNetTouch(pipe) }

//go:linkname unparkPipeEffect os.unparkPipeEffect
func unparkPipeEffect(pipe unsafe.Pointer) { unparkNetEffect(pipe) }

//go:linkname unparkPipeExpired os.unparkPipeExpired
func unparkPipeExpired(deadline int64) bool { return unparkNetExpired(deadline) }

//go:linkname unparkPipeNow os.unparkPipeNow
func unparkPipeNow() int64 { return unparkNetNow() }
