// Row 06. Ten values are sent into a channel of the size given by -c, and one is received. With room for the other
// nine the sender ends; with less it waits for ever. Shows that the program's own arguments reach it.
//
// unpark: args -c 2
// prints: received 0
// prints: goroutines 2
// prints: goroutines 2
// prints: goroutines 2
//
// unpark: args -c 11
// prints: received 0
// prints: goroutines 1
// prints: goroutines 1
// prints: goroutines 1
// verdict: clean
package main

import (
	"flag"
	"fmt"
	"runtime"
	"time"
)

func main() {
	size := flag.Int("c", 0, "size of the channel")
	flag.Parse()

	values := make(chan int, *size)
	go func() {
		for i := range 10 {
			values <- i // want: leaked send-without-receiver x1
		}
	}()
	fmt.Println("received", <-values)
	for range 3 {
		time.Sleep(time.Second)
		fmt.Println("goroutines", runtime.NumGoroutine())
	}
}
