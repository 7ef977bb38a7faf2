// Row 18. A test that counts goroutines before and after, the way it is often written by hand, fails by the leak of
// the function under test. Unpark needs no such code: it finds the leak in the test that does not count, and tells
// apart which of two parallel tests has left which goroutine, where counting cannot.
package count

import (
	"runtime"
	"testing"
	"time"
)

// outcome: failed
func TestCountsByHand(t *testing.T) {
	before := runtime.NumGoroutine()
	announce("counted")
	time.Sleep(100 * time.Millisecond)
	if after := runtime.NumGoroutine(); after != before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

func TestDoesNotCount(t *testing.T) {
	announce("not counted")
}

func TestParallelOne(t *testing.T) {
	t.Parallel()
	time.Sleep(time.Millisecond)
	announce("one of two")
}

func TestParallelTwo(t *testing.T) {
	t.Parallel()
	announce("two of two")
	announce("two of two again")
}

// verdict: clean
func TestParallelClean(t *testing.T) {
	t.Parallel()
	time.Sleep(time.Millisecond)
}

func announce(text string) {
	news := make(chan string)
	go func() {
		news <- text // want(TestCountsByHand, TestDoesNotCount, TestParallelOne): leaked send-without-receiver x1; want(TestParallelTwo): leaked send-without-receiver x2
	}()
}
