// Row 19. Three queries answer into a channel with room for all three, and the first answer wins. The two others end by
// themselves if the program lives long enough; if main returns at once they are cut short, which is no leak.
//
// unpark: args -wait
// prints: first: db-1
// prints: goroutines 1
// verdict: clean
//
// unpark: args
// prints: first: db-1
// verdict: clean
// note: cut-short x2
package main

import (
	"flag"
	"fmt"
	"runtime"
	"time"
)

func main() {
	wait := flag.Bool("wait", false, "give the slower queries the time to end")
	flag.Parse()

	answers := make(chan string, 3)
	for i := 1; i <= 3; i++ {
		go func() {
			time.Sleep(time.Duration(i) * time.Second)
			answers <- fmt.Sprintf("db-%d", i)
		}()
	}
	fmt.Println("first:", <-answers)
	if *wait {
		time.Sleep(5 * time.Second)
		fmt.Println("goroutines", runtime.NumGoroutine())
	}
}
