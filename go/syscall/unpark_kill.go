//go:build wasip1

package syscall

import _ "unsafe" // go:linkname

// unparkRaised is set by package os/signal, where a program has it: whether somebody was told of the signal, or it is ignored.
//
//go:linkname unparkRaised
var unparkRaised func(Signal) bool

// unparkKill: a program may send signals to itself. Those that nobody asked for do what they do on Linux (signal(7)).
func unparkKill(pid int, sig Signal) error {
	if pid > 0 && pid != Getpid() {
		return ESRCH
	}
	if sig == 0 || unparkRaised != nil && sig != SIGKILL && sig != SIGSTOP && unparkRaised(sig) {
		return nil
	}
	switch sig {
	case SIGCHLD, SIGCONT, SIGURG, SIGWINCH:
		return nil
	}
	ProcExit(128 + int32(sig))
	return nil
}
