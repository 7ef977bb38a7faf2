// Row 13. An HTTP service whose /sum starts the two adders of row 12 and reads one of them. Each request leaves one
// goroutine behind; the service prints their number once a second.
//
// unpark: live
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	_ "net/http/pprof"
	"runtime"
	"time"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8013", "address of the service")
	flag.Parse()
	http.HandleFunc("/sum", sum)
	go func() {
		for range time.Tick(time.Second) {
			fmt.Println("goroutines", runtime.NumGoroutine())
		}
	}()
	log.Fatal(http.ListenAndServe(*address, nil))
}

func sum(w http.ResponseWriter, _ *http.Request) {
	read := add(1, 2)
	add(3, 4)
	fmt.Fprintln(w, "sum", <-read)
}

func add(a, b int) <-chan int {
	sum := make(chan int)
	go func() {
		sum <- a + b // want(TestThreeRequests): leaked send-without-receiver x3
	}()
	return sum
}
