package pprof

import "os"

// UnparkDeep: the runtime itself is changed, too.
const UnparkDeep = false

func unparkValue(owner string) (string, *uint32) { return owner, nil }

// UnparkCollect is the deep form's.
func UnparkCollect(bool, []uint64) []uint64 { return nil }

// UnparkShowLabels makes stacks tell the labels from now on. As the process's last act: it changes its environment.
func UnparkShowLabels() {
	old := os.Getenv("GODEBUG")
	if old != "" {
		old += ","
	}
	os.Setenv("GODEBUG", old+"tracebacklabels=1")
}
