// verdict: clean
package fixedkernels

import (
	"errors"
	"sync"
	"testing"
)

// Was: acquire returned its error with the read lock held, and Close waited for it. Now: the error path unlocks.
func TestEtcd5509(t *testing.T) {
	var mu sync.RWMutex
	acquire := func(failing bool) error {
		mu.RLock()
		if failing {
			mu.RUnlock()
			return errors.New("connection closed")
		}
		return nil
	}
	go func() {
		if acquire(true) == nil {
			mu.RUnlock()
		}
	}()
	go func() { // Close
		mu.Lock()
		defer mu.Unlock()
	}()
}

// Was: Sync held the lock while it asked for the leader, which takes the read lock. Now: it asks first.
func TestEtcd6708(t *testing.T) {
	var mu sync.RWMutex
	leader := func() string {
		mu.RLock()
		defer mu.RUnlock()
		return "first"
	}
	go func() {
		name := leader()
		mu.Lock()
		defer mu.Unlock()
		_ = name
	}()
}

// Was: a node asked for its status after it had stopped never answered. Now: the question and the wait for its answer
// end with the node.
func TestEtcd6857(t *testing.T) {
	questions := make(chan chan int)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { // the node
		for {
			select {
			case answer := <-questions:
				answer <- 1
			case <-stop:
				close(done)
				return
			}
		}
	}()
	go func() { // Status
		answer := make(chan int)
		select {
		case questions <- answer:
			<-answer
		case <-done:
		}
	}()
	go func() { // Stop
		select {
		case stop <- struct{}{}:
			<-done
		case <-done:
		}
	}()
}

// Was: stop waited, lock in hand, for a loop that needs the lock. Now: it unlocks before it waits.
func TestEtcd6873(t *testing.T) {
	var mu sync.Mutex
	updates, done := make(chan int, 1), make(chan struct{})
	go func() {
		defer close(done)
		for range updates {
			mu.Lock()
			mu.Unlock()
		}
	}()
	updates <- 1
	go func() { // stop
		mu.Lock()
		close(updates)
		mu.Unlock()
		<-done
	}()
}

// Was: tokens were handed to their keeper under the lock that the keeper takes to throw old ones away. Now: they are
// handed over after it is left.
func TestEtcd7492(t *testing.T) {
	var tokens sync.Mutex
	added, stop := make(chan int), make(chan struct{})
	go func() { // the keeper
		for {
			select {
			case <-added:
				tokens.Lock()
				tokens.Unlock()
			case <-stop:
				return
			}
		}
	}()
	var users sync.WaitGroup
	for i := range 2 {
		users.Add(1)
		go func() {
			defer users.Done()
			tokens.Lock()
			token := i
			tokens.Unlock()
			added <- token
		}()
	}
	go func() {
		users.Wait()
		close(stop)
	}()
}

// Was: a follower waited for the leader with the lock in hand that the leader needs. Now: it waits without.
func TestEtcd7902(t *testing.T) {
	var mu sync.Mutex
	released := make(chan struct{})
	turn := func(leader bool) {
		mu.Lock()
		next := released
		mu.Unlock()
		if leader {
			close(next)
		}
		<-next
	}
	go turn(true)
	go turn(false)
	go turn(false)
}

// Was: a lease's renewal called its checkpointer under the lock that the checkpointer takes. Now: after unlocking.
func TestEtcd10492(t *testing.T) {
	var mu sync.RWMutex
	checkpoint := func() {
		mu.Lock()
		defer mu.Unlock()
	}
	go func() { // Renew
		mu.Lock()
		call := checkpoint
		mu.Unlock()
		call()
	}()
}
