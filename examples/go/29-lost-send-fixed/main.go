// Row 29. The two repairs of row 28: room for the value, and a send that gives up after a second.
//
// unpark: args buffer
// prints: sent into the buffer
// prints: goroutines 1
// verdict: clean
//
// unpark: args timeout
// prints: gave up
// prints: goroutines 1
// verdict: clean
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	switch os.Args[1] {
	case "buffer":
		withBuffer()
	case "timeout":
		withTimeout()
	}
	time.Sleep(2 * time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}

func withBuffer() {
	result := make(chan int, 1)
	go func() {
		result <- 42
		fmt.Println("sent into the buffer")
	}()
}

func withTimeout() {
	result := make(chan int)
	go func() {
		select {
		case result <- 42:
			fmt.Println("sent")
		case <-time.After(time.Second):
			fmt.Println("gave up")
		}
	}()
}
