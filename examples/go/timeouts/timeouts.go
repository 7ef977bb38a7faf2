// Package timeouts leaks only when a timeout, a cancel or a slow answer wins over work that would have been done in time.
package timeouts

import (
	"context"
	"sync"
	"time"
)

// A second server is asked when the first takes too long, and the first answer is taken. When both were asked, the
// slower one's answer finds nobody.
func hedgedRequest() {
	answers := make(chan string)
	ask := func(server string) {
		time.Sleep(10 * time.Millisecond)
		answers <- server // want(TestHedgedRequest): leaked abandoned-sender x1; want(TestHedgedRequest): leaked abandoned-sender x1
	}
	go ask("first")
	select {
	case <-answers:
		return
	case <-time.After(time.Second):
		go ask("second")
	}
	<-answers
}

// A slot is waited for by a helper, and the waiter gives up after a second. The helper still gets the slot, and nobody
// gives that one back: the next who wants one waits for ever.
func ticketAfterTimeout() {
	slots := make(chan struct{}, 1)
	acquire := func(limit time.Duration) bool {
		acquired := make(chan struct{}, 1)
		go func() {
			slots <- struct{}{}
			acquired <- struct{}{}
		}()
		select {
		case <-acquired:
			return true
		case <-time.After(limit):
			return false
		}
	}
	if acquire(time.Second) {
		<-slots
	}
	go func() {
		time.Sleep(5 * time.Second)
		slots <- struct{}{} // want(TestTicketAfterTimeout): leaked send-without-receiver x1
		<-slots
	}()
}

// The path on which the context ends returns without unlocking.
func cancelKeepsLock() {
	var mu sync.Mutex
	reply := make(chan int, 1)
	go func() {
		time.Sleep(10 * time.Millisecond)
		reply <- 1
	}()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		mu.Lock()
		select {
		case <-reply:
			mu.Unlock()
		case <-ctx.Done():
			return
		}
	}()
	go func() {
		time.Sleep(5 * time.Second)
		mu.Lock() // want(TestCancelKeepsLock): leaked mutex-never-unlocked x1
		defer mu.Unlock()
	}()
}

// A timer that Stop finds expired is drained, as its documentation once asked for; but it has been received from
// already when it was the timer that ended the wait.
func drainedTimer() {
	work := make(chan string, 1)
	go func() {
		time.Sleep(10 * time.Millisecond)
		work <- "done"
	}()
	go func() {
		timer := time.NewTimer(time.Second)
		select {
		case <-work:
		case <-timer.C:
		}
		if !timer.Stop() {
			<-timer.C // want(TestDrainedTimer): leaked receive-without-sender x1
		}
	}()
}

// A worker whose answer is slow leaves without saying that it is done.
func slowReplySkipsDone() {
	var workers sync.WaitGroup
	for range 2 {
		workers.Add(1)
		go func() {
			reply := make(chan int, 1)
			go func() {
				time.Sleep(10 * time.Millisecond)
				reply <- 1
			}()
			select {
			case <-reply:
				workers.Done()
			case <-time.After(time.Second):
			}
		}()
	}
	go func() {
		workers.Wait() // want(TestSlowReplySkipsDone): leaked waitgroup-mismatch x1
	}()
}

// A service is shut down after a second; who submits a job later than that is never told.
func submitAfterShutdown() {
	ctx, shutDown := context.WithCancel(context.Background())
	jobs := make(chan int)
	go func() { // the service
		for {
			select {
			case <-jobs:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		time.Sleep(10 * time.Millisecond)
		jobs <- 1 // want(TestSubmitAfterShutdown): leaked send-without-receiver x1
	}()
	time.Sleep(time.Second)
	shutDown()
}
