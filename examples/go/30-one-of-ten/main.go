// Row 30. Ten workers work for five seconds each and send their results; one result is taken.
//
// prints: result
// prints: goroutines 10
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	results := make(chan string)
	for range 10 {
		go func() {
			time.Sleep(5 * time.Second)
			results <- "result" // want: leaked abandoned-sender x9
		}()
	}
	fmt.Println(<-results)
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}
