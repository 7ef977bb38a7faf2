// Row 21. A send on a channel that was declared and never made.
//
// prints: goroutines:  2
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	go func() {
		var results chan int
		results <- 1 // want: leaked nil-channel x1
	}()
	time.Sleep(time.Second)
	fmt.Println("goroutines: ", runtime.NumGoroutine())
}
