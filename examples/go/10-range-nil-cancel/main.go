// Row 10. The worker of row 09 listens to a second channel as well, and a canceller closes that one after a second.
//
// prints: cancelling the worker
// prints: worker exited
// prints: Done.
// verdict: clean
package main

import (
	"fmt"
	"time"
)

func main() {
	cancelled := make(chan struct{})
	finished := work(cancelled, nil)
	go func() {
		time.Sleep(time.Second)
		fmt.Println("cancelling the worker")
		close(cancelled)
	}()
	<-finished
	fmt.Println("Done.")
}

func work(cancelled <-chan struct{}, texts <-chan string) <-chan struct{} {
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		defer fmt.Println("worker exited")
		for {
			select {
			case text := <-texts:
				fmt.Println(text)
			case <-cancelled:
				return
			}
		}
	}()
	return finished
}
