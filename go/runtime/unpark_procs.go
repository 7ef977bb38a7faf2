package runtime

// unparkCPUs is how many processors a program is told of: the fewest at which it does anything side by side. WebAssembly
// has one, and what is sized by it (pools, semaphores) would have a single worker, in which programs hang that natively
// do not, and no order of two workers could be tried. It is the same on every machine.
const unparkCPUs = 2

// unparkAsked is what the program has set; 0: nothing yet.
var unparkAsked int

// unparkProcs is GOMAXPROCS: a number that the program may set and read. It is never below the runtime's own, by which
// sync.Pool counts.
func unparkProcs(n int) int {
	least := int(gomaxprocs)
	old := unparkAsked
	if old == 0 {
		old = max(unparkCPUs, least)
	}
	if n > 0 {
		unparkAsked = max(n, least)
	}
	return old
}
