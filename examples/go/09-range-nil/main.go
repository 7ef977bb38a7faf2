// Row 09. A worker ranges over the channel that it is handed. It is handed nil, which never delivers and never ends.
//
// prints: Done.
package main

import (
	"fmt"
	"time"
)

func main() {
	work(nil)
	time.Sleep(time.Second)
	fmt.Println("Done.")
}

func work(texts <-chan string) <-chan struct{} {
	finished := make(chan struct{})
	go func() {
		defer fmt.Println("worker exited")
		defer close(finished)
		for text := range texts { // want: leaked nil-channel x1
			fmt.Println(text)
		}
	}()
	return finished
}
