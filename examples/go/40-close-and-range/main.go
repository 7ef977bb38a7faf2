// Row 40. The only sender closes the channel, and the receiver ranges over it.
//
// prints: got 1
// prints: got 2
// prints: got 3
// prints: all received
// verdict: clean
package main

import (
	"fmt"
	"sync"
)

func main() {
	values := make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		defer close(values)
		for i := 1; i <= 3; i++ {
			values <- i
		}
	}()
	go func() {
		defer wg.Done()
		for value := range values {
			fmt.Println("got", value)
		}
		fmt.Println("all received")
	}()
	wg.Wait()
}
