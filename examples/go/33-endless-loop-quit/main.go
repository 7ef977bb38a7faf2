// Row 33. The loop of row 32 with a channel that ends it.
//
// prints: tick 1
// prints: tick 2
// prints: …
// prints: stopped
// prints: goroutines 1
// verdict: clean
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	quit := make(chan struct{})
	finished := make(chan struct{})
	go loop(quit, finished)
	time.Sleep(3 * time.Second)
	close(quit)
	<-finished
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}

func loop(quit <-chan struct{}, finished chan<- struct{}) {
	defer close(finished)
	for n := 1; ; n++ {
		select {
		case <-quit:
			fmt.Println("stopped")
			return
		case <-time.After(time.Second):
			fmt.Println("tick", n)
		}
	}
}
