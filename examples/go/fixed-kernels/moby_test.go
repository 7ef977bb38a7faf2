// verdict: clean
package fixedkernels

import (
	"errors"
	"sync"
	"testing"
	"time"
)

// Was: the global and the device's lock were taken in both orders. Now: the device is looked up under the global lock,
// which is left before the device's is taken.
func TestMoby4951(t *testing.T) {
	var devices, device sync.Mutex
	remove := func() {
		devices.Lock()
		found := true
		devices.Unlock()
		if !found {
			return
		}
		device.Lock()
		defer device.Unlock()
		devices.Lock()
		defer devices.Unlock()
	}
	go remove()
	go remove()
}

// Was: a failed dial went on with the loop, lock in hand, and locked again. Now: it unlocks.
func TestMoby7559(t *testing.T) {
	var tracked sync.Mutex
	dial := func() error { return errors.New("refused") }
	go func() {
		for range 2 {
			tracked.Lock()
			if err := dial(); err != nil {
				tracked.Unlock()
				continue
			}
			tracked.Unlock()
		}
	}()
}

// Was: with nothing to clean up, the lock was kept. Now: it is left on every path. The reporter's channel has room, for
// the one who waits may have given up.
func TestMoby17176(t *testing.T) {
	var devices sync.Mutex
	cleanUp := func(deleted int) error {
		devices.Lock()
		defer devices.Unlock()
		if deleted == 0 {
			return nil
		}
		return errors.New("busy")
	}
	cleanUp(0)
	done := make(chan struct{}, 1)
	go func() {
		devices.Lock()
		defer devices.Unlock()
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-time.After(time.Millisecond):
	}
}

// Was: the group was waited for inside the loop that starts its members. Now: after it.
func TestMoby25384(t *testing.T) {
	go func() {
		var plugins sync.WaitGroup
		plugins.Add(2)
		for range 2 {
			go plugins.Done()
		}
		plugins.Wait()
	}()
}

// Was: a watcher was closed without waking the one that waited for its events to be taken. Now: close wakes it, and
// its event is dropped.
func TestMoby27782(t *testing.T) {
	events, closing := make(chan string), make(chan struct{})
	var mu sync.Mutex
	idle := sync.NewCond(&mu)
	reading := true
	go func() { // reads events from the system
		defer func() {
			mu.Lock()
			reading = false
			mu.Unlock()
			idle.Broadcast()
		}()
		select {
		case events <- "write":
		case <-closing:
		}
	}()
	go func() { // closes the watcher and waits until nobody reads
		close(closing)
		mu.Lock()
		defer mu.Unlock()
		for reading {
			idle.Wait()
		}
	}()
}

// Was: a monitor was told to stop, lock in hand, while it waited for the lock. Now: telling it needs no one to listen.
func TestMoby28462(t *testing.T) {
	var container sync.Mutex
	stop := make(chan struct{})
	go func() { // the monitor
		for {
			select {
			case <-stop:
				return
			default:
				container.Lock() // handles the probe's result
				container.Unlock()
				<-stop
				return
			}
		}
	}()
	go func() { // the state changes
		container.Lock()
		defer container.Unlock()
		close(stop)
	}()
}

// Was: who waited for a plugin to become active was not told that this had failed. Now: failure is told as well.
func TestMoby30408(t *testing.T) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		mu.Lock()
		defer mu.Unlock()
		for failed == nil {
			changed.Wait()
		}
	}()
	go func() {
		mu.Lock()
		failed = errors.New("no such plugin")
		mu.Unlock()
		changed.Broadcast()
	}()
	<-done
}

// Was: a health probe sent its result to a monitor that had been stopped. Now: there is room for the result.
func TestMoby33781(t *testing.T) {
	stop := make(chan struct{})
	go func() { // the monitor
		for range 2 {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				result := make(chan bool, 1)
				go func() { result <- true }()
				select {
				case <-stop:
					return
				case <-result:
				case <-time.After(time.Millisecond):
				}
			}
		}
	}()
	go close(stop)
}

// Was: a method called another one that locks the same mutex. Now: it calls the part that needs the lock.
func TestMoby36114(t *testing.T) {
	var vm sync.Mutex
	removeLocked := func() {}
	go func() {
		vm.Lock()
		defer vm.Unlock()
		removeLocked()
	}()
}
