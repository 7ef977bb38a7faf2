// Row 01. Main returns while a goroutine still sleeps: the process ends, and the goroutine's line is never printed.
// That is no leak, for the goroutine would have ended by itself; it was cut short.
//
// prints: main exit
// verdict: clean
// note: cut-short x1
package main

import (
	"fmt"
	"time"
)

func main() {
	go func() {
		time.Sleep(time.Second)
		fmt.Println("goroutine exit")
	}()
	fmt.Println("main exit")
}
