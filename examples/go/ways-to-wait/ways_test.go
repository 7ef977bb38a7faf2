// Each way in which a goroutine can wait, alone: with nobody left who could end the wait, and beside it programs that
// look alike and leave nobody behind.
package waits

import (
	"bufio"
	"context"
	"io"
	"iter"
	"net"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSelectWithoutCases(t *testing.T) {
	go func() {
		select {} // want: leaked select-without-cases x1
	}()
}

func TestSelectOfNil(t *testing.T) {
	var nothing chan int
	go func() {
		select { // want: leaked nil-channel x1
		case <-nothing:
		case nothing <- 1:
		}
	}()
}

func TestCondNeverSignalled(t *testing.T) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		changed.Wait() // want: leaked cond-never-signalled x1
		mu.Unlock()
	}()
}

// The signal is sent without the lock, and before there is anything to see: it may come before the wait begins.
func TestCondSignalledTooEarly(t *testing.T) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	ready := false
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for !ready {
			changed.Wait() // want: leaked cond-never-signalled x1
		}
	}()
	changed.Signal()
	mu.Lock()
	defer mu.Unlock()
	ready = true
}

func TestReadLockBehindWriter(t *testing.T) {
	var mu sync.RWMutex
	mu.Lock()
	go func() {
		mu.RLock() // want: leaked mutex-never-unlocked x1
	}()
}

func TestWriteLockBehindReader(t *testing.T) {
	var mu sync.RWMutex
	mu.RLock()
	go func() {
		mu.Lock() // want: leaked mutex-never-unlocked x1
	}()
}

func TestLockOfOneThatPanicked(t *testing.T) {
	var mu sync.Mutex
	func() {
		defer func() { _ = recover() }()
		mu.Lock()
		panic("before the unlock")
	}()
	go func() {
		mu.Lock() // want: leaked mutex-never-unlocked x1
	}()
}

func TestWaitGroupWithoutDone(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Wait() // want: leaked waitgroup-mismatch x1
	}()
}

func TestOnceWithinItself(t *testing.T) {
	go func() {
		var once sync.Once
		once.Do(func() {
			once.Do(func() {}) // want: leaked recursive-lock x1
		})
	}()
}

func TestStoppedTimer(t *testing.T) {
	timer := time.NewTimer(time.Second)
	timer.Stop()
	go func() {
		<-timer.C // want: leaked receive-without-sender x1
	}()
}

func TestStoppedTicker(t *testing.T) {
	ticker := time.NewTicker(time.Second)
	ticker.Stop()
	go func() {
		for range ticker.C { // want: leaked range-never-closed x1
		}
	}()
}

func TestBackgroundContext(t *testing.T) {
	go func() {
		<-context.Background().Done() // want: leaked missing-cancel x1
	}()
}

func TestContextWithoutCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	go func() {
		<-ctx.Done() // want: leaked missing-cancel x1
	}()
}

// verdict: clean
func TestContextWithTimeout(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	_ = cancel
	go func() { <-ctx.Done() }()
}

// verdict: clean
func TestContextOfTest(t *testing.T) {
	go func() { <-t.Context().Done() }()
}

func TestPipeWithoutWriter(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		lines := bufio.NewScanner(r)
		for lines.Scan() { // want: leaked resource-not-closed x1
		}
	}()
	_, _ = io.WriteString(w, "one\n")
}

func TestConnectionWithoutPeer(t *testing.T) {
	near, _ := net.Pipe()
	go func() {
		_, _ = near.Read(make([]byte, 1)) // want: leaked resource-not-closed x1
	}()
}

func TestAcceptLoop(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			if _, err := l.Accept(); err != nil { // want: waiting-outside no-timeout x1
				return
			}
		}
	}()
}

func TestIteratorNotStopped(t *testing.T) {
	next, stop := iter.Pull(count)
	next()
	_ = stop
}

// verdict: clean
func TestIteratorStopped(t *testing.T) {
	next, stop := iter.Pull(count)
	next()
	stop()
}

