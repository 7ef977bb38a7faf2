// Row 41. Five goroutines close one channel. Through a sync.Once exactly one of them does, in every schedule; without
// it the second to come panics.
//
// unpark: args -once
// prints: closed
// verdict: clean
//
// unpark: args
package main

import (
	"flag"
	"fmt"
	"sync"
)

func main() {
	guarded := flag.Bool("once", false, "close through a sync.Once")
	flag.Parse()

	done := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if *guarded {
				once.Do(func() { close(done) })
			} else {
				close(done) // want: panics x1
			}
		}()
	}
	<-done
	wg.Wait()
	fmt.Println("closed")
}
