// Row 31. The ten workers of row 30 under a context: who has not delivered when it is cancelled leaves.
//
// prints: result
// prints: goroutines 1
// verdict: clean
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	results := make(chan string)
	for range 10 {
		go func() {
			time.Sleep(5 * time.Second)
			select {
			case results <- "result":
			case <-ctx.Done():
			}
		}()
	}
	fmt.Println(<-results)
	cancel()
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}
