// Row 24. Ten goroutines lock one mutex, and nobody unlocks it. The first of them ends with the lock in its pocket.
//
// prints: total: 1
// prints: goroutines: 10
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type account struct {
	mu    sync.Mutex
	total int
}

func main() {
	shared := &account{}
	for range 10 {
		go shared.deposit()
	}
	time.Sleep(time.Second)
	fmt.Println("total:", shared.total)
	fmt.Println("goroutines:", runtime.NumGoroutine())
}

func (a *account) deposit() {
	a.mu.Lock() // want: leaked mutex-never-unlocked x9
	a.total++
}
