// Row 16. Three goroutines send on one unbuffered channel in a loop of starts, and one value is received. The article
// that this program follows says that it does not leak. It does: two senders wait for ever.
//
// prints: exit!
package main

import (
	"fmt"
	"time"
)

func main() {
	answers := make(chan int)
	for i := range 3 {
		go func() {
			answers <- i // want: leaked abandoned-sender x2
		}()
	}
	<-answers
	time.Sleep(time.Second)
	fmt.Println("exit!")
}
