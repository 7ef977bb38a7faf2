// Row 12. Two adders each offer their sum on a channel of their own; main reads one of them.
//
// prints: sum 3
// prints: goroutines 2
// prints: goroutines 2
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	read := add(1, 2)
	add(3, 4)
	fmt.Println("sum", <-read)
	for range 2 {
		time.Sleep(time.Second)
		fmt.Println("goroutines", runtime.NumGoroutine())
	}
}

func add(a, b int) <-chan int {
	sum := make(chan int)
	go func() {
		sum <- a + b // want: leaked send-without-receiver x1
	}()
	return sum
}
