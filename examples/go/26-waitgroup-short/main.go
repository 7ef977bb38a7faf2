// Row 26. A WaitGroup counts five tasks, and three are done.
//
// prints: goroutines: 2
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func main() {
	go collect()
	time.Sleep(time.Second)
	fmt.Println("goroutines:", runtime.NumGoroutine())
}

func collect() {
	var tasks sync.WaitGroup
	tasks.Add(5)
	for range 3 {
		go tasks.Done()
	}
	tasks.Wait() // want: leaked waitgroup-mismatch x1
	fmt.Println("collected")
}
