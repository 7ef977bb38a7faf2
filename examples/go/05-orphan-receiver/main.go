// Row 05. A goroutine starts a child that receives on a channel which only the two of them know, and ends after two
// seconds without having sent. Main never ends and prints the number of goroutines each second; at two seconds the
// parent's timer and main's are due together.
//
// unpark: never-ends
// prints: 3
// matches: [23]
// prints: 2
// prints: 2
// prints: …
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	go parent()
	for {
		time.Sleep(time.Second)
		fmt.Println(runtime.NumGoroutine())
	}
}

func parent() {
	orders := make(chan string)
	go func() {
		fmt.Println(<-orders) // want: leaked receive-without-sender x1
	}()
	time.Sleep(2 * time.Second)
}
