// Row 14. The service of row 13 that reads both channels: the number of goroutines stays where it is.
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
	address := flag.String("listen", "127.0.0.1:8014", "address of the service")
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
	left, right := add(1, 2), add(3, 4)
	fmt.Fprintln(w, "sum", <-left+<-right)
}

func add(a, b int) <-chan int {
	sum := make(chan int)
	go func() {
		sum <- a + b
	}()
	return sum
}
