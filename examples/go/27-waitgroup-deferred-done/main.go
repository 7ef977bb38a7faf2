// Row 27. What an article offers as the repair of row 26: Add(1) and `defer Done()` for each task, inside the loop,
// and Wait at the end of the same function. The deferred calls run when the function returns, which is after Wait:
// it never returns. The repair leaks, too.
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
	for i := range 5 {
		tasks.Add(1)
		defer tasks.Done()
		go task(i)
	}
	tasks.Wait() // want: leaked waitgroup-mismatch x1
	fmt.Println("collected")
}

func task(int) {}
