// Row 32. A goroutine in a loop that has no exit, and does nothing in it that anybody could notice. Main waits for its
// end, so the program never ends; but nobody is blocked for good, so it is no leak either. The tests show two more kinds
// of loop, one that sleeps and one that looks at a channel without waiting; those a program may mean, so that they are
// found by what they outlive: their test.
//
// unpark: never-ends
package main

import "time"

func main() {
	finished := make(chan struct{})
	go spin(finished)
	<-finished
}

func spin(finished chan<- struct{}) { // want(main, TestSpin): runaway loop-without-exit x1
	defer close(finished)
	for n := 0; ; n++ {
	}
}

func sleep() {
	for {
		time.Sleep(time.Second) // want(TestSleep): runaway loop-without-exit x1
	}
}

func poll() {
	news := make(chan string)
	for {
		select {
		case text := <-news: // want(TestPoll): runaway loop-without-exit x1
			println(text)
		default:
		}
	}
}
