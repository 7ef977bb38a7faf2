// Package tiny: locks of 8 bytes without pointers share blocks of 16 with others (malloc.go, mallocgcTiny), so as long as
// one neighbour lives, Go's collection takes them all for reachable: six of GoKer's kernels are missed for that. The
// deep form gives each a block of its own.
package tiny

import (
	"sync"
	"testing"
)

var keep []*int32 // the neighbours

func TestLocks(t *testing.T) {
	for range 16 {
		mu := new(sync.Mutex)
		keep = append(keep, new(int32), new(int32))
		mu.Lock()
		go func() { mu.Lock() }()
	}
}
