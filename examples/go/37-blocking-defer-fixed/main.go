// Row 37. The deferred send of row 36 gives up after half a second.
//
// prints: work done
// prints: deferred function gave up
// prints: goroutines 1
// verdict: clean
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	finished := make(chan bool)
	go func() {
		defer func() {
			select {
			case finished <- true:
				fmt.Println("deferred function done")
			case <-time.After(500 * time.Millisecond):
				fmt.Println("deferred function gave up")
			}
		}()
		fmt.Println("work done")
	}()
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}
