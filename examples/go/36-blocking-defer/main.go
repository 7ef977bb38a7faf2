// Row 36. A deferred function reports the end of the work on a channel that nobody receives from. The work is done, but
// the goroutine never gets out of its defer.
//
// prints: work done
// prints: goroutines 2
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
			finished <- true // want: leaked blocking-defer x1
			fmt.Println("deferred function done")
		}()
		fmt.Println("work done")
	}()
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}
