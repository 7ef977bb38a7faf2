// Row 28. A function starts a goroutine that sends one value, receives nothing and returns. Nothing is printed.
package main

import "time"

func main() {
	forget()
	time.Sleep(time.Second)
}

func forget() {
	result := make(chan int)
	go func() {
		result <- 42 // want: leaked send-without-receiver x1
	}()
}
