// Row 25. The ten goroutines of row 24, each of which unlocks.
//
// prints: total: 10
// prints: goroutines: 1
// verdict: clean
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
	shared.mu.Lock()
	fmt.Println("total:", shared.total)
	shared.mu.Unlock()
	fmt.Println("goroutines:", runtime.NumGoroutine())
}

func (a *account) deposit() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.total++
}
