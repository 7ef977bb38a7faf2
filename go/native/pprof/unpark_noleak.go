package pprof

import (
	"internal/profilerecord"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// UnparkLeakGC: Go 1.24 and 1.25 have no leak collection.
func UnparkLeakGC() bool { return false }

// UnparkOwned: does a goroutine belong to a test? Here stacks do not tell labels; the profile does.
func UnparkOwned(string) bool { return len(UnparkOwners()) > 0 }

// UnparkOwners: a line for each goroutine that has an owner: "17 TestX<tab>function:line;function:line…", innermost
// frame first, without the runtime's. The reader finds the goroutine of the dump by its stack; of several with the same
// stack it does not matter which is whose.
func UnparkOwners() []string {
	n, _ := pprof_goroutineProfileWithLabels(nil, nil)
	records := make([]profilerecord.StackRecord, n+64)
	labels := make([]unsafe.Pointer, n+64)
	for {
		var ok bool
		if n, ok = pprof_goroutineProfileWithLabels(records, labels); ok {
			break
		}
		records = make([]profilerecord.StackRecord, n+64)
		labels = make([]unsafe.Pointer, n+64)
	}
	var lines []string
	for i := range n {
		set := (*unparkLabels)(labels[i])
		if set == nil || len(set.list) == 0 || set.list[0].key != unparkKey {
			continue
		}
		lines = append(lines, set.list[0].value+"\t"+unparkFrames(records[i].Stack))
	}
	return lines
}

func unparkFrames(stack []uintptr) string {
	var parts []string
	frames := runtime.CallersFrames(stack)
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			parts = append(parts, frame.Function+":"+strconv.Itoa(frame.Line))
		}
		if !more {
			return strings.Join(parts, ";")
		}
	}
}
