// Row 02. A goroutine counts seconds until its context is cancelled. At three seconds its timer and main's are due at
// the same moment, so a third line is as legal as none.
//
// prints: wait times 1
// prints: wait times 2
// prints: …
// prints: goroutine exit
// prints: main exit
// verdict: clean
package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		count(ctx)
	}()
	time.Sleep(3 * time.Second)
	cancel()
	<-finished
	fmt.Println("main exit")
}

func count(ctx context.Context) {
	for times := 1; ; times++ {
		select {
		case <-ctx.Done():
			fmt.Println("goroutine exit")
			return
		case <-time.After(time.Second):
			fmt.Println("wait times", times)
		}
	}
}
