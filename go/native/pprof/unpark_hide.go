package pprof

import (
	"runtime"
	"runtime/debug"
	"time"
	"unsafe"
)

// Go's leak collection hides the channel of a goroutine that waits for one (sudog.c), but not the value that it sends
// (sudog.elem), and that may lie in the closure which holds the channel: `go func() { ch <- v }()` with v captured is
// taken for reachable (runtime/mgc.go, setSyncObjectsUntraceable; seen in 1.26 and 1.27). A runtime overlay mends it by
// one line but costs the first build a minute. Here the same is done from outside, just before the process's last
// collection: sudog.elem.vp is cleared; vu, which the channel's code reads, stays; the collection itself restores vp.
//
// H1. Nothing is taken for granted about the layout of g and sudog: it is read off a goroutine of our own that waits
//     for two known channels. Where that does not come out as expected, nothing is changed and the value stays seen.
// H2. Written is only into what was recognised: it begins with its g, and both its pairs (vp, vu) are equal.
// H3. The values stay alive: chansend and selectgo keep them on the stacks that wait (KeepAlive in chan.go).
// H4. No collection follows: the collector is off from here on, and this is an exit hook.

// unparkAllgs is every goroutine that ever was. The linker lets nobody refer to it, except with -checklinkname=0, which
// Unpark adds to -ldflags (src/toolchain/go/go-test.ts).
//
//go:linkname unparkAllgs runtime.allgs
var unparkAllgs []uintptr

type unparkLayout struct{ waiting, channel, link uintptr }

const unparkElem = 3 * 8 // behind g, next and prev

func unparkHideValues() (hidden int) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		return 0
	}
	defer func() { recover() }() // H1: a fault while looking is "not as expected"
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	layout, ok := unparkLearn()
	if !ok {
		return 0
	}
	debug.SetGCPercent(-1)
	for _, g := range unparkAllgs {
		for s, n := unparkWord(g+layout.waiting), 0; s != 0 && n < 1<<16; s, n = unparkWord(s+layout.link), n+1 {
			if unparkWord(s) != g {
				break
			}
			value := unparkWord(s + unparkElem)
			if c := unparkWord(s + layout.channel); c != 0 && c == unparkWord(s+layout.channel+8) && value != 0 && value == unparkWord(s+unparkElem+8) {
				unparkClear(s + unparkElem)
				hidden++
			}
		}
	}
	return hidden
}

// unparkLearn finds the layout in a goroutine that waits in a select for two channels.
func unparkLearn() (unparkLayout, bool) {
	a, b := make(chan uint64), make(chan uint64)
	go func() {
		select {
		case a <- 1:
		case b <- 2:
		}
	}()
	defer func() { <-a }()
	for range 200 {
		if layout, ok := unparkFind(unparkAddress(a), unparkAddress(b)); ok {
			return layout, true
		}
		runtime.Gosched()
		time.Sleep(50 * time.Microsecond)
	}
	return unparkLayout{}, false
}

//go:nocheckptr
func unparkAddress(c chan uint64) uintptr { return *(*uintptr)(unsafe.Pointer(&c)) }

func unparkFind(a, b uintptr) (unparkLayout, bool) {
	all := unparkAllgs
	for i := len(all) - 1; i >= 0; i-- { // ours is young, or in the place of one that has ended
		for off := uintptr(0); off < 640; off += 8 {
			s := unparkWord(all[i] + off)
			if !unparkNear(s, a) || unparkWord(s) != all[i] {
				continue
			}
			for channel := uintptr(unparkElem + 16); channel < 192; channel += 8 {
				first := unparkWord(s + channel)
				if first != a && first != b || unparkWord(s+channel+8) != first {
					continue
				}
				for link := uintptr(unparkElem + 16); link < 192; link += 8 {
					next := unparkWord(s + link)
					if unparkNear(next, a) && next != s && unparkWord(next) == all[i] && unparkWord(next+channel) == a+b-first {
						return unparkLayout{off, channel, link}, true
					}
				}
			}
		}
	}
	return unparkLayout{}, false
}

// unparkNear: might it be a pointer into the heap, not far from a known one?
func unparkNear(p, known uintptr) bool {
	return p%8 == 0 && p != 0 && (p-known < 1<<32 || known-p < 1<<32)
}

//go:nocheckptr
func unparkWord(at uintptr) uintptr { return *(*uintptr)(unsafe.Pointer(at)) }

//go:nocheckptr
func unparkClear(at uintptr) { *(*uintptr)(unsafe.Pointer(at)) = 0 }
