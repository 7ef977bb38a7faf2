// Row 15. Two goroutines send on one unbuffered channel, and one value is received.
//
// prints: exit!
package main

import (
	"fmt"
	"time"
)

func main() {
	answers := make(chan string)
	for _, name := range []string{"first", "second"} {
		go func() {
			answers <- name // want: leaked abandoned-sender x1
		}()
	}
	<-answers
	time.Sleep(time.Second)
	fmt.Println("exit!")
}
