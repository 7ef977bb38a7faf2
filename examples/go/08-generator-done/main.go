// Row 08. The generator of row 07, with a channel that the consumer closes when it has had enough.
//
// matches: 1: \d+
// matches: 2: \d+
// matches: 3: \d+
// prints: generator exited
// prints: goroutines 1
// verdict: clean
package main

import (
	"fmt"
	"math/rand"
	"runtime"
	"time"
)

func main() {
	done := make(chan struct{})
	numbers := generate(done)
	for i := 1; i <= 3; i++ {
		fmt.Printf("%d: %d\n", i, <-numbers)
	}
	close(done)
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}

func generate(done <-chan struct{}) <-chan int {
	numbers := make(chan int)
	go func() {
		defer fmt.Println("generator exited")
		defer close(numbers)
		for {
			select {
			case numbers <- rand.Int():
			case <-done:
				return
			}
		}
	}()
	return numbers
}
