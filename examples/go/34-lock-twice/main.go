// Row 34. A method locks the mutex and calls a helper that locks it again. Go's mutexes do not remember their owner:
// the goroutine waits for itself.
//
// prints: goroutines 2
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type store struct {
	mu    sync.Mutex
	items map[string]int
}

func main() {
	s := &store{items: map[string]int{}}
	go s.add("apple")
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}

func (s *store) add(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[name] = s.next()
}

func (s *store) next() int {
	s.mu.Lock() // want: leaked recursive-lock x1
	defer s.mu.Unlock()
	return len(s.items) + 1
}
