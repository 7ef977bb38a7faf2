// Package rare leaks only when the result is late: in few runs of many.
package rare

import "testing"

func fetch() int {
	result, done := make(chan int), make(chan bool, 1)
	go func() { done <- true }()
	go func() { result <- 1 }()
	select {
	case <-done: // and the sender has not come yet
		select {
		case n := <-result:
			return n
		default:
			return 0
		}
	case n := <-result:
		return n
	}
}

func TestFetch(t *testing.T) { fetch() }
