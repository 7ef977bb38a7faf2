// Row 39. The worker of row 38 works under a context, which a deferred cancel ends on every path.
//
// prints: error: no configuration
// prints: goroutines 1
// verdict: clean
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

func main() {
	if _, err := load(func() error { return errors.New("no configuration") }); err != nil {
		fmt.Println("error:", err)
	}
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}

func load(check func() error) (int, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	result := make(chan int)
	go func() {
		select {
		case result <- 42:
		case <-ctx.Done():
		}
	}()
	if err := check(); err != nil {
		return 0, err
	}
	return <-result, nil
}
