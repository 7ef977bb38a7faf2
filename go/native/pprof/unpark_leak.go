package pprof

// UnparkLeakGC runs the runtime's leak collection (Go 1.26); false where there is none. GOEXPERIMENT gates only the
// registration of the profile: the collection itself is there.
func UnparkLeakGC() bool {
	unparkHideValues()
	runtime_goroutineLeakGC()
	return true
}

// UnparkOwned: does one of the goroutines of this dump belong to a test?
func UnparkOwned(dump string) bool { return unparkInText(dump) }

// UnparkOwners tells the owners where stacks do not: here they do.
func UnparkOwners() []string { return nil }
