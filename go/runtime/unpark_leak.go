package runtime

// unparkHasLeakGC: this Go version can prove that a goroutine is unreachable (goroutineLeakGC, Go 1.26).
const unparkHasLeakGC = 1

func unparkLeakGC() { goroutineLeakGC() }

func unparkLeaked(status uint32) bool { return status == _Gleaked }
