// Package each: what outlives its test but not the process is seen only by a look at each test's end (--each).
package each

import (
	"testing"
	"time"
)

var release = make(chan bool)

func TestOutlives(t *testing.T) { go func() { <-release }() }
func TestClean(t *testing.T)    {}
func TestReleases(t *testing.T) { close(release) }

// TestParallel's goroutines belong to its subtests, which end before they do.
func TestParallel(t *testing.T) {
	for range 50 {
		t.Run("sub", func(t *testing.T) {
			t.Parallel()
			done := make(chan bool)
			go func() { time.Sleep(time.Millisecond); close(done) }()
			<-done
		})
	}
}