func count(yield func(int) bool) {
	for i := 0; yield(i); i++ { // want(TestIteratorNotStopped): leaked resource-not-closed x1
	}
}

// note: lingering x1
// verdict: clean
func TestSignalChannel(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() { <-signals }()
}

// verdict: clean
func TestSignalChannelStopped(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	signal.Stop(signals)
}

func TestTimerFunction(t *testing.T) {
	answers := make(chan int)
	time.AfterFunc(time.Second, func() {
		answers <- 1 // want: leaked send-without-receiver x1
	})
}

func TestContextFunction(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	answers := make(chan int)
	context.AfterFunc(ctx, func() {
		answers <- 1 // want: leaked send-without-receiver x1
	})
	cancel()
}

func TestGoexitWithBlockingDefer(t *testing.T) {
	never := make(chan int)
	go func() {
		defer func() {
			<-never // want: leaked blocking-defer x1
		}()
		runtime.Goexit()
	}()
}

func TestPanicWithBlockingDefer(t *testing.T) {
	never := make(chan int)
	go func() {
		defer func() {
			_ = recover()
			<-never // want: leaked blocking-defer x1
		}()
		var none map[string]int
		none["a"] = 1
	}()
}

func TestEachWaitsForTheOther(t *testing.T) {
	a, b := make(chan int), make(chan int)
	go func() {
		<-a // want: leaked receive-without-sender x1
		b <- 1
	}()
	go func() {
		<-b // a consequence: it waits for the other to send, and is told with it
		a <- 1
	}()
}

func TestSemaphoreNotReleased(t *testing.T) {
	slots := make(chan struct{}, 1)
	for range 3 {
		go func() {
			slots <- struct{}{} // want: leaked send-without-receiver x2
		}()
	}
}

func TestInSubtest(t *testing.T) {
	t.Run("sub", func(t *testing.T) {
		never := make(chan int)
		go func() {
			<-never // want(TestInSubtest): leaked receive-without-sender x1
		}()
	})
}

// verdict: clean
func TestEndedByCleanup(t *testing.T) {
	stop := make(chan int)
	go func() { <-stop }()
	t.Cleanup(func() { close(stop) })
}

// verdict: clean
func TestSpinsUntilSet(t *testing.T) {
	var set atomic.Bool
	go func() {
		for !set.Load() {
			runtime.Gosched()
		}
	}()
	set.Store(true)
}

// Virtual time goes as far as the program's own timers: after 1000 hours it ends.
//
// verdict: clean
func TestSleepsForLong(t *testing.T) {
	go func() { time.Sleep(1000 * time.Hour) }()
}

// verdict: clean
func TestWaitsForLong(t *testing.T) {
	stop := make(chan int)
	go func() {
		select {
		case <-time.After(12 * time.Minute):
		case <-stop:
		}
	}()
}

// Virtual time ends in the select as often as behind it, and the ticker's next tick is never far.
func TestTickerLoop(t *testing.T) {
	stop := make(chan int)
	go func() {
		ticker := time.NewTicker(2 * time.Millisecond)
		defer ticker.Stop()
		for {
			select { // want: runaway never-stopped x1
			case <-ticker.C:
			case <-stop:
				return
			}
		}
	}()
	time.Sleep(10 * time.Millisecond)
}

// The worker ends with its owner, by a finalizer.
//
// verdict: clean
func TestWorkerOfFinalizedOwner(t *testing.T) {
	type owner struct{ stop chan bool }
	stop := make(chan bool)
	go func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-stop:
				return
			}
		}
	}()
	runtime.SetFinalizer(&owner{stop}, func(o *owner) { o.stop <- true })
}

// verdict: clean
func TestWorkerOfCleanedOwner(t *testing.T) {
	type owner struct{ room [8]int }
	stop := make(chan int)
	go func() { <-stop }()
	runtime.AddCleanup(&owner{}, func(stop chan int) { close(stop) }, stop)
}
