package runtime

import "unsafe"

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
	unparkOldTimers()
	gopark(nil, nil, waitReasonZero, traceBlockGeneric, 1)
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
