// Row 04. A goroutine that simply comes to its end.
//
// prints: goroutine exit
// prints: main exit
// verdict: clean
package main

import (
	"fmt"
	"time"
)

func main() {
	go func() {
		fmt.Println("goroutine exit")
	}()
	time.Sleep(time.Second)
	fmt.Println("main exit")
}
