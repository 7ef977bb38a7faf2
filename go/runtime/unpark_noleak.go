package runtime

import "unsafe"

// unparkHasLeakGC: before Go 1.26 the runtime has no leak collection.
const unparkHasLeakGC = 0

func unparkLeakGC() {}

func unparkLeaked(status uint32) bool { return false }

// unparkOrigin: where it was started.
func unparkOrigin(gp *g) uintptr { return gp.gopc }

// unparkSetElem says what a sudog waits for.
func unparkSetElem(s *sudog, p unsafe.Pointer) { s.elem = p }
