// Package cases is the table of the native mode: who is blamed, with which verdict. The
// expectations are in src/pipeline/native/native.test.ts, a row for each test here. No network: see ../outside.
package cases

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"sync"
	"testing"
	"time"
)

var (
	forever = make(chan int) // a global: what waits for it is reachable
	initial = make(chan int)
)

func init() { go func() { <-initial }() }

func TestMain(m *testing.M) {
	stop := make(chan struct{})
	go func() { <-stop }() // ended by the teardown, which is over before anybody is blamed
	code := m.Run()
	close(stop)
	go func() { <-make(chan int) }()
	os.Exit(code)
}

func TestLeak(t *testing.T)  { go func() { <-make(chan int) }() }
func TestClean(t *testing.T) { c := make(chan int); go func() { c <- 1 }(); <-c }

func TestParallelLeak(t *testing.T) {
	t.Parallel()
	go func() { <-make(chan int) }()
	time.Sleep(20 * time.Millisecond)
}

func TestParallelClean(t *testing.T) {
	t.Parallel()
	time.Sleep(20 * time.Millisecond)
}

func TestSub(t *testing.T) {
	t.Run("leaks", func(t *testing.T) { go func() { <-make(chan int) }() })
	t.Run("clean", func(t *testing.T) {})
	t.Run("parallel", func(t *testing.T) {
		t.Parallel()
		go func() { <-make(chan int) }()
	})
}

func TestGrandchild(t *testing.T) {
	done := make(chan bool)
	go func() {
		go func() { <-make(chan int) }()
		close(done)
	}()
	<-done
}

func TestCleanupLeaks(t *testing.T) { t.Cleanup(func() { go func() { <-make(chan int) }() }) }

func TestCleanupStops(t *testing.T) {
	c := make(chan int)
	go func() { <-c }()
	t.Cleanup(func() { close(c) })
}

func TestWindsDown(t *testing.T) { go time.Sleep(50 * time.Millisecond) } // within the grace

func TestSkip(t *testing.T) {
	go func() { <-make(chan int) }()
	t.Skip()
}

func TestLabels(t *testing.T) {
	pprof.Do(context.Background(), pprof.Labels("user", "x"), func(context.Context) {
		go func() { <-make(chan int) }()
	})
}

func TestUnlabels(t *testing.T) {
	pprof.SetGoroutineLabels(context.Background())
	go func() { <-make(chan int) }()
}

func TestAfterFunc(t *testing.T) {
	c := make(chan int)
	time.AfterFunc(0, func() { c <- 1 })
	time.Sleep(10 * time.Millisecond)
}

func TestSend(t *testing.T) {
	c := make(chan int)
	go func() { c <- 1 }()
}

// The value lies in the closure that holds the channel, and Go's own collection looks at it (mgc.go,
// setSyncObjectsUntraceable hides sg.c but not sg.elem): Unpark hides it.
func TestSendOfCaptured(t *testing.T) {
	c := make(chan int)
	for i := range 1 {
		go func() { c <- i }()
	}
}

func TestRange(t *testing.T) {
	c := make(chan int)
	go func() {
		for range c {
		}
	}()
}

func TestSelect(t *testing.T) {
	a, b := make(chan int), make(chan int)
	go func() {
		select {
		case <-a:
		case b <- 1:
		}
	}()
}

func TestContext(t *testing.T) {
	ctx, _ := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
}

func TestMutex(t *testing.T) {
	var mu struct {
		sync.Mutex
		next *int // not in the tiny allocator's block
	}
	mu.Lock()
	go mu.Lock()
}

func TestWaitGroup(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { wg.Wait() }()
}

func TestCond(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	go func() { mu.Lock(); c.Wait() }()
}

func TestNil(t *testing.T)           { go func() { var c chan int; <-c }() }
func TestSelectNothing(t *testing.T) { go func() { select {} }() }

func TestGlobal(t *testing.T)  { go func() { <-forever }() }
func TestSleeper(t *testing.T) { go func() { time.Sleep(time.Hour) }() }
func TestDeadline(t *testing.T) {
	ctx, _ := context.WithTimeout(context.Background(), time.Hour)
	go func() { <-ctx.Done() }()
}

func TestTicker(t *testing.T) {
	tick, done := time.NewTicker(time.Hour), make(chan bool)
	go func() {
		for {
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
}

func Example_leaks() {
	go func() { <-make(chan int) }()
	fmt.Println("x")
	// Output: x
}

func BenchmarkLeak(b *testing.B) { go func() { <-make(chan int) }() }

func FuzzLeak(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) { go func() { <-make(chan int) }() })
}
