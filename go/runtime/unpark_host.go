package runtime

import "unsafe"

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
