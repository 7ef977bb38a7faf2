// Package slow has a test whose runs compute for some milliseconds each, for measuring how many machines share its schedules
// (bench/queue/queue.mjs).
package slow

import (
	"sync"
	"testing"
)

var sink uint64

// Three goroutines that each take one lock three times: 9!/(3!)^3 = 1,680 schedules. No leak.
func TestSlow(t *testing.T) { slow(1_600_000) }

// The same schedules, six times as long: for what happens every ten seconds.
func TestSlower(t *testing.T) { slow(9_600_000) }

func slow(rounds int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 3 {
				mu.Lock()
				mu.Unlock() //nolint:staticcheck // only the order counts
			}
		}()
	}
	wg.Wait()
	// Behind all choices: what lies before them is computed once, for the host puts the program's state back.
	x := uint64(88172645463325252)
	for range rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink = x
}
