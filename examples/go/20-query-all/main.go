// Row 20. queryAll asks three databases and returns the first answer. The channel has no room for the two others, so
// every call leaves two senders behind.
//
// prints: goroutines: 3
// prints: goroutines: 5
// prints: goroutines: 7
// prints: goroutines: 9
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	for range 4 {
		queryAll()
		time.Sleep(time.Second)
		fmt.Println("goroutines:", runtime.NumGoroutine())
	}
}

func queryAll() int {
	answers := make(chan int)
	for i := 1; i <= 3; i++ {
		go func() {
			answers <- query(i) // want: leaked abandoned-sender x8
		}()
	}
	return <-answers
}

func query(database int) int {
	time.Sleep(time.Duration(database) * 10 * time.Millisecond)
	return database
}
