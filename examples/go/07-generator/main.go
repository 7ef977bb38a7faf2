// Row 07. A generator sends random numbers for as long as anybody takes them; the consumer takes three and leaves.
//
// matches: 1: \d+
// matches: 2: \d+
// matches: 3: \d+
// prints: goroutines 2
// prints: goroutines 2
package main

import (
	"fmt"
	"math/rand"
	"runtime"
	"time"
)

func main() {
	numbers := generate()
	for i := 1; i <= 3; i++ {
		fmt.Printf("%d: %d\n", i, <-numbers)
	}
	for range 2 {
		time.Sleep(time.Second)
		fmt.Println("goroutines", runtime.NumGoroutine())
	}
}

func generate() <-chan int {
	numbers := make(chan int)
	go func() {
		defer fmt.Println("generator exited")
		defer close(numbers)
		for {
			numbers <- rand.Int() // want: leaked send-without-receiver x1
		}
	}()
	return numbers
}
