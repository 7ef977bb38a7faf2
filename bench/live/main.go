// Command live is one of many small services on loopback: `live NAME` sets it up, loads it for a moment, prints where its
// profiles are, goes on with a light load, and ends when its standard input does. Healthy ones hold what such services
// hold for their whole life; leaky ones forget one thing, LEAKS times.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"sort"
	"time"
)

// LEAKS is how often a leaky service forgets.
const LEAKS = 30

var healthy, leaky = map[string]func(){}, map[string]func(){}

func main() {
	log.SetOutput(io.Discard)
	if len(os.Args) < 2 {
		list("healthy", healthy)
		list("leaky", leaky)
		return
	}
	start := healthy[os.Args[1]]
	if start == nil {
		start = leaky[os.Args[1]]
	}
	start()
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	listener := listen()
	fmt.Printf("listening on http://%s pid %d\n", listener.Addr(), os.Getpid())
	go http.Serve(listener, mux)
	io.Copy(io.Discard, os.Stdin)
}

func list(kind string, services map[string]func()) {
	names := []string{}
	for name := range services {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(kind, name)
	}
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	return listener
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// every does it again and again, for as long as the service lives: a light load.
func every(pause time.Duration, do func()) {
	go func() {
		for range time.Tick(pause) {
			do()
		}
	}()
}

// forget does it LEAKS times, each time in a goroutine of its own that ends, as a request's does.
func forget(do func()) {
	for range LEAKS {
		many(1, func(int) { do() })
	}
}

// many does it n times side by side, and waits for all.
func many(n int, do func(i int)) {
	done := make(chan bool, n)
	for i := range n {
		go func() {
			do(i)
			done <- true
		}()
	}
	for range n {
		<-done
	}
}
