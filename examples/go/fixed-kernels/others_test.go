// verdict: clean
package fixedkernels

import (
	"sync"
	"testing"
)

// Was: a URL's lock was waited for with the lock of their table in hand, which unlocking needs. Now: the table's is
// left first.
func TestHugo3251(t *testing.T) {
	var table sync.RWMutex
	urls := map[string]*sync.Mutex{}
	lock := func(url string) {
		table.Lock()
		if urls[url] == nil {
			urls[url] = &sync.Mutex{}
		}
		own := urls[url]
		table.Unlock()
		own.Lock()
	}
	unlock := func(url string) {
		table.RLock()
		defer table.RUnlock()
		urls[url].Unlock()
	}
	for range 2 {
		go func() {
			lock("/index")
			unlock("/index")
		}()
	}
}

// Was: a page's content was initialised under a mutex that initialisation locks again. Now: a nested use does not.
func TestHugo5379(t *testing.T) {
	var contents sync.Mutex
	initialised := 0
	initLocked := func() { initialised++ }
	initialise := func() {
		contents.Lock()
		defer contents.Unlock()
		initLocked()
		initLocked() // the short form of the content, which initialised it once more
	}
	go initialise()
	go initialise()
}

// Was: a mapping's addresses were cleared, lock in hand, by a function that tells listeners, which takes the read lock.
// Now: it tells them after unlocking.
func TestSyncthing4829(t *testing.T) {
	var mapping sync.RWMutex
	addresses := map[string]int{"one": 1}
	tell := func([]int) {
		mapping.RLock()
		defer mapping.RUnlock()
	}
	go func() {
		mapping.Lock()
		var removed []int
		for name, address := range addresses {
			removed = append(removed, address)
			delete(addresses, name)
		}
		mapping.Unlock()
		if len(removed) > 0 {
			tell(removed)
		}
	}()
}

// Was: the dispatcher's own handler closed the connection and waited for the dispatcher to end. Now: the handler only
// says that it is closed, and who waits is another.
func TestSyncthing5795(t *testing.T) {
	inbox := make(chan string)
	closed, stopped := make(chan struct{}), make(chan struct{})
	var once sync.Once
	markClosed := func() { once.Do(func() { close(closed) }) }
	go func() { // the dispatcher
		defer close(stopped)
		for {
			select {
			case <-inbox:
				markClosed() // the handler
			case <-closed:
				return
			}
		}
	}()
	go func() {
		select {
		case inbox <- "configuration":
		case <-closed:
		}
		<-stopped
	}()
}
