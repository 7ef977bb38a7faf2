package time

import "unsafe"

//go:linkname unparkLabels runtime/pprof.runtime_getProfLabel
func unparkLabels() unsafe.Pointer

//go:linkname unparkSetLabels runtime/pprof.runtime_setProfLabel
func unparkSetLabels(unsafe.Pointer)

// unparkOwned: what a timer starts belongs to whom the timer belongs. A timer's goroutine inherits no label.
func unparkOwned(f func()) func() {
	labels := unparkLabels()
	if labels == nil || f == nil {
		return f
	}
	return func() {
		unparkSetLabels(labels)
		f()
	}
}
