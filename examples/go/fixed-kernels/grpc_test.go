// verdict: clean
package fixedkernels

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// Was: a call's goroutine reported to a loop that had been stopped meanwhile. Now: its channel has room for the report.
func TestGrpc660(t *testing.T) {
	stop := make(chan struct{})
	go func() {
		for range 2 {
			done := make(chan bool, 1)
			go func() { done <- true }()
			select {
			case <-stop:
				return
			case <-done:
			}
		}
	}()
	go close(stop)
}

// Was: the second graceful stop locked where it meant to unlock. Now: it unlocks.
func TestGrpc795(t *testing.T) {
	var mu sync.Mutex
	draining := false
	gracefulStop := func() {
		mu.Lock()
		defer mu.Unlock()
		if draining {
			return
		}
		draining = true
	}
	go func() {
		mu.Lock()
		defer mu.Unlock()
	}()
	for range 3 {
		gracefulStop()
	}
}

// Was: a dial that failed left the goroutine of its connection. Now: its context is cancelled on every error.
func TestGrpc862(t *testing.T) {
	dial := func() (cancel context.CancelFunc, err error) {
		ctx, cancel := context.WithCancel(context.Background())
		defer func() {
			if err != nil {
				cancel()
			}
		}()
		go func() { <-ctx.Done() }()
		return cancel, errors.New("no address")
	}
	if cancel, err := dial(); err == nil {
		cancel()
	}
}

// Was: closing a stream did not tell its reader. Now: it does.
func TestGrpc1275(t *testing.T) {
	messages := make(chan error, 1)
	done := make(chan struct{})
	go func() { // the reader
		defer close(done)
		<-messages
	}()
	messages <- errors.New("stream closed")
	<-done
}

// Was: a balancer's watcher ended without telling the goroutine that had started it. Now: it always tells.
func TestGrpc1424(t *testing.T) {
	addresses := make(chan string)
	go func() {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range addresses {
			}
		}()
		<-done
	}()
	go close(addresses)
}

// Was: the keepalive loop waited, lock in hand, to be woken by one who needs the lock; and a wake-up before it waits
// was lost. Now: it waits without the lock, and a wake-up is kept.
func TestGrpc1460(t *testing.T) {
	var mu sync.Mutex
	streams := 0
	awaken := make(chan struct{}, 1)
	go func() { // keepalive
		mu.Lock()
		idle := streams == 0
		mu.Unlock()
		if idle {
			<-awaken
		}
	}()
	go func() { // a new stream
		mu.Lock()
		defer mu.Unlock()
		streams++
		if streams == 1 {
			select {
			case awaken <- struct{}{}:
			default:
			}
		}
	}()
}
