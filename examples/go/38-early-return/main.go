// Row 38. A worker is started, and an error on the way makes the function return before it has received the result.
// The test of this package mostly sees the other path: there the condition is a coin, or a race between an answer and
// a timeout, and Unpark takes both sides of both.
//
// prints: error: no configuration
// prints: goroutines 2
package main

import (
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
	result := make(chan int)
	go func() {
		result <- 42 // want(main, TestCoin, TestSlowCheck): leaked early-return x1
	}()
	if err := check(); err != nil {
		return 0, err
	}
	return <-result, nil
}
