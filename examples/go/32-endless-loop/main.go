// Row 32. A goroutine in a loop that has no exit, in three kinds: one that sleeps, one that looks at a channel without
// waiting for it, and one that does nothing that anybody could notice. Main waits for its end, so the program never
// ends; but nobody is blocked for good, so it is no leak either.
//
// unpark: args sleep
// unpark: never-ends
//
// unpark: args poll
// unpark: never-ends
//
// unpark: args spin
// unpark: never-ends
package main

import (
	"os"
	"time"
)

func main() {
	finished := make(chan struct{})
	switch os.Args[1] {
	case "sleep":
		go sleep(finished)
	case "poll":
		go poll(finished)
	case "spin":
		go spin(finished)
	}
	<-finished
}

func sleep(finished chan<- struct{}) {
	defer close(finished)
	for {
		time.Sleep(time.Second) // want(sleep): runaway loop-without-exit x1
	}
}

func poll(finished chan<- struct{}) {
	defer close(finished)
	news := make(chan string)
	for {
		select { // want(poll): runaway loop-without-exit x1
		case text := <-news:
			println(text)
		default:
		}
	}
}

func spin(finished chan<- struct{}) {
	defer close(finished)
	for n := 0; ; n++ { // want(spin): runaway loop-without-exit x1
	}
}
