package runtime

import _ "unsafe" // go:linkname

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
