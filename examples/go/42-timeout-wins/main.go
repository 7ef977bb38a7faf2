// Row 42. A slow and a fast source are asked, and the first answer wins, unless both take longer than a second. The
// channel has room for one answer that comes too late; when the timeout wins, two do. On an idle machine the fast
// source always wins, so the leak is there only in schedules in which a ready goroutine has to wait for its turn.
//
// prints: fast
// prints: goroutines 1
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	fmt.Println(first(time.Second))
	time.Sleep(time.Second)
	fmt.Println("goroutines", runtime.NumGoroutine())
}

func first(limit time.Duration) string {
	answers := make(chan string, 1)
	ask := func(source string, takes time.Duration) {
		time.Sleep(takes)
		answers <- source // want: leaked early-return x1; want: leaked early-return x1
	}
	go ask("slow", 500*time.Millisecond)
	go ask("fast", 100*time.Millisecond)
	select {
	case answer := <-answers:
		return answer
	case <-time.After(limit):
		return "timed out"
	}
}
