// verdict: clean
package fixedkernels

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// Was: a watcher was stopped while the distributor, lock in hand, sent to it. Now: who stops takes what still comes.
func TestKubernetes1321(t *testing.T) {
	var mu sync.Mutex
	result := make(chan int)
	watching := true
	go func() { // the distributor
		for range 2 {
			mu.Lock()
			if watching {
				result <- 1
			}
			mu.Unlock()
		}
	}()
	go func() { // Stop
		go func() {
			for range result {
			}
		}()
		mu.Lock()
		defer mu.Unlock()
		watching = false
		close(result)
	}()
}

// Was: a request's goroutine sent its result after the timeout. Now: the channels have room for it.
func TestKubernetes5316(t *testing.T) {
	finished, failed := make(chan struct{}, 1), make(chan error, 1)
	work := func() error {
		time.Sleep(2 * time.Millisecond)
		return errors.New("failed")
	}
	go func() {
		if err := work(); err != nil {
			failed <- err
		} else {
			finished <- struct{}{}
		}
	}()
	select {
	case <-finished:
	case <-failed:
	case <-time.After(time.Millisecond):
	}
}

// Was: a frame was announced, lock in hand, to a monitor that needed the lock to stop. Now: the monitor takes what
// is still announced while it waits for the lock.
func TestKubernetes6632(t *testing.T) {
	var mu sync.Mutex
	reset := make(chan bool)
	stopped := false
	closed := make(chan struct{})
	go func() { // the monitor
		<-closed
		go func() {
			for range reset {
			}
		}()
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		close(reset)
	}()
	go func() { // writes a frame
		mu.Lock()
		defer mu.Unlock()
		if !stopped {
			reset <- true
		}
	}()
	go close(closed)
}

// Was: a status was announced, lock in hand, to one who takes the lock after each. Now: it is announced unlocked.
func TestKubernetes10182(t *testing.T) {
	var statuses sync.Mutex
	changed := make(chan bool)
	go func() {
		for range 2 {
			<-changed
			statuses.Lock()
			statuses.Unlock()
		}
	}()
	for range 2 {
		go func() {
			statuses.Lock()
			statuses.Unlock()
			changed <- true
		}()
	}
}

// Was: a watch reported its error to one who had gone. Now: the report ends with the watch's context.
func TestKubernetes25331(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	result, failure := make(chan error), make(chan error)
	go func() { // the watch
		select {
		case err := <-failure:
			select {
			case result <- err:
			case <-ctx.Done():
			}
		case <-ctx.Done():
		}
	}()
	go func() { // Stop
		failure <- errors.New("stopped")
		cancel()
	}()
}

// Was: pop waited, lock in hand, for its stop channel. Now: it unlocks before it waits.
func TestKubernetes26980(t *testing.T) {
	var mu sync.Mutex
	filled := sync.NewCond(&mu)
	pending := []int{1}
	stop := make(chan struct{})
	go func() { // pop
		mu.Lock()
		for len(pending) == 0 {
			filled.Wait()
		}
		mu.Unlock()
		<-stop
	}()
	mu.Lock()
	pending = append(pending, 2)
	filled.Broadcast()
	mu.Unlock()
	close(stop)
}

// Was: a cache's watcher sent its first events to one who had stopped it. Now: the sends end with the stop.
func TestKubernetes38669(t *testing.T) {
	stop := make(chan struct{})
	result := make(chan int)
	go func() {
		defer close(result)
		for _, event := range []int{1, 2} {
			select {
			case result <- event:
			case <-stop:
				return
			}
		}
		<-stop
	}()
	close(stop)
}

// Was: a read lock was taken again further down, with a writer between. Now: the state is read under the first.
func TestKubernetes62464(t *testing.T) {
	var state sync.RWMutex
	sets := map[string]int{"default": 1}
	go func() { // reads a set, or else the default
		state.RLock()
		defer state.RUnlock()
		if _, found := sets["other"]; !found {
			_ = sets["default"]
		}
	}()
	go func() { // sets the default
		state.Lock()
		defer state.Unlock()
		sets["default"] = 2
	}()
}

// Was: a poller was given a channel that nobody closed, and its caller waited for that. Now: the caller's own is closed
// when it returns.
func TestKubernetes70277(t *testing.T) {
	poll := func(done <-chan struct{}) <-chan struct{} {
		ticks := make(chan struct{}, 1) // room for one: a tick that comes before its receiver is not lost
		go func() {
			defer close(ticks)
			ticker := time.NewTicker(time.Millisecond)
			defer ticker.Stop()
			for {
				select {
				case <-ticker.C:
					select {
					case ticks <- struct{}{}:
					default:
					}
				case <-done:
					return
				}
			}
		}()
		return ticks
	}
	done := make(chan struct{})
	defer close(done)
	<-poll(done)
}
