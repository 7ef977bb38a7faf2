package signal

import (
	"syscall"
	_ "unsafe" // go:linkname
)

// unparkRaised is how a signal comes that the program sends to itself; none comes from outside.
//
//go:linkname unparkRaised syscall.unparkRaised
var unparkRaised func(syscall.Signal) bool

// unparkIgnored: a bit for each signal. The runtime knows of none for wasm (_NSIG is 0).
var unparkIgnored uint64

func unparkIgnore(sig int, ignored bool) {
	unparkIgnored &^= 1 << uint(sig)
	if ignored {
		unparkIgnored |= 1 << uint(sig)
	}
}

func init() {
	unparkRaised = func(sig syscall.Signal) bool {
		handlers.Lock()
		wanted := handlers.ref[signum(sig)] > 0
		handlers.Unlock()
		if wanted {
			go process(sig) // natively another goroutine (loop) is told
			return true
		}
		return signalIgnored(signum(sig))
	}
}
